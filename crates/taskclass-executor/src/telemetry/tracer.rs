//! From events to spans: what a task is in changes with its state, and each change ends a span.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::span::{Span, SpanId, Status, TraceId, Value};
use super::state_label;
use crate::event::{Body, Event, Subject};
use crate::vocab::{AgentState, Key, RunId, State, Verdict};

/// What a task is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Phase {
    /// Waits for its turn.
    Queue,
    /// Is being sent, or looked for because nobody knows whether it was.
    Submit,
    /// Waits at GitHub for an agent.
    Start,
    /// An agent is at work.
    Session,
    /// An agent waits for a person.
    Waiting,
    /// The result is read and judged.
    Evidence,
    /// The result waits for people.
    Review,
}

impl Phase {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Queue => "queue",
            Self::Submit => "submit",
            Self::Start => "start",
            Self::Session => "session",
            Self::Waiting => "waiting",
            Self::Evidence => "evidence",
            Self::Review => "review",
        }
    }

    fn of(state: &State) -> Option<Self> {
        Some(match state {
            State::Planned | State::Queued => Self::Queue,
            State::Sending | State::Unknown | State::Unresolved => Self::Submit,
            State::Accepted | State::Adopted | State::Task(AgentState::Queued) => Self::Start,
            State::Task(agent) if agent.waits() => Self::Waiting,
            State::Task(agent) if agent.is_settled() => Self::Evidence,
            State::Task(_) => Self::Session,
            State::Delivered | State::Empty | State::Judged(Verdict::Inconclusive) => Self::Evidence,
            State::Judged(Verdict::Accepted | Verdict::Rejected) => Self::Review,
            State::Refused | State::Merged | State::Closed | State::Reverted | State::Abandoned => return None,
        })
    }
}

/// The task's own span: from planning to a verdict or an end. What people do with the result afterwards has a span of its own, which
/// may take weeks.
const TASK: &str = "task";
/// What was merged was taken back: a moment.
const REVERT: &str = "revert";

/// Whether the task's own span ends in this state.
fn is_over(state: &State) -> bool {
    matches!(Phase::of(state), None | Some(Phase::Review))
}

/// A task that may have more spans.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Open {
    run: RunId,
    /// How often the task was taken up: a session that is added brings it back.
    life: u32,
    /// When the present life began; absent between two.
    began: Option<Timestamp>,
    /// What it is in, since when, and for which time.
    phase: Option<(Phase, Timestamp, u32)>,
    /// How often it was in each.
    counts: BTreeMap<Phase, u32>,
    /// The last boundary: time does not run backwards, whatever clocks do.
    last: Timestamp,
}

/// The fold. What it holds grows with the number of tasks that are not done.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Tracer {
    open: BTreeMap<Key, Open>,
}

impl Tracer {
    /// The spans that this event ends.
    pub(super) fn take(&mut self, event: &Event) -> Vec<Span> {
        let (Some(key), Some(to)) = (&event.key, &event.to) else { return Vec::new() };
        let at = event.occurred.min(event.observed);
        if let (Body::Planned(_), Some(run)) = (&event.body, &event.run) {
            let counts = BTreeMap::new();
            let open = Open { run: run.clone(), life: 1, began: Some(at), phase: None, counts, last: at };
            self.open.insert(key.clone(), open);
        }
        let Some(open) = self.open.get_mut(key) else { return Vec::new() };
        let at = at.max(open.last);
        open.last = at;
        let mut spans = Vec::new();
        let life = open.life;
        let mut span = |name: &'static str, count: u32, start: Timestamp| {
            let root = SpanId::of(key, TASK, life);
            let own = name == TASK;
            spans.push(Span {
                trace: TraceId::of(&open.run),
                id: if own { root } else { SpanId::of(key, name, count) },
                parent: (!own).then_some(root),
                name,
                start,
                end: at,
                status: status(to),
                attributes: if own { of_task(key, event, to) } else { of_phase(key, event, to) },
            });
        };
        let next = Phase::of(to);
        if let Some((phase, start, count)) = open.phase.filter(|(phase, ..)| Some(*phase) != next) {
            span(phase.as_str(), count, start);
            open.phase = None;
        }
        if is_over(to)
            && let Some(began) = open.began.take()
        {
            span(TASK, life, began);
        }
        if matches!(event.body, Body::Reverted { .. }) {
            span(REVERT, 1, at);
        }
        if !is_over(to) && open.began.is_none() {
            open.life += 1;
            open.began = Some(at);
        }
        if let (None, Some(phase)) = (&open.phase, next) {
            let count = open.counts.entry(phase).or_insert(0);
            *count += 1;
            open.phase = Some((phase, at, *count));
        }
        spans
    }

    /// Forgets tasks for which nothing more can happen.
    pub(super) fn retain(&mut self, is_active: &dyn Fn(&Key) -> bool) {
        self.open.retain(|key, open| open.began.is_some() || is_active(key));
    }
}

fn status(to: &State) -> Status {
    match to {
        State::Judged(Verdict::Accepted) | State::Merged => Status::Fine,
        State::Judged(Verdict::Rejected)
        | State::Refused
        | State::Abandoned
        | State::Reverted
        | State::Unresolved
        | State::Task(AgentState::Failed | AgentState::TimedOut) => Status::Failed,
        _ => Status::Unset,
    }
}

/// Facts of every span.
fn of_phase(key: &Key, event: &Event, to: &State) -> Vec<(&'static str, Value)> {
    let subject = &event.subject;
    let mut facts = vec![
        ("taskclass.key", Value::Text(key.to_string())),
        ("taskclass.outcome", Value::Text(state_label(to).into_owned())),
    ];
    text(&mut facts, "taskclass.class", subject.class.as_ref());
    facts.extend(event.http_status.map(|status| ("http.response.status_code", Value::Int(status.into()))));
    facts
}

fn text(facts: &mut Vec<(&'static str, Value)>, name: &'static str, value: Option<&String>) {
    facts.extend(value.map(|value| (name, Value::Text(value.clone()))));
}

/// Facts of the task.
fn of_task(key: &Key, event: &Event, to: &State) -> Vec<(&'static str, Value)> {
    let subject = &event.subject;
    let mut facts = of_phase(key, event, to);
    text(&mut facts, "taskclass.run", event.run.as_ref().map(ToString::to_string).as_ref());
    facts.extend(subject.version.map(|version| ("taskclass.class.version", Value::Int(version.into()))));
    text(&mut facts, "taskclass.class.digest", subject.digest.map(|digest| digest.to_string()).as_ref());
    text(&mut facts, "taskclass.stage", subject.stage.as_ref());
    facts.extend(subject.attempt.map(|attempt| ("taskclass.attempt", Value::Int(attempt.into()))));
    facts.push(("taskclass.break_glass", Value::Flag(subject.break_glass)));
    text(&mut facts, "taskclass.task.id", subject.task_id.as_ref());
    text(&mut facts, "taskclass.task.url", subject.task_url.as_ref());
    if !subject.session_ids.is_empty() {
        facts.push(("taskclass.session.ids", Value::Texts(subject.session_ids.clone())));
    }
    // Ten digits are more than a task can use: a float holds them.
    facts.extend(subject.nano_credits.map(|nanos| ("taskclass.credits", Value::Float(nanos as f64 / 1e9))));
    of_repository(&mut facts, subject);
    facts.push(("gen_ai.operation.name", Value::Text("invoke_agent".to_owned())));
    facts.push(("gen_ai.provider.name", Value::Text("github".to_owned())));
    text(&mut facts, "gen_ai.request.model", subject.model_asked.as_ref());
    text(&mut facts, "gen_ai.response.model", subject.models_used.first());
    facts
}

/// The semantic conventions' `vcs.*`.
fn of_repository(facts: &mut Vec<(&'static str, Value)>, subject: &Subject) {
    facts.push(("vcs.provider.name", Value::Text("github".to_owned())));
    if let Some((owner, name)) = subject.repository.as_ref().and_then(|repository| repository.split_once('/')) {
        facts.push(("vcs.owner.name", Value::Text(owner.to_owned())));
        facts.push(("vcs.repository.name", Value::Text(name.to_owned())));
    }
    text(facts, "vcs.ref.base.name", subject.base_ref.as_ref());
    text(facts, "vcs.ref.base.revision", subject.base_sha.as_ref());
    text(facts, "vcs.ref.head.name", subject.head_ref.as_ref());
    text(facts, "vcs.change.id", subject.pull_request.map(|number| number.to_string()).as_ref());
}
