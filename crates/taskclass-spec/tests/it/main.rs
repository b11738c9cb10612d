//! The crate through its public face.

mod digest;
mod inputs;
mod model;
mod prompt;
mod schema_and_types;
mod shape;
mod shipped;
