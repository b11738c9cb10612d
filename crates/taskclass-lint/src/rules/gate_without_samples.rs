//! `gate-without-samples`: a gate that cannot be judged.

use taskclass_source::Edit;
use taskclass_spec::StageName;
use taskclass_spec::suggest::closest;

use crate::common::{listed, with_fix};
use crate::context::ClassContext;
use crate::rule::{Sink, declare_rule};
use crate::spelling::{correction, did_you_mean};

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
    let known = || rollout.stages.iter().map(|stage| stage.name.as_str());
    let misspelled: Vec<&str> = samples
        .keys()
        .filter(|name| !known().any(|known| known == name.as_str()))
        .filter_map(|name| closest(name.as_str(), known()))
        .collect();
    let absent: Vec<(usize, &StageName)> = rollout
        .stages
        .iter()
        .map(|stage| &stage.name)
        .enumerate()
        .filter(|(_, name)| !samples.contains_key(*name) && !misspelled.contains(&name.as_str()))
        .collect();
    if let Some((first, name)) = absent.first() {
        let names: Vec<_> = absent.iter().map(|(_, name)| name).collect();
        let message = format!("nothing says how many results {} must have", listed(&names));
        let stage = cx.at(&format!("rollout.stages[{first}].name")).value("this stage");
        sink.report(cx.at("rollout.gates.min_samples").key(""), message, |finding| {
            finding.with_label(stage).with_help(format!("add it: `{name}: 1`, or as many as one should wait for"))
        });
    }
    for (name, needed) in samples {
        let path = format!("rollout.gates.min_samples[\"{name}\"]");
        let Some(index) = rollout.stages.iter().position(|stage| stage.name == *name) else {
            unknown_stage(cx, &path, name, closest(name.as_str(), known()), sink);
            continue;
        };
        let stage = &rollout.stages[index];
        let possible = u64::from(stage.repositories) * u64::from(stage.repeat);
        if u64::from(*needed) > possible {
            let source = cx.at(&format!("rollout.stages[{index}].name")).value(format!("gives {possible} at most"));
            let message = format!("stage `{name}` cannot give {needed} results");
            sink.report(cx.at(&path).value(""), message, |finding| {
                finding
                    .with_label(source)
                    .with_help(format!("ask for at most {possible}, or raise `repositories` or `repeat`"))
            });
        }
    }
}

fn unknown_stage(cx: &ClassContext<'_>, path: &str, name: &StageName, meant: Option<&str>, sink: &mut Sink<'_>) {
    let key = cx.at(path).key(did_you_mean(meant));
    let free = meant.filter(|meant| cx.document.node(&format!("rollout.gates.min_samples[\"{meant}\"]")).is_none());
    let fix = free.map(|meant| correction(name.as_str(), meant, Edit::new(&key.source, key.span, meant)));
    let stages = cx.at("rollout.stages").key("the stages");
    sink.report(key, format!("there is no stage `{name}`"), |finding| with_fix(finding.with_label(stages), fix));
}
