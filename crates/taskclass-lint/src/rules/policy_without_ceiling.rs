//! `policy-without-ceiling`: the policy leaves something open that every registry needs bounded.

use crate::context::PolicyContext;
use crate::rule::{Sink, declare_rule};

declare_rule! {
    /// The policy leaves something open that every registry needs bounded.
    ///
    /// ## What it does
    /// Reports a policy that does not deny workflow files, that sets no `tokens.max_age`, or whose ceiling for a task is not
    /// below that for a day.
    ///
    /// ## Why it matters
    /// The policy is the last word. What it leaves open is open in every class that is written later.
    ///
    /// ## Bad
    /// ```yaml
    /// # file: policy.yaml
    /// tokens: {kinds: [fine_grained_pat, app_user]}
    /// ^^^^^^
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// # file: policy.yaml
    /// tokens: {kinds: [fine_grained_pat, app_user], max_age: 90d}
    /// ```
    name: "policy-without-ceiling", family: Policy, level: Warning, hold: Free, check: Policy(check)
}

fn check(cx: &PolicyContext<'_>, sink: &mut Sink<'_>) {
    if cx.policy.tokens.max_age.is_none() {
        sink.report(cx.at("tokens").key(""), "tokens may live for any time", |finding| {
            finding.with_help("bound it: `tokens: {max_age: 90d}`")
        });
    }
    if !cx.policy.paths.deny.iter().any(|pattern| pattern.matches(".github/workflows/ci.yml")) {
        sink.report(cx.at("paths").key(""), "the policy does not keep agents away from workflow files", |finding| {
            finding.with_help("deny them for every class: `paths: {deny: [\".github/workflows/**\"]}`")
        });
    }
    let maxima = &cx.policy.maxima;
    if maxima.per_task >= maxima.per_day {
        let day = cx.at("maxima.per_day").value("a whole day");
        sink.report(
            cx.at("maxima.per_task").value("one task"),
            "one task may spend what all may spend in a day",
            |finding| finding.with_label(day),
        );
    }
}
