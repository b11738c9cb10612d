//! `missing-field`: a field that must be there is not.

use crate::common::faults;
use crate::rule::declare_rule;

declare_rule! {
    /// A field that must be there is not.
    ///
    /// ## What it does
    /// Reports what a mapping lacks: one finding a mapping, with all fields that are missing in it.
    ///
    /// ## Why it matters
    /// There are few defaults on purpose: who answers, what may be spent and when to stop is said, not assumed.
    ///
    /// ## Bad
    /// ```yaml
    /// budget: {per_task: 40, per_day: 400}
    /// ^^^^^^
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// budget: {per_task: 40, per_day: 400, per_month: 8000}
    /// ```
    name: "missing-field", family: Shape, level: Error, hold: Format, check: Document(faults)
}
