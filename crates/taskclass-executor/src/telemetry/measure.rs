//! Measures: gauges of the present from the ledger, counters and histograms from the chronicle.

use std::collections::BTreeMap;

use jiff::{Timestamp, tz::TimeZone};
use taskclass_spec::written::Priority;

use super::chronicle::Chronicle;
use super::state_label;
use super::tally::{BOUNDS, Counter, Histogram, Timer};
use crate::ledger::{Change, Claim, Ledger};
use crate::views;
use crate::vocab::State;

/// What kind of measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// It goes up and down.
    Gauge,
    /// It only grows.
    Counter,
    /// Many, by size.
    Histogram,
}

/// A value.
#[derive(Debug, Clone, PartialEq)]
pub enum Number {
    /// A whole number.
    Int(u64),
    /// A number.
    Float(f64),
    /// Many, with the upper bounds of their buckets in seconds.
    Histogram(Histogram, &'static [u32]),
}

/// One value with its labels.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    /// Name and value.
    pub labels: Vec<(&'static str, String)>,
    /// The value.
    pub value: Number,
}

/// One measure.
#[derive(Debug, Clone, PartialEq)]
pub struct Measure {
    /// As OpenTelemetry names it: words with dots.
    pub name: &'static str,
    /// UCUM's unit; what is merely counted stands in braces.
    pub unit: &'static str,
    /// What it is, in a sentence.
    pub help: &'static str,
    /// What kind.
    pub kind: Kind,
    /// Its values, of which no two have the same labels.
    pub points: Vec<Point>,
}

fn gauge(name: &'static str, unit: &'static str, help: &'static str, points: Vec<Point>) -> Measure {
    Measure { name, unit, help, kind: Kind::Gauge, points }
}

fn one(value: Number) -> Vec<Point> {
    vec![Point { labels: Vec::new(), value }]
}

fn whole(count: usize) -> Number {
    Number::Int(u64::try_from(count).unwrap_or(u64::MAX))
}

fn seconds_between(from: Timestamp, to: Timestamp) -> Number {
    Number::Float(to.duration_since(from).as_secs_f64().max(0.0))
}

/// Everything that is measured, in a fixed order. The values of a label are words of ours, and classes.
pub fn measures(ledger: &Ledger, chronicle: &Chronicle, now: Timestamp) -> Vec<Measure> {
    let mut all = of_tasks(ledger, now);
    all.extend(of_the_executor(ledger, chronicle, now));
    all.extend(COUNTERS.iter().map(|(counter, name, unit, help, labels)| {
        let points = chronicle.tally.counts.iter().filter(|((of, _), _)| of == counter);
        let points = points.map(|((_, values), count)| point(labels, values, Number::Int(*count))).collect();
        Measure { name, unit, help, kind: Kind::Counter, points }
    }));
    all.extend(TIMERS.iter().map(|(timer, name, help, labels)| {
        let points = chronicle.tally.times.iter().filter(|((of, _), _)| of == timer);
        let points = points
            .map(|((_, values), times)| point(labels, values, Number::Histogram(times.clone(), &BOUNDS)))
            .collect();
        Measure { name, unit: "s", help, kind: Kind::Histogram, points }
    }));
    all
}

fn point(labels: &[&'static str], values: &[String], value: Number) -> Point {
    Point { labels: labels.iter().copied().zip(values.iter().cloned()).collect(), value }
}

fn of_tasks(ledger: &Ledger, now: Timestamp) -> Vec<Measure> {
    let mut states: BTreeMap<(String, String), u64> = BTreeMap::new();
    let mut flight: BTreeMap<String, u64> = BTreeMap::new();
    let mut spend: BTreeMap<(String, &'static str), f64> = BTreeMap::new();
    let today = now.to_zoned(TimeZone::UTC).date();
    for task in ledger.tasks.values() {
        let class = task.contract().class.to_string();
        *states.entry((state_label(&task.state).into_owned(), class.clone())).or_insert(0) += 1;
        *flight.entry(class.clone()).or_insert(0) += u64::from(task.state.is_in_flight());
        let planned = task.times.planned.to_zoned(TimeZone::UTC).date();
        let credits = task.charged().0 as f64 / 1e9;
        for (period, within) in
            [("day", planned == today), ("month", (planned.year(), planned.month()) == (today.year(), today.month()))]
        {
            *spend.entry((class.clone(), period)).or_insert(0.0) += if within { credits } else { 0.0 };
        }
    }
    let states = states.into_iter().map(|((state, class), count)| Point {
        labels: vec![("state", state), ("class", class)],
        value: Number::Int(count),
    });
    let flight =
        flight.into_iter().map(|(class, count)| Point { labels: vec![("class", class)], value: Number::Int(count) });
    let spend = spend.into_iter().map(|((class, period), credits)| Point {
        labels: vec![("class", class), ("period", period.to_owned())],
        value: Number::Float(credits),
    });
    let queued = || ledger.active().filter(|task| task.state == State::Queued);
    let oldest = queued().map(|task| task.times.planned).min().unwrap_or(now);
    vec![
        gauge("taskclass.tasks", "{task}", "Tasks, by state and class.", states.collect()),
        gauge("taskclass.tasks.in_flight", "{task}", "Tasks that take up room at GitHub, or may.", flight.collect()),
        gauge("taskclass.queue.length", "{task}", "Tasks that wait to be sent.", one(whole(queued().count()))),
        gauge(
            "taskclass.queue.oldest.age",
            "s",
            "How long the oldest of them has waited.",
            one(seconds_between(oldest, now)),
        ),
        gauge(
            "taskclass.spend.credits",
            "{credit}",
            "AI credits used or reserved by tasks planned in this day or month (UTC).",
            spend.collect(),
        ),
    ]
}

fn of_the_executor(ledger: &Ledger, chronicle: &Chronicle, now: Timestamp) -> Vec<Measure> {
    let claim = |owner| Claim { owner, change: Change::Submission, priority: Priority::Normal, reserve: None };
    let owners = ledger.active().map(|task| task.plan.token_owner.id);
    let free = owners.map(|owner| ledger.limiter.next(claim(owner), now)).max().unwrap_or(now);
    let moment = |at: Option<Timestamp>| {
        at.into_iter()
            .map(|at| Point { labels: Vec::new(), value: Number::Float(at.as_millisecond() as f64 / 1e3) })
            .collect()
    };
    vec![
        gauge(
            "taskclass.limiter.wait",
            "s",
            "How long until GitHub's limits let the next change through.",
            one(seconds_between(now, free)),
        ),
        gauge("taskclass.inbox.items", "{item}", "What waits for a person.", one(whole(views::inbox(ledger).len()))),
        gauge(
            "taskclass.stopped",
            "1",
            "1 while the kill switch is thrown.",
            one(Number::Int(u64::from(ledger.stopped.is_some()))),
        ),
        gauge("taskclass.last_tick.timestamp", "s", "When the executor last ticked.", moment(chronicle.pulse.ticked)),
        gauge("taskclass.last_github_read.timestamp", "s", "When GitHub last answered.", moment(chronicle.pulse.read)),
        Measure {
            name: "taskclass.journal.events",
            unit: "{event}",
            help: "Events in the journal.",
            kind: Kind::Counter,
            points: one(Number::Int(chronicle.events())),
        },
    ]
}

type CounterRow = (Counter, &'static str, &'static str, &'static str, &'static [&'static str]);

const COUNTERS: [CounterRow; 12] = [
    (Counter::RunsRefused, "taskclass.runs.refused", "{run}", "Runs refused before anything was planned.", &[]),
    (Counter::Planned, "taskclass.tasks.planned", "{task}", "Tasks planned.", &["class"]),
    (Counter::Submissions, "taskclass.submissions", "{request}", "Requests that create a task.", &["class"]),
    (
        Counter::SubmissionOutcomes,
        "taskclass.submission.outcomes",
        "{request}",
        "What became of requests that create a task.",
        &["outcome"],
    ),
    (Counter::RateLimited, "taskclass.rate_limited", "{answer}", "How often GitHub said to slow down.", &["limit"]),
    (Counter::ClocksExpired, "taskclass.clocks.expired", "{clock}", "Clocks that ran out.", &["clock"]),
    (
        Counter::Cancels,
        "taskclass.cancels",
        "{task}",
        "Stops that were asked for, and such as nothing confirmed.",
        &["outcome"],
    ),
    (Counter::Verdicts, "taskclass.verdicts", "{verdict}", "Verdicts on results.", &["class", "verdict"]),
    (Counter::Ends, "taskclass.ends", "{task}", "How tasks ended.", &["class", "end"]),
    (
        Counter::UnreviewedMerges,
        "taskclass.merges.unreviewed",
        "{merge}",
        "Merges with fewer approvals than the class asks for.",
        &["class"],
    ),
    (Counter::OverBudget, "taskclass.budget.exceeded", "{task}", "Tasks that used more than their budget.", &["class"]),
    (Counter::Actions, "taskclass.actions", "{change}", "Changes at GitHub beside submissions.", &["outcome"]),
];

const TIMERS: [(Timer, &str, &str, &[&str]); 2] = [
    (Timer::Tasks, "taskclass.task.duration", "From planning to a verdict or an end.", &["class"]),
    (Timer::Phases, "taskclass.phase.duration", "How long tasks were in what.", &["phase"]),
];
