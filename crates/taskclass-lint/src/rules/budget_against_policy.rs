//! `budget-against-policy`: a budget above the policy's ceiling.

use crate::budgets::{budgeted, ceiling, out_of_order};
use crate::common::{lowered_to, with_fix};
use crate::context::ClassContext;
use crate::rule::{Sink, declare_rule};

declare_rule! {
    /// A budget above the policy's ceiling.
    ///
    /// ## What it does
    /// Holds `budget.per_task` and `budget.per_day` to the policy's `maxima`.
    ///
    /// ## Why it matters
    /// The smaller number counts. A class that says more is paused where its owners do not expect it.
    ///
    /// ## Bad
    /// ```yaml
    /// budget: {per_task: 400, per_day: 4000, per_month: 8000}
    ///                    ^^^
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// budget: {per_task: 200, per_day: 4000, per_month: 8000}
    /// ```
    name: "budget-against-policy", family: Budget, level: Error, hold: Free, check: Class(check)
}

fn check(cx: &ClassContext<'_>, sink: &mut Sink<'_>) {
    let (Some(policy), Some(budget)) = (cx.policy(), cx.class.budget) else { return };
    for field in ["per_task", "per_day"] {
        let (Some(own), Some(most)) = (budgeted(budget, field), ceiling(policy, field)) else { continue };
        // What is too much even for the class's own longer time is told of by `budget-order`.
        if own > most && out_of_order(cx, budget, field).is_none() {
            let at = cx.at(&format!("budget.{field}"));
            let decides = policy.at(&format!("maxima.{field}")).value("this ceiling counts");
            let fix = lowered_to(&at, most.0);
            sink.report(
                at.value("asked for here"),
                format!("`budget.{field}` is {}; the policy allows {}", own.0, most.0),
                |finding| with_fix(finding.with_label(decides), fix),
            );
        }
    }
}
