//! Following a pull request to its end: merged, closed, or pushed to again.

use jiff::{SignedDuration, Timestamp};
use taskclass_github::PullNumber;

use crate::context::Context;
use crate::error::ExecError;
use crate::event::Body;
use crate::evidence::collect::approvals;
use crate::lifecycle::{Task, clocks};
use crate::memory::Side;
use crate::port::{github_repo, http};
use crate::reading;
use crate::vocab::Key;

/// How often an open pull request is looked at: half as often as the list at its slowest, or more seldom where many are open.
fn every(context: &Context<'_>) -> SignedDuration {
    let slowest = context.settings.max_interval.signed();
    slowest.saturating_add(slowest).max(context.memory.pulls_every)
}

/// When the task's pull request is looked at next, if it is watched.
pub(crate) fn due(context: &Context<'_>, task: &Task) -> Option<Timestamp> {
    let open = task.pull.as_ref().is_some_and(|pull| pull.open);
    let watched = open && !task.state.is_ended() && !task.state.is_in_flight();
    watched.then(|| {
        let seen = task.evidence_read.unwrap_or(task.since);
        context.memory.pulls.get(&task.key).copied().unwrap_or_else(|| clocks::later(seen, every(context)))
    })
}

/// Looks at a task's pull request, and writes down what changed.
pub(crate) fn look(context: &mut Context<'_>, key: &Key) -> Result<(), ExecError> {
    let task = context.task(key)?.clone();
    let next = clocks::later(context.now(), every(context));
    context.memory.pulls.insert(key.clone(), next);
    let Some(known) = &task.pull else { return Ok(()) };
    let repo = github_repo(&task.plan.repository)?;
    let number = PullNumber(known.number);
    let answer = match context.github.get_pull(&repo, number) {
        Ok(answer) => answer,
        Err(error) => {
            context.endure_for(key, Side::Repository, error)?;
            return Ok(());
        }
    };
    let pull = reading::pull(&answer.value);
    let mut drafts = Vec::new();
    let http = http(Some(&answer.meta));
    let same = pull.open == known.open && pull.head_sha == known.head_sha && pull.base_ref == known.base_ref;
    if !same {
        drafts.push(context.draft(key, Body::PullRequest(pull.clone()), &http));
    }
    if pull.merged {
        let listed =
            context.github.list_pull_reviews(&repo, number).and_then(|first| context.github.collect(first, 30));
        let reviews = match listed {
            Ok(reviews) => reviews.items,
            Err(error) => {
                context.endure_for(key, Side::Repository, error)?;
                return Ok(());
            }
        };
        let given = approvals(&reviews, &pull.head_sha, task.plan.token_owner.id);
        let asked = usize::try_from(task.contract().validation.min_approvals.unwrap_or(0)).unwrap_or(usize::MAX);
        let merged = Body::Merged { commit: pull.merge_commit.clone(), unreviewed: given < asked };
        drafts.push(context.draft(key, merged, &http));
    } else if !pull.open {
        drafts.push(context.draft(key, Body::Closed, &http));
    }
    context.well_for(key, Side::Repository);
    if !drafts.is_empty() {
        context.book.commit(drafts, Vec::new())?;
    }
    Ok(())
}
