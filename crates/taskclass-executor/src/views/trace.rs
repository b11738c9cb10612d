//! From any end of the chain to the whole of it: trigger → caller → approvals → class version → task → sessions → diff → checks →
//! verdict → merge → revert.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::Serialize;

use super::chain::{Link, links};
use super::show::{Line, story};
use super::status::StatusRow;
use crate::event::{Body, Event, Planned};
use crate::ledger::Ledger;
use crate::lifecycle::Task;
use crate::store::{Journal, StoreError};
use crate::vocab::{Action, Evidence, Judgement, Key, PullView};

/// The fewest characters by which a key or one of GitHub's ids is named.
const LEAST_OF_A_NAME: usize = 4;
/// The fewest digits by which a commit is named.
const LEAST_OF_A_COMMIT: usize = 7;

/// The whole chain of one task.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Trace {
    /// Where it stands.
    pub row: StatusRow,
    /// The chain, link by link, from what triggered it to what became of it.
    pub chain: Vec<Link>,
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

/// Something that a name may mean.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Candidate {
    /// `key`, `task`, `session`, `commit` or `pull request`.
    pub what: &'static str,
    /// Its whole name.
    pub name: String,
}

/// What a name led to.
#[derive(Debug, Clone, PartialEq)]
pub enum Traced {
    /// These tasks, oldest first; at least one.
    Tasks(Vec<Trace>),
    /// It may mean any of these.
    Several(Vec<Candidate>),
    /// Nothing is known under it.
    Nothing,
}

impl Traced {
    /// The tasks, if it led to tasks.
    pub fn tasks(self) -> Vec<Trace> {
        if let Self::Tasks(tasks) = self { tasks } else { Vec::new() }
    }
}

/// Everything that `name` leads to: a key, a run, GitHub's task or session, a pull request (`#12`, `owner/name#12`, its address), or a
/// commit (any that the log names as a task's work: the branch's as it was read, the merge's, the revert's). Of keys and GitHub's ids the
/// first four characters are enough, of commits the first seven, where nothing else begins so.
///
/// # Errors
/// [`StoreError`] if the journal cannot be read.
pub fn trace(journal: &dyn Journal, ledger: &Ledger, name: &str) -> Result<Traced, StoreError> {
    let name = name.trim();
    let mut found = named(ledger, name);
    if found.is_empty() && is_commit(name) {
        found = committed(journal, &name.to_ascii_lowercase())?;
    }
    if found.len() > 1 {
        return Ok(Traced::Several(found.into_keys().collect()));
    }
    let keys = found.into_values().next().unwrap_or_default();
    let mut tasks: Vec<&Task> = keys.iter().filter_map(|key| ledger.tasks.get(key)).collect();
    tasks.sort_by_key(|task| task.times.planned);
    if tasks.is_empty() {
        return Ok(Traced::Nothing);
    }
    Ok(Traced::Tasks(tasks.into_iter().map(|task| of_task(journal, task)).collect::<Result<_, _>>()?))
}

/// What a name means, and the tasks that belong to it.
type Found = BTreeMap<Candidate, BTreeSet<Key>>;

fn named(ledger: &Ledger, name: &str) -> Found {
    if let Some(keys) = name.parse().ok().and_then(|run| ledger.runs.get(&run)) {
        let run = Candidate { what: "run", name: name.to_owned() };
        return Found::from([(run, keys.iter().cloned().collect())]);
    }
    let mut found = Found::new();
    let mut add = |what, full: &str, key: &Key| {
        found.entry(Candidate { what, name: full.to_owned() }).or_default().insert(key.clone());
    };
    let begins = |full: &str| full == name || name.len() >= LEAST_OF_A_NAME && full.starts_with(name);
    for task in ledger.tasks.values() {
        let key = &task.key;
        if begins(key.as_str()) {
            add("key", key.as_str(), key);
        }
        for other in task.at_github.iter().chain(&task.quarantined).filter(|other| begins(&other.id)) {
            add("task", &other.id, key);
        }
        for session in task.agent.iter().flat_map(|agent| &agent.sessions).filter(|session| begins(session)) {
            add("session", session, key);
        }
        if let Some(pull) = &task.pull {
            let full = format!("{}#{}", task.plan.repository, pull.number);
            let meant = name.eq_ignore_ascii_case(&full)
                || name == format!("#{}", pull.number)
                || name.trim_end_matches('/') == pull.url;
            if meant {
                add("pull request", &full, key);
            }
        }
    }
    // A whole name means itself, whatever else begins with it.
    if let Some((exact, keys)) = found.iter().find(|(candidate, _)| candidate.name == name) {
        return Found::from([(exact.clone(), keys.clone())]);
    }
    found
}

fn is_commit(name: &str) -> bool {
    name.len() >= LEAST_OF_A_COMMIT && name.len() <= 64 && name.bytes().all(|b| b.is_ascii_hexdigit())
}

/// The tasks whose work the log names by this commit, at any time: a branch moves on, and so does what a pull request's head is.
fn committed(journal: &dyn Journal, prefix: &str) -> Result<Found, StoreError> {
    let mut found = Found::new();
    journal.lines(0, &mut |line| {
        if line.contains(prefix)
            && let Ok(event) = serde_json::from_str::<Event>(line)
            && let Some(key) = &event.key
        {
            for commit in commits(&event.body).into_iter().filter(|commit| commit.starts_with(prefix)) {
                let candidate = Candidate { what: "commit", name: commit.to_owned() };
                found.entry(candidate).or_default().insert(key.clone());
            }
        }
        true
    })?;
    Ok(found)
}

/// The commits that an event names as the task's own work. What it started from is not.
fn commits(body: &Body) -> Vec<&str> {
    let mut found: Vec<&str> = Vec::new();
    match body {
        Body::EvidenceRead(read) => {
            found.extend(read.head_sha.as_deref());
            found.extend(read.pull_request.iter().flat_map(of_a_pull));
        }
        Body::Judged(judgement) => found.extend(judgement.head_sha.as_deref()),
        Body::PullRequest(pull) => found.extend(of_a_pull(pull)),
        Body::Merged { commit, .. } => found.extend(commit.as_deref()),
        Body::Reverted { commit, .. } => found.push(commit),
        Body::Acting {
            action: Action::PublishStatus { head_sha, .. } | Action::CommentRejected { head_sha }, ..
        } => {
            found.push(head_sha);
        }
        _ => {}
    }
    found
}

fn of_a_pull(pull: &PullView) -> impl Iterator<Item = &str> {
    std::iter::once(pull.head_sha.as_str()).chain(pull.merge_commit.as_deref())
}

fn of_task(journal: &dyn Journal, task: &Task) -> Result<Trace, StoreError> {
    let kept = match &task.evidence {
        Some(read) => journal.payload(&read.sha256)?,
        None => None,
    };
    let evidence: Option<Evidence> = kept.and_then(|bytes| serde_json::from_slice(&bytes).ok());
    let story = story(journal, &task.key)?;
    let agent = task.agent.as_ref();
    Ok(Trace {
        row: StatusRow::of(task),
        chain: links(task, evidence.as_ref(), &story),
        plan: (*task.plan).clone(),
        sessions: agent.map(|agent| agent.sessions.clone()).unwrap_or_default(),
        models: agent.map(|agent| agent.models.clone()).unwrap_or_default(),
        head_sha: task.judgement.as_ref().and_then(|judgement| judgement.head_sha.clone()),
        evidence,
        judgement: task.judgement.clone(),
        pull_request: task.pull.clone(),
        story,
    })
}

/// When an event of one of these kinds last happened.
pub(super) fn last(story: &[Line], kinds: &[&str]) -> Option<Timestamp> {
    story.iter().rev().find(|line| kinds.contains(&line.kind.as_str())).map(|line| line.at)
}
