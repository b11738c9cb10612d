//! Reading a result: everything at one pinned commit, which is read again afterwards.

mod checks;
mod files;

use std::collections::BTreeMap;

use jiff::SignedDuration;
use taskclass_github::{CallError, Pull, PullNumber, PullQuery, RepoName as GithubRepo};

use super::handling::{as_reviews, latest};
use crate::context::Context;
use crate::lifecycle::Task;
use crate::port::{Github, github_repo, is_answer};
use crate::reading;
use crate::vocab::{AgentState, ArtifactRef, Evidence, TokenOwner};

pub(crate) use checks::{OWN_STATUS, is_ours, verdicts};

/// Pages of any list of 100.
pub(crate) const PAGES: usize = 30;
/// How far GitHub's clock and ours may be apart.
const SKEW: SignedDuration = SignedDuration::from_hours(1);

/// GitHub, one repository of it, and what of it could not be read.
pub(crate) struct Reader<'a, 'g> {
    pub(crate) github: &'a Github<'g>,
    pub(crate) repo: &'a GithubRepo,
    unread: Vec<String>,
}

impl<'a, 'g> Reader<'a, 'g> {
    pub(crate) fn new(github: &'a Github<'g>, repo: &'a GithubRepo) -> Self {
        Self { github, repo, unread: Vec::new() }
    }

    /// A refusal by GitHub is an answer: what was asked for is not there, or cannot be read. Everything else is no answer.
    pub(crate) fn take<T>(&mut self, outcome: Result<T, CallError>, what: &str) -> Result<Option<T>, CallError> {
        match outcome {
            Ok(value) => Ok(Some(value)),
            Err(error) if is_answer(&error) => {
                self.unread.push(format!("{what}: {error}"));
                Ok(None)
            }
            Err(CallError::TooManyPages { .. }) => {
                self.unread.push(format!("{what}: the list is too long"));
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    fn tip(&mut self, branch: &str) -> Result<Option<String>, CallError> {
        match self.github.get_branch(self.repo, branch) {
            Ok(answer) => Ok(Some(answer.value.commit.sha)),
            Err(error) if error.is_not_found() => Ok(None),
            outcome => Ok(self.take(outcome, "the branch")?.map(|answer| answer.value.commit.sha)),
        }
    }
}

/// Reads a settled task's result. A verdict that one of `ours` has published is our own.
///
/// # Errors
/// Where GitHub gives no answer; then nothing is concluded.
pub(super) fn collect(context: &Context<'_>, task: &Task, ours: &[TokenOwner]) -> Result<Evidence, CallError> {
    let repo = github_repo(&task.plan.repository)?;
    let mut reader = Reader::new(&context.github, &repo);
    let agent = task.agent.as_ref();
    let found = find_pull(&mut reader, task)?;
    let pull = found.as_ref().map(reading::pull);
    let head_ref = pull.as_ref().map(|pull| pull.head_ref.clone()).or_else(|| branch(task));
    let head_sha = match (&pull, &head_ref) {
        (Some(pull), _) => Some(pull.head_sha.clone()),
        (None, Some(branch)) => reader.tip(branch)?,
        (None, None) => None,
    };
    if head_sha.is_none() && reader.unread.is_empty() && !made_nothing(task) {
        reader.unread.push(match &head_ref {
            Some(branch) => format!("the branch `{branch}`: it is not there"),
            None => "the result: GitHub names neither a branch nor a pull request".to_owned(),
        });
    }
    let mut evidence = Evidence {
        ended: agent.map_or(AgentState::Other(String::new()), |agent| agent.state.clone()),
        error: agent.and_then(|agent| agent.error.clone()),
        head_ref,
        head_sha,
        head_stable: true,
        pull_request: pull,
        files: Vec::new(),
        files_cut: false,
        commits: found.as_ref().and_then(|pull| pull.commits),
        checks: Vec::new(),
        checks_known: false,
        apps_wanted: BTreeMap::new(),
        verdicts_of_others: Vec::new(),
        reviews: Vec::new(),
        model_asked: (task.plan.model != "auto").then(|| task.plan.model.clone()),
        models_used: agent.map(|agent| agent.models.clone()).unwrap_or_default(),
        model_unsaid: agent.is_some_and(|agent| agent.model_unsaid),
        nano_credits: agent.and_then(|agent| agent.nano_credits),
        unread: Vec::new(),
    };
    if let Some(sha) = evidence.head_sha.clone() {
        files::read(&mut reader, task, &sha, found.as_ref(), &mut evidence)?;
        checks::read(&mut reader, task, ours, &sha, &mut evidence)?;
        if let Some(number) = evidence.pull_request.as_ref().map(|pull| PullNumber(pull.number)) {
            let listed =
                reader.github.list_pull_reviews(&repo, number).and_then(|first| reader.github.collect(first, PAGES));
            let reviews = reader.take(listed, "reviews")?.map(|reviews| reviews.items).unwrap_or_default();
            evidence.reviews = latest(as_reviews(&reviews, &sha));
        }
        evidence.head_stable = is_stable(&mut reader, &evidence, &sha)?;
    }
    evidence.unread = reader.unread;
    Ok(evidence)
}

/// Whether branch and base are still what all of this was read of.
fn is_stable(reader: &mut Reader<'_, '_>, evidence: &Evidence, sha: &str) -> Result<bool, CallError> {
    Ok(match (&evidence.pull_request, &evidence.head_ref) {
        (Some(pull), _) => {
            let again = reader.github.get_pull(reader.repo, PullNumber(pull.number));
            let again = reader.take(again, "the pull request once more")?;
            again.is_some_and(|again| again.value.head.sha == sha && again.value.base.branch == pull.base_ref)
        }
        (None, Some(branch)) => reader.tip(branch)?.as_deref() == Some(sha),
        (None, None) => true,
    })
}

/// Whether GitHub says that the agent has made nothing: a session names its branch when it begins, and only what was pushed is an
/// artifact. A branch that was there and is no more is something else, and so is a task whose sessions nobody has seen.
fn made_nothing(task: &Task) -> bool {
    let seen = task.evidence.as_ref().is_some_and(|read| read.head_sha.is_some());
    !seen && task.agent.as_ref().is_some_and(|agent| agent.artifacts.is_empty() && !agent.sessions.is_empty())
}

/// The branch that the task worked on.
fn branch(task: &Task) -> Option<String> {
    let agent = task.agent.as_ref()?;
    let artifact = agent.artifacts.iter().rev().find_map(|artifact| match artifact {
        ArtifactRef::Branch { head_ref, .. } => Some(head_ref.clone()),
        ArtifactRef::Pull { .. } => None,
    });
    artifact.or_else(|| agent.head_ref.clone())
}

/// The task's pull request: by the number that is known, or by the artifact's database id among those of its branch, or the one of
/// its branch: the open one, else the newest.
fn find_pull(reader: &mut Reader<'_, '_>, task: &Task) -> Result<Option<Pull>, CallError> {
    let (github, repo) = (reader.github, reader.repo);
    if let Some(pull) = &task.pull {
        let answer = reader.take(github.get_pull(repo, PullNumber(pull.number)), "the pull request")?;
        return Ok(answer.map(|answer| answer.value));
    }
    let agent = task.agent.as_ref();
    let wanted = agent.into_iter().flat_map(|agent| agent.artifacts.iter().rev()).find_map(|artifact| match artifact {
        ArtifactRef::Pull { id } => Some(*id),
        ArtifactRef::Branch { .. } => None,
    });
    let head = branch(task);
    if wanted.is_none() && head.is_none() {
        return Ok(None);
    }
    let query = PullQuery { head, ..PullQuery::default() };
    let listed = github.list_pulls(repo, &query).and_then(|first| github.collect(first, PAGES));
    let Some(listed) = reader.take(listed, "the pull requests of the branch")? else { return Ok(None) };
    // A branch of this name may have had pull requests before the task was there.
    let begun = task.times.planned.checked_sub(SKEW).unwrap_or(task.times.planned);
    let ours = |pull: &&Pull| match wanted {
        Some(id) => pull.id.0 == id,
        None => pull.state.as_str() == "open" || pull.created_at >= begun,
    };
    let mut found: Vec<_> = listed.items.iter().filter(ours).collect();
    found.sort_by_key(|pull| (pull.state.as_str() != "open", std::cmp::Reverse(pull.number.0)));
    match (found.first(), wanted) {
        // Lists leave out whether it can be merged.
        (Some(pull), _) => {
            let answer = reader.take(github.get_pull(repo, pull.number), "the pull request")?;
            Ok(answer.map(|answer| answer.value))
        }
        (None, Some(id)) => {
            reader.unread.push(format!("the pull request with the database id {id}, which the task names"));
            Ok(None)
        }
        (None, None) => Ok(None),
    }
}
