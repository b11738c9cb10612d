//! Changes at GitHub after a task exists: each written ahead, each looked for before it is made a second time.

mod cancel;
mod notice;
mod pull;
mod status;
mod text;

use jiff::{SignedDuration, Timestamp};
use taskclass_github::CallError;

use crate::agenda::backoff;
use crate::context::Context;
use crate::error::ExecError;
use crate::event::Body;
use crate::lifecycle::{Doing, Task, clocks};
use crate::memory::Side;
use crate::port::{http, is_answer};
use crate::vocab::{Acted, Action, ActionId, Http, Key};

/// How often an action is tried.
const TRIES: u32 = 8;

/// What came of one try.
pub(crate) enum Outcome {
    /// It stands.
    Stands(Acted, Http),
    /// Not now, for this reason; once more at this moment.
    Later(String, Timestamp),
    /// Not at all, for this reason.
    Never(String),
    /// GitHub said no, or nothing.
    Failed(CallError),
}

impl From<CallError> for Outcome {
    fn from(error: CallError) -> Self {
        Self::Failed(error)
    }
}

/// Takes one action that is due, and writes down what came of it.
pub(crate) fn perform(context: &mut Context<'_>, key: &Key, id: &ActionId) -> Result<(), ExecError> {
    let task = context.task(key)?.clone();
    let Some(doing) = task.actions.get(id).cloned() else { return Ok(()) };
    let action = doing.action.clone();
    // What cannot be repeated is looked for first: it may have been made by a try whose answer was lost.
    if let Some(outcome) = present(context, &task, &doing)? {
        return record(context, &task, &doing, outcome);
    }
    context.say(key, Body::Acting { action: action.clone() })?;
    let outcome = make(context, &task, &doing);
    record(context, &task, &Doing { tries: doing.tries.saturating_add(1), ..doing }, outcome)
}

/// Whether the action has been taken already, or cannot be yet. Only reads.
fn present(context: &mut Context<'_>, task: &Task, doing: &Doing) -> Result<Option<Outcome>, ExecError> {
    let action = &doing.action;
    if action.needs_pull_request() && task.pull.is_none() {
        return Ok(Some(Outcome::Never("there is no pull request".to_owned())));
    }
    let found = match action {
        Action::Notify { episode, rung, notice } => {
            notice::present(context, task, doing.refused, *episode, *rung, notice)
        }
        Action::OpenPullRequest { head_ref, .. } => pull::present(context, task, head_ref),
        Action::CancelRun { .. } => cancel::present(context, task),
        _ => Ok(None),
    };
    match found {
        Ok(found) => Ok(found),
        Err(error) if !is_answer(&error) => {
            let reason = error.to_string();
            let until = context.endure_for(&task.key, Side::Repository, error)?;
            Ok(Some(Outcome::Later(reason, until)))
        }
        Err(error) => Ok(Some(Outcome::Failed(error))),
    }
}

/// Sends the one request of the action.
fn make(context: &Context<'_>, task: &Task, doing: &Doing) -> Outcome {
    match &doing.action {
        Action::CancelRun { .. } => cancel::cancel(context, task),
        Action::PublishStatus { head_sha, verdict } => status::publish(context, task, head_sha, *verdict),
        Action::OpenPullRequest { head_ref, base_ref } => pull::open(context, task, head_ref, base_ref),
        Action::AddLabels => pull::label(context, task),
        Action::RequestReviewers => pull::ask_reviewers(context, task),
        Action::CommentRejected { head_sha } => pull::comment_rejected(context, task, head_sha),
        Action::ClosePullRequest => pull::close(context, task),
        Action::Notify { episode, rung, notice } => notice::send(context, task, doing.refused, *episode, *rung, notice),
    }
}

fn record(context: &mut Context<'_>, task: &Task, doing: &Doing, outcome: Outcome) -> Result<(), ExecError> {
    let (key, id, tries) = (&task.key, doing.action.id(), doing.tries);
    let now = context.now();
    let failed = |reason: String, refused: bool, retry_at: Option<Timestamp>| {
        let action = id.clone();
        Body::ActionFailed { action, reason, refused, retry_at }
    };
    let wait = backoff(tries, SignedDuration::from_secs(5), SignedDuration::from_mins(15));
    let again = Some(clocks::later(now, wait)).filter(|_| tries < TRIES);
    // A pull request that was opened and cannot be read yet is found again by the next try.
    let (outcome, pull) = match outcome {
        Outcome::Stands(Acted::PullRequest { number, url }, http) => match pull::opened(context, task, number) {
            Ok(pull) => (Outcome::Stands(Acted::PullRequest { number, url }, http), Some(pull)),
            Err(error) => (Outcome::Failed(error), None),
        },
        outcome => (outcome, None),
    };
    match outcome {
        Outcome::Stands(outcome, http) => {
            let done = Body::Acted { action: id.clone(), outcome };
            let mut drafts = vec![context.draft(key, done, &http)];
            drafts.extend(pull.map(|pull| context.draft(key, Body::PullRequest(pull), &Http::default())));
            context.book.commit(drafts, Vec::new())?;
        }
        Outcome::Later(reason, at) => {
            context.say(key, failed(reason, false, Some(at)))?;
        }
        Outcome::Never(reason) => {
            context.say(key, failed(reason, true, None))?;
        }
        Outcome::Failed(error) => {
            let http = http(error.meta());
            if let Some(limit) = error.rate_limit() {
                let (slow, until) = context.slow_down(task.plan.token_owner.clone(), limit);
                let failed = context.draft(key, failed(error.to_string(), false, Some(until)), &http);
                context.book.commit(vec![slow, failed], Vec::new())?;
            } else {
                let refused = is_answer(&error);
                // Where the target takes no issue from us, the policy's escalation repository does.
                let elsewhere = matches!(doing.action, Action::Notify { .. }) && !doing.refused;
                let retry_at = again.filter(|_| !refused || elsewhere);
                context.say_with(key, failed(error.to_string(), refused, retry_at), &http, Vec::new())?;
            }
        }
    }
    Ok(())
}
