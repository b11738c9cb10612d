//! The verdict on the head commit, as the status `taskclass/verdict`: a branch rule can require it.

use taskclass_github::{CallError, CreateStatus, StatusState};

use super::Outcome;
use crate::context::Context;
use crate::evidence::collect::{OWN_STATUS, PAGES, is_ours, verdicts};
use crate::lifecycle::Task;
use crate::port::{github_repo, http};
use crate::vocab::{Acted, Http, Reason, Verdict};

/// GitHub's limit on a status's description, in characters.
const LONGEST: usize = 140;

/// The status as it is to stand.
fn wanted(task: &Task, verdict: Verdict) -> CreateStatus {
    let reasons = task.judgement.as_ref().map(|judgement| judgement.reasons.as_slice()).unwrap_or_default();
    let state = match verdict {
        Verdict::Accepted => StatusState::Success,
        Verdict::Rejected => StatusState::Failure,
        Verdict::Inconclusive => StatusState::Pending,
    };
    let target_url =
        task.at_github.as_ref().and_then(|task| task.url.clone()).filter(|url| url.starts_with("https://"));
    let description = Some(description(task, verdict, reasons));
    CreateStatus { state, context: OWN_STATUS.to_owned(), description, target_url }
}

fn description(task: &Task, verdict: Verdict, reasons: &[Reason]) -> String {
    let contract = task.contract();
    let text = match (verdict, reasons.first()) {
        (Verdict::Accepted, _) | (_, None) => {
            format!("{verdict}: all that class {} version {} asks for", contract.class, contract.version)
        }
        (_, Some(reason)) if reasons.len() == 1 => format!("{verdict}: {reason}"),
        (_, Some(reason)) => format!("{verdict}, {} reasons: {reason}", reasons.len()),
    };
    if text.chars().count() <= LONGEST {
        return text;
    }
    text.chars().take(LONGEST - 1).chain(['…']).collect()
}

/// Whether the status stands already, as the newest of its name: a try whose answer was lost has set it.
pub(super) fn present(
    context: &mut Context<'_>,
    task: &Task,
    head_sha: &str,
    verdict: Verdict,
) -> Result<Option<Outcome>, CallError> {
    let repo = github_repo(&task.plan.repository)?;
    let first = context.github.list_commit_statuses(&repo, head_sha)?;
    let listed = context.github.collect(first, PAGES)?.items;
    let wanted = wanted(task, verdict);
    let ours = context.accounts(task)?;
    let newest = verdicts(&listed).next();
    let stands = newest.is_some_and(|status| {
        is_ours(status, &ours) && status.state == wanted.state && status.description == wanted.description
    });
    Ok(stands.then(|| Outcome::Stands(Acted::AlreadyThere, Http::default())))
}

pub(super) fn publish(context: &Context<'_>, task: &Task, head_sha: &str, verdict: Verdict) -> Outcome {
    let status = wanted(task, verdict);
    let sent = github_repo(&task.plan.repository)
        .and_then(|repo| context.github.create_commit_status(&repo, head_sha, &status));
    match sent {
        Ok(answer) => Outcome::Stands(Acted::Done, http(Some(&answer.meta))),
        Err(error) => error.into(),
    }
}
