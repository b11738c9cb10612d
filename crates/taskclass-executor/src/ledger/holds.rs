//! What holds a queued task up: limits that time, or other tasks' ends, will lift. Pure over what is known.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use taskclass_spec::{ClassName, Owner};

use super::limiter::left;
use crate::lifecycle::Task;
use crate::vocab::{Key, State};

/// A limit that is reached. Its text stays the same while it is, however many there are by now: what is said is written down.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field} is {limit}, and {limit} or more {what}")]
pub struct Hold {
    /// The field.
    pub field: &'static str,
    /// The limit.
    pub limit: u32,
    /// How many there are.
    pub found: u32,
    /// Of what.
    pub what: &'static str,
}

/// GitHub's own ceiling on requests at once; the design keeps tasks under way below it for every token owner.
const AT_ONCE: u32 = 100;

const SENT_IN_HOUR: &str = "tasks were sent in the last hour";

const HOUR: SignedDuration = SignedDuration::from_hours(1);
const DAY: SignedDuration = SignedDuration::from_hours(24);

/// Tasks that were sent in the last hour, and in the last day.
#[derive(Debug, Default, Clone, Copy)]
struct Sent {
    in_hour: u32,
    in_day: u32,
}

impl Sent {
    fn more(&mut self, in_hour: bool) {
        self.in_hour = self.in_hour.saturating_add(u32::from(in_hour));
        self.in_day = self.in_day.saturating_add(1);
    }

    fn without(self, other: Self) -> Self {
        Self { in_hour: self.in_hour.saturating_sub(other.in_hour), in_day: self.in_day.saturating_sub(other.in_day) }
    }
}

/// How much of everything is taken up, counted once for all that wait.
#[derive(Debug, Default)]
pub struct Room<'l> {
    /// Tasks of which nobody knows whether they exist, by repository.
    lost: BTreeMap<i64, u32>,
    paused: BTreeMap<&'l ClassName, u32>,
    flying: u32,
    flying_of: BTreeMap<&'l ClassName, u32>,
    flying_at: BTreeMap<(i64, &'l ClassName), u32>,
    flying_for: BTreeMap<i64, u32>,
    sent: Sent,
    sent_of: BTreeMap<&'l ClassName, Sent>,
    /// Of those, what is queued again: it does not stand in its own way.
    sent_before: BTreeMap<&'l Key, Sent>,
    pulls: u32,
    pulls_of: BTreeMap<&'l ClassName, u32>,
    pulls_with: BTreeMap<(&'l ClassName, &'l Owner), u32>,
}

fn more<K: Ord>(counts: &mut BTreeMap<K, u32>, key: K) {
    let count = counts.entry(key).or_insert(0);
    *count = count.saturating_add(1);
}

fn of<K: Ord>(counts: &BTreeMap<K, u32>, key: &K) -> u32 {
    counts.get(key).copied().unwrap_or(0)
}

impl<'l> Room<'l> {
    /// Counts what `tasks` take up now. Only those count that are under way, have an open pull request and are not over, were sent in the
    /// last day, or pause their class: the others may be left out.
    pub fn of(tasks: impl Iterator<Item = &'l Task>, now: Timestamp) -> Self {
        let mut room = Self::default();
        for task in tasks {
            room.add(task, now);
        }
        room
    }

    fn add(&mut self, task: &'l Task, now: Timestamp) {
        let ago = |at: Timestamp| now.duration_since(at);
        let (plan, contract) = (&task.plan, task.contract());
        let class = &contract.class;
        if task.pauses_class {
            more(&mut self.paused, class);
        }
        if matches!(task.state, State::Sending | State::Unknown | State::Unresolved) {
            more(&mut self.lost, plan.repository_id);
        }
        if let Some(ago) = task.times.sent.map(ago).filter(|ago| *ago < DAY) {
            let in_hour = ago < HOUR;
            self.sent.more(in_hour);
            self.sent_of.entry(class).or_default().more(in_hour);
            if task.state == State::Queued {
                self.sent_before.entry(&task.key).or_default().more(in_hour);
            }
        }
        if task.state.is_in_flight() {
            self.flying = self.flying.saturating_add(1);
            more(&mut self.flying_of, class);
            more(&mut self.flying_at, (plan.repository_id, class));
            more(&mut self.flying_for, plan.token_owner.id);
        }
        // What a task that was given up has left open is watched for thirty days, and is no reason to hold up the class for longer.
        if task.pull.as_ref().is_some_and(|pull| pull.open) && !task.state.is_ended() {
            self.pulls = self.pulls.saturating_add(1);
            more(&mut self.pulls_of, class);
            let reviewers: BTreeSet<&Owner> = contract.reviewers.iter().collect();
            for reviewer in reviewers {
                more(&mut self.pulls_with, (class, reviewer));
            }
        }
    }

    /// Tasks of its class, and of all, that were sent in the last hour and day, other than this one.
    fn sent(&self, task: &Task) -> (Sent, Sent) {
        let own = self.sent_before.get(&task.key).copied().unwrap_or_default();
        let of_class = self.sent_of.get(&task.contract().class).copied().unwrap_or_default();
        (of_class.without(own), self.sent.without(own))
    }

    /// What holds a queued task up, if anything does. The task itself takes up nothing yet.
    pub fn hold(&self, task: &Task) -> Option<Hold> {
        let contract = task.contract();
        let (class, ceilings) = (&contract.class, &contract.ceilings);
        let (here, owner) = (task.plan.repository_id, task.plan.token_owner.id);
        let kept = |limit: u32| left(limit, contract.priority, ceilings.reserve_critical);
        let (of_class, of_all) = self.sent(task);
        let (submissions, flight, pulls) = (contract.submissions, contract.in_flight, contract.open_pull_requests);
        let check = |field: &'static str, limit: Option<u32>, found: u32, what: &'static str| {
            limit.filter(|limit| found >= *limit).map(|limit| Hold { field, limit, found, what })
        };
        check(
            "one unknown submission a repository",
            Some(1),
            of(&self.lost, &here),
            "tasks whose existence is not known are there already",
        )
        .or_else(|| {
            let what = "tasks of the class used more than budget.per_task, unseen by a person";
            check("budget.on_exceeded: pause", Some(1), of(&self.paused, &class), what)
        })
        .or_else(|| {
            let found = of(&self.flying_at, &(here, class));
            let limit = Some(contract.per_repository());
            check("limits.in_flight.per_repository", limit, found, "tasks of the class are under way there")
        })
        .or_else(|| {
            let limit = flight.and_then(|flight| flight.total);
            check("limits.in_flight.total", limit, of(&self.flying_of, &class), "tasks of the class are under way")
        })
        .or_else(|| {
            check("policy maxima.in_flight", Some(kept(ceilings.in_flight)), self.flying, "tasks are under way")
        })
        .or_else(|| {
            let found = of(&self.flying_for, &owner);
            let what = "tasks are under way for this token's owner";
            check("GitHub's limit on tasks at once", Some(kept(AT_ONCE)), found, what)
        })
        .or_else(|| {
            let limit = submissions.and_then(|submissions| submissions.per_hour)?;
            check("limits.submissions.per_hour", Some(limit), of_class.in_hour, SENT_IN_HOUR)
        })
        .or_else(|| {
            let limit = submissions.and_then(|submissions| submissions.per_day)?;
            check("limits.submissions.per_day", Some(limit), of_class.in_day, "tasks were sent in the last 24 hours")
        })
        .or_else(|| {
            let limit = Some(kept(ceilings.submissions_per_hour));
            check("policy maxima.submissions_per_hour", limit, of_all.in_hour, SENT_IN_HOUR)
        })
        .or_else(|| {
            let limit = pulls.and_then(|pulls| pulls.total);
            check(
                "limits.open_pull_requests.total",
                limit,
                of(&self.pulls_of, &class),
                "pull requests of the class are open",
            )
        })
        .or_else(|| {
            let limit = pulls.and_then(|pulls| pulls.per_reviewer)?;
            contract.reviewers.iter().find_map(|reviewer| {
                let found = of(&self.pulls_with, &(class, reviewer));
                let what = "pull requests wait for one of its reviewers";
                check("limits.open_pull_requests.per_reviewer", Some(limit), found, what)
            })
        })
        .or_else(|| {
            let limit = Some(ceilings.open_pull_requests);
            check("policy maxima.open_pull_requests", limit, self.pulls, "pull requests are open")
        })
    }
}

/// What holds `task` up among `others`, if anything does. For more than one task, count the [`Room`] once.
pub fn hold<'l>(task: &Task, others: impl Iterator<Item = &'l Task>, now: Timestamp) -> Option<Hold> {
    Room::of(others, now).hold(task)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_down_of_a_limit_does_not_change_with_every_count() {
        let hold = |found| Hold { field: "limits.submissions.per_hour", limit: 2, found, what: SENT_IN_HOUR };
        let said = hold(2).to_string();
        assert_eq!(said, "limits.submissions.per_hour is 2, and 2 or more tasks were sent in the last hour");
        assert_eq!(said, hold(7).to_string());
    }
}
