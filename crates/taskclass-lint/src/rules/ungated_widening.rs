//! `ungated-widening`: a stage reaches many repositories without a person's word.

use crate::context::ClassContext;
use crate::rule::{Sink, declare_rule};

declare_rule! {
    /// A stage reaches many repositories without a person's word.
    ///
    /// ## What it does
    /// Reports stages beyond the policy's `free_reach` that do not say `approve: true`.
    ///
    /// ## Why it matters
    /// Gates judge what can be measured. Whether it was worth it is for a person to say, before it is done fifty times.
    ///
    /// ## Bad
    /// ```yaml
    /// rollout:
    ///   stages:
    ///     - {name: proof, repositories: 1, repeat: 3, pull_request: never}
    ///     - {name: many, repositories: 50, batch: 10}
    ///              ^^^^
    ///   gates:
    ///     min_samples: {proof: 3, many: 10}
    ///     require: [{metric: out_of_scope_files, max: 0}]
    /// escalation:
    ///   on: [waiting_for_user, failed, timed_out, stale, unresolved, over_budget, rejected, gate_failed, cancel_unconfirmed]
    ///   ladder: [{after: 0m, notify: [issue]}]
    ///   deadline: {after: 24h, do: cancel}
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// rollout:
    ///   stages:
    ///     - {name: proof, repositories: 1, repeat: 3, pull_request: never}
    ///     - {name: many, repositories: 50, batch: 10, approve: true}
    ///   gates:
    ///     min_samples: {proof: 3, many: 10}
    ///     require: [{metric: out_of_scope_files, max: 0}]
    /// escalation:
    ///   on: [waiting_for_user, failed, timed_out, stale, unresolved, over_budget, rejected, gate_failed, cancel_unconfirmed]
    ///   ladder: [{after: 0m, notify: [issue]}]
    ///   deadline: {after: 24h, do: cancel}
    /// ```
    name: "ungated-widening", family: Rollout, level: Warning, hold: Free, check: Class(check)
}

fn check(cx: &ClassContext<'_>, sink: &mut Sink<'_>) {
    let (Some(policy), Some(Some(rollout))) = (cx.policy(), cx.class.rollout) else { return };
    let free = policy.policy.free_reach;
    for (index, stage) in rollout.stages.iter().enumerate() {
        if stage.repositories > free && !stage.approve {
            let bound = policy.at("free_reach").value(format!("{free} are free"));
            let at = cx.at(&format!("rollout.stages[{index}].name"));
            let message =
                format!("stage `{}` reaches {} repositories without a person's word", stage.name, stage.repositories);
            sink.report(at.value(""), message, |finding| finding.with_label(bound).with_help("add `approve: true`"));
        }
    }
}
