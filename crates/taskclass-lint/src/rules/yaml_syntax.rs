//! `yaml-syntax`: the file is not YAML that every reader takes for the same.

use crate::common::faults;
use crate::rule::declare_rule;

declare_rule! {
    /// The file is not YAML that every reader takes for the same.
    ///
    /// ## What it does
    /// Reports the place where the file stops being YAML, control characters, directives and keys that are not text.
    /// What stands behind a syntax error cannot be read; everything before it is checked all the same.
    ///
    /// ## Why it matters
    /// A file that one parser repairs and another refuses has no one meaning, so nobody can approve it.
    ///
    /// ## Bad
    /// ```yaml
    /// owners: @acme/platform
    ///         ^
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// owners: ["@acme/platform"]
    /// ```
    name: "yaml-syntax", family: Syntax, level: Error, hold: Format, check: Document(faults)
}
