//! What is remembered between two looks and may be forgotten: when something was read, what is read next, and what is put off because
//! GitHub could not be read. Losing it costs requests, and failures in a row are counted anew; nothing is sent or concluded for it.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use taskclass_github::{CallError, Etag, TaskQuery};
use taskclass_spec::{Digest, NotifierName, RepoName};

use crate::agenda::backoff;
use crate::clock::to_millis;
use crate::lifecycle::clocks;
use crate::pace::Budget;
use crate::vocab::{Key, TokenOwner};

/// The first wait after a failure, and the longest: of what concerns everything, and of what concerns one task.
const FIRST: SignedDuration = SignedDuration::from_secs(2);
const MOST: SignedDuration = SignedDuration::from_mins(5);
const FIRST_OF_ONE: SignedDuration = SignedDuration::from_secs(15);
const MOST_OF_ONE: SignedDuration = SignedDuration::from_mins(15);
/// The same, of a task that cannot be sent for a reason outside.
const FIRST_IN_QUEUE: SignedDuration = SignedDuration::from_mins(1);
const MOST_IN_QUEUE: SignedDuration = SignedDuration::from_hours(1);

/// Reads in any minute. GitHub lets 900 through at each of its endpoints.
const A_MINUTE: usize = 600;
const MINUTE: SignedDuration = SignedDuration::from_secs(60);

/// What of a task is read: each is put off by itself, so that a repository that is gone does not hide what becomes of the task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// GitHub's agent task.
    Task,
    /// Its repository: pull request, checks, issues, runs.
    Repository,
}

/// Something that could not be read and is asked for again later.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PutOff {
    /// Not asked for before.
    pub until: Timestamp,
    /// Failures in a row.
    pub times: u32,
    /// The last one, in words.
    pub why: String,
}

impl PutOff {
    fn again(
        before: Option<&Self>,
        error: &CallError,
        now: Timestamp,
        first: SignedDuration,
        most: SignedDuration,
    ) -> Self {
        let times = before.map_or(0, |before| before.times);
        let mut until = clocks::later(now, backoff(times, first, most));
        if let Some(limit) = error.rate_limit() {
            until = until.max(to_millis(limit.retry_at(now)));
        }
        Self { until, times: times.saturating_add(1), why: error.to_string() }
    }
}

/// One of the lists that are looked at: of the tasks that are archived, and of those that are not.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    /// Its tag, with the query that it belongs to.
    pub(crate) tag: Option<(TaskQuery, Etag)>,
    /// When it was last looked at.
    pub(crate) at: Option<Timestamp>,
}

/// What is remembered between two looks.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    /// Whose token this is; a process has one.
    pub(crate) owner: Option<TokenOwner>,
    /// When the task list is looked at next.
    pub(crate) list_at: Option<Timestamp>,
    /// The newest change that the list has shown, by GitHub's clock.
    pub(crate) cursor: Option<Timestamp>,
    /// The list.
    pub(crate) list: Seen,
    /// The list of those that are archived.
    pub(crate) archive: Seen,
    /// How many tasks GitHub said were archived when that list was last looked at.
    pub(crate) archived: Option<u64>,
    /// Tasks of which a list has shown what only the task itself can tell.
    pub(crate) unread: BTreeSet<Key>,
    /// When a task itself was last read.
    pub(crate) read: BTreeMap<Key, Timestamp>,
    /// What is left of the hour's requests.
    pub(crate) budget: Budget,
    /// How often an open pull request is looked at, if more seldom than usual.
    pub(crate) pulls_every: SignedDuration,
    /// When a pull request is looked at next.
    pub(crate) pulls: BTreeMap<Key, Timestamp>,
    /// When a result is read next, where nothing had changed.
    pub(crate) evidence: BTreeMap<Key, (Timestamp, u32)>,
    /// When a repository was last looked at before something was sent to it: by name, base branch and class.
    pub(crate) looked: BTreeMap<(RepoName, String, Digest), Timestamp>,
    /// When the token's owner was last found among a class's callers, by the class's content.
    pub(crate) admitted: BTreeMap<Digest, Timestamp>,
    /// Moments of the last minute's reads, as far as they count against its limit.
    reads: VecDeque<Timestamp>,
    /// Receivers of webhooks that did not answer: how often in a row, and nothing is sent to them before.
    receivers: BTreeMap<NotifierName, (u32, Timestamp)>,
    /// Queued tasks that could not be sent for a reason outside: how often in a row, and they are not tried before.
    waiting: BTreeMap<Key, (u32, Timestamp)>,
    /// What stands in the way of all reading.
    all: Option<PutOff>,
    /// What stands in the way of one task's.
    off: BTreeMap<(Key, Side), PutOff>,
}

/// Whether a failure says something of GitHub, the wire or the token rather than of what was asked for.
fn concerns_all(error: &CallError) -> bool {
    matches!(error, CallError::Send { .. }) || error.rate_limit().is_some()
}

impl Memory {
    /// Something failed that all depends on. Gives the moment before which nothing is read.
    pub(crate) fn failed(&mut self, error: &CallError, now: Timestamp) -> Timestamp {
        let off = PutOff::again(self.all.as_ref(), error, now, FIRST, MOST);
        self.all.insert(off).until
    }

    /// Something of one task could not be read. Gives the moment before which it is not read again.
    pub(crate) fn failed_for(&mut self, key: &Key, side: Side, error: &CallError, now: Timestamp) -> Timestamp {
        if concerns_all(error) {
            return self.failed(error, now);
        }
        let of = (key.clone(), side);
        let off = PutOff::again(self.off.get(&of), error, now, FIRST_OF_ONE, MOST_OF_ONE);
        let until = off.until;
        self.off.insert(of, off);
        until
    }

    /// Puts one task off without a failure of GitHub's.
    pub(crate) fn put_off(&mut self, key: &Key, side: Side, until: Timestamp, why: &str) {
        let times = self.off.get(&(key.clone(), side)).map_or(0, |off| off.times);
        self.off.insert((key.clone(), side), PutOff { until, times, why: why.to_owned() });
    }

    /// From when on something that is due at `at` may be sent to a receiver: one that is down holds nobody up more than once a while,
    /// however much there is to tell it.
    pub(crate) fn receiver(&self, name: &NotifierName, at: Timestamp) -> Timestamp {
        self.receivers.get(name).map_or(at, |(_, until)| at.max(*until))
    }

    /// A receiver did not answer, or not well.
    pub(crate) fn receiver_failed(&mut self, name: &NotifierName, now: Timestamp) {
        let (times, until) = self.receivers.entry(name.clone()).or_insert((0, now));
        *until = clocks::later(now, backoff(*times, FIRST, MOST_OF_ONE));
        *times = times.saturating_add(1);
    }

    /// A receiver took a message.
    pub(crate) fn receiver_well(&mut self, name: &NotifierName) {
        self.receivers.remove(name);
    }

    /// A queued task cannot be sent for a reason outside. Gives the moment before which it is not tried again.
    pub(crate) fn waits(&mut self, key: &Key, now: Timestamp) -> Timestamp {
        let (times, until) = self.waiting.entry(key.clone()).or_insert((0, now));
        *until = clocks::later(now, backoff(*times, FIRST_IN_QUEUE, MOST_IN_QUEUE));
        *times = times.saturating_add(1);
        *until
    }

    /// A queued task can be sent.
    pub(crate) fn waits_no_more(&mut self, key: &Key) {
        self.waiting.remove(key);
    }

    /// From when on a queued task that is due at `at` is tried.
    pub(crate) fn tried(&self, key: &Key, at: Timestamp) -> Timestamp {
        self.waiting.get(key).map_or(at, |(_, until)| at.max(*until))
    }

    /// GitHub has answered.
    pub(crate) fn well(&mut self) {
        self.all = None;
    }

    /// GitHub has answered about this task.
    pub(crate) fn well_for(&mut self, key: &Key, side: Side) {
        self.well();
        self.off.remove(&(key.clone(), side));
    }

    /// What stands in the way of all reading.
    pub(crate) fn trouble(&self) -> Option<&PutOff> {
        self.all.as_ref()
    }

    /// What stands in the way of reading one side of a task.
    pub(crate) fn off(&self, key: &Key, side: Side) -> Option<&PutOff> {
        if self.off.is_empty() { None } else { self.off.get(&(key.clone(), side)) }
    }

    /// Everything that is put off by itself.
    pub(crate) fn all_off(&self) -> impl Iterator<Item = (&Key, Side, &PutOff)> {
        self.off.iter().map(|((key, side), off)| (key, *side, off))
    }

    /// The earliest moment, from `now` on, at which anything may be read.
    pub(crate) fn quiet_until(&self, now: Timestamp) -> Timestamp {
        let full = self.reads.len().checked_sub(A_MINUTE).and_then(|index| self.reads.get(index));
        let full = full.map_or(now, |oldest| clocks::later(*oldest, MINUTE));
        self.all.as_ref().map_or(now, |off| off.until).max(full).max(now)
    }

    /// Something is about to be read.
    pub(crate) fn reads(&mut self, now: Timestamp) {
        while self.reads.front().is_some_and(|at| now.duration_since(*at) >= MINUTE) {
            self.reads.pop_front();
        }
        self.reads.push_back(now);
    }

    /// Forgets what was remembered of tasks for which nothing is done any more. What is put off stays so also for those that are over
    /// and looked after, and for those that may have come back to life: they are asked about as well.
    pub(crate) fn keep_only(&mut self, active: &BTreeSet<Key>, looked_after: impl Fn(&Key) -> bool) {
        // What is unread stays so: it may be what has come back to life.
        self.read.retain(|key, _| active.contains(key));
        self.pulls.retain(|key, _| active.contains(key));
        self.evidence.retain(|key, _| active.contains(key));
        self.waiting.retain(|key, _| active.contains(key));
        self.off.retain(|(key, _), _| active.contains(key) || self.unread.contains(key) || looked_after(key));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(letter: &str) -> Key {
        serde_json::from_value(serde_json::Value::String(letter.repeat(26))).unwrap()
    }

    #[test]
    fn what_is_put_off_stays_so_for_all_that_is_asked_about() {
        let mut memory = Memory::default();
        let (active, over, back, gone) = (key("a"), key("b"), key("c"), key("d"));
        for key in [&active, &over, &back, &gone] {
            memory.put_off(key, Side::Repository, Timestamp::MAX, "a 502");
        }
        memory.unread.insert(back.clone());
        memory.keep_only(&BTreeSet::from([active.clone()]), |key| *key == over);
        let known = [&active, &over, &back, &gone].map(|key| memory.off(key, Side::Repository).is_some());
        assert_eq!(known, [true, true, true, false]);
    }
}
