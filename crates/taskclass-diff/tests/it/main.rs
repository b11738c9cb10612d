//! The review of a change, from two registries to the result.

#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says what it expects bluntly"
)]

mod support;

mod approvals;
mod changes;
mod documents;
mod large;
mod laws;
mod reaching;
mod under_policy;
