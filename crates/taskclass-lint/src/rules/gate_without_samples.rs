//! `gate-without-samples`: a gate that cannot be judged.

use taskclass_spec::StageName;
use taskclass_spec::suggest::closest;

use crate::common::listed;
use crate::context::ClassContext;
use crate::rule::{Sink, declare_rule};

declare_rule! {
    /// A gate that cannot be judged.
    ///
    /// ## What it does
    /// Reports stages without an entry in `gates.min_samples`, entries for stages that do not exist, and stages that cannot give
    /// as many results as their gate needs.
    ///
    /// ## Why it matters
    /// With too few results a gate is inconclusive, and the rollout stands still.
    ///
    /// ## Bad
    /// ```yaml
    /// rollout:
    ///   stages:
    ///     - {name: proof, repositories: 1, repeat: 3, pull_request: never}
    ///     - {name: few, repositories: 5, approve: true}
    ///   gates:
    ///     min_samples: {proof: 4, few: 4}
    ///                          ^
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
    name: "gate-without-samples", family: Rollout, level: Error, hold: Free, check: Class(check)
}

fn check(cx: &ClassContext<'_>, sink: &mut Sink<'_>) {
    let Some(Some(rollout)) = cx.class.rollout else { return };
    let samples = &rollout.gates.min_samples;
    let absent: Vec<&StageName> =
        rollout.stages.iter().map(|stage| &stage.name).filter(|name| !samples.contains_key(*name)).collect();
    if !absent.is_empty() {
        let message = format!("nothing says how many results {} must have", listed(&absent));
        sink.report(cx.at("rollout.gates.min_samples").key(""), message, |finding| finding);
    }
    for (name, needed) in samples {
        let path = format!("rollout.gates.min_samples[\"{name}\"]");
        let Some(index) = rollout.stages.iter().position(|stage| stage.name == *name) else {
            let meant = closest(name.as_str(), rollout.stages.iter().map(|stage| stage.name.as_str()));
            let text = meant.map(|meant| format!("did you mean `{meant}`?")).unwrap_or_default();
            sink.report(cx.at(&path).key(text), format!("there is no stage `{name}`"), |finding| finding);
            continue;
        };
        let stage = &rollout.stages[index];
        let possible = u64::from(stage.repositories) * u64::from(stage.repeat);
        if u64::from(*needed) > possible {
            let source = cx.at(&format!("rollout.stages[{index}].name")).value(format!("gives {possible} at most"));
            let message = format!("stage `{name}` cannot give {needed} results");
            sink.report(cx.at(&path).value(""), message, |finding| finding.with_label(source));
        }
    }
}
