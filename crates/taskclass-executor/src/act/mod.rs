//! Changes at GitHub after a task exists, and telling people: each written ahead, each looked for before it is made a second time, as
//! far as GitHub shows it.

mod cancel;
mod comment;
mod notice;
mod pull;
mod status;
mod text;
mod told;
mod webhook;

use jiff::{SignedDuration, Timestamp};
use taskclass_github::CallError;

use crate::agenda::backoff;
use crate::context::Context;
use crate::error::ExecError;
use crate::event::Body;
use crate::evidence;
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
    /// What has to be read right before it could not be: nothing was sent.
    Unread(CallError),
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
        // What it was wanted for may be over by what was read.
        if !context.task(key)?.actions.contains_key(id) {
            return Ok(());
        }
        return record(context, &task, &doing, outcome);
    }
    let comments = match comment::standing(context, &task, &doing) {
        Ok(comments) => comments,
        Err(error) => {
            let outcome = put_off(context, &task, error)?;
            return record(context, &task, &doing, outcome);
        }
    };
    let may_repeat = comment::may_repeat(&task, &doing, comments);
    context.say(key, Body::Acting { action, comments, may_repeat })?;
    let doing = Doing { tries: doing.tries.saturating_add(1), may_repeat, ..doing };
    let outcome = make(context, &task, &doing);
    record(context, &task, &doing, outcome)
}

/// What could not be looked at is looked at again later; a definite no is one.
fn put_off(context: &mut Context<'_>, task: &Task, error: CallError) -> Result<Outcome, ExecError> {
    if is_answer(&error) {
        return Ok(Outcome::Failed(error));
    }
    let reason = error.to_string();
    let until = context.endure_for(&task.key, Side::Repository, error)?;
    Ok(Outcome::Later(reason, until))
}

/// Whether the action has been taken already, or cannot be yet. Only reads.
fn present(context: &mut Context<'_>, task: &Task, doing: &Doing) -> Result<Option<Outcome>, ExecError> {
    let action = &doing.action;
    if action.needs_pull_request() && task.pull.is_none() {
        return Ok(Some(Outcome::Never("there is no pull request".to_owned())));
    }
    if matches!(action, Action::PublishStatus { .. }) && task.is_pointless(action) {
        return Ok(Some(Outcome::Later("the commit has been judged otherwise since".to_owned(), context.now())));
    }
    let found = match action {
        Action::Notify { episode, rung, notice } => {
            notice::present(context, task, doing.refused, *episode, *rung, notice)
        }
        Action::OpenPullRequest { head_ref, .. } => match pull::present(context, task, doing, head_ref) {
            Ok(pull::Present::Moved(tip)) => return judge_anew(context, task, &tip).map(Some),
            Ok(pull::Present::Not) => Ok(None),
            Ok(pull::Present::Is(outcome)) => Ok(Some(outcome)),
            Err(error) => Err(error),
        },
        Action::CancelRun { request } => cancel::present(context, task, *request),
        // The same status once more does no harm, but nobody is told the same twice without need.
        Action::PublishStatus { head_sha, verdict } if doing.tries > 0 => {
            status::present(context, task, head_sha, *verdict)
        }
        _ => Ok(None),
    };
    match found {
        Ok(found) => Ok(found),
        Err(error) => put_off(context, task, error).map(Some),
    }
}

/// The branch has moved since it was judged: what is there now is read and judged, and opened only then. What its verdict leads to is
/// due at once; until there is one, it is looked at more and more seldom.
fn judge_anew(context: &mut Context<'_>, task: &Task, tip: &str) -> Result<Outcome, ExecError> {
    let head = |task: &Task| task.evidence.as_ref().and_then(|evidence| evidence.head_sha.clone());
    if head(task).as_deref() != Some(tip) {
        evidence::examine(context, &task.key)?;
    }
    let now = context.now();
    let after = context.task(&task.key)?;
    let judged = after.judgement.as_ref().and_then(|judgement| judgement.head_sha.as_deref());
    let at = if judged == Some(tip) && head(after).as_deref() == Some(tip) {
        now
    } else {
        let unchanged = after.evidence_read.map_or(SignedDuration::ZERO, |since| now.duration_since(since));
        clocks::later(now, SignedDuration::from_secs(unchanged.as_secs() / 4).clamp(pull::AGAIN, pull::SELDOM))
    };
    Ok(Outcome::Later("the branch has moved since it was judged".to_owned(), at))
}

/// Sends the one request of the action.
fn make(context: &mut Context<'_>, task: &Task, doing: &Doing) -> Outcome {
    match &doing.action {
        Action::CancelRun { .. } => cancel::cancel(context, task),
        Action::PublishStatus { head_sha, verdict } => status::publish(context, task, head_sha, *verdict),
        Action::OpenPullRequest { head_ref, base_ref } => pull::open(context, task, head_ref, base_ref),
        Action::AddLabels => pull::label(context, task),
        Action::RequestReviewers => pull::ask_reviewers(context, task),
        Action::CommentRejected { head_sha } => pull::comment_rejected(context, task, doing, head_sha),
        Action::ClosePullRequest => pull::close(context, task),
        Action::Notify { episode, rung, notice } => notice::send(context, task, doing, *episode, *rung, notice),
    }
}

fn record(context: &mut Context<'_>, task: &Task, doing: &Doing, outcome: Outcome) -> Result<(), ExecError> {
    let (key, id, tries) = (&task.key, doing.action.id(), doing.tries);
    // That a reading was turned away for its rate says nothing of changes.
    let outcome = match outcome {
        Outcome::Unread(error) if error.rate_limit().is_some() => put_off(context, task, error)?,
        Outcome::Unread(error) => Outcome::Failed(error),
        outcome => outcome,
    };
    let now = context.now();
    let failed = |reason: String, refused: bool, retry_at: Option<Timestamp>| {
        let action = id.clone();
        Body::ActionFailed { action, reason, refused, retry_at }
    };
    let wait = backoff(tries, SignedDuration::from_secs(5), SignedDuration::from_mins(15));
    // Nobody is told that telling failed, so that is tried for as long as there is a reason to tell.
    let tells = matches!(doing.action, Action::Notify { .. });
    let again = Some(clocks::later(now, wait)).filter(|_| tells || tries < TRIES);
    // A pull request that was opened and cannot be read yet is found again by the next try.
    let (outcome, pull) = match outcome {
        Outcome::Stands(Acted::PullRequest { number, url }, http) => match pull::opened(context, task, number) {
            Ok(pull) => (Outcome::Stands(Acted::PullRequest { number, url }, http), Some(pull)),
            Err(error) if error.rate_limit().is_some() => (put_off(context, task, error)?, None),
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
        Outcome::Failed(error) | Outcome::Unread(error) => {
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
