//! Drift: GitHub's agent tasks that no run of this journal started. Nothing is written, and nothing at GitHub is changed.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;
use taskclass_github::{CallError, Direction, Task as GithubTask, TaskQuery, TaskSort};
use taskclass_spec::RepoName;
use taskclass_spec::prompt::KEY_NAME;

use crate::ledger::Ledger;
use crate::port::{Github, github_repo};
use crate::vocab::Key;

/// Pages of one list, of 100 tasks each. A longer list is not read to its end, and that is said.
const PAGES: usize = 50;
/// Tasks that are read one by one, for the key in their prompts. Of the rest it is said that they were not.
const READS: usize = 500;

/// Where to look, and how far back.
#[derive(Debug, Clone)]
pub struct DriftScope {
    /// The repositories whose lists are read: everybody's tasks there.
    pub repositories: Vec<RepoName>,
    /// The list of the token's own user as well: their tasks in all repositories.
    pub own: bool,
    /// Only tasks that were created since then.
    pub since: Timestamp,
}

/// Why a task is not one of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum OutsideKind {
    /// No key is in its prompts: it was started without taskclass.
    NoKey,
    /// Its key is of no task of this journal: another executor started it, or somebody copied a prompt.
    UnknownKey,
    /// Its key is of a task of this journal that GitHub knows under another id: a second one with the same key.
    Duplicate,
    /// Its key is of a task of this journal of which it is not known yet whether it exists: `resolve` can adopt it.
    NotAdopted,
    /// Its key is of a task of this journal that has ended without it, because a person gave it up for example.
    GivenUp,
    /// It could not be read, so it is not known which it is.
    Unread,
}

/// A task that no run of this journal started.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Outside {
    /// GitHub's id.
    pub task_id: String,
    /// Where a person sees it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The repository, as far as it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub repository: Option<String>,
    /// Its database id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub repository_id: Option<i64>,
    /// Who created it, by database id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub creator_id: Option<i64>,
    /// The same by login, where this journal or the token knows it: GitHub's lists say the id only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub creator: Option<String>,
    /// When it was created.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub created_at: Option<Timestamp>,
    /// Its state.
    pub state: String,
    /// Whether somebody has archived it.
    pub archived: bool,
    /// Why it is not one of ours.
    pub kind: OutsideKind,
    /// The key in its prompts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
}

/// A list that could not be read, or not whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Unlooked {
    /// The repository, or `the token's own tasks`.
    pub what: String,
    /// Why.
    pub why: String,
}

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Drift {
    /// How many tasks were looked at.
    pub examined: u64,
    /// How many of them runs of this journal started.
    pub ours: u64,
    /// The others, newest first.
    pub outside: Vec<Outside>,
    /// What could not be looked at: of that nothing is known.
    pub unlooked: Vec<Unlooked>,
}

/// Lists the tasks of the scope, and those of them that no run of the journal started.
///
/// # Errors
/// [`CallError`] only where the token is not accepted at all; what else fails is in [`Drift::unlooked`].
pub fn drift(github: &Github<'_>, ledger: &Ledger, scope: &DriftScope) -> Result<Drift, CallError> {
    let user = github.get_user()?.value;
    let mut people: BTreeMap<i64, String> =
        ledger.tasks.values().map(|task| &task.plan.token_owner).map(|owner| (owner.id, owner.login.clone())).collect();
    people.insert(user.id.0, user.login);
    let plans = ledger.tasks.values().map(|task| &task.plan);
    let mut names: BTreeMap<i64, String> =
        plans.map(|plan| (plan.repository_id, plan.repository.to_string())).collect();

    let mut found = Drift::default();
    let mut seen = BTreeSet::new();
    let mut strangers: Vec<(GithubTask, Option<&RepoName>)> = Vec::new();
    let lists = scope.repositories.iter().map(Some).chain(scope.own.then_some(None));
    for repository in lists {
        for archived in [false, true] {
            match list(github, repository, scope.since, archived) {
                Ok(tasks) => {
                    for task in tasks {
                        if task.created_at.is_some_and(|at| at < scope.since) || !seen.insert(task.id.clone()) {
                            continue;
                        }
                        if let (Some(name), Some(id)) = (repository, task.repository_id) {
                            names.insert(id.0, name.to_string());
                        }
                        found.examined += 1;
                        if ledger.by_task_id.contains_key(task.id.as_str()) {
                            found.ours += 1;
                        } else {
                            strangers.push((task, repository));
                        }
                    }
                }
                Err(error) => {
                    let what = repository.map_or_else(|| "the token's own tasks".to_owned(), ToString::to_string);
                    found.unlooked.push(Unlooked { what, why: error.to_string() });
                    // The archived ones of what cannot be read cannot be read either.
                    break;
                }
            }
        }
    }
    strangers.sort_by(|(a, _), (b, _)| (b.created_at, &b.id).cmp(&(a.created_at, &a.id)));
    for (place, (task, repository)) in strangers.into_iter().enumerate() {
        let keys = if place < READS { keys_of(github, &task, repository) } else { None };
        let (kind, key) = kind_of(ledger, keys.as_deref());
        let repository_id = task.repository_id.map(|id| id.0);
        let creator_id = task.creator.map(|creator| creator.id.0);
        found.outside.push(Outside {
            task_id: task.id.to_string(),
            repository: repository_id
                .and_then(|id| names.get(&id).cloned())
                .or_else(|| in_url(task.html_url.as_deref())),
            url: task.html_url,
            repository_id,
            creator_id,
            creator: creator_id.and_then(|id| people.get(&id).cloned()),
            created_at: task.created_at,
            state: task.state.as_str().to_owned(),
            archived: task.archived_at.is_some(),
            kind,
            key,
        });
    }
    Ok(found)
}

fn list(
    github: &Github<'_>,
    repository: Option<&RepoName>,
    since: Timestamp,
    archived: bool,
) -> Result<Vec<GithubTask>, CallError> {
    // `since` goes by the last change, which is never before the creation; the order by creation is stable under whoever pages.
    let query = TaskQuery {
        sort: TaskSort::CreatedAt,
        direction: Direction::Descending,
        archived,
        since: Some(since),
        ..TaskQuery::default()
    };
    let first = match repository {
        Some(name) => github.list_repo_tasks(&github_repo(name)?, &query)?,
        None => github.list_tasks(&query)?,
    };
    Ok(github.collect(first, PAGES)?.items)
}

/// The keys in a task's prompts; `None` if they cannot be read.
fn keys_of(github: &Github<'_>, task: &GithubTask, repository: Option<&RepoName>) -> Option<Vec<String>> {
    let whole = match repository {
        Some(name) => github.get_repo_task(&github_repo(name).ok()?, &task.id).ok()?.value,
        None => github.get_task(&task.id).ok()?.value,
    };
    let sessions = whole.sessions?;
    if sessions.is_empty() || sessions.iter().any(|session| session.prompt.is_none()) {
        return None;
    }
    let prompts = sessions.iter().filter_map(|session| session.prompt.as_deref());
    let lines =
        prompts.flat_map(str::lines).filter_map(|line| line.trim_end().strip_prefix(KEY_NAME)?.strip_prefix(": "));
    Some(lines.map(str::to_owned).collect())
}

fn kind_of(ledger: &Ledger, keys: Option<&[String]>) -> (OutsideKind, Option<String>) {
    let Some(keys) = keys else { return (OutsideKind::Unread, None) };
    let known = keys.iter().find_map(|text| ledger.tasks.get(&text.parse::<Key>().ok()?));
    match (known, keys.first()) {
        (Some(task), _) => {
            let kind = match &task.at_github {
                Some(_) => OutsideKind::Duplicate,
                None if task.state.is_ended() => OutsideKind::GivenUp,
                None => OutsideKind::NotAdopted,
            };
            (kind, Some(task.key.to_string()))
        }
        (None, Some(key)) => (OutsideKind::UnknownKey, Some(key.chars().take(80).collect())),
        (None, None) => (OutsideKind::NoKey, None),
    }
}

/// `owner/name` out of a task's address.
fn in_url(url: Option<&str>) -> Option<String> {
    let mut parts = url?.strip_prefix("https://")?.split('/').skip(1);
    let name: RepoName = format!("{}/{}", parts.next()?, parts.next()?).parse().ok()?;
    Some(name.to_string())
}
