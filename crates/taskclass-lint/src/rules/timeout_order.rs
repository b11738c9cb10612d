//! `timeout-order`: timeouts that cannot take effect in the order that they are meant for.

use crate::context::ClassContext;
use crate::rule::{Sink, declare_rule};

declare_rule! {
    /// Timeouts that cannot take effect in the order that they are meant for.
    ///
    /// ## What it does
    /// Reports a `stale` that is not shorter than `run`, and every part that is not shorter than `total`.
    ///
    /// ## Why it matters
    /// Each clock catches another failure. One that runs out after the clock around it never does.
    ///
    /// ## Bad
    /// ```yaml
    /// limits:
    ///   timeouts: {queue: 30m, run: 65m, stale: 2h, waiting: 24h, review: 7d, total: 9d}
    ///                                           ^^
    ///   in_flight: {total: 4, per_repository: 1}
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// limits:
    ///   timeouts: {queue: 30m, run: 65m, stale: 20m, waiting: 24h, review: 7d, total: 9d}
    ///   in_flight: {total: 4, per_repository: 1}
    /// ```
    name: "timeout-order", family: Limits, level: Error, hold: Free, check: Class(check)
}

fn check(cx: &ClassContext<'_>, sink: &mut Sink<'_>) {
    let Some(limits) = cx.class.limits else { return };
    let t = &limits.timeouts;
    let inside = [
        ("stale", t.stale, "run", t.run),
        ("queue", t.queue, "total", t.total),
        ("run", t.run, "total", t.total),
        ("waiting", t.waiting, "total", t.total),
        ("review", t.review, "total", t.total),
    ];
    for (part, length, whole, bound) in inside {
        if length >= bound {
            let around = cx.at(&format!("limits.timeouts.{whole}")).value(format!("`{whole}` runs out first"));
            let at = cx.at(&format!("limits.timeouts.{part}"));
            sink.report(
                at.value(""),
                format!("`{part}` ({length}) is not shorter than `{whole}` ({bound})"),
                |finding| {
                    finding.with_label(around).with_help(format!("set it to less than {bound}, or raise `{whole}`"))
                },
            );
        }
    }
}
