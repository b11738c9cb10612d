//! `stage-not-growing`: a rollout stage that is smaller than the one before it, or bears its name.

use crate::context::ClassContext;
use crate::rule::{Sink, declare_rule};

declare_rule! {
    /// A rollout stage that is smaller than the one before it, or bears its name.
    ///
    /// ## What it does
    /// Reports stages whose `repositories` fall, and names used twice.
    ///
    /// ## Why it matters
    /// A stage is the proof for the next, larger one. A smaller one proves nothing new.
    ///
    /// ## Bad
    /// ```yaml
    /// rollout:
    ///   stages:
    ///     - {name: proof, repositories: 3, pull_request: never}
    ///     - {name: few, repositories: 2, approve: true}
    ///                                 ^
    ///   gates:
    ///     min_samples: {proof: 3, few: 2}
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
    ///     - {name: few, repositories: 5, approve: true}
    ///   gates:
    ///     min_samples: {proof: 3, few: 4}
    ///     require: [{metric: out_of_scope_files, max: 0}]
    /// escalation:
    ///   on: [waiting_for_user, failed, timed_out, stale, unresolved, over_budget, rejected, gate_failed, cancel_unconfirmed]
    ///   ladder: [{after: 0m, notify: [issue]}]
    ///   deadline: {after: 24h, do: cancel}
    /// ```
    name: "stage-not-growing", family: Rollout, level: Error, hold: Free, check: Class(check)
}

fn check(cx: &ClassContext<'_>, sink: &mut Sink<'_>) {
    let Some(Some(rollout)) = cx.class.rollout else { return };
    for (index, stage) in rollout.stages.iter().enumerate() {
        let earlier = &rollout.stages[..index];
        if let Some(first) = earlier.iter().position(|other| other.name == stage.name) {
            let other = cx.at(&format!("rollout.stages[{first}].name")).value("first here");
            let at = cx.at(&format!("rollout.stages[{index}].name"));
            sink.report(at.value(""), format!("two stages are named `{}`", stage.name), |finding| {
                finding.with_label(other)
            });
        }
        let Some(before) = earlier.last().filter(|before| before.repositories > stage.repositories) else { continue };
        let other = cx.at(&format!("rollout.stages[{}].repositories", index - 1)).value("more than in this stage");
        let at = cx.at(&format!("rollout.stages[{index}].repositories"));
        let message = format!("stage `{}` reaches fewer repositories than `{}` before it", stage.name, before.name);
        sink.report(at.value(""), message, |finding| finding.with_label(other));
    }
}
