//! The verdict on the head commit, as the status `taskclass/verdict`: a branch rule can require it.

use taskclass_github::{CreateStatus, StatusState};

use super::Outcome;
use crate::context::Context;
use crate::evidence::collect::OWN_STATUS;
use crate::lifecycle::Task;
use crate::port::{github_repo, http};
use crate::vocab::{Acted, Verdict};

/// GitHub's limit on a status's description.
const LONGEST: usize = 140;

pub(super) fn publish(context: &Context<'_>, task: &Task, head_sha: &str, verdict: Verdict) -> Outcome {
    let reasons = task.judgement.as_ref().map(|judgement| judgement.reasons.as_slice()).unwrap_or_default();
    let mut text = match (verdict, reasons.first()) {
        (Verdict::Accepted, _) | (_, None) => {
            format!(
                "{verdict}: all that class {} version {} asks for",
                task.plan.contract.class, task.plan.contract.version
            )
        }
        (_, Some(reason)) if reasons.len() == 1 => format!("{verdict}: {reason}"),
        (_, Some(reason)) => format!("{verdict}, {} reasons: {reason}", reasons.len()),
    };
    if text.chars().count() > LONGEST {
        text = text.chars().take(LONGEST - 1).chain(['…']).collect();
    }
    let state = match verdict {
        Verdict::Accepted => StatusState::Success,
        Verdict::Rejected => StatusState::Failure,
        Verdict::Inconclusive => StatusState::Pending,
    };
    let target_url =
        task.at_github.as_ref().and_then(|task| task.url.clone()).filter(|url| url.starts_with("https://"));
    let status = CreateStatus { state, context: OWN_STATUS.to_owned(), description: Some(text), target_url };
    let sent = github_repo(&task.plan.repository)
        .and_then(|repo| context.github.create_commit_status(&repo, head_sha, &status));
    match sent {
        Ok(answer) => Outcome::Stands(Acted::Done, http(Some(&answer.meta))),
        Err(error) => error.into(),
    }
}
