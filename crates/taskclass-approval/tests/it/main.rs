//! The crate through its public face: real keys, real signatures, real git repositories.

#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests say what they expect bluntly; clippy.toml covers only functions marked #[test]"
)]

mod attacks;
mod decision;
mod git_objects;
mod interop;
mod records;
mod registry;
mod signatures;
mod since;
mod ssh_agent;
mod support;
mod world;
