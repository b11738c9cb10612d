//! `unknown-notifier`: a way to tell people that the executor does not have.

use taskclass_spec::suggest::closest;
use taskclass_spec::written::Notice;

use crate::common::faults;
use crate::context::ClassContext;
use crate::rule::{Sink, declare_rule};

declare_rule! {
    /// A way to tell people that the executor does not have.
    ///
    /// ## What it does
    /// Reports entries of `escalation.ladder[].notify` that are neither `issue` nor `comment` nor `webhook:NAME`; every webhook, for
    /// this version sends none and its executor refuses to run the class; and beside an executor's configuration those that it does
    /// not define.
    ///
    /// ## Why it matters
    /// Nobody would be told, and nobody would know that nobody was.
    ///
    /// ## Bad
    /// ```yaml
    /// escalation:
    ///   on: [waiting_for_user, failed, timed_out, stale, unresolved, over_budget, rejected, cancel_unconfirmed]
    ///   ladder:
    ///     - {after: 0m, notify: [issue]}
    ///     - {after: 4h, notify: ["webhook:oncall"]}
    ///                            ^^^^^^^^^^^^^^^^
    ///   deadline: {after: 24h, do: cancel}
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// escalation:
    ///   on: [waiting_for_user, failed, timed_out, stale, unresolved, over_budget, rejected, cancel_unconfirmed]
    ///   ladder:
    ///     - {after: 0m, notify: [issue]}
    ///     - {after: 4h, notify: [issue, comment]}
    ///   deadline: {after: 24h, do: cancel}
    /// ```
    name: "unknown-notifier", family: Escalation, level: Error, hold: Format, check: Document(faults), Class(check)
}

fn check(cx: &ClassContext<'_>, sink: &mut Sink<'_>) {
    let Some(escalation) = cx.class.escalation else { return };
    for (rung, step) in escalation.ladder.iter().enumerate() {
        for (place, notice) in step.notify.iter().enumerate() {
            let Notice::Webhook(name) = notice else { continue };
            let at = cx.at(&format!("escalation.ladder[{rung}].notify[{place}]"));
            let message = format!("`{notice}` tells nobody: this version sends no webhooks");
            let defined = cx.shared.executor.map(|executor| &executor.webhooks);
            let text = match defined {
                Some(defined) if !defined.contains(name.as_str()) => {
                    match closest(name.as_str(), defined.iter().map(String::as_str)) {
                        Some(meant) => format!("the executor's configuration defines `{meant}`, and no `{name}`"),
                        None => format!("the executor's configuration defines no `{name}`"),
                    }
                }
                _ => "the executor refuses to run the class because of it".to_owned(),
            };
            sink.report(at.value(text), message, |finding| finding.with_help("write `issue` or `comment`"));
        }
    }
}
