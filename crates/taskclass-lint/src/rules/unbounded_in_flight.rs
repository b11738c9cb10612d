//! `unbounded-in-flight`: any number of tasks at once.

use crate::absent::lacks;
use crate::context::ClassContext;
use crate::rule::{Sink, declare_rule};

declare_rule! {
    /// Any number of tasks at once.
    ///
    /// ## What it does
    /// Reports a class without `limits.in_flight.total`. The policy's ceiling holds even then.
    ///
    /// ## Why it matters
    /// A mistake in a class is made once for each task that runs before somebody sees it.
    ///
    /// ## Bad
    /// ```yaml
    /// limits:
    /// ^^^^^^
    ///   timeouts: {queue: 30m, run: 65m, stale: 20m, waiting: 24h, review: 7d, total: 9d}
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// limits:
    ///   timeouts: {queue: 30m, run: 65m, stale: 20m, waiting: 24h, review: 7d, total: 9d}
    ///   in_flight: {total: 4, per_repository: 1}
    /// ```
    name: "unbounded-in-flight", family: Limits, level: Warning, hold: Free, check: Class(check)
}

fn check(cx: &ClassContext<'_>, sink: &mut Sink<'_>) {
    let Some(limits) = cx.class.limits else { return };
    let unbounded = limits.in_flight.and_then(|own| own.total).is_none();
    if unbounded && lacks(cx, "limits", "in_flight") && lacks(cx, "limits.in_flight", "total") {
        sink.report(cx.at("limits.in_flight").key(""), "nothing bounds how many tasks run at once", |finding| {
            let finding = finding.with_help("set `in_flight: {total: 4}`, or what your reviewers can keep up with");
            match cx.policy() {
                Some(policy) => {
                    finding.with_note(format!("the policy's ceiling is {}", policy.policy.maxima.in_flight))
                }
                None => finding,
            }
        });
    }
}
