//! From any end of the chain to the whole of it: trigger → caller → approvals → class version → task → sessions → diff → checks →
//! merge → revert.

use serde::Serialize;

use super::show::{Line, find, story};
use super::status::StatusRow;
use crate::event::Planned;
use crate::ledger::Ledger;
use crate::lifecycle::Task;
use crate::store::{Journal, StoreError};
use crate::vocab::{Evidence, Judgement, PullView};

/// The whole chain of one task.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Trace {
    /// Where it stands.
    pub row: StatusRow,
    /// Trigger, caller, approvals, class, version, digest, repository, base.
    pub plan: Planned,
    /// GitHub's sessions.
    pub sessions: Vec<String>,
    /// The models that worked.
    pub models: Vec<String>,
    /// The branch's commit that was judged.
    pub head_sha: Option<String>,
    /// Everything that was read about the result.
    pub evidence: Option<Evidence>,
    /// The verdict.
    pub judgement: Option<Judgement>,
    /// The pull request.
    pub pull_request: Option<PullView>,
    /// What happened, in order.
    pub story: Vec<Line>,
}

/// Whether `name` is this task's: key, task id, run, session, pull request (`#12`, `owner/name#12`, its URL), or a commit (the judged
/// one, the pull request's, the merge's; at least seven digits).
fn is_of(task: &Task, name: &str) -> bool {
    let sessions = task.agent.iter().flat_map(|agent| &agent.sessions);
    let pull = task.pull.as_ref();
    let commits = [
        task.judgement.as_ref().and_then(|judgement| judgement.head_sha.as_deref()),
        pull.map(|pull| pull.head_sha.as_str()),
        pull.and_then(|pull| pull.merge_commit.as_deref()),
    ];
    let is_commit = name.len() >= 7 && name.bytes().all(|b| b.is_ascii_hexdigit());
    let names_pull = pull.is_some_and(|pull| {
        let full = format!("{}#{}", task.plan.repository, pull.number);
        name.eq_ignore_ascii_case(&full) || name == format!("#{}", pull.number) || name == pull.url
    });
    task.run.as_str() == name
        || names_pull
        || sessions.into_iter().any(|session| session == name)
        || is_commit && commits.into_iter().flatten().any(|commit| commit.starts_with(&name.to_ascii_lowercase()))
}

/// Every task that `name` leads to, oldest first.
///
/// # Errors
/// [`StoreError`] if the journal cannot be read.
pub fn trace(journal: &dyn Journal, ledger: &Ledger, name: &str) -> Result<Vec<Trace>, StoreError> {
    let mut tasks: Vec<&Task> = match find(ledger, name) {
        Some(task) => vec![task],
        None => ledger.tasks.values().filter(|task| is_of(task, name)).collect(),
    };
    tasks.sort_by_key(|task| task.times.planned);
    tasks.into_iter().map(|task| of_task(journal, task)).collect()
}

fn of_task(journal: &dyn Journal, task: &Task) -> Result<Trace, StoreError> {
    let kept = match &task.evidence {
        Some(read) => journal.payload(&read.sha256)?,
        None => None,
    };
    let agent = task.agent.as_ref();
    Ok(Trace {
        row: StatusRow::of(task),
        plan: (*task.plan).clone(),
        sessions: agent.map(|agent| agent.sessions.clone()).unwrap_or_default(),
        models: agent.map(|agent| agent.models.clone()).unwrap_or_default(),
        head_sha: task.judgement.as_ref().and_then(|judgement| judgement.head_sha.clone()),
        evidence: kept.and_then(|bytes| serde_json::from_slice(&bytes).ok()),
        judgement: task.judgement.clone(),
        pull_request: task.pull.clone(),
        story: story(journal, &task.key)?,
    })
}
