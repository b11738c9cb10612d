//! `wrong-type`: a value of another type than its field takes.

use crate::common::faults;
use crate::rule::declare_rule;

declare_rule! {
    /// A value of another type than its field takes.
    ///
    /// ## What it does
    /// Reports text where a number is expected, a single value where a list is, and the like.
    ///
    /// ## Why it matters
    /// Nothing is converted by guess: what is approved is what is written.
    ///
    /// ## Bad
    /// ```yaml
    /// budget: {per_task: "40", per_day: 400, per_month: 8000}
    ///                    ^^^^
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// budget: {per_task: 40, per_day: 400, per_month: 8000}
    /// ```
    name: "wrong-type", family: Shape, level: Error, hold: Format, check: Document(faults)
}
