//! `no-free-reach`: a policy under which nothing can run.

use crate::context::PolicyContext;
use crate::rule::{Sink, declare_rule};

declare_rule! {
    /// A policy under which nothing can run.
    ///
    /// ## What it does
    /// Reports `free_reach: 0`, and `reserve.critical: 100%`, which leaves all that is not critical one change an hour.
    ///
    /// ## Why it matters
    /// Single runs of a class may reach as many repositories as `free_reach` says; with none every run is refused.
    ///
    /// ## Bad
    /// ```yaml
    /// # file: policy.yaml
    /// free_reach: 0
    ///             ^
    /// # also: missing-rollout
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// # file: policy.yaml
    /// free_reach: 3
    /// ```
    name: "no-free-reach", family: Policy, level: Error, hold: Free, check: Policy(check)
}

fn check(cx: &PolicyContext<'_>, sink: &mut Sink<'_>) {
    if cx.policy.free_reach == 0 {
        sink.report(cx.at("free_reach").value(""), "no class may run on any repository", |finding| {
            finding
                .with_help("write `free_reach: 1` or more")
                .with_note("to stop everything for a while, use `taskclass stop`: it is journaled, and lifted by `taskclass start`")
        });
    }
    if cx.policy.reserve.is_some_and(|reserve| reserve.critical.of(100) >= 100) {
        sink.report(cx.at("reserve.critical").value(""), "all capacity is kept for `priority: critical`", |finding| {
            finding.with_help("leave some of it to the rest: `reserve: {critical: 20%}`")
        });
    }
}
