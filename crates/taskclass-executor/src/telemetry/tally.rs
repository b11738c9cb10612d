//! Counting: how often what happened, and how long it took. Both only grow, as the journal does.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::pairs;
use super::span::Span;
use crate::event::{Body, Event};

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Counter {
    /// Runs refused before anything was planned.
    RunsRefused,
    /// Tasks planned, by class.
    Planned,
    /// Requests that create a task, by class.
    Submissions,
    /// What became of them.
    SubmissionOutcomes,
    /// "Slow down", by limit.
    RateLimited,
    /// Clocks that ran out, by clock.
    ClocksExpired,
    /// Requests to stop, and those that nothing confirmed.
    Cancels,
    /// Verdicts, by class and verdict.
    Verdicts,
    /// How tasks ended, by class and end.
    Ends,
    /// Merges with too few approvals, by class.
    UnreviewedMerges,
    /// Tasks over their budget, by class.
    OverBudget,
    /// Changes at GitHub, by how they went.
    Actions,
}

/// What is timed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Timer {
    /// Tasks, from planning to a verdict or an end, by class.
    Tasks,
    /// What tasks were in, by phase.
    Phases,
}

/// Upper bounds in seconds: from ten seconds to a month.
pub(super) const BOUNDS: [u32; 14] =
    [10, 30, 60, 120, 300, 900, 1_800, 3_600, 7_200, 21_600, 86_400, 259_200, 604_800, 2_592_000];

/// How many took how long.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Histogram {
    /// How many were within each bound and beyond the one before; the last one is beyond all.
    pub buckets: Vec<u64>,
    /// All together, in milliseconds.
    pub sum_millis: u64,
    /// How many.
    pub count: u64,
}

impl Histogram {
    fn observe(&mut self, millis: u64) {
        self.buckets.resize(BOUNDS.len() + 1, 0);
        let place = BOUNDS.iter().position(|bound| millis <= u64::from(*bound) * 1000).unwrap_or(BOUNDS.len());
        if let Some(bucket) = self.buckets.get_mut(place) {
            *bucket += 1;
        }
        self.sum_millis = self.sum_millis.saturating_add(millis);
        self.count += 1;
    }
}

/// The fold.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Tally {
    #[serde(with = "pairs")]
    pub(super) counts: BTreeMap<(Counter, Vec<String>), u64>,
    #[serde(with = "pairs")]
    pub(super) times: BTreeMap<(Timer, Vec<String>), Histogram>,
}

impl Tally {
    pub(super) fn take(&mut self, event: &Event, spans: &[Span]) {
        let class = || event.subject.class.clone().unwrap_or_default();
        let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        let outcome = |outcome: &str| (Counter::SubmissionOutcomes, words(&[outcome]));
        let end = |end: &str| (Counter::Ends, vec![class(), end.to_owned()]);
        let counted = match &event.body {
            Body::RunRefused { .. } => vec![(Counter::RunsRefused, Vec::new())],
            Body::RateLimited { secondary, .. } => {
                vec![(Counter::RateLimited, words(&[if *secondary { "secondary" } else { "primary" }]))]
            }
            Body::Planned(_) => vec![(Counter::Planned, vec![class()])],
            Body::Sending { .. } => vec![(Counter::Submissions, vec![class()])],
            Body::Accepted { .. } => vec![outcome("accepted")],
            Body::Refused { .. } => vec![outcome("refused"), end("refused")],
            Body::Requeued { .. } => vec![outcome("requeued")],
            Body::Unknown { .. } => vec![outcome("unknown")],
            Body::Adopted { .. } => vec![outcome("adopted")],
            Body::Unresolved => vec![outcome("unresolved")],
            Body::Abandoned { .. } => vec![end("abandoned")],
            Body::ClockExpired { clock } => vec![(Counter::ClocksExpired, words(&[clock.as_str()]))],
            Body::CancelRequested { .. } => vec![(Counter::Cancels, words(&["requested"]))],
            Body::CancelUnconfirmed => vec![(Counter::Cancels, words(&["unconfirmed"]))],
            Body::OverBudget { .. } => vec![(Counter::OverBudget, vec![class()])],
            Body::Judged(judgement) => {
                vec![(Counter::Verdicts, vec![class(), judgement.verdict.as_str().to_owned()])]
            }
            Body::Merged { unreviewed, .. } => {
                let unreviewed = unreviewed.then(|| (Counter::UnreviewedMerges, vec![class()]));
                unreviewed.into_iter().chain([end("merged")]).collect()
            }
            Body::Closed { .. } => vec![end("closed")],
            Body::Reverted { .. } => vec![end("reverted")],
            Body::Acted { .. } => vec![(Counter::Actions, words(&["done"]))],
            Body::ActionFailed { retry_at, .. } => {
                vec![(Counter::Actions, words(&[if retry_at.is_some() { "failed" } else { "given_up" }]))]
            }
            _ => Vec::new(),
        };
        for counter in counted {
            *self.counts.entry(counter).or_insert(0) += 1;
        }
        for span in spans {
            let millis = u64::try_from(span.end.duration_since(span.start).as_millis()).unwrap_or_default();
            let timer = match span.parent {
                None => (Timer::Tasks, vec![class()]),
                Some(_) if span.start == span.end && span.name == "revert" => continue,
                Some(_) => (Timer::Phases, words(&[span.name])),
            };
            self.times.entry(timer).or_default().observe(millis);
        }
    }
}
