//! The smoke run: every kept input through its target, then changes of them from a fixed seed.

#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says what it expects bluntly"
)]

mod hostile;
mod smoke;
