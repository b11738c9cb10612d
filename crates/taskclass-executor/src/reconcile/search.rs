//! One look through GitHub's lists for the tasks that bear a key.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use taskclass_github::{Answer, CallError, Direction, Page, Task as GithubTask, TaskList, TaskQuery, TaskSort, UserId};
use taskclass_spec::prompt::KEY_NAME;

use crate::context::Context;
use crate::event::Body;
use crate::lifecycle::Task;
use crate::port::{github_repo, is_answer};
use crate::reading;
use crate::vocab::TaskRef;

/// How far before our own `sent_at` GitHub's clock may have created the task: a minute, and five for clocks that differ. A clock of ours
/// that is known to be further ahead counts in addition.
const BEFORE: SignedDuration = SignedDuration::from_mins(6);
const SKEW: SignedDuration = SignedDuration::from_mins(5);
/// And where everything is looked through.
const LONG_BEFORE: SignedDuration = SignedDuration::from_hours(24);
/// Pages of a list. A list that is longer is not read whole, and so nothing is concluded from it.
const PAGES: usize = 50;

/// Where is looked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    /// In the repository's list, among what the token's user has made since just before it was sent.
    Near,
    /// Also under another creator, in the user's own list whatever the repository is called by now, and a day back.
    Wide,
}

/// What a search found.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// Those with the key, oldest first.
    ours: Vec<TaskRef>,
    /// How many were examined.
    pub(super) examined: u32,
    /// Whether any that was listed could not be examined, or a list not be read, or not whole: then "none" is not even this look's answer.
    pub(super) blind: bool,
    seen: BTreeSet<String>,
}

impl Found {
    /// The oldest is the one; the others are kept apart, for a person to look at.
    pub(super) fn adopted(&self) -> Option<Body> {
        let (oldest, others) = self.ours.split_first()?;
        Some(Body::Adopted { task: oldest.clone(), quarantined: others.to_vec(), by: None })
    }
}

/// The keys in the trailers of a task's prompts. Nothing but a trailer says such a line: what a caller gives is refused where it does.
pub(super) fn keys(task: &GithubTask) -> impl Iterator<Item = &str> {
    let prompts = task.sessions.iter().flatten().filter_map(|session| session.prompt.as_deref());
    prompts.flat_map(str::lines).filter_map(|line| line.strip_prefix(KEY_NAME)?.strip_prefix(':').map(str::trim))
}

/// Looks once.
pub(super) fn search(context: &Context<'_>, task: &Task, reach: Reach) -> Result<Found, CallError> {
    let repo = github_repo(&task.plan.repository)?;
    let mut found = Found::default();
    let mut hidden = false;
    for archived in [false, true] {
        let list = |query: &TaskQuery| context.github.list_repo_tasks(&repo, query);
        match read(context, task, reach, archived, &list) {
            Ok(listed) => examine(context, task, listed, &mut found)?,
            // GitHub shows nothing of the repository under this name: renamed, moved, gone, or not for this token any more.
            Err(error) if is_answer(&error) => hidden = true,
            Err(CallError::TooManyPages { .. }) => found.blind = true,
            Err(error) => return Err(error),
        }
    }
    if hidden || reach == Reach::Wide {
        for archived in [false, true] {
            let list = |query: &TaskQuery| context.github.list_tasks(query);
            match read(context, task, reach, archived, &list) {
                Ok(listed) => examine(context, task, listed, &mut found)?,
                // A list that is refused has not been looked through.
                Err(error) if is_answer(&error) => found.blind = true,
                Err(CallError::TooManyPages { .. }) => found.blind = true,
                Err(error) => return Err(error),
            }
        }
    }
    found.ours.sort_by(|a, b| (a.created_at, &a.id).cmp(&(b.created_at, &b.id)));
    Ok(found)
}

type Listed = Result<Answer<Page<TaskList>>, CallError>;

/// One list, whole: those that may be the task. Where our clock turns out to be far ahead of GitHub's, from as much earlier on.
fn read(
    context: &Context<'_>,
    task: &Task,
    reach: Reach,
    archived: bool,
    list: &dyn Fn(&TaskQuery) -> Listed,
) -> Result<Vec<GithubTask>, CallError> {
    let before = if reach == Reach::Wide { LONG_BEFORE } else { BEFORE };
    let sent = task.times.sent.unwrap_or(task.times.planned);
    let from = |skew: SignedDuration| sent.checked_sub(before.saturating_add(skew)).unwrap_or(Timestamp::MIN);
    let mut query = TaskQuery {
        sort: TaskSort::CreatedAt,
        direction: Direction::Ascending,
        archived,
        since: Some(from(SignedDuration::ZERO)),
        creators: if reach == Reach::Near { vec![UserId(task.plan.token_owner.id)] } else { Vec::new() },
        ..TaskQuery::default()
    };
    let mut first = list(&query)?;
    if let Some(skew) = first.meta.date.map(|date| context.now().duration_since(date)).filter(|skew| *skew > SKEW) {
        query.since = Some(from(skew));
        first = list(&query)?;
    }
    let since = query.since;
    let mut listed = context.github.collect(first, PAGES)?.items;
    // The list goes by the last change. What was created before can only have been changed since.
    listed.retain(|row| row.created_at.is_none_or(|created| since.is_none_or(|since| created >= since)));
    Ok(listed)
}

/// Looks at each that was listed and that no other key has.
fn examine(context: &Context<'_>, task: &Task, listed: Vec<GithubTask>, found: &mut Found) -> Result<(), CallError> {
    let repo = github_repo(&task.plan.repository)?;
    for row in listed {
        let elsewhere = row.repository_id.is_some_and(|id| id.0 != task.plan.repository_id);
        // Somebody else's is not ours, whatever stands in it; one that is its repository's owner's may be.
        let owner = UserId(task.plan.token_owner.id);
        let strange = row.creator.is_some_and(|by| by.id != owner && row.owner.is_none_or(|of| by.id != of.id));
        let bound = context.book.ledger().by_task_id.contains_key(row.id.as_str());
        if elsewhere || strange || bound || !found.seen.insert(row.id.to_string()) {
            continue;
        }
        let whole = match context.github.get_repo_task(&repo, &row.id) {
            // Under its repository's present name, if it has another by now.
            Err(error) if is_answer(&error) => context.github.get_task(&row.id),
            outcome => outcome,
        };
        let whole = match whole {
            Ok(answer) => answer.value,
            Err(error) if is_answer(&error) => {
                found.blind = true;
                continue;
            }
            Err(error) => return Err(error),
        };
        found.examined = found.examined.saturating_add(1);
        let sessions = whole.sessions.as_deref().unwrap_or_default();
        found.blind |= sessions.is_empty() || sessions.iter().any(|session| session.prompt.is_none());
        if keys(&whole).any(|key| key == task.key.as_str()) {
            found.ours.push(reading::task_ref(&whole, context.now()));
        }
    }
    Ok(())
}
