//! `idle-deadline`: an escalation deadline, or a rung before it, that the task does not live to see.

use crate::context::ClassContext;
use crate::rule::{Sink, declare_rule};

declare_rule! {
    /// An escalation deadline that the task does not live to see.
    ///
    /// ## What it does
    /// Compares `escalation.deadline.after` with `limits.timeouts.total`, and for a task that waits for a person with
    /// `limits.timeouts.waiting`.
    ///
    /// ## Why it matters
    /// The clock stops the task first. Whoever reads the deadline believes that there is time left to answer.
    ///
    /// ## Bad
    /// ```yaml
    /// escalation:
    ///   on: [waiting_for_user, failed, timed_out, stale, unresolved, over_budget, rejected, cancel_unconfirmed]
    ///   ladder: [{after: 0m, notify: [issue]}]
    ///   deadline: {after: 72h, do: cancel}
    ///                     ^^^
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// escalation:
    ///   on: [waiting_for_user, failed, timed_out, stale, unresolved, over_budget, rejected, cancel_unconfirmed]
    ///   ladder: [{after: 0m, notify: [issue]}]
    ///   deadline: {after: 24h, do: cancel}
    /// ```
    name: "idle-deadline", family: Escalation, level: Warning, hold: Free, check: Class(check)
}

fn check(cx: &ClassContext<'_>, sink: &mut Sink<'_>) {
    let (Some(escalation), Some(limits)) = (cx.class.escalation, cx.class.limits) else { return };
    let after = escalation.deadline.after;
    let clocks = [("total", limits.timeouts.total), ("waiting", limits.timeouts.waiting)];
    let Some((clock, length)) = clocks.into_iter().find(|(_, length)| after > *length) else { return };
    let message =
        format!("the deadline comes after {after}, and `limits.timeouts.{clock}` ends the task after {length}");
    sink.report(cx.at("escalation.deadline.after").value(""), message, |finding| {
        finding
            .with_label(cx.at(&format!("limits.timeouts.{clock}")).value("this runs out first"))
            .with_help(format!("write `after: {length}` or less, or a longer `{clock}`"))
    });
}
