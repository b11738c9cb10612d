//! `first-stage-approval`: the first stage asks for a person's word, which nobody can give.

use crate::context::ClassContext;
use crate::rule::{Sink, declare_rule};

declare_rule! {
    /// The first stage asks for a person's word, which nobody can give.
    ///
    /// ## What it does
    /// Reports `approve: true` in the first stage of a rollout.
    ///
    /// ## Why it matters
    /// A single run is of the first stage, and there is no proof yet that a person could look at: the executor refuses to run the
    /// class at all.
    ///
    /// ## Bad
    /// ```yaml
    /// rollout:
    ///   stages:
    ///     - {name: proof, repositories: 1, repeat: 3, pull_request: never, approve: true}
    ///                                                                               ^^^^
    ///     - {name: few, repositories: 5, approve: true}
    ///   gates:
    ///     min_samples: {proof: 3, few: 4}
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
    name: "first-stage-approval", family: Rollout, level: Error, hold: Format, check: Class(check)
}

fn check(cx: &ClassContext<'_>, sink: &mut Sink<'_>) {
    let Some(Some(rollout)) = cx.class.rollout else { return };
    let Some(first) = rollout.stages.first().filter(|stage| stage.approve) else { return };
    let message = format!("stage `{}` is the first, and nobody can approve it", first.name);
    sink.report(cx.at("rollout.stages[0].approve").value(""), message, |finding| {
        let first = cx.at("rollout.stages[0].name").value("a single run is of this stage");
        finding.with_label(first).with_help("leave `approve` out here, and begin with a stage of one repository")
    });
}
