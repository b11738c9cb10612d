//! `duplicate-key`: a key is set twice in one mapping.

use crate::common::faults;
use crate::rule::declare_rule;

declare_rule! {
    /// A key is set twice in one mapping.
    ///
    /// ## What it does
    /// Reports the second key and shows the first. The rest of the file is checked with the first value.
    ///
    /// ## Why it matters
    /// Parsers differ on which of the two counts: a reviewer would approve one number and the machine take the other.
    ///
    /// ## Bad
    /// ```yaml
    /// budget:
    ///   per_task: 40
    ///   per_day: 400
    ///   per_month: 8000
    ///   per_day: 5000
    /// # ^^^^^^^
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// budget:
    ///   per_task: 40
    ///   per_day: 400
    ///   per_month: 8000
    /// ```
    name: "duplicate-key", family: Syntax, level: Error, hold: Format, check: Document(faults)
}
