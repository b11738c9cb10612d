//! The review of a change, from two registries to the result.

mod support;

mod approvals;
mod documents;
