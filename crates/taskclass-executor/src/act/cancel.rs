//! Stopping: there is no such request, so the Actions run behind the session is cancelled, if it is exactly one. Only the task's own
//! state shows later that it worked.

use taskclass_github::{CallError, RunId, RunQuery};

use super::Outcome;
use crate::context::Context;
use crate::lifecycle::{Task, clocks};
use crate::port::{github_repo, http};
use crate::vocab::{Acted, Http};

/// The one live run behind the task, or why there is none.
fn run(context: &Context<'_>, task: &Task) -> Result<Result<RunId, String>, CallError> {
    let agent = task.agent.as_ref();
    let Some(branch) = agent.and_then(|agent| agent.head_ref.clone()) else {
        return Ok(Err("the session has no branch yet, so no run can be told to be its own".to_owned()));
    };
    let repo = github_repo(&task.plan.repository)?;
    let created_since = task.at_github.as_ref().map(|task| task.created_at);
    let query = RunQuery { branch: Some(branch), event: Some("dynamic".to_owned()), created_since };
    let listed = context.github.list_workflow_runs(&repo, &query)?;
    let runs = context.github.collect(listed, 10)?.items;
    let live: Vec<_> = runs.iter().filter(|run| run.is_cloud_agent() && run.is_live()).collect();
    Ok(match live.as_slice() {
        [one] => Ok(one.id),
        [] => Err("no live Actions run of the agent is on the session's branch".to_owned()),
        several => Err(format!(
            "{} live Actions runs of the agent are on the session's branch; none was touched",
            several.len()
        )),
    })
}

/// Whether cancelling is possible now.
pub(super) fn present(context: &Context<'_>, task: &Task, request: u32) -> Result<Option<Outcome>, CallError> {
    // A task that settled and was set to work again by somebody is not what was to be stopped.
    let wanted = task.cancel.as_ref().is_some_and(|cancel| cancel.request == request && cancel.settled.is_none());
    if !wanted || !task.state.is_in_flight() {
        return Ok(Some(Outcome::Stands(Acted::AlreadyThere, Http::default())));
    }
    Ok(match run(context, task)? {
        Ok(_) => None,
        Err(reason) => Some(later(context, task, reason)),
    })
}

fn later(context: &Context<'_>, task: &Task, reason: String) -> Outcome {
    let now = context.now();
    let end = task
        .cancel
        .as_ref()
        .map(|cancel| clocks::later(cancel.at.max(task.times.accepted.unwrap_or(cancel.at)), clocks::CONFIRM_WITHIN));
    match end.filter(|end| *end > now) {
        Some(end) => Outcome::Later(reason, clocks::later(now, jiff::SignedDuration::from_secs(30)).min(end)),
        None => Outcome::Never(reason),
    }
}

pub(super) fn cancel(context: &Context<'_>, task: &Task) -> Outcome {
    let run = match run(context, task) {
        Ok(Ok(run)) => run,
        Ok(Err(reason)) => return later(context, task, reason),
        Err(error) => return Outcome::Unread(error),
    };
    let sent = github_repo(&task.plan.repository).and_then(|repo| context.github.cancel_workflow_run(&repo, run));
    match sent {
        Ok(answer) => Outcome::Stands(Acted::Done, http(Some(&answer.meta))),
        // 409: it has ended by itself, or is ending.
        Err(error) if error.api().is_some_and(|api| api.status == 409) => later(context, task, error.to_string()),
        Err(error) => error.into(),
    }
}
