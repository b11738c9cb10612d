//! `limit-against-policy`: a limit above the policy's ceiling.

use taskclass_source::Node;

use crate::common::{lowered_to, with_fix};
use crate::context::{ClassContext, PolicyContext};
use crate::rule::{Sink, declare_rule};

declare_rule! {
    /// A limit above the policy's ceiling.
    ///
    /// ## What it does
    /// Holds `limits` to the policy's `maxima`.
    ///
    /// ## Why it matters
    /// The smaller number counts. A class that says more promises its callers what the executor will not do.
    ///
    /// ## Bad
    /// ```yaml
    /// limits:
    ///   timeouts: {queue: 30m, run: 2h, stale: 20m, waiting: 24h, review: 7d, total: 9d}
    ///                               ^^
    ///   in_flight: {total: 4, per_repository: 1}
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// limits:
    ///   timeouts: {queue: 30m, run: 65m, stale: 20m, waiting: 24h, review: 7d, total: 9d}
    ///   in_flight: {total: 4, per_repository: 1}
    /// ```
    name: "limit-against-policy", family: Limits, level: Error, hold: Free, check: Class(check)
}

fn check(cx: &ClassContext<'_>, sink: &mut Sink<'_>) {
    let (Some(policy), Some(limits)) = (cx.policy(), cx.class.limits) else { return };
    let maxima = &policy.policy.maxima;
    if limits.timeouts.run > maxima.run {
        // As the two are written: `65m`, not `1h5m`.
        let written = |node: Option<&Node>| node.and_then(Node::as_str).unwrap_or_default().to_owned();
        let own = written(cx.document.node("limits.timeouts.run"));
        let most = written(policy.document.node("maxima.run"));
        exceeds(cx, policy, sink, "timeouts.run", "run", own, most);
    }
    let counts = [
        (
            "submissions.per_hour",
            "submissions_per_hour",
            limits.submissions.and_then(|own| own.per_hour),
            maxima.submissions_per_hour,
        ),
        ("in_flight.total", "in_flight", limits.in_flight.and_then(|own| own.total), maxima.in_flight),
        ("in_flight.per_repository", "in_flight", limits.in_flight.map(|own| own.per_repository), maxima.in_flight),
        (
            "open_pull_requests.total",
            "open_pull_requests",
            limits.open_pull_requests.and_then(|own| own.total),
            maxima.open_pull_requests,
        ),
    ];
    for (field, ceiling, own, most) in counts {
        if let Some(own) = own.filter(|own| *own > most) {
            exceeds(cx, policy, sink, field, ceiling, own.to_string(), most.to_string());
        }
    }
}

fn exceeds(
    cx: &ClassContext<'_>,
    policy: &PolicyContext<'_>,
    sink: &mut Sink<'_>,
    field: &str,
    ceiling: &str,
    own: String,
    most: String,
) {
    let at = cx.at(&format!("limits.{field}"));
    let decides = policy.at(&format!("maxima.{ceiling}")).value("this ceiling counts");
    let fix = lowered_to(&at, &most);
    sink.report(
        at.value("asked for here"),
        format!("`limits.{field}` is {own}; the policy allows {most}"),
        |finding| with_fix(finding.with_label(decides), fix),
    );
}
