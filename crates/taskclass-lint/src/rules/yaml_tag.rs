//! `yaml-tag`: a tag such as `!!str`.

use crate::common::faults;
use crate::rule::declare_rule;

declare_rule! {
    /// A tag such as `!!str`.
    ///
    /// ## What it does
    /// Reports every tag; the value is read as if the tag were not there.
    ///
    /// ## Why it matters
    /// A tag tells some parsers to make something else of the value. Readers must not differ on what was approved.
    ///
    /// ## Bad
    /// ```yaml
    /// title: !!str Change one thing
    ///        ^^^^^
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// title: Change one thing
    /// ```
    name: "yaml-tag", family: Syntax, level: Error, hold: Format, check: Document(faults)
}
