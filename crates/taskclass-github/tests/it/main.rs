//! The crate through its public face: every operation against GitHub's description, and the real transport against a loopback server.

#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test's helpers fail bluntly, as tests do"
)]

mod bodies;
mod fake;
mod http;
mod openapi;
mod operations;
mod pages;
mod refusals;
mod server;
mod submission;
