//! `unknown-metric`: a gate on a measure that does not exist, or with a bound of another kind.

use taskclass_source::Fix;
use taskclass_spec::suggest::closest;
use taskclass_spec::written::{Gate, Threshold};

use crate::common::{replace_scalar, with_fix};
use crate::context::ClassContext;
use crate::metrics::{METRICS, Measure};
use crate::rule::{Sink, declare_rule};
use crate::spelling::{correction, did_you_mean};

declare_rule! {
    /// A gate on a measure that does not exist, or with a bound of another kind.
    ///
    /// ## What it does
    /// Reports metrics that the report does not have, percentiles of what has no value for each task, percentages for counts
    /// and counts for rates.
    ///
    /// ## Why it matters
    /// A gate whose measure is unknown is inconclusive for ever.
    ///
    /// ## Bad
    /// ```yaml
    /// rollout:
    ///   stages:
    ///     - {name: proof, repositories: 1, repeat: 3, pull_request: never}
    ///   gates:
    ///     min_samples: {proof: 3}
    ///     require: [{metric: merge_rate, min: 60%}]
    ///                        ^^^^^^^^^^
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
    ///     require: [{metric: merged_rate, min: 60%}]
    /// escalation:
    ///   on: [waiting_for_user, failed, timed_out, stale, unresolved, over_budget, rejected, gate_failed, cancel_unconfirmed]
    ///   ladder: [{after: 0m, notify: [issue]}]
    ///   deadline: {after: 24h, do: cancel}
    /// ```
    name: "unknown-metric", family: Rollout, level: Error, hold: Free, check: Class(check)
}

fn check(cx: &ClassContext<'_>, sink: &mut Sink<'_>) {
    let Some(Some(rollout)) = cx.class.rollout else { return };
    for (list, gates) in [("require", &rollout.gates.require), ("abort_on", &rollout.gates.abort_on)] {
        for (index, gate) in gates.iter().enumerate() {
            one(cx, &format!("rollout.gates.{list}[{index}]"), gate, sink);
        }
    }
}

fn one(cx: &ClassContext<'_>, path: &str, gate: &Gate, sink: &mut Sink<'_>) {
    let at = cx.at(&format!("{path}.metric"));
    let (name, percentile) = match gate.metric.split_once('.') {
        Some((name, _)) => (name, true),
        None => (gate.metric.as_str(), false),
    };
    let Some((_, measure)) = METRICS.iter().find(|(known, _)| *known == name) else {
        let meant = closest(name, METRICS.iter().map(|(known, _)| *known));
        let fix = meant.and_then(|meant| {
            let whole = gate.metric.as_str().replacen(name, meant, 1);
            Some(correction(name, meant, replace_scalar(&at, &whole)?))
        });
        let known: Vec<_> = METRICS.iter().map(|(known, _)| *known).collect();
        sink.report(at.value(did_you_mean(meant)), format!("there is no measure `{name}`"), |finding| {
            with_fix(finding, fix).with_note(format!("measures: {}", known.join(", ")))
        });
        if let Some((meant, measure)) = METRICS.iter().find(|(known, _)| Some(*known) == meant) {
            bounded(cx, path, gate, (meant, *measure), sink);
        }
        return;
    };
    if percentile && *measure != Measure::PerTask {
        sink.report(at.value(""), format!("`{name}` has no value for each task, so it has no percentile"), |finding| {
            finding
        });
    }
    bounded(cx, path, gate, (name, *measure), sink);
}

/// Whether the bound is of the measure's kind.
fn bounded(cx: &ClassContext<'_>, path: &str, gate: &Gate, (name, measure): (&str, Measure), sink: &mut Sink<'_>) {
    let (field, bound) = if gate.max.is_some() { ("max", gate.max) } else { ("min", gate.min) };
    let fits = match bound {
        Some(Threshold::Rate(_)) => measure == Measure::Rate,
        Some(Threshold::Count(_)) => measure != Measure::Rate,
        None => true,
    };
    if !fits {
        let bound = cx.at(&format!("{path}.{field}"));
        let written = bound.source.slice(bound.span()).trim_matches(['"', '\'']);
        let (kind, meant) = match measure {
            Measure::Rate => ("a percentage", format!("{written}%")),
            Measure::Count | Measure::PerTask => ("a whole number", written.trim_end_matches('%').to_owned()),
        };
        let fix = replace_scalar(&bound, &meant).map(|edit| Fix::unsafe_(format!("write `{meant}`"), vec![edit]));
        let metric = cx.at(&format!("{path}.metric")).value(if measure == Measure::Rate {
            "a share of tasks"
        } else {
            "not a share"
        });
        sink.report(bound.value(""), format!("a bound of `{name}` is {kind}"), |finding| {
            with_fix(finding.with_label(metric), fix)
        });
    }
}
