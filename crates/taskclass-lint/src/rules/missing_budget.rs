//! `missing-budget`: nothing says what tasks may spend.

use crate::common::faults;
use crate::rule::declare_rule;

declare_rule! {
    /// Nothing says what tasks may spend.
    ///
    /// ## What it does
    /// Reports a class without `budget`.
    ///
    /// ## Why it matters
    /// A budget that was not set is found out on the invoice.
    ///
    /// ## Bad
    /// ```yaml
    /// # without: budget
    /// schema: task-class/v1
    /// ^^^^^^
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// budget: {per_task: 40, per_day: 400, per_month: 8000}
    /// ```
    name: "missing-budget", family: Budget, level: Error, hold: Format, check: Document(faults)
}
