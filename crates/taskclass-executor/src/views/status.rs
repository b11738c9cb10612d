//! One row a task.

use jiff::Timestamp;
use serde::Serialize;
use taskclass_spec::NanoCredits;

use crate::event::BrokenGlass;
use crate::ledger::Ledger;
use crate::lifecycle::{Cancel, Task, clocks};
use crate::standing::{Standing, standing};
use crate::vocab::{ClockName, Key, RunId, State, Verdict};

use super::outlook::{NextAction, next_action};

/// The clock that runs out next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TaskClocks {
    /// Which.
    pub clock: ClockName,
    /// When.
    pub at: Timestamp,
}

/// That a task is to be stopped, and nothing shows yet that it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StopAsked {
    /// Who asked.
    pub by: String,
    /// Why.
    pub reason: String,
    /// When.
    pub at: Timestamp,
    /// When Actions took the request to cancel the run behind the session; absent while nothing was asked of GitHub.
    pub asked: Option<Timestamp>,
    /// Nothing showed in time that it stopped.
    pub unconfirmed: bool,
}

impl StopAsked {
    fn of(task: &Task) -> Option<Self> {
        let cancel = task.cancel.as_ref().filter(|cancel| cancel.settled.is_none() && task.state.is_in_flight())?;
        let Cancel { by, reason, at, asked, unconfirmed, .. } = cancel.clone();
        Some(Self { by, reason, at, asked, unconfirmed })
    }
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
    /// What it may use, in nano-credits: `budget.per_task`.
    pub limit_nano_credits: u64,
    /// The request to stop it, while that is awaited.
    pub stop: Option<StopAsked>,
    /// The last verdict, if there is one and it still stands.
    pub verdict: Option<Verdict>,
    /// Where a person sees the task.
    pub task_url: Option<String>,
    /// Its pull request.
    pub pull_request_url: Option<String>,
    /// The clock that runs out next.
    pub next_clock: Option<TaskClocks>,
    /// What is done next, by whom and when.
    pub next_action: Option<NextAction>,
    /// Nothing more is expected of it.
    pub done: bool,
    /// When it was planned.
    pub planned: Timestamp,
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
            stop: StopAsked::of(task),
            nano_credits: task.usage().map(|used| used.0),
            charged_nano_credits,
            limit_nano_credits: task.contract().budget.per_task.nanos().0,
            verdict: task.judgement.as_ref().filter(|_| judged(&task.state)).map(|judgement| judgement.verdict),
            task_url: task.at_github.as_ref().and_then(|found| found.url.clone()),
            pull_request_url: task.pull.as_ref().map(|pull| pull.url.clone()),
            next_clock: clocks::next(task).map(|(at, clock)| TaskClocks { clock, at }),
            next_action: next_action(task),
            done: task.is_done(),
            planned: task.times.planned,
            end_reason: task.end_reason.clone(),
            break_glass: task.break_glass.clone(),
        }
    }
}

/// Whether the verdict that was given last still stands.
fn judged(state: &State) -> bool {
    matches!(state, State::Judged(_) | State::Merged | State::Closed | State::Reverted)
}

/// Every task, or one run's, newest run first.
pub fn status(ledger: &Ledger, run: Option<&RunId>) -> Vec<StatusRow> {
    let tasks = ledger.tasks.values().filter(|task| run.is_none_or(|run| task.run == *run));
    newest_first(tasks.collect()).into_iter().map(StatusRow::of).collect()
}

fn newest_first(mut tasks: Vec<&Task>) -> Vec<&Task> {
    tasks.sort_by(|a, b| (b.times.planned, &a.key).cmp(&(a.times.planned, &b.key)));
    tasks
}

/// The tasks of which something is still expected and the `last` that were planned, newest run first; and how many others there are.
pub fn recent(ledger: &Ledger, last: usize) -> (Vec<StatusRow>, usize) {
    let tasks = newest_first(ledger.tasks.values().collect());
    let (all, mut place) = (tasks.len(), 0);
    let shown = tasks.into_iter().filter(|task| {
        place += 1;
        place <= last || ledger.active.contains(&task.key)
    });
    let rows: Vec<_> = shown.map(StatusRow::of).collect();
    let others = all - rows.len();
    (rows, others)
}

/// All tasks together.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Totals {
    /// Runs.
    pub runs: usize,
    /// Tasks.
    pub tasks: usize,
    /// Tasks that are accepted or merged.
    pub fine: usize,
    /// Tasks that are under way.
    pub under_way: usize,
    /// Tasks that need a person.
    pub needs_person: usize,
    /// Tasks that did not end well.
    pub rejected: usize,
    /// What was used, where that is known, in nano-credits.
    pub nano_credits: u64,
    /// What is held for tasks of which it is not known, in nano-credits.
    pub held_nano_credits: u64,
}

impl Totals {
    /// Those of every task, or of one run.
    pub fn of(ledger: &Ledger, run: Option<&RunId>) -> Self {
        let runs = if run.is_some() { 1 } else { ledger.runs.len() };
        let mut totals = Self { runs, ..Self::default() };
        for task in ledger.tasks.values().filter(|task| run.is_none_or(|run| task.run == *run)) {
            totals.tasks += 1;
            let count = match standing(task) {
                Standing::Fine => &mut totals.fine,
                Standing::UnderWay => &mut totals.under_way,
                Standing::NeedsPerson => &mut totals.needs_person,
                Standing::Rejected => &mut totals.rejected,
            };
            *count += 1;
            let NanoCredits(charged) = task.charged();
            let used = task.usage().map_or(0, |used| used.0);
            totals.nano_credits = totals.nano_credits.saturating_add(used);
            totals.held_nano_credits = totals.held_nano_credits.saturating_add(charged.saturating_sub(used));
        }
        totals
    }
}
