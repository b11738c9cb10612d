//! `ladder-not-rising`: a rung of the ladder that is not later than the one before it.

use crate::context::ClassContext;
use crate::rule::{Sink, declare_rule};

declare_rule! {
    /// A rung of the ladder that is not later than the one before it.
    ///
    /// ## What it does
    /// Reports entries of `escalation.ladder` whose `after` does not rise.
    ///
    /// ## Why it matters
    /// A ladder is read from top to bottom. A rung out of order is one whose time was mistyped.
    ///
    /// ## Bad
    /// ```yaml
    /// escalation:
    ///   on: [waiting_for_user, failed, timed_out, stale, unresolved, over_budget, rejected, cancel_unconfirmed]
    ///   ladder: [{after: 4h, notify: [issue]}, {after: 30m, notify: [comment]}]
    ///                                                  ^^^
    ///   deadline: {after: 24h, do: cancel}
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// escalation:
    ///   on: [waiting_for_user, failed, timed_out, stale, unresolved, over_budget, rejected, cancel_unconfirmed]
    ///   ladder: [{after: 30m, notify: [issue]}, {after: 4h, notify: [comment]}]
    ///   deadline: {after: 24h, do: cancel}
    /// ```
    name: "ladder-not-rising", family: Escalation, level: Error, hold: Free, check: Class(check)
}

fn check(cx: &ClassContext<'_>, sink: &mut Sink<'_>) {
    let Some(escalation) = cx.class.escalation else { return };
    for (index, pair) in escalation.ladder.windows(2).enumerate() {
        if let [before, rung] = pair
            && rung.after <= before.after
        {
            let first = cx.at(&format!("escalation.ladder[{index}].after")).value("not later than this");
            let at = cx.at(&format!("escalation.ladder[{}].after", index + 1));
            sink.report(
                at.value(""),
                format!("rung {} of the ladder does not come later than rung {}", index + 2, index + 1),
                |finding| finding.with_label(first).with_help("put the rungs in the order of their time"),
            );
        }
    }
}
