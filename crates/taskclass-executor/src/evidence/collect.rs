//! Reading a result: everything at one pinned commit, which is read again afterwards.

use std::collections::BTreeMap;

use taskclass_github::{
    CallError, ChangedFile, CheckConclusion, CheckRun, CheckStatus, CommitStatus, FileStatus, PullNumber, PullQuery,
    RepoName as GithubRepo, Review as GithubReview, StatusState,
};

use crate::context::Context;
use crate::lifecycle::Task;
use crate::port::{Github, github_repo, is_answer};
use crate::reading;
use crate::vocab::{AgentState, ArtifactRef, Check, CheckState, Evidence, FileChange, PullView, Review};

/// GitHub lists at most 3,000 files of a pull request and 300 of a comparison.
const PULL_FILES: usize = 3000;
const COMPARED_FILES: usize = 300;
/// Pages of any list of 100.
const PAGES: usize = 30;
/// The verdict's own status, which is no evidence.
pub(crate) const OWN_STATUS: &str = "taskclass/verdict";

/// A refusal by GitHub is an answer: what was asked for is not there, or cannot be read. Everything else is no answer.
fn readable<T>(outcome: Result<T, CallError>, what: &str, unread: &mut Vec<String>) -> Result<Option<T>, CallError> {
    match outcome {
        Ok(value) => Ok(Some(value)),
        Err(error) if is_answer(&error) => {
            unread.push(format!("{what}: {error}"));
            Ok(None)
        }
        Err(CallError::TooManyPages { .. }) => {
            unread.push(format!("{what}: the list is too long"));
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

/// Reads a settled task's result.
///
/// # Errors
/// Where GitHub gives no answer; then nothing is concluded.
pub(super) fn collect(context: &Context<'_>, task: &Task) -> Result<Evidence, CallError> {
    let github = &context.github;
    let repo = github_repo(&task.plan.repository)?;
    let agent = task.agent.as_ref();
    let mut unread = Vec::new();
    let pull = find_pull(github, &repo, task, &mut unread)?;
    let head_ref = pull.as_ref().map(|pull| pull.head_ref.clone()).or_else(|| branch(task));
    let head_sha = match (&pull, &head_ref) {
        (Some(pull), _) => Some(pull.head_sha.clone()),
        (None, Some(branch)) => tip(github, &repo, branch, &mut unread)?,
        (None, None) => None,
    };
    let mut evidence = Evidence {
        ended: agent.map_or(AgentState::Other(String::new()), |agent| agent.state.clone()),
        error: agent.and_then(|agent| agent.error.clone()),
        head_ref,
        head_sha,
        head_stable: true,
        pull_request: pull,
        files: Vec::new(),
        files_cut: false,
        checks: Vec::new(),
        checks_known: false,
        reviews: Vec::new(),
        model_asked: (task.plan.model != "auto").then(|| task.plan.model.clone()),
        models_used: agent.map(|agent| agent.models.clone()).unwrap_or_default(),
        nano_credits: agent.and_then(|agent| agent.nano_credits),
        unread: Vec::new(),
    };
    if let Some(sha) = evidence.head_sha.clone() {
        files(github, &repo, task, &sha, &mut evidence, &mut unread)?;
        checks(github, &repo, &sha, &mut evidence, &mut unread)?;
        if let Some(number) = evidence.pull_request.as_ref().map(|pull| PullNumber(pull.number)) {
            let listed = github.list_pull_reviews(&repo, number).and_then(|first| github.collect(first, PAGES));
            let reviews = readable(listed, "reviews", &mut unread)?;
            evidence.reviews = latest(&reviews.map(|reviews| reviews.items).unwrap_or_default(), &sha);
        }
        let again = match (&evidence.pull_request, &evidence.head_ref) {
            (Some(pull), _) => {
                let again = github.get_pull(&repo, PullNumber(pull.number));
                readable(again, "the pull request once more", &mut unread)?.map(|answer| answer.value.head.sha)
            }
            (None, Some(branch)) => tip(github, &repo, branch, &mut unread)?,
            (None, None) => None,
        };
        evidence.head_stable = again.as_deref() == Some(sha.as_str());
    }
    evidence.unread = unread;
    Ok(evidence)
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

fn tip(
    github: &Github<'_>,
    repo: &GithubRepo,
    branch: &str,
    unread: &mut Vec<String>,
) -> Result<Option<String>, CallError> {
    match github.get_branch(repo, branch) {
        Ok(answer) => Ok(Some(answer.value.commit.sha)),
        Err(error) if error.is_not_found() => Ok(None),
        outcome => Ok(readable(outcome, "the branch", unread)?.map(|answer| answer.value.commit.sha)),
    }
}

/// The task's pull request: by the number that is known, or by the artifact's database id among those of its branch, or the one of
/// its branch.
pub(crate) fn find_pull(
    github: &Github<'_>,
    repo: &GithubRepo,
    task: &Task,
    unread: &mut Vec<String>,
) -> Result<Option<PullView>, CallError> {
    if let Some(pull) = &task.pull {
        let answer = readable(github.get_pull(repo, PullNumber(pull.number)), "the pull request", unread)?;
        return Ok(answer.map(|answer| reading::pull(&answer.value)));
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
    let Some(listed) = readable(listed, "the pull requests of the branch", unread)? else { return Ok(None) };
    let found = listed.items.iter().find(|pull| wanted.is_none_or(|id| pull.id.0 == id));
    match (found, wanted) {
        // Lists leave out whether it can be merged.
        (Some(pull), _) => Ok(Some(reading::pull(&github.get_pull(repo, pull.number)?.value))),
        (None, Some(id)) => {
            unread.push(format!("the pull request with the database id {id}, which the task names"));
            Ok(None)
        }
        (None, None) => Ok(None),
    }
}

fn change(file: &ChangedFile) -> FileChange {
    let moved = file.status == FileStatus::Renamed;
    FileChange {
        path: file.filename.clone(),
        previous: file.previous_filename.clone().filter(|_| moved),
        additions: file.additions,
        deletions: file.deletions,
    }
}

fn files(
    github: &Github<'_>,
    repo: &GithubRepo,
    task: &Task,
    sha: &str,
    evidence: &mut Evidence,
    unread: &mut Vec<String>,
) -> Result<(), CallError> {
    let (files, limit) = if let Some(pull) = &evidence.pull_request {
        let listed =
            github.list_pull_files(repo, PullNumber(pull.number)).and_then(|first| github.collect(first, PAGES + 1));
        (readable(listed, "the pull request's files", unread)?.map(|files| files.items), PULL_FILES)
    } else {
        let compared = github.compare(repo, &task.plan.base_ref, sha);
        let compared = readable(compared, "the branch compared with its base", unread)?;
        let files = compared.map(|answer| answer.value.body.files);
        if matches!(files, Some(None)) {
            unread.push("the branch compared with its base".to_owned());
        }
        (files.flatten(), COMPARED_FILES)
    };
    let files = files.unwrap_or_default();
    evidence.files_cut = files.len() >= limit;
    evidence.files = files.iter().map(change).collect();
    Ok(())
}

fn of_run(run: &CheckRun) -> Check {
    let state = match (&run.status, &run.conclusion) {
        (_, Some(CheckConclusion::ActionRequired)) | (CheckStatus::Waiting, None) => CheckState::AwaitsApproval,
        (CheckStatus::Completed, Some(conclusion)) => match conclusion {
            CheckConclusion::Success => CheckState::Passed,
            CheckConclusion::Failure | CheckConclusion::TimedOut | CheckConclusion::Cancelled => CheckState::Failed,
            CheckConclusion::Neutral | CheckConclusion::Skipped | CheckConclusion::Stale => CheckState::Neutral,
            CheckConclusion::ActionRequired | CheckConclusion::Other(_) => CheckState::Unknown,
        },
        (CheckStatus::Completed, None) | (CheckStatus::Other(_), _) => CheckState::Unknown,
        _ => CheckState::Running,
    };
    Check { name: run.name.clone(), state }
}

fn of_status(status: &CommitStatus) -> Check {
    let state = match status.state {
        StatusState::Success => CheckState::Passed,
        StatusState::Pending => CheckState::Running,
        StatusState::Failure | StatusState::Error => CheckState::Failed,
        StatusState::Other(_) => CheckState::Unknown,
    };
    Check { name: status.context.clone(), state }
}

/// The agent's own run is no check on the agent.
fn is_the_agents(run: &CheckRun) -> bool {
    run.name.eq_ignore_ascii_case("copilot")
        || run.app.as_ref().and_then(|app| app.slug.as_deref()).is_some_and(|slug| slug.starts_with("copilot"))
}

fn checks(
    github: &Github<'_>,
    repo: &GithubRepo,
    sha: &str,
    evidence: &mut Evidence,
    unread: &mut Vec<String>,
) -> Result<(), CallError> {
    let runs = github.check_runs_for_ref(repo, sha).and_then(|first| github.collect(first, PAGES));
    let runs = readable(runs, "check runs", unread)?;
    let statuses = github.combined_status(repo, sha).and_then(|first| github.collect(first, PAGES));
    let statuses = readable(statuses, "commit statuses", unread)?;
    evidence.checks_known = runs.is_some() && statuses.is_some();
    let runs = runs.map(|runs| runs.items).unwrap_or_default();
    let statuses = statuses.map(|statuses| statuses.items).unwrap_or_default();
    evidence.checks = runs.iter().filter(|run| !is_the_agents(run)).map(of_run).collect();
    evidence.checks.extend(statuses.iter().filter(|status| status.context != OWN_STATUS).map(of_status));
    Ok(())
}

/// Everybody's latest review that says something.
fn latest(reviews: &[GithubReview], sha: &str) -> Vec<Review> {
    let mut by: BTreeMap<i64, Review> = BTreeMap::new();
    for review in reviews {
        let (Some(user), false) = (&review.user, matches!(review.state.as_str(), "COMMENTED" | "PENDING")) else {
            continue;
        };
        let at_head = review.commit_id.as_deref() == Some(sha);
        let review = Review { login: user.login.clone(), user_id: user.id.0, state: review.state.to_string(), at_head };
        by.insert(user.id.0, review);
    }
    by.into_values().collect()
}

/// Approvals that count: of others than the token's owner, and of the commit that is (or was) the head.
pub(crate) fn approvals(reviews: &[GithubReview], head_sha: &str, token_owner: i64) -> usize {
    let latest = latest(reviews, head_sha);
    latest.iter().filter(|review| review.user_id != token_owner && review.at_head && review.state == "APPROVED").count()
}
