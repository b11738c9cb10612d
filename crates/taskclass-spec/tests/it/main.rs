//! The crate through its public face.

#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests say what they expect bluntly, their helpers too"
)]

mod digest;
mod findings;
mod inputs;
mod model;
mod prompt;
mod records;
mod schema_and_types;
mod shape;
mod shape_law;
mod shipped;
mod signers;
