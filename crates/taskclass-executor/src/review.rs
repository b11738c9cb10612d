//! Following a pull request to its end, and looking after it for thirty days: merged, closed, pushed to again, pointed at another base,
//! reopened, taken back, left behind by a task that was given up.

mod reverts;

use jiff::{SignedDuration, Timestamp};
use taskclass_github::{Answer, CallError, CommitQuery, Pull, PullNumber};

use self::reverts::takes_back;
use crate::context::Context;
use crate::error::ExecError;
use crate::event::{Body, Draft};
use crate::evidence::handling;
use crate::lifecycle::{Afterwards, Task, clocks};
use crate::memory::Side;
use crate::port::{github_repo, http, is_answer};
use crate::reading;
use crate::vocab::{Http, Key, PullView, State, Verdict};

/// How far back behind the last look commits are asked for again: a commit's time is when it was made, and it may be pushed days later.
/// The last look goes over all of them once more.
const OVERLAP: SignedDuration = SignedDuration::from_hours(48);
/// Pages of commits that a look reads.
const PAGES: usize = 10;

/// The longest time between two looks at an open pull request of which nothing has changed for hours.
const QUIET: SignedDuration = SignedDuration::from_mins(15);

/// How often an open pull request is looked at: half as often as the list at its slowest, or more seldom where many are open; and more
/// and more seldom while nothing changes: people take days.
fn every(context: &Context<'_>, task: &Task) -> SignedDuration {
    let slowest = context.settings.max_interval.signed();
    let least = slowest.saturating_add(slowest).max(context.memory.pulls_every);
    let changed = task.evidence_read.map_or(task.since, |read| read.max(task.since));
    growing(least, context.now().duration_since(changed))
}

/// A twentieth of the time for which nothing has changed.
fn growing(least: SignedDuration, unchanged: SignedDuration) -> SignedDuration {
    // In whole seconds: the journal's time is no finer than a millisecond.
    SignedDuration::from_secs(unchanged.as_secs() / 20).min(QUIET).max(least)
}

/// When the task's pull request is looked at next, if it is watched. One that the evidence shows merged or closed is looked at at once:
/// its end is not written down yet.
pub(crate) fn due(context: &Context<'_>, task: &Task) -> Option<Timestamp> {
    let pull = task.pull.as_ref().filter(|_| !task.state.is_ended() && !task.state.is_in_flight())?;
    let seen = task.evidence_read.unwrap_or(task.since);
    let first = if pull.open { clocks::later(seen, every(context, task)) } else { seen };
    Some(context.memory.pulls.get(&task.key).copied().unwrap_or(first))
}

/// Looks at a task's pull request, and writes down what changed.
pub(crate) fn look(context: &mut Context<'_>, key: &Key) -> Result<(), ExecError> {
    let task = context.task(key)?.clone();
    let next = clocks::later(context.now(), every(context, &task));
    context.memory.pulls.insert(key.clone(), next);
    match changes(context, &task) {
        Ok(drafts) => {
            context.well_for(key, Side::Repository);
            if !drafts.is_empty() {
                context.book.commit(drafts, Vec::new())?;
            }
        }
        Err(error) => {
            context.endure_for(key, Side::Repository, error)?;
        }
    }
    Ok(())
}

fn read(context: &Context<'_>, task: &Task) -> Result<Option<Answer<Pull>>, CallError> {
    let Some(known) = &task.pull else { return Ok(None) };
    let repo = github_repo(&task.plan.repository)?;
    context.github.get_pull(&repo, PullNumber(known.number)).map(Some)
}

/// Whether a pull request stands where it stood.
fn same(known: &PullView, pull: &PullView) -> bool {
    pull.open == known.open && pull.head_sha == known.head_sha && pull.base_ref == known.base_ref
}

/// What has become of the pull request since it was last read.
fn changes(context: &Context<'_>, task: &Task) -> Result<Vec<Draft>, CallError> {
    let (Some(answer), Some(known)) = (read(context, task)?, &task.pull) else { return Ok(Vec::new()) };
    let pull = reading::pull(&answer.value);
    let http = http(Some(&answer.meta));
    let mut drafts = Vec::new();
    if !same(known, &pull) {
        drafts.push(context.draft(&task.key, Body::PullRequest(pull.clone()), &http));
    }
    if !pull.open {
        let end = end(context, task, &answer.value, &pull)?;
        drafts.push(context.draft(&task.key, end, &http));
    }
    Ok(drafts)
}

/// How a pull request ended that is not open any more.
fn end(context: &Context<'_>, task: &Task, pull: &Pull, view: &PullView) -> Result<Body, CallError> {
    let handling = handling::read(context, task, pull)?;
    if !view.merged {
        return Ok(Body::Closed { handling });
    }
    let asked = usize::try_from(task.contract().validation.min_approvals.unwrap_or(0)).unwrap_or(usize::MAX);
    // Approvals that nobody can read are none.
    let given = handling.approved_by.as_ref().map_or(0, Vec::len);
    Ok(Body::Merged {
        commit: view.merge_commit.clone(),
        unreviewed: given < asked,
        verdict: verdict_on(task, &view.head_sha),
        handling,
    })
}

/// The verdict that stands on a commit. One of a task that is at work again, or whose result is being read, stands no more.
fn verdict_on(task: &Task, head_sha: &str) -> Option<Verdict> {
    let stands = matches!(task.state, State::Judged(_) | State::Closed | State::Abandoned);
    task.verdict_at(head_sha).filter(|_| stands)
}

/// Looks after a task whose pull request has ended, and after all others that are in the same repository, for one list answers for
/// them all.
pub(crate) fn look_after(context: &mut Context<'_>, key: &Key) -> Result<(), ExecError> {
    let task = context.task(key)?.clone();
    let outcome = match task.state {
        State::Merged => after_merge(context, &task),
        _ => after_close(context, &task),
    };
    match outcome {
        Ok(drafts) => {
            context.well_for(key, Side::Repository);
            if !drafts.is_empty() {
                context.book.commit(drafts, Vec::new())?;
            }
        }
        Err(error) => {
            context.endure_for(key, Side::Repository, error)?;
        }
    }
    Ok(())
}

fn nothing(context: &Context<'_>, task: &Task, examined: u64, complete: bool) -> Draft {
    let next = task.afterwards.as_ref().and_then(|afterwards| afterwards.following(context.now()));
    context.draft(&task.key, Body::LookedAfter { examined, complete, next }, &Http::default())
}

/// Closed pull requests are reopened, and sometimes merged then; one that was left behind is merged by whoever likes it.
fn after_close(context: &Context<'_>, task: &Task) -> Result<Vec<Draft>, CallError> {
    let answer = match read(context, task) {
        Ok(answer) => answer,
        Err(error) if is_answer(&error) => return Ok(vec![nothing(context, task, 0, false)]),
        Err(error) => return Err(error),
    };
    let Some(answer) = answer else { return Ok(vec![nothing(context, task, 0, false)]) };
    let pull = reading::pull(&answer.value);
    let http = http(Some(&answer.meta));
    let body = if pull.merged {
        end(context, task, &answer.value, &pull)?
    } else if task.state == State::Abandoned {
        // What was given up stays so, open or closed; only where it stands is written down.
        let mut drafts = vec![nothing(context, task, 0, true)];
        if task.pull.as_ref().is_none_or(|known| !same(known, &pull)) {
            drafts.push(context.draft(&task.key, Body::PullRequest(pull), &http));
        }
        return Ok(drafts);
    } else if pull.open {
        Body::PullRequest(pull)
    } else {
        return Ok(vec![nothing(context, task, 0, true)]);
    };
    Ok(vec![context.draft(&task.key, body, &http)])
}

/// What was merged may be taken back by a commit on the base that says so.
fn after_merge(context: &Context<'_>, task: &Task) -> Result<Vec<Draft>, CallError> {
    let now = context.now();
    let base =
        |task: &Task| task.pull.as_ref().map_or_else(|| task.plan.base_ref.clone(), |pull| pull.base_ref.clone());
    let beside = |other: &&Task| {
        other.state == State::Merged
            && other.plan.repository_id == task.plan.repository_id
            && base(other) == base(task)
            && due_after(other).is_some_and(|at| at <= now)
    };
    let ledger = context.book.ledger();
    let together: Vec<&Task> =
        ledger.afterwards.due(now).filter_map(|key| ledger.tasks.get(key)).filter(beside).collect();
    let since = together.iter().filter_map(|task| task.afterwards.as_ref()).map(|after| from(after, now)).min();
    let repo = github_repo(&task.plan.repository)?;
    let query = CommitQuery { start: Some(base(task)), since, ..CommitQuery::default() };
    let listed = context.github.list_commits(&repo, &query).and_then(|first| {
        // Of a list that is too long the newest are better than nothing.
        let newest = first.value.body.clone();
        match context.github.collect(first, PAGES) {
            Ok(all) => Ok((all.items, true)),
            Err(CallError::TooManyPages { .. }) => Ok((newest, false)),
            Err(error) => Err(error),
        }
    });
    let (commits, complete) = match listed {
        Ok(listed) => listed,
        Err(error) if is_answer(&error) => (Vec::new(), false),
        Err(error) => return Err(error),
    };
    let examined = commits.len() as u64;
    let drafts = together.into_iter().map(|task| {
        let found = commits.iter().find(|commit| takes_back(task, &commit.commit.message));
        match found {
            Some(commit) => context.draft(&task.key, Body::Reverted { commit: commit.sha.clone() }, &Http::default()),
            None => nothing(context, task, examined, complete),
        }
    });
    Ok(drafts.collect())
}

fn due_after(task: &Task) -> Option<Timestamp> {
    task.afterwards.as_ref().and_then(|afterwards| afterwards.next)
}

/// From when on commits are looked at.
fn from(after: &Afterwards, now: Timestamp) -> Timestamp {
    let last = after.following(now).is_none();
    let back = |at: Timestamp| at.checked_sub(OVERLAP).unwrap_or(Timestamp::MIN);
    match after.looked.filter(|_| !last) {
        Some(looked) => back(looked).max(back(after.since)),
        None => back(after.since),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looks_grow_apart_while_nothing_changes_and_never_come_closer_than_they_may() {
        let (two, hour) = (SignedDuration::from_mins(2), SignedDuration::from_hours(1));
        for (unchanged, every) in [
            (SignedDuration::ZERO, two),
            (hour / 2, two),
            (hour, SignedDuration::from_mins(3)),
            (hour * 4, SignedDuration::from_mins(12)),
            (hour * 100, QUIET),
        ] {
            assert_eq!(growing(two, unchanged), every, "{unchanged}");
        }
        // Where many are open, all of them are looked at more seldom than that.
        assert_eq!(growing(hour, hour * 100), hour);
        // Nine days of it cost hundreds of looks, not thousands.
        let (mut at, mut looks) = (SignedDuration::ZERO, 0);
        while at < hour * 24 * 9 {
            at += growing(two, at);
            looks += 1;
        }
        assert!(looks < 1_000, "{looks}");
    }
}
