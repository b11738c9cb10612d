//! `renewal-window`: approvals that should be renewed from the day on which they are given.

use crate::context::PolicyContext;
use crate::rule::{Sink, declare_rule};

declare_rule! {
    /// Approvals that should be renewed from the day on which they are given.
    ///
    /// ## What it does
    /// Reports `approvals.warn_before` that is not shorter than `approvals.max_age`.
    ///
    /// ## Why it matters
    /// A warning that is always there is read by nobody, and the end comes unseen.
    ///
    /// ## Bad
    /// ```yaml
    /// # file: policy.yaml
    /// approvals: {quorum: {low: 1, medium: 1, high: 2}, max_age: 30d, warn_before: 42d}
    ///                                                                              ^^^
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// # file: policy.yaml
    /// approvals: {quorum: {low: 1, medium: 1, high: 2}, max_age: 180d, warn_before: 42d}
    /// ```
    name: "renewal-window", family: Policy, level: Warning, hold: Free, check: Policy(check)
}

fn check(cx: &PolicyContext<'_>, sink: &mut Sink<'_>) {
    let approvals = &cx.policy.approvals;
    let Some(window) = approvals.warn_before.filter(|window| *window >= approvals.max_age) else { return };
    let message = format!("approvals last {}, and are to be renewed {window} before their end", approvals.max_age);
    sink.report(cx.at("approvals.warn_before").value(""), message, |finding| {
        finding
            .with_label(cx.at("approvals.max_age").value("the longest that one may last"))
            .with_help("make it a fraction of `max_age`, such as a quarter")
    });
}
