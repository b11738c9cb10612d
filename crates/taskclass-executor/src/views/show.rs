//! One task's whole story.

use jiff::Timestamp;
use serde::Serialize;

use super::status::{StatusRow, TaskClocks};
use super::words::Teller;
use crate::event::Event;
use crate::ledger::Ledger;
use crate::lifecycle::{Task, clocks};
use crate::store::{Journal, StoreError};
use crate::vocab::{ClockName, Key, State};

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Line {
    /// Its place in the journal.
    pub seq: u64,
    /// When.
    pub at: Timestamp,
    /// The kind of event.
    pub kind: String,
    /// What it was, in words.
    pub what: String,
    /// The state after, where it changed.
    pub to: Option<State>,
}

/// A task and what happened to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ShowTask {
    /// Where it stands, in short.
    pub row: StatusRow,
    /// Everything that is known of it.
    pub task: Task,
    /// Every clock that is running, what runs out first at the beginning.
    pub clocks: Vec<TaskClocks>,
    /// What happened, in order.
    pub story: Vec<Line>,
}

/// The task that a person means: by its key, the beginning of its key (at least four characters), GitHub's task id, or a run that
/// has one task.
pub fn find<'a>(ledger: &'a Ledger, name: &str) -> Option<&'a Task> {
    if let Some(key) = ledger.by_task_id.get(name) {
        return ledger.tasks.get(key);
    }
    let of_run = name.parse().ok().and_then(|run| ledger.runs.get(&run));
    if let Some([key]) = of_run.map(Vec::as_slice) {
        return ledger.tasks.get(key);
    }
    let mut found = ledger.tasks.values().filter(|task| name.len() >= 4 && task.key.as_str().starts_with(name));
    found.next().filter(|_| found.next().is_none())
}

/// A task's whole story, from the journal.
///
/// # Errors
/// [`StoreError`] if the journal cannot be read.
pub fn show(journal: &dyn Journal, task: &Task) -> Result<ShowTask, StoreError> {
    let running = |clock| clocks::due(task, clock).map(|at| TaskClocks { clock, at });
    let mut clocks: Vec<_> = ClockName::ALL.into_iter().filter_map(running).collect();
    clocks.sort_by_key(|clock| clock.at);
    Ok(ShowTask { row: StatusRow::of(task), task: task.clone(), clocks, story: story(journal, &task.key)? })
}

/// What happened to a task.
pub(super) fn story(journal: &dyn Journal, key: &Key) -> Result<Vec<Line>, StoreError> {
    let mut story = Vec::new();
    let mut teller = Teller::default();
    journal.lines(0, &mut |line| {
        // A line that does not even name the key need not be parsed.
        if line.contains(key.as_str())
            && let Ok(event) = serde_json::from_str::<Event>(line)
            && event.key.as_ref() == Some(key)
        {
            story.push(of_event(&event, teller.tell(&event.body)));
        }
        true
    })?;
    Ok(story)
}

fn of_event(event: &Event, what: String) -> Line {
    let kind = serde_json::to_value(&event.body).ok();
    let kind =
        kind.as_ref().and_then(|body| body.get("kind")).and_then(|kind| kind.as_str()).unwrap_or_default().to_owned();
    let to = event.to.clone().filter(|to| Some(to) != event.from.as_ref());
    Line { seq: event.seq, at: event.observed, kind, what, to }
}
