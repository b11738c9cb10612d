//! `budget-order`: a smaller budget for the longer time.

use crate::budgets::{budgeted, ceiling, out_of_order};
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
            |finding| finding.with_help("give it what one task may cost, in whole AI credits: `per_task: 40`"),
        );
    }
    for shorter in ["per_task", "per_day"] {
        let (Some(own), Some((longer, bound))) = (budgeted(budget, shorter), out_of_order(cx, budget, shorter)) else {
            continue;
        };
        let spent = cx.at(&format!("budget.{longer}")).value("spent before");
        let policy = cx.policy().filter(|policy| ceiling(policy, shorter).is_some_and(|most| own > most));
        let message = format!("`{shorter}` ({}) is above `{longer}` ({})", own.0, bound.0);
        sink.report(cx.at(&format!("budget.{shorter}")).value(""), message, |finding| {
            let finding = finding.with_label(spent).with_help(format!("lower `{shorter}`, or raise `{longer}`"));
            match policy {
                Some(policy) => finding
                    .with_label(policy.at(&format!("maxima.{shorter}")).value("the policy allows no more than this")),
                None => finding,
            }
        });
    }
}
