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
    /// Reports entries of `escalation.ladder[].notify` that are neither `issue` nor `comment` nor `webhook:NAME`; and beside an
    /// executor's configuration (`lint --config`) webhooks that its `notify.webhooks` does not define. The executor itself refuses to
    /// run a class whose webhooks it cannot send to.
    ///
    /// ## Why it matters
    /// Nobody would be told, and nobody would know that nobody was.
    ///
    /// ## Bad
    /// ```yaml
    /// # webhooks: oncall
    /// escalation:
    ///   on: [waiting_for_user, failed, timed_out, stale, unresolved, over_budget, rejected, cancel_unconfirmed]
    ///   ladder:
    ///     - {after: 0m, notify: [issue]}
    ///     - {after: 4h, notify: ["webhook:on-call"]}
    ///                            ^^^^^^^^^^^^^^^^^
    ///   deadline: {after: 24h, do: cancel}
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// # webhooks: oncall
    /// escalation:
    ///   on: [waiting_for_user, failed, timed_out, stale, unresolved, over_budget, rejected, cancel_unconfirmed]
    ///   ladder:
    ///     - {after: 0m, notify: [issue]}
    ///     - {after: 4h, notify: [comment, "webhook:oncall"]}
    ///   deadline: {after: 24h, do: cancel}
    /// ```
    name: "unknown-notifier", family: Escalation, level: Error, hold: Format, check: Document(faults), Class(check)
}

fn check(cx: &ClassContext<'_>, sink: &mut Sink<'_>) {
    // Without a configuration nobody knows which there are; the executor does, and refuses.
    let (Some(escalation), Some(executor)) = (cx.class.escalation, cx.shared.executor) else { return };
    let defined = &executor.webhooks;
    for (rung, step) in escalation.ladder.iter().enumerate() {
        for (place, notice) in step.notify.iter().enumerate() {
            let Notice::Webhook(name) = notice else { continue };
            if defined.contains(name.as_str()) {
                continue;
            }
            let at = cx.at(&format!("escalation.ladder[{rung}].notify[{place}]"));
            let message = format!("`{notice}` tells nobody: the executor's configuration defines no `{name}`");
            let help = match closest(name.as_str(), defined.iter().map(String::as_str)) {
                Some(meant) => format!("it defines `webhook:{meant}`"),
                None => "add it to `notify.webhooks` there, or write `issue` or `comment`".to_owned(),
            };
            sink.report(at.value("the executor refuses to run the class because of it"), message, |finding| {
                finding.with_help(help)
            });
        }
    }
}
