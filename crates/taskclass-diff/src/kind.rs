//! The kinds of document that a review is about.

/// What kind of document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(inline)]
pub enum Kind {
    /// `trust/allowed_signers`: who may sign. No approval covers it; the executor's pin does. What was revoked stands beside it: no
    /// approval covers that either.
    Trust,
    /// `policy.yaml`.
    Policy,
    /// A class.
    TaskClass,
}
