//! What is to happen, in the order of its moments.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use super::{RepoIndex, TaskIndex};
use crate::scenario::{StatusScript, Step};

/// Something that happens by itself.
#[derive(Debug, Clone)]
pub(crate) enum Event {
    /// A session moves on.
    Session(SessionMove),
    /// A task comes back to life by its script.
    NextSession { task: TaskIndex },
    /// A cancelled run has come to its end.
    RunStops { repo: RepoIndex, run: u64 },
    /// A check run ends.
    Check { repo: RepoIndex, sha: String, index: usize },
    /// Some system sets a status.
    Status { repo: RepoIndex, sha: String, script: StatusScript },
    /// A person does something with a pull request.
    Later { repo: RepoIndex, number: u64, step: Box<Step> },
}

/// One move of a session; it is void where the session is no longer in the state from which it leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SessionMove {
    pub(crate) task: TaskIndex,
    pub(crate) session: usize,
    pub(crate) kind: MoveKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MoveKind {
    Begin,
    Pause,
    Resume,
    /// As the script has it.
    End,
    /// At the session limit.
    TimeOut,
}

/// The agenda. Events of the same moment happen in the order in which they were put down.
#[derive(Debug, Clone, Default)]
pub(crate) struct Agenda {
    events: BTreeMap<(Timestamp, u64), Event>,
    count: u64,
}

impl Agenda {
    pub(crate) fn put(&mut self, at: Timestamp, event: Event) {
        self.count += 1;
        self.events.insert((at, self.count), event);
    }

    /// Takes the first event if its moment is not after `now`.
    pub(crate) fn take_due(&mut self, now: Timestamp) -> Option<(Timestamp, Event)> {
        let first = self.events.first_entry().filter(|entry| entry.key().0 <= now)?;
        let ((at, _), event) = first.remove_entry();
        Some((at, event))
    }

    /// When the next event is due.
    pub(crate) fn next(&self) -> Option<Timestamp> {
        self.events.first_key_value().map(|((at, _), _)| *at)
    }
}

/// `at` and so much later; the end of the calendar where that lies beyond it.
pub(crate) fn later(at: Timestamp, by: SignedDuration) -> Timestamp {
    at.checked_add(by).unwrap_or(Timestamp::MAX)
}
