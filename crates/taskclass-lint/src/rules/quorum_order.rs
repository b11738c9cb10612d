//! `quorum-order`: fewer people must sign where the risk is higher.

use crate::context::PolicyContext;
use crate::rule::{Sink, declare_rule};

declare_rule! {
    /// Fewer people must sign where the risk is higher.
    ///
    /// ## What it does
    /// Reports a quorum for a higher risk that is smaller than one for a lower risk.
    ///
    /// ## Why it matters
    /// The policy itself is approved by the quorum for high risk: it must be the largest.
    ///
    /// ## Bad
    /// ```yaml
    /// # file: policy.yaml
    /// approvals: {quorum: {low: 1, medium: 2, high: 1}, max_age: 180d}
    ///                                               ^
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// # file: policy.yaml
    /// approvals: {quorum: {low: 1, medium: 1, high: 2}, max_age: 180d}
    /// ```
    name: "quorum-order", family: Policy, level: Error, hold: Free, check: Policy(check)
}

fn check(cx: &PolicyContext<'_>, sink: &mut Sink<'_>) {
    let quorum = cx.policy.approvals.quorum;
    for (lower, few, higher, many) in
        [("low", quorum.low, "medium", quorum.medium), ("medium", quorum.medium, "high", quorum.high)]
    {
        if many < few {
            let other = cx.at(&format!("approvals.quorum.{lower}")).value("more than for the higher risk");
            let at = cx.at(&format!("approvals.quorum.{higher}"));
            sink.report(at.value(""), format!("fewer people sign for `{higher}` than for `{lower}`"), |finding| {
                finding.with_label(other)
            });
        }
    }
}
