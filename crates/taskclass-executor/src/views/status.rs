//! One row a task.

use jiff::Timestamp;
use serde::Serialize;
use taskclass_spec::NanoCredits;

use crate::event::BrokenGlass;
use crate::ledger::Ledger;
use crate::lifecycle::{Task, clocks};
use crate::standing::{Standing, standing};
use crate::vocab::{ClockName, Key, RunId, State};

/// The clock that runs out next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TaskClocks {
    /// Which.
    pub clock: ClockName,
    /// When.
    pub at: Timestamp,
}

/// One task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StatusRow {
    /// The run.
    pub run: RunId,
    /// The task.
    pub key: Key,
    /// The class.
    pub class: String,
    /// Its version.
    pub version: u32,
    /// The repository.
    pub repository: String,
    /// Where it stands.
    pub state: State,
    /// Since when.
    pub since: Timestamp,
    /// What that means for whoever waits.
    pub standing: Standing,
    /// What holds it up in the queue.
    pub held_by: Option<String>,
    /// What it used, in nano-credits; absent if unknown.
    pub nano_credits: Option<u64>,
    /// What counts against the budget, in nano-credits.
    pub charged_nano_credits: u64,
    /// Where a person sees the task.
    pub task_url: Option<String>,
    /// Its pull request.
    pub pull_request_url: Option<String>,
    /// The clock that runs out next.
    pub next_clock: Option<TaskClocks>,
    /// Why it ended, if it was refused or given up.
    pub end_reason: Option<String>,
    /// The break-glass approvals that it stands on.
    pub break_glass: Vec<BrokenGlass>,
}

impl StatusRow {
    /// The row of a task.
    pub fn of(task: &Task) -> Self {
        let NanoCredits(charged_nano_credits) = task.charged();
        Self {
            run: task.run.clone(),
            key: task.key.clone(),
            class: task.plan.contract.class.to_string(),
            version: task.plan.contract.version,
            repository: task.plan.repository.to_string(),
            state: task.state.clone(),
            since: task.since,
            standing: standing(task),
            held_by: task.held_by.clone().filter(|_| task.state == State::Queued),
            nano_credits: task.usage().map(|used| used.0),
            charged_nano_credits,
            task_url: task.at_github.as_ref().and_then(|found| found.url.clone()),
            pull_request_url: task.pull.as_ref().map(|pull| pull.url.clone()),
            next_clock: clocks::next(task).map(|(at, clock)| TaskClocks { clock, at }),
            end_reason: task.end_reason.clone(),
            break_glass: task.break_glass.clone(),
        }
    }
}

/// Every task, or one run's, newest run first.
pub fn status(ledger: &Ledger, run: Option<&RunId>) -> Vec<StatusRow> {
    let tasks = ledger.tasks.values().filter(|task| run.is_none_or(|run| task.run == *run));
    let mut tasks: Vec<_> = tasks.collect();
    tasks.sort_by(|a, b| (b.times.planned, &a.key).cmp(&(a.times.planned, &b.key)));
    tasks.into_iter().map(StatusRow::of).collect()
}
