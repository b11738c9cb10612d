//! The crate through its public face: real keys, real signatures, real git repositories.

mod decision;
mod git_objects;
mod interop;
mod records;
mod signatures;
mod signers;
mod support;
