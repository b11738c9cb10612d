//! `unknown-field`: a field that its place does not have.

use crate::common::faults;
use crate::rule::declare_rule;

declare_rule! {
    /// A field that its place does not have.
    ///
    /// ## What it does
    /// Reports fields that the format does not know, and names the one that was probably meant among the fields of that
    /// place only.
    ///
    /// ## Why it matters
    /// A field that is silently ignored is a safeguard that its writer believes in and nobody enforces.
    ///
    /// ## Bad
    /// ```yaml
    /// pull_request:
    ///   create: after_validation
    ///   automerge: false
    /// # ^^^^^^^^^
    ///   reviewers: ["@acme/platform"]
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// pull_request:
    ///   create: after_validation
    ///   reviewers: ["@acme/platform"]
    /// ```
    name: "unknown-field", family: Shape, level: Error, hold: Format, check: Document(faults)
}
