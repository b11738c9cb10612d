//! The end of a pull request, and what goes on after it: for thirty days it is looked after, less and less often, whether it was taken
//! back or reopened.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::clocks::later;
use super::task::Task;
use crate::vocab::{ClockName, Handling, PullView, State, Verdict};

/// When it is looked after, counted in hours from the moment at which the end was seen. The last is the end of it.
const HOURS: [i64; 14] = [1, 4, 12, 24, 48, 72, 120, 168, 240, 336, 432, 528, 624, 720];

/// Looking after a task whose pull request has ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Afterwards {
    /// When the end was seen.
    pub since: Timestamp,
    /// How often it was looked after.
    pub looks: u32,
    /// When that was last.
    pub looked: Option<Timestamp>,
    /// When it is next; absent once it is over.
    pub next: Option<Timestamp>,
}

impl Afterwards {
    fn begin(since: Timestamp) -> Self {
        Self { since, looks: 0, looked: None, next: after(since, since) }
    }

    /// When it is looked after next, if it is at `now`.
    pub fn following(&self, now: Timestamp) -> Option<Timestamp> {
        after(self.since, now)
    }
}

/// The first moment that lies behind `now`: what was missed while nobody looked is one look.
fn after(since: Timestamp, now: Timestamp) -> Option<Timestamp> {
    HOURS.into_iter().map(|hours| later(since, SignedDuration::from_hours(hours))).find(|at| *at > now)
}

impl Task {
    pub(super) fn see_pull(&mut self, pull: &PullView, now: Timestamp) {
        if pull.open {
            self.times.review_since = self.times.review_since.or(Some(now));
        }
        self.pull = Some(pull.clone());
    }

    /// The pull request was merged or closed: what is open about the task has no more reason.
    pub(super) fn end_pull(&mut self, state: State, commit: Option<String>, handling: &Handling, now: Timestamp) {
        if let Some(pull) = &mut self.pull {
            pull.open = false;
            pull.merged = state == State::Merged;
            pull.merge_commit = commit.or(pull.merge_commit.take());
        }
        self.handling = Some(handling.clone());
        self.enter(state, now);
        self.close_episodes(&[], now);
        self.drop_untold(|_| true);
        self.afterwards = Some(Afterwards::begin(now));
    }

    /// A task that is given up may leave its pull request open: that is looked after as a closed one is, so that its end is noticed.
    pub(super) fn leave_pull(&mut self, now: Timestamp) {
        let open = self.pull.as_ref().is_some_and(|pull| pull.open);
        if self.state == State::Abandoned && open && self.afterwards.is_none() {
            self.afterwards = Some(Afterwards::begin(now));
        }
    }

    /// The verdict on this very commit: not the one on another, which was read since or pushed over since. An empty result is judged
    /// without a commit; its verdict is on the one that was read as empty.
    pub(crate) fn verdict_at(&self, head_sha: &str) -> Option<Verdict> {
        let judgement = self.judgement.as_ref()?;
        let empty = self.evidence.as_ref().filter(|read| read.empty).and_then(|read| read.head_sha.as_deref());
        (judgement.head_sha.as_deref().or(empty) == Some(head_sha)).then_some(judgement.verdict)
    }

    /// A closed pull request that is open again goes on where it stood. One that has other commits by now is read and judged anew.
    pub(super) fn reopen(&mut self, now: Timestamp) {
        self.leave_pull(now);
        if self.state != State::Closed || !self.pull.as_ref().is_some_and(|pull| pull.open) {
            return;
        }
        let verdict = self.pull.as_ref().and_then(|pull| self.verdict_at(&pull.head_sha));
        let state = match (verdict, &self.agent) {
            (Some(verdict), _) => State::Judged(verdict),
            (None, Some(agent)) => State::Task(agent.state.clone()),
            (None, None) => return,
        };
        if verdict.is_none() {
            self.forget_result();
        }
        self.afterwards = None;
        self.handling = None;
        self.times.review_since = Some(now);
        self.expired.remove(&ClockName::Review);
        self.enter(state, now);
    }

    pub(super) fn looked_after(&mut self, next: Option<Timestamp>, now: Timestamp) {
        if let Some(afterwards) = &mut self.afterwards {
            afterwards.looks = afterwards.looks.saturating_add(1);
            afterwards.looked = Some(now);
            afterwards.next = next;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looks_grow_apart_and_end_after_thirty_days() {
        let since: Timestamp = "2026-12-01T00:00:00Z".parse().unwrap();
        let mut at = since;
        let mut watch = Afterwards::begin(since);
        let mut looks = 0;
        while let Some(next) = watch.next {
            assert!(next > at);
            at = next;
            looks += 1;
            watch.next = watch.following(at);
        }
        assert_eq!((looks, at.duration_since(since)), (HOURS.len(), SignedDuration::from_hours(30 * 24)));
        // A month without anybody looking costs one look.
        assert_eq!(Afterwards::begin(since).following(later(since, SignedDuration::from_hours(10_000))), None);
    }
}
