//! `stage-against-policy`: a rollout stage beyond the policy's ceiling.

use crate::common::{lowered_to, with_fix};
use crate::context::ClassContext;
use crate::rule::{Sink, declare_rule};

declare_rule! {
    /// A rollout stage beyond the policy's ceiling.
    ///
    /// ## What it does
    /// Holds each stage's `repositories` to the policy's `maxima.stage_repositories`.
    ///
    /// ## Why it matters
    /// The smaller number counts, so the stage would stop before its gate has what it needs.
    ///
    /// ## Bad
    /// ```yaml
    /// rollout:
    ///   stages:
    ///     - {name: proof, repositories: 1, repeat: 3, pull_request: never}
    ///     - {name: all, repositories: 500, batch: 10, approve: true}
    ///                                 ^^^
    ///   gates:
    ///     min_samples: {proof: 3, all: 10}
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
    name: "stage-against-policy", family: Rollout, level: Error, hold: Free, check: Class(check)
}

fn check(cx: &ClassContext<'_>, sink: &mut Sink<'_>) {
    let (Some(policy), Some(Some(rollout))) = (cx.policy(), cx.class.rollout) else { return };
    let most = policy.policy.maxima.stage_repositories;
    for (index, stage) in rollout.stages.iter().enumerate().filter(|(_, stage)| stage.repositories > most) {
        let at = cx.at(&format!("rollout.stages[{index}].repositories"));
        let decides = policy.at("maxima.stage_repositories").value("this ceiling counts");
        let fix = lowered_to(&at, most);
        let message =
            format!("stage `{}` reaches {} repositories; the policy allows {most}", stage.name, stage.repositories);
        sink.report(at.value("asked for here"), message, |finding| with_fix(finding.with_label(decides), fix));
    }
}
