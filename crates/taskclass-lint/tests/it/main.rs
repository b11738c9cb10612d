//! The linter through its public face: every rule by its own examples, reports, fixes, suppressions, the shipped classes.

mod examples;
mod fixes;
mod fixture;
mod reports;
mod shipped;
mod suppressions;
