//! `float-value`: a number that is not whole.

use crate::common::faults;
use crate::rule::declare_rule;

declare_rule! {
    /// A number that is not whole.
    ///
    /// ## What it does
    /// Reports numbers with a fraction or an exponent. Rates are percentages (`20%`), budgets whole credits.
    ///
    /// ## Why it matters
    /// Such a number has no one spelling, so a digest would depend on who computes it.
    ///
    /// ## Bad
    /// ```yaml
    /// budget: {per_task: 40.5, per_day: 400, per_month: 8000}
    ///                    ^^^^
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// budget: {per_task: 40, per_day: 400, per_month: 8000}
    /// ```
    name: "float-value", family: Shape, level: Error, hold: Format, check: Document(faults)
}
