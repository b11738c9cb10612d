//! One task's whole story.

use jiff::Timestamp;
use serde::Serialize;

use super::status::StatusRow;
use crate::event::{Body, Event};
use crate::ledger::Ledger;
use crate::lifecycle::Task;
use crate::store::{Journal, StoreError};
use crate::vocab::{Key, State};

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Line {
    /// Its place in the journal.
    pub seq: u64,
    /// When.
    pub at: Timestamp,
    /// The kind of event.
    pub kind: String,
    /// What it was, in words.
    pub what: String,
    /// The state after, where it changed.
    pub to: Option<State>,
}

/// A task and what happened to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ShowTask {
    /// Where it stands, in short.
    pub row: StatusRow,
    /// Everything that is known of it.
    pub task: Task,
    /// What happened, in order.
    pub story: Vec<Line>,
}

/// The task that a person means: by its key, the beginning of its key (at least four characters), GitHub's task id, or a run that
/// has one task.
pub fn find<'a>(ledger: &'a Ledger, name: &str) -> Option<&'a Task> {
    if let Some(key) = ledger.by_task_id.get(name) {
        return ledger.tasks.get(key);
    }
    let of_run = name.parse().ok().and_then(|run| ledger.runs.get(&run));
    if let Some([key]) = of_run.map(Vec::as_slice) {
        return ledger.tasks.get(key);
    }
    let mut found = ledger.tasks.values().filter(|task| name.len() >= 4 && task.key.as_str().starts_with(name));
    found.next().filter(|_| found.next().is_none())
}

/// A task's whole story, from the journal.
///
/// # Errors
/// [`StoreError`] if the journal cannot be read.
pub fn show(journal: &dyn Journal, task: &Task) -> Result<ShowTask, StoreError> {
    Ok(ShowTask { row: StatusRow::of(task), task: task.clone(), story: story(journal, &task.key)? })
}

/// What happened to a task.
pub(super) fn story(journal: &dyn Journal, key: &Key) -> Result<Vec<Line>, StoreError> {
    let mut story = Vec::new();
    journal.lines(0, &mut |line| {
        // A line that does not even name the key need not be parsed.
        if line.contains(key.as_str())
            && let Ok(event) = serde_json::from_str::<Event>(line)
            && event.key.as_ref() == Some(key)
        {
            story.push(of_event(&event));
        }
        true
    })?;
    Ok(story)
}

fn of_event(event: &Event) -> Line {
    let kind = serde_json::to_value(&event.body).ok();
    let kind =
        kind.as_ref().and_then(|body| body.get("kind")).and_then(|kind| kind.as_str()).unwrap_or_default().to_owned();
    let to = event.to.clone().filter(|to| Some(to) != event.from.as_ref());
    Line { seq: event.seq, at: event.observed, kind, what: words(&event.body), to }
}

fn words(body: &Body) -> String {
    match body {
        Body::Planned(plan) => {
            let mark = if plan.break_glass.is_empty() { "" } else { ", under a break-glass approval" };
            format!("planned on {} from {}{mark}", plan.repository, plan.base_ref)
        }
        Body::Queued { held_by: Some(held_by), .. } => format!("held: {held_by}"),
        Body::Queued { .. } => "queued".to_owned(),
        Body::Sending { request_sha256, break_glass, .. } => {
            let mark = if break_glass.is_empty() { "" } else { ", under a break-glass approval" };
            format!("written ahead, request {}{mark}", request_sha256.short())
        }
        Body::Accepted { task } => format!("GitHub made task {}", task.id),
        Body::Refused { message } => format!("refused: {message}"),
        Body::Requeued { reason, not_before } => format!("not sent, again at {not_before}: {reason}"),
        Body::Unknown { reason } => format!("not known whether it exists: {reason}"),
        Body::Looked { examined, next: Some(next) } => format!("not found among {examined}, again at {next}"),
        Body::Looked { examined, next: None } => format!("not found among {examined}"),
        Body::Adopted { task, quarantined, by } => {
            let by = by.as_ref().map(|by| format!(", by {by}")).unwrap_or_default();
            format!("found as task {}{by}; {} more with the same key", task.id, quarantined.len())
        }
        Body::Unresolved => "not found; a person decides".to_owned(),
        Body::Abandoned { by, reason, .. } => format!("given up by {by}: {reason}"),
        Body::Observed(view) => match &view.error {
            Some(error) => format!("GitHub says {}: {error}", view.state.as_str()),
            None => format!("GitHub says {}", view.state.as_str()),
        },
        Body::Missing => "GitHub does not find it".to_owned(),
        Body::ClockExpired { clock } => format!("limits.timeouts.{clock} ran out"),
        Body::CancelRequested { by, reason } => format!("to be stopped, says {by}: {reason}"),
        Body::CancelUnconfirmed => "nothing shows that it stopped".to_owned(),
        Body::OverBudget { nano_credits, limit } => {
            format!("used {}, more than {limit}", taskclass_spec::NanoCredits(*nano_credits))
        }
        Body::DeadlineReached { .. } => "nobody answered in time".to_owned(),
        Body::Acknowledged { by } => format!("seen by {by}"),
        Body::EvidenceRead(read) => format!("read the result: {} files, {} lines", read.files, read.lines),
        Body::Judged(judgement) => {
            let reasons: Vec<_> = judgement.reasons.iter().map(ToString::to_string).collect();
            if reasons.is_empty() {
                judgement.verdict.to_string()
            } else {
                format!("{}: {}", judgement.verdict, reasons.join("; "))
            }
        }
        Body::PullRequest(pull) => {
            format!("pull request #{} is {}", pull.number, if pull.open { "open" } else { "not open" })
        }
        Body::Merged { unreviewed: true, .. } => "merged, with fewer approvals than the class asks for".to_owned(),
        Body::Merged { .. } => "merged".to_owned(),
        Body::Closed => "pull request closed".to_owned(),
        Body::Reverted { commit } => format!("reverted by {commit}"),
        Body::Acting { action } => format!("begins {}", action.id()),
        Body::Acted { action, .. } => format!("done: {action}"),
        Body::ActionFailed { action, reason, retry_at: Some(at), .. } => format!("{action} again at {at}: {reason}"),
        Body::ActionFailed { action, reason, retry_at: None, .. } => format!("{action} given up: {reason}"),
        Body::Begun { .. }
        | Body::RegistryAccepted { .. }
        | Body::Stopped { .. }
        | Body::Started { .. }
        | Body::RunRefused { .. }
        | Body::RateLimited { .. } => String::new(),
    }
}
