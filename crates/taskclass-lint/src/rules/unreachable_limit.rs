//! `unreachable-limit`: a limit that another one of the class always comes before.

use crate::context::ClassContext;
use crate::rule::{Sink, declare_rule};

declare_rule! {
    /// A limit that another one of the class always comes before.
    ///
    /// ## What it does
    /// Reports `in_flight.per_repository` above `in_flight.total`, `submissions.per_day` above 24 times `per_hour`, and
    /// `open_pull_requests.per_reviewer` above `total`.
    ///
    /// ## Why it matters
    /// It bounds nothing, and whoever raises the other one relies on it.
    ///
    /// ## Bad
    /// ```yaml
    /// limits:
    ///   timeouts: {queue: 30m, run: 65m, stale: 20m, waiting: 24h, review: 7d, total: 9d}
    ///   in_flight: {total: 4, per_repository: 1}
    ///   submissions: {per_hour: 2, per_day: 100}
    ///                                       ^^^
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// limits:
    ///   timeouts: {queue: 30m, run: 65m, stale: 20m, waiting: 24h, review: 7d, total: 9d}
    ///   in_flight: {total: 4, per_repository: 1}
    ///   submissions: {per_hour: 20, per_day: 100}
    /// ```
    name: "unreachable-limit", family: Limits, level: Warning, hold: Free, check: Class(check)
}

fn check(cx: &ClassContext<'_>, sink: &mut Sink<'_>) {
    let Some(limits) = cx.class.limits else { return };
    let in_flight = limits.in_flight;
    let submissions = limits.submissions;
    let open = limits.open_pull_requests;
    let pairs = [
        (
            "in_flight.per_repository",
            in_flight.map(|own| own.per_repository),
            "in_flight.total",
            in_flight.and_then(|own| own.total),
            1,
        ),
        (
            "submissions.per_day",
            submissions.and_then(|own| own.per_day),
            "submissions.per_hour",
            submissions.and_then(|own| own.per_hour),
            24,
        ),
        (
            "open_pull_requests.per_reviewer",
            open.and_then(|own| own.per_reviewer),
            "open_pull_requests.total",
            open.and_then(|own| own.total),
            1,
        ),
    ];
    for (field, own, other, bound, times) in pairs {
        let (Some(own), Some(bound)) = (own, bound) else { continue };
        let most = bound.saturating_mul(times);
        if own <= most {
            continue;
        }
        let message = format!("`{field}` is {own}, and with `{other}` there are never more than {most}");
        sink.report(cx.at(&format!("limits.{field}")).value(""), message, |finding| {
            finding
                .with_label(cx.at(&format!("limits.{other}")).value("this comes first"))
                .with_help(format!("write {most} or less, or raise `{other}`"))
        });
    }
}
