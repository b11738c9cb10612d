//! The linter through its public face: every rule by its own examples, reports, fixes, suppressions, the shipped classes.

#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test says what it expects bluntly"
)]

mod baselines;
mod broken;
mod corpus;
mod examples;
mod fixes;
mod fixpoint;
mod fixture;
mod formats;
mod refused;
mod reports;
mod run;
mod scopes;
mod shipped;
mod suppressions;
mod template_comments;
mod trust;
