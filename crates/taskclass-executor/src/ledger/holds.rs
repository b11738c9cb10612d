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

/// One task, and several.
const SENT_IN_HOUR: [&str; 2] = ["task was sent in the last hour", "tasks were sent in the last hour"];

const HOUR: SignedDuration = SignedDuration::from_hours(1);
const DAY: SignedDuration = SignedDuration::from_hours(24);

/// A task that was sent in the last day.
#[derive(Debug)]
struct Sending<'l> {
    class: &'l ClassName,
    key: &'l Key,
    in_hour: bool,
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
    sent: Vec<Sending<'l>>,
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
            self.sent.push(Sending { class, key: &task.key, in_hour: ago < HOUR });
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

    /// Tasks that were sent in the last hour or day, other than this one; of its class, or of all.
    fn sent(&self, task: &Task, of_class: bool, in_hour: bool) -> u32 {
        let counts = |sending: &&Sending<'_>| {
            (!in_hour || sending.in_hour)
                && (!of_class || *sending.class == task.contract().class)
                && *sending.key != task.key
        };
        u32::try_from(self.sent.iter().filter(counts).count()).unwrap_or(u32::MAX)
    }

    /// What holds a queued task up, if anything does. The task itself takes up nothing yet.
    pub fn hold(&self, task: &Task) -> Option<Hold> {
        let contract = task.contract();
        let (class, ceilings) = (&contract.class, &contract.ceilings);
        let (here, owner) = (task.plan.repository_id, task.plan.token_owner.id);
        let kept = |limit: u32| left(limit, contract.priority, ceilings.reserve_critical);
        let (submissions, flight, pulls) = (contract.submissions, contract.in_flight, contract.open_pull_requests);
        let check = |field: &'static str, limit: Option<u32>, found: u32, [one, more]: [&'static str; 2]| {
            let what = if found == 1 { one } else { more };
            limit.filter(|limit| found >= *limit).map(|limit| Hold { field, limit, found, what })
        };
        check(
            "one unknown submission a repository",
            Some(1),
            of(&self.lost, &here),
            [
                "tasks whose existence is not known are there already",
                "tasks whose existence is not known are there already",
            ],
        )
        .or_else(|| {
            let what = [
                "tasks of the class used more than budget.per_task, unseen by a person",
                "tasks of the class used more than budget.per_task, unseen by a person",
            ];
            check("budget.on_exceeded: pause", Some(1), of(&self.paused, &class), what)
        })
        .or_else(|| {
            let found = of(&self.flying_at, &(here, class));
            let limit = Some(contract.per_repository());
            check(
                "limits.in_flight.per_repository",
                limit,
                found,
                ["task of the class is under way there", "tasks of the class are under way there"],
            )
        })
        .or_else(|| {
            let limit = flight.and_then(|flight| flight.total);
            check(
                "limits.in_flight.total",
                limit,
                of(&self.flying_of, &class),
                ["task of the class is under way", "tasks of the class are under way"],
            )
        })
        .or_else(|| {
            check(
                "policy maxima.in_flight",
                Some(kept(ceilings.in_flight)),
                self.flying,
                ["task is under way", "tasks are under way"],
            )
        })
        .or_else(|| {
            let found = of(&self.flying_for, &owner);
            let what = ["task is under way for this token's owner", "tasks are under way for this token's owner"];
            check("GitHub's limit on tasks at once", Some(kept(AT_ONCE)), found, what)
        })
        .or_else(|| {
            let limit = submissions.and_then(|submissions| submissions.per_hour)?;
            check("limits.submissions.per_hour", Some(limit), self.sent(task, true, true), SENT_IN_HOUR)
        })
        .or_else(|| {
            let limit = submissions.and_then(|submissions| submissions.per_day)?;
            let found = self.sent(task, true, false);
            check(
                "limits.submissions.per_day",
                Some(limit),
                found,
                ["task was sent in the last 24 hours", "tasks were sent in the last 24 hours"],
            )
        })
        .or_else(|| {
            let limit = Some(kept(ceilings.submissions_per_hour));
            let found = self.sent(task, false, true);
            check("policy maxima.submissions_per_hour", limit, found, SENT_IN_HOUR)
        })
        .or_else(|| {
            let limit = pulls.and_then(|pulls| pulls.total);
            check(
                "limits.open_pull_requests.total",
                limit,
                of(&self.pulls_of, &class),
                ["pull request of the class is open", "pull requests of the class are open"],
            )
        })
        .or_else(|| {
            let limit = pulls.and_then(|pulls| pulls.per_reviewer)?;
            contract.reviewers.iter().find_map(|reviewer| {
                let found = of(&self.pulls_with, &(class, reviewer));
                let what =
                    ["pull request waits for one of its reviewers", "pull requests wait for one of its reviewers"];
                check("limits.open_pull_requests.per_reviewer", Some(limit), found, what)
            })
        })
        .or_else(|| {
            let limit = Some(ceilings.open_pull_requests);
            check(
                "policy maxima.open_pull_requests",
                limit,
                self.pulls,
                ["pull request is open", "pull requests are open"],
            )
        })
    }
}

/// What holds `task` up among `others`, if anything does. For more than one task, count the [`Room`] once.
pub fn hold<'l>(task: &Task, others: impl Iterator<Item = &'l Task>, now: Timestamp) -> Option<Hold> {
    Room::of(others, now).hold(task)
}
