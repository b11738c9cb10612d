//! Finding out whether a task exists whose answer was lost: by the key in its prompt, in the repository's lists, archived ones too.

use jiff::SignedDuration;
use taskclass_github::{CallError, Direction, Task as GithubTask, TaskId, TaskQuery, TaskSort, UserId};
use taskclass_spec::prompt::KEY_NAME;

use crate::context::Context;
use crate::error::ExecError;
use crate::event::Body;
use crate::lifecycle::{Task, clocks};
use crate::memory::Side;
use crate::port::{github_repo, is_answer};
use crate::reading;
use crate::vocab::{Key, TaskRef};

/// How far before our own `sent_at` GitHub's clock may have created the task: a minute, and five for clocks that differ.
const BEFORE: SignedDuration = SignedDuration::from_mins(6);
/// Pages of a list. A list that is longer is not read whole, and so nothing is concluded from it.
const PAGES: usize = 50;

/// Whether a session of the task was asked with this key, as a whole line of its prompt.
fn bears(task: &GithubTask, key: &Key) -> bool {
    let line = format!("{KEY_NAME}: {key}");
    let prompts = task.sessions.iter().flatten().filter_map(|session| session.prompt.as_deref());
    prompts.flat_map(str::lines).any(|text| text.trim_end() == line)
}

/// What a search found.
struct Found {
    /// Those with the key, oldest first.
    ours: Vec<TaskRef>,
    /// How many were examined.
    examined: u32,
    /// Whether any that was listed could not be examined: then "none" is not even this look's answer.
    blind: bool,
}

fn search(context: &Context<'_>, task: &Task) -> Result<Found, CallError> {
    let repo = github_repo(&task.plan.repository)?;
    let sent = task.times.sent.unwrap_or(task.times.planned);
    let mut found = Found { ours: Vec::new(), examined: 0, blind: false };
    let mut seen = std::collections::BTreeSet::new();
    for archived in [false, true] {
        let query = TaskQuery {
            sort: TaskSort::CreatedAt,
            direction: Direction::Ascending,
            archived,
            since: sent.checked_sub(BEFORE).ok(),
            creators: vec![UserId(task.plan.token_owner.id)],
            ..TaskQuery::default()
        };
        let first = context.github.list_repo_tasks(&repo, &query)?;
        for listed in context.github.collect(first, PAGES)?.items {
            if !seen.insert(listed.id.clone()) || context.book.ledger().by_task_id.contains_key(listed.id.as_str()) {
                continue;
            }
            let whole = match context.github.get_repo_task(&repo, &listed.id) {
                Ok(answer) => answer.value,
                Err(error) if error.is_not_found() => {
                    found.blind = true;
                    continue;
                }
                Err(error) => return Err(error),
            };
            found.examined = found.examined.saturating_add(1);
            let sessions = whole.sessions.as_deref().unwrap_or_default();
            found.blind |= sessions.is_empty() || sessions.iter().any(|session| session.prompt.is_none());
            if bears(&whole, &task.key) {
                found.ours.push(reading::task_ref(&whole, context.now()));
            }
        }
    }
    found.ours.sort_by(|a, b| (a.created_at, &a.id).cmp(&(b.created_at, &b.id)));
    Ok(found)
}

/// Looks once for an unknown task.
pub(crate) fn look(context: &mut Context<'_>, key: &Key) -> Result<(), ExecError> {
    let task = context.task(key)?.clone();
    let found = match search(context, &task) {
        Ok(found) => found,
        // GitHub shows nothing of the repository to this token: a look that found nothing, and in the end a person decides.
        Err(error) if is_answer(&error) => Found { ours: Vec::new(), examined: 0, blind: false },
        Err(error) => {
            context.endure_for(key, Side::Repository, error)?;
            return Ok(());
        }
    };
    context.well_for(key, Side::Repository);
    let looks = task.search.as_ref().map_or(0, |search| search.looks);
    let mut ours = found.ours.into_iter();
    let body = match ours.next() {
        Some(oldest) => Body::Adopted { task: oldest, quarantined: ours.collect(), by: None },
        None => match clocks::next_look(looks, context.now()) {
            Some(next) => Body::Looked { examined: found.examined, next: Some(next) },
            // A task that is listed and cannot be read may be ours: look on at the slowest pace until it can.
            None if found.blind => Body::Looked { examined: found.examined, next: clocks::next_look(5, context.now()) },
            None => Body::Unresolved,
        },
    };
    context.say(key, body)?;
    Ok(())
}

/// The task that a person points to, if it can be this one: in the same repository, of the same user, nobody else's.
pub(crate) fn pointed_at(context: &Context<'_>, task: &Task, id: &str) -> Result<TaskRef, ExecError> {
    if let Some(other) = context.book.ledger().by_task_id.get(id) {
        return Err(ExecError::NotNow(format!("GitHub's task {id} belongs to task {other} already")));
    }
    let repo = github_repo(&task.plan.repository)?;
    let found = context.github.get_repo_task(&repo, &TaskId::from(id))?.value;
    let same_repository = found.repository_id.is_some_and(|repository| repository.0 == task.plan.repository_id);
    let same_creator = found.creator.is_some_and(|creator| creator.id.0 == task.plan.token_owner.id);
    if !same_repository || !same_creator {
        let (repository, login) = (&task.plan.repository, &task.plan.token_owner.login);
        return Err(ExecError::NotNow(format!(
            "GitHub's task {id} was not made by @{login} in {repository}, so it is not this one"
        )));
    }
    Ok(reading::task_ref(&found, context.now()))
}
