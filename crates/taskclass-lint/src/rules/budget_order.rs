//! `budget-order`: a smaller budget for the longer time.

use crate::context::ClassContext;
use crate::rule::{Sink, declare_rule};

declare_rule! {
    /// A smaller budget for the longer time.
    ///
    /// ## What it does
    /// Reports `per_task` above `per_day`, `per_day` above `per_month`, and budgets of nothing.
    ///
    /// ## Why it matters
    /// With a day's budget below a task's the class never starts a task, and nobody sees why.
    ///
    /// ## Bad
    /// ```yaml
    /// budget: {per_task: 40, per_day: 400, per_month: 300}
    ///                                 ^^^
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// budget: {per_task: 40, per_day: 400, per_month: 8000}
    /// ```
    name: "budget-order", family: Budget, level: Error, hold: Free, check: Class(check)
}

fn check(cx: &ClassContext<'_>, sink: &mut Sink<'_>) {
    let Some(budget) = cx.class.budget else { return };
    if budget.per_task.0 == 0 {
        sink.report(
            cx.at("budget.per_task").value(""),
            "a task may spend nothing, so none is ever started",
            |finding| finding,
        );
    }
    let order = [
        ("per_task", budget.per_task, "per_day", budget.per_day),
        ("per_day", budget.per_day, "per_month", budget.per_month),
    ];
    for (shorter, less, longer, more) in order {
        if less > more {
            let bound = cx.at(&format!("budget.{longer}")).value("spent before");
            let at = cx.at(&format!("budget.{shorter}"));
            sink.report(
                at.value(""),
                format!("`{shorter}` ({}) is above `{longer}` ({})", less.0, more.0),
                |finding| finding.with_label(bound),
            );
        }
    }
}
