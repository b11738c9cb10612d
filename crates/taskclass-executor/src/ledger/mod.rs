//! Everything that is known, from the journal's events alone: tasks, runs, pace, the kill switch. Live and on recovery the same
//! code takes the same events in.

mod afterwards;
pub mod budget;
mod holds;
mod limiter;
pub mod snapshot;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

pub use afterwards::LookedAfter;
pub use budget::Denied;
pub use holds::{Hold, Room, hold};
pub use limiter::{Change, Claim, Limiter, Told, Turns};

use crate::audit::{Head, is_whole};
use crate::event::{Body, Replayed, Unread};
use crate::lifecycle::{self, Illegal, Moment, Task};
use crate::store::{Journal, StoreError};
use crate::vocab::{Key, RunId};

/// The kill switch, while it is thrown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stopped {
    /// Who threw it.
    pub by: String,
    /// Why.
    pub reason: String,
    /// When.
    pub at: Timestamp,
}

/// Everything that is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ledger {
    /// Where the journal stands.
    pub head: Head,
    /// Every task.
    pub tasks: BTreeMap<Key, Task>,
    /// Every run's tasks, in the order of planning.
    pub runs: BTreeMap<RunId, Vec<Key>>,
    /// Tasks for which something may still happen.
    pub active: BTreeSet<Key>,
    /// Tasks that are over and looked after.
    pub afterwards: LookedAfter,
    /// GitHub's tasks that are ours, by their id.
    pub by_task_id: BTreeMap<String, Key>,
    /// Every token owner's pace.
    pub limiter: Limiter,
    /// The kill switch.
    pub stopped: Option<Stopped>,
    /// The registry's newest accepted commit.
    pub registry_commit: Option<String>,
    /// The last event that vouches for a snapshot; 0 if there is none.
    pub snapshot: u64,
    /// The latest moment at which anything was written down.
    pub latest: Timestamp,
    /// How far what is written down is ahead of the machine's clock, which was set back.
    pub lead: SignedDuration,
    /// The first event of a kind that this version does not know. What follows from such events is missing here, so such a journal
    /// is read, and never written.
    pub foreign: Option<u64>,
}

/// Why a journal could not be taken in.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// It could not be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// It holds what cannot have happened.
    #[error(
        "the journal is corrupt at event {seq}: {what}; nothing was changed; run `taskclass audit verify` to see whether it was edited, \
         and restore the last backup without the `-wal`, `-shm` and `.lock` that lie beside the state"
    )]
    Corrupt {
        /// Which event.
        seq: u64,
        /// What is wrong.
        what: String,
    },
}

impl Default for Ledger {
    fn default() -> Self {
        Self {
            head: Head::empty(),
            tasks: BTreeMap::new(),
            runs: BTreeMap::new(),
            active: BTreeSet::new(),
            afterwards: LookedAfter::default(),
            by_task_id: BTreeMap::new(),
            limiter: Limiter::default(),
            stopped: None,
            registry_commit: None,
            snapshot: 0,
            latest: Timestamp::MIN,
            lead: SignedDuration::ZERO,
            foreign: None,
        }
    }
}

/// What an event makes of a task; `task` is the one before, if there is one.
///
/// # Errors
/// [`Illegal`] if the event cannot follow.
pub fn step(task: Option<Task>, run: Option<&RunId>, key: &Key, moment: Moment, body: &Body) -> Result<Task, Illegal> {
    match (task, body, run) {
        (None, Body::Planned(plan), Some(run)) => {
            Ok(Task::planned(key.clone(), run.clone(), Arc::new((**plan).clone()), moment.observed))
        }
        (None, body, _) => Err(Illegal {
            state: crate::vocab::State::Planned,
            what: format!("{:?} before the task was planned", body.kind()),
        }),
        (Some(mut task), body, _) => {
            lifecycle::step(&mut task, moment, body)?;
            Ok(task)
        }
    }
}

impl Ledger {
    /// Takes a journal up: from its last snapshot if that is vouched for, else from its beginning. Events of kinds that only a newer
    /// version knows are passed over; see [`Ledger::foreign`].
    ///
    /// # Errors
    /// [`LedgerError`] at the first event that cannot have happened.
    pub fn load(journal: &dyn Journal) -> Result<Self, LedgerError> {
        let mut ledger = snapshot::read(journal)?.unwrap_or_default();
        ledger.catch_up(journal)?;
        Ok(ledger)
    }

    /// Replays a journal from its beginning, whatever snapshot there is.
    ///
    /// # Errors
    /// As [`Ledger::load`].
    pub fn replayed(journal: &dyn Journal) -> Result<Self, LedgerError> {
        let mut ledger = Self::default();
        ledger.catch_up(journal)?;
        Ok(ledger)
    }

    /// Takes in what the journal says beyond what is known.
    ///
    /// # Errors
    /// As [`Ledger::load`]; the ledger is then of no more use.
    pub fn catch_up(&mut self, journal: &dyn Journal) -> Result<(), LedgerError> {
        let mut trouble = None;
        journal.lines(self.head.count, &mut |line| match self.replay(line) {
            Ok(()) => true,
            Err(error) => {
                trouble = Some(error);
                false
            }
        })?;
        if let Some(error) = trouble {
            return Err(error);
        }
        let head = journal.head()?;
        // A writer may have gone on while we read; what is there may only be more than what the head said, never less.
        if self.head.count < head.count || (self.head.count == head.count && self.head.hash != head.hash) {
            let what = format!(
                "it ends with event {}, and event {} is the last that was written",
                self.head.count, head.count
            );
            return Err(LedgerError::Corrupt { seq: self.head.count + 1, what });
        }
        Ok(())
    }

    fn replay(&mut self, line: &str) -> Result<(), LedgerError> {
        let seq = self.head.count + 1;
        let corrupt = |what: String| LedgerError::Corrupt { seq, what };
        let event: Replayed<'_> = serde_json::from_str(line).map_err(|error| corrupt(error.to_string()))?;
        if event.seq != seq {
            return Err(corrupt(format!("event {} stands in its place", event.seq)));
        }
        if event.previous != self.head.hash || !is_whole(line, &event.hash) {
            return Err(corrupt("it does not fit its hash, or does not follow the event before".to_owned()));
        }
        let head = Head { count: seq, hash: event.hash.clone().into_owned() };
        let body = match event.body() {
            Ok(body) => body,
            Err(Unread::Foreign) => {
                self.foreign = self.foreign.or(Some(seq));
                self.head = head;
                return Ok(());
            }
            Err(Unread::Broken(what)) => return Err(corrupt(what)),
        };
        let moment = Moment { occurred: event.occurred, observed: event.observed };
        if let Some(key) = &event.key {
            let before = self.tasks.remove(key);
            let after = step(before, event.run.as_ref(), key, moment, &body)
                .map_err(|illegal| corrupt(format!("task {key}: {illegal}")))?;
            self.install(after);
        }
        self.note(event.key.as_ref(), moment, &body);
        if matches!(body, Body::Snapshot { .. }) {
            self.snapshot = seq;
        }
        self.head = head;
        Ok(())
    }

    /// Takes a task in, in the place of what was known of it.
    pub fn install(&mut self, task: Task) {
        if task.is_done() {
            self.active.remove(&task.key);
        } else {
            self.active.insert(task.key.clone());
        }
        self.afterwards.set(&task);
        if let Some(found) = &task.at_github {
            self.by_task_id.insert(found.id.clone(), task.key.clone());
        }
        let run = self.runs.entry(task.run.clone()).or_default();
        if !run.contains(&task.key) {
            run.push(task.key.clone());
        }
        self.tasks.insert(task.key.clone(), task);
    }

    /// Takes in what an event means beyond its task.
    pub fn note(&mut self, key: Option<&Key>, moment: Moment, body: &Body) {
        self.latest = self.latest.max(moment.observed);
        if body.takes_a_slot()
            && let Some(plan) = key.and_then(|key| self.tasks.get(key)).map(|task| &task.plan)
        {
            let sends = matches!(body, Body::Sending { .. });
            let change = if sends { Change::Submission } else { Change::Other };
            self.limiter.took(plan.token_owner.id, change, moment.observed);
            if sends {
                self.limiter.served(&plan.contract.class);
            }
        }
        match body {
            Body::RegistryAccepted { commit } => self.registry_commit = Some(commit.clone()),
            Body::Stopped { by, reason } => {
                self.stopped = Some(Stopped { by: by.clone(), reason: reason.clone(), at: moment.observed });
            }
            Body::Started { .. } => self.stopped = None,
            Body::ClockSet { seconds } => {
                self.lead = SignedDuration::from_secs(i64::try_from(*seconds).unwrap_or(i64::MAX));
            }
            Body::RateLimited { owner, until, secondary } => {
                self.limiter.slow_down(owner.id, Told { until: *until, secondary: *secondary, at: moment.observed });
            }
            _ => {}
        }
    }

    /// The active tasks.
    pub fn active(&self) -> impl Iterator<Item = &Task> + Clone {
        self.active.iter().filter_map(|key| self.tasks.get(key))
    }
}
