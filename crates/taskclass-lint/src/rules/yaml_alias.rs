//! `yaml-alias`: an alias, an anchor or a merge key.

use crate::common::faults;
use crate::rule::declare_rule;

declare_rule! {
    /// An alias, an anchor or a merge key.
    ///
    /// ## What it does
    /// Reports `*name`, `&name` that no alias uses, and `<<`.
    ///
    /// ## Why it matters
    /// A value that stands elsewhere is not seen by who reviews this place, and a change there changes here without a
    /// line in the diff.
    ///
    /// ## Bad
    /// ```yaml
    /// callers:
    ///   allow: &people ["github:team/acme/platform"]
    ///          ^^^^^^^
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// callers:
    ///   allow: ["github:team/acme/platform"]
    /// ```
    name: "yaml-alias", family: Syntax, level: Error, hold: Format, check: Document(faults)
}
