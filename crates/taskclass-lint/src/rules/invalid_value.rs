//! `invalid-value`: a value of the right type that its field does not accept.

use crate::common::faults;
use crate::rule::declare_rule;

declare_rule! {
    /// A value of the right type that its field does not accept.
    ///
    /// ## What it does
    /// Reports words that are not among a field's few, and texts that are not of the form asked for: names, durations,
    /// patterns, owners.
    ///
    /// ## Why it matters
    /// A word that is almost right would otherwise fall back to something that nobody chose.
    ///
    /// ## Bad
    /// ```yaml
    /// pull_request: {create: after_validaton, reviewers: ["@acme/platform"]}
    ///                        ^^^^^^^^^^^^^^^
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// pull_request: {create: after_validation, reviewers: ["@acme/platform"]}
    /// ```
    name: "invalid-value", family: Shape, level: Error, hold: Format, check: Document(faults)
}
