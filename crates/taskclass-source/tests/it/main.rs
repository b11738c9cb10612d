//! Laws that hold for every document: what the tree says equals what an independent parser says, every span is where it
//! should be, nothing panics, nothing takes long.

#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests say bluntly what they expect"
)]

mod document;
mod hostile;
mod tree;
mod typed;
mod writer;
