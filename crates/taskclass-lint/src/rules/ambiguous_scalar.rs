//! `ambiguous-scalar`: a value without quotes that not every reader takes for the same.

use crate::common::faults;
use crate::rule::declare_rule;

declare_rule! {
    /// A value without quotes that not every reader takes for the same.
    ///
    /// ## What it does
    /// Reports plain scalars such as `no`, `on`, `012`, `1_000` or `~`, which YAML 1.1 and 1.2, or a person and YAML, read as
    /// different things, and offers the spelling that leaves no doubt.
    ///
    /// ## Why it matters
    /// `012` is twelve to one reader and ten to the next. A limit must not depend on who reads it.
    ///
    /// ## Bad
    /// ```yaml
    /// pull_request:
    ///   create: after_validation
    ///   labels: [no]
    ///            ^^
    ///   reviewers: ["@acme/platform"]
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// pull_request:
    ///   create: after_validation
    ///   labels: ["no"]
    ///   reviewers: ["@acme/platform"]
    /// ```
    name: "ambiguous-scalar", family: Syntax, level: Error, hold: Format, check: Document(faults)
}
