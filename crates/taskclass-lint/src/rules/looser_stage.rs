//! `looser-stage`: a stage whose pull request behaviour does not count.

use taskclass_spec::written::CreatePullRequest;

use crate::context::ClassContext;
use crate::rule::{Sink, declare_rule};

declare_rule! {
    /// A stage whose pull request behaviour does not count.
    ///
    /// ## What it does
    /// Reports a stage's `pull_request` that is anything but `never`.
    ///
    /// ## Why it matters
    /// A stage can only take the pull request away. With another word it does what `pull_request.create` of the class says, whatever
    /// is written there.
    ///
    /// ## Bad
    /// ```yaml
    /// rollout:
    ///   stages:
    ///     - {name: proof, repositories: 1, repeat: 3, pull_request: by_agent}
    ///                                                               ^^^^^^^^
    ///   gates:
    ///     min_samples: {proof: 3}
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
    ///   gates:
    ///     min_samples: {proof: 3}
    ///     require: [{metric: out_of_scope_files, max: 0}]
    /// escalation:
    ///   on: [waiting_for_user, failed, timed_out, stale, unresolved, over_budget, rejected, gate_failed, cancel_unconfirmed]
    ///   ladder: [{after: 0m, notify: [issue]}]
    ///   deadline: {after: 24h, do: cancel}
    /// ```
    name: "looser-stage", family: Rollout, level: Warning, hold: Free, check: Class(check)
}

fn check(cx: &ClassContext<'_>, sink: &mut Sink<'_>) {
    let (Some(Some(rollout)), Some(pull_request)) = (cx.class.rollout, cx.class.pull_request) else { return };
    for (index, stage) in rollout.stages.iter().enumerate() {
        let Some(said) = stage.pull_request else { continue };
        if said == CreatePullRequest::Never || said == pull_request.create {
            continue;
        }
        let at = cx.at(&format!("rollout.stages[{index}].pull_request"));
        let message =
            format!("stage `{}` cannot change who opens the pull request: only `never` counts here", stage.name);
        sink.report(at.value(""), message, |finding| {
            finding
                .with_label(cx.at("pull_request.create").value("this counts in every stage"))
                .with_help("write `never`, or leave it out")
        });
    }
}
