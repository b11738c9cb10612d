//! The crate through its public face.

mod digest;
mod model;
mod schema_and_types;
mod shape;
mod shipped;
