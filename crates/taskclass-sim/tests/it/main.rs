//! The simulator through its public face, every response held to GitHub's own description.

#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test's helpers say bluntly what they expect"
)]

mod agents;
mod auth;
mod contract;
mod coverage;
mod determinism;
mod faults;
mod http;
mod limits;
mod paging;
mod repositories;
mod reviews;
mod support;
