//! `deadline-before-last-rung`: the deadline comes before the last rung of the ladder.

use crate::context::ClassContext;
use crate::rule::{Sink, declare_rule};

declare_rule! {
    /// The deadline comes before the last rung of the ladder.
    ///
    /// ## What it does
    /// Compares `escalation.deadline.after` with the latest rung.
    ///
    /// ## Why it matters
    /// Who is on the last rung would be told of a task that has ended already.
    ///
    /// ## Bad
    /// ```yaml
    /// escalation:
    ///   on: [waiting_for_user, failed, timed_out, stale, unresolved, over_budget, rejected, cancel_unconfirmed]
    ///   ladder: [{after: 0m, notify: [issue]}, {after: 2d, notify: [comment]}]
    ///   deadline: {after: 24h, do: cancel}
    ///                     ^^^
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// escalation:
    ///   on: [waiting_for_user, failed, timed_out, stale, unresolved, over_budget, rejected, cancel_unconfirmed]
    ///   ladder: [{after: 0m, notify: [issue]}, {after: 4h, notify: [comment]}]
    ///   deadline: {after: 24h, do: cancel}
    /// ```
    name: "deadline-before-last-rung", family: Escalation, level: Error, hold: Free, check: Class(check)
}

fn check(cx: &ClassContext<'_>, sink: &mut Sink<'_>) {
    let Some(escalation) = cx.class.escalation else { return };
    let Some((index, last)) = escalation.ladder.iter().enumerate().max_by_key(|(_, rung)| rung.after) else { return };
    if escalation.deadline.after <= last.after {
        let rung = cx.at(&format!("escalation.ladder[{index}].after")).value("not before this");
        let at = cx.at("escalation.deadline.after");
        sink.report(at.value(""), format!("the deadline comes before rung {} of the ladder", index + 1), |finding| {
            finding.with_label(rung).with_help(format!("set it to more than {}", last.after))
        });
    }
}
