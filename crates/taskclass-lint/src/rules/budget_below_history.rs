//! `budget-below-history`: tasks of the class cost more than it budgets for one.

use crate::context::ClassContext;
use crate::rule::{Sink, declare_rule};

declare_rule! {
    /// Tasks of the class cost more than it budgets for one.
    ///
    /// ## What it does
    /// Compares `budget.per_task`, or the policy's smaller `maxima.per_task`, with what nine in ten of the class's finished tasks have
    /// cost at most, as the executor's journal tells. With fewer than five of them, or without a journal, the rule is silent.
    ///
    /// ## Why it matters
    /// More than one task in ten goes over its budget: the class pauses itself, or stops tasks before they are done and pays for
    /// them all the same.
    ///
    /// ## Bad
    /// ```yaml
    /// budget: {per_task: 40, per_day: 400, per_month: 8000}
    ///                    ^^
    /// # spent: 12 tasks, 55 credits
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// budget: {per_task: 70, per_day: 700, per_month: 8000}
    /// # spent: 12 tasks, 55 credits
    /// ```
    name: "budget-below-history", family: Budget, level: Warning, hold: Free, check: Class(check)
}

/// The fewest tasks that tell anything.
const ENOUGH: u32 = 5;

fn check(cx: &ClassContext<'_>, sink: &mut Sink<'_>) {
    let (Some(executor), Some(name), Some(budget)) = (cx.shared.executor, cx.class.name, cx.class.budget) else {
        return;
    };
    let Some(spent) = executor.spent.get(name).filter(|spent| spent.tasks >= ENOUGH) else { return };
    let ceiling = cx.policy().map(|policy| (policy, policy.policy.maxima.per_task));
    let own = budget.per_task;
    let (held_to, by_policy) = match ceiling {
        Some((policy, ceiling)) if ceiling < own => (ceiling, Some(policy)),
        _ => (own, None),
    };
    if spent.p90 <= held_to {
        return;
    }
    let message = format!(
        "of {} finished tasks one in ten has cost {} or more, and a task may cost {held_to}",
        spent.tasks, spent.p90
    );
    sink.report(cx.at("budget.per_task").value(""), message, |finding| {
        let finding = match by_policy {
            Some(policy) => finding.with_label(policy.at("maxima.per_task").value("this is what counts")),
            None => finding,
        };
        finding.with_help(format!("write `per_task: {}` or more, or make the task smaller", spent.p90.0))
    });
}
