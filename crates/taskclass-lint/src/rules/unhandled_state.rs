//! `unhandled-state`: a state in which a task needs a person, and nobody is told.

use taskclass_source::yaml::Style;
use taskclass_source::{Edit, Fix, Span};
use taskclass_spec::written::EscalationTrigger as Trigger;

use crate::common::{listed, with_fix};
use crate::context::ClassContext;
use crate::rule::{Sink, declare_rule};

declare_rule! {
    /// A state in which a task needs a person, and nobody is told.
    ///
    /// ## What it does
    /// Reports what `escalation.on` leaves out; `gate_failed` only for a class with a rollout.
    ///
    /// ## Why it matters
    /// The state that was left out is the one in which a task will sit over a weekend.
    ///
    /// ## Bad
    /// ```yaml
    /// escalation:
    ///   on: [waiting_for_user, failed, timed_out, stale, unresolved, over_budget, rejected]
    ///   ^^
    ///   ladder: [{after: 0m, notify: [issue]}]
    ///   deadline: {after: 24h, do: cancel}
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// escalation:
    ///   on: [waiting_for_user, failed, timed_out, stale, unresolved, over_budget, rejected, cancel_unconfirmed]
    ///   ladder: [{after: 0m, notify: [issue]}]
    ///   deadline: {after: 24h, do: cancel}
    /// ```
    name: "unhandled-state", family: Escalation, level: Warning, hold: Free, check: Class(check)
}

const ALL: [(Trigger, &str); 9] = [
    (Trigger::WaitingForUser, "waiting_for_user"),
    (Trigger::Failed, "failed"),
    (Trigger::TimedOut, "timed_out"),
    (Trigger::Stale, "stale"),
    (Trigger::Unresolved, "unresolved"),
    (Trigger::OverBudget, "over_budget"),
    (Trigger::Rejected, "rejected"),
    (Trigger::GateFailed, "gate_failed"),
    (Trigger::CancelUnconfirmed, "cancel_unconfirmed"),
];

fn check(cx: &ClassContext<'_>, sink: &mut Sink<'_>) {
    let (Some(escalation), Some(rollout)) = (cx.class.escalation, cx.class.rollout) else { return };
    let absent =
        |trigger: &Trigger| !escalation.on.contains(trigger) && (*trigger != Trigger::GateFailed || rollout.is_some());
    let names: Vec<_> = ALL.iter().filter(|(trigger, _)| absent(trigger)).map(|(_, name)| *name).collect();
    if !names.is_empty() {
        let fix = appended(cx, &names);
        sink.report(cx.at("escalation.on").key(""), format!("nobody is told of {}", listed(&names)), |finding| {
            with_fix(finding, fix)
        });
    }
}

/// Adds the names at the end of a list in brackets.
fn appended(cx: &ClassContext<'_>, names: &[&str]) -> Option<Fix> {
    let list = cx.document.node("escalation.on").filter(|node| node.style == Style::Flow)?;
    let last = list.as_seq()?.last()?.span.end;
    let edit = Edit::new(cx.document.source, Span { start: last, end: last }, format!(", {}", names.join(", ")));
    Some(Fix::unsafe_(format!("add {}", listed(names)), vec![edit]))
}
