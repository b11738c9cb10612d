//! What holds a queued task up: limits that time, or other tasks' ends, will lift. Pure over the tasks.

use jiff::{SignedDuration, Timestamp};
use taskclass_spec::Percent;
use taskclass_spec::written::Priority;

use crate::lifecycle::Task;
use crate::vocab::State;

/// A limit that is reached.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field} is {limit}, and {found} {what}")]
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

/// What holds `task` up among `others`, if anything does.
pub fn hold<'a>(task: &Task, others: impl Iterator<Item = &'a Task> + Clone, now: Timestamp) -> Option<Hold> {
    let contract = task.contract();
    let class = &contract.class;
    let others = || others.clone().filter(|other| other.key != task.key);
    let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    let kept = |limit: u32, reserve: Option<Percent>| match (contract.priority, reserve) {
        (Priority::Critical, _) | (_, None) => limit,
        (_, Some(reserve)) => limit.saturating_sub(reserve.of(limit)).max(1),
    };
    let check = |field: &'static str, limit: Option<u32>, found: usize, what: &'static str| {
        let found = count(found);
        limit.filter(|limit| found >= *limit).map(|limit| Hold { field, limit, found, what })
    };
    let here = |other: &&Task| other.plan.repository_id == task.plan.repository_id;
    let same_class = |other: &&Task| other.contract().class == *class;
    let in_flight = |other: &&Task| other.state.is_in_flight();
    let lost = |other: &&Task| matches!(other.state, State::Sending | State::Unknown | State::Unresolved);
    let same_owner = |other: &&Task| other.plan.token_owner.id == task.plan.token_owner.id;
    let since = |hours: i64| now.checked_sub(SignedDuration::from_hours(hours)).unwrap_or(Timestamp::MIN);
    let sent_since = |at: Timestamp| move |other: &&Task| other.times.sent.is_some_and(|sent| sent > at);
    let open_pull = |other: &&Task| other.pull.as_ref().is_some_and(|pull| pull.open);
    let reserve = contract.ceilings.reserve_critical;
    let submissions = contract.submissions;
    let flight = contract.in_flight;
    let pulls = contract.open_pull_requests;

    let unresolved = others().filter(here).filter(lost).count();
    check(
        "one unknown submission a repository",
        Some(1),
        unresolved,
        "task whose existence is not known is there already",
    )
    .or_else(|| {
        let paused = others().filter(same_class).filter(|other| other.pauses_class).count();
        check(
            "budget.on_exceeded: pause",
            Some(1),
            paused,
            "task of the class used more than budget.per_task, unseen by a person",
        )
    })
    .or_else(|| {
        let found = others().filter(here).filter(same_class).filter(in_flight).count();
        check(
            "limits.in_flight.per_repository",
            Some(contract.per_repository()),
            found,
            "of the class are under way there",
        )
    })
    .or_else(|| {
        let found = others().filter(same_class).filter(in_flight).count();
        check("limits.in_flight.total", flight.and_then(|flight| flight.total), found, "of the class are under way")
    })
    .or_else(|| {
        let limit = kept(contract.ceilings.in_flight, reserve);
        check("policy maxima.in_flight", Some(limit), others().filter(in_flight).count(), "are under way")
    })
    .or_else(|| {
        let found = others().filter(same_owner).filter(in_flight).count();
        check(
            "GitHub's limit on tasks at once",
            Some(kept(AT_ONCE, reserve)),
            found,
            "are under way for this token's owner",
        )
    })
    .or_else(|| {
        let found = others().filter(same_class).filter(sent_since(since(1))).count();
        check("limits.submissions.per_hour", submissions.and_then(|s| s.per_hour), found, "were sent in the last hour")
    })
    .or_else(|| {
        let found = others().filter(same_class).filter(sent_since(since(24))).count();
        check(
            "limits.submissions.per_day",
            submissions.and_then(|s| s.per_day),
            found,
            "were sent in the last 24 hours",
        )
    })
    .or_else(|| {
        let limit = kept(contract.ceilings.submissions_per_hour, reserve);
        let found = others().filter(sent_since(since(1))).count();
        check("policy maxima.submissions_per_hour", Some(limit), found, "were sent in the last hour")
    })
    .or_else(|| {
        let found = others().filter(same_class).filter(open_pull).count();
        check(
            "limits.open_pull_requests.total",
            pulls.and_then(|p| p.total),
            found,
            "pull requests of the class are open",
        )
    })
    .or_else(|| {
        let limit = pulls.and_then(|pulls| pulls.per_reviewer)?;
        contract.reviewers.iter().find_map(|reviewer| {
            let asked = |other: &&Task| other.contract().reviewers.contains(reviewer);
            let found = others().filter(same_class).filter(open_pull).filter(asked).count();
            check(
                "limits.open_pull_requests.per_reviewer",
                Some(limit),
                found,
                "pull requests wait for one of its reviewers",
            )
        })
    })
    .or_else(|| {
        let found = others().filter(open_pull).count();
        let limit = contract.ceilings.open_pull_requests;
        check("policy maxima.open_pull_requests", Some(limit), found, "pull requests are open")
    })
}
