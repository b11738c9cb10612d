//! Finding out whether a task exists whose answer was lost: by the key in its prompt, wherever GitHub lists it, archived ones too.
//! What is not found is not concluded to be absent: after the last look a person decides.

mod search;

use jiff::{SignedDuration, Timestamp};
use taskclass_github::{CallError, TaskId};

use crate::context::Context;
use crate::error::ExecError;
use crate::event::Body;
use crate::lifecycle::{Task, clocks};
use crate::memory::Side;
use crate::port::github_repo;
use crate::reading;
use crate::vocab::{Key, TaskRef};
use search::{Found, Reach, search};

/// From this look on everything is looked through, and not only where the task should be.
const WIDE: u32 = 4;
/// Further looks, at the slowest pace, for as long as something is listed that cannot be read yet. Then a person decides all the same.
const BLIND: u32 = 4;
/// How long a look may fail, and how often in a row where none has ever come to its end: that a process was away is no failure.
const LONG: SignedDuration = SignedDuration::from_hours(1);
const OFTEN: u32 = 8;

/// Looks once for an unknown task.
pub(crate) fn look(context: &mut Context<'_>, key: &Key) -> Result<(), ExecError> {
    let task = context.task(key)?.clone();
    let looks = task.search.as_ref().map_or(0, |search| search.looks);
    let reach = if looks < WIDE { Reach::Near } else { Reach::Wide };
    let found = match search(context, &task, reach) {
        Ok(found) => found,
        Err(error) => {
            // Where GitHub answers and cannot be understood for long, a person is asked; where it does not answer, it is waited for.
            let unheard = error.rate_limit().is_some() || matches!(error, CallError::Send { .. });
            context.endure_for(key, Side::Repository, error)?;
            let failures = context.memory.off(key, Side::Repository).map_or(0, |off| off.times);
            let tried = looks > 0 || failures >= OFTEN;
            if !unheard && tried && context.now().duration_since(task.since) > LONG {
                context.say(key, Body::Unresolved)?;
            }
            return Ok(());
        }
    };
    context.well_for(key, Side::Repository);
    let body = match found.adopted() {
        Some(adopted) => adopted,
        None => match next_look(looks, &found, context.now()) {
            Some(next) => Body::Looked { examined: found.examined, next: Some(next) },
            None => Body::Unresolved,
        },
    };
    context.say(key, body)?;
    Ok(())
}

fn next_look(looks: u32, found: &Found, now: Timestamp) -> Option<Timestamp> {
    let last = u32::try_from(clocks::LOOKS.len()).unwrap_or(u32::MAX);
    // A task that is listed and cannot be read may be ours.
    let patient = found.blind && looks < last.saturating_add(BLIND);
    clocks::next_look(looks, now).or_else(|| clocks::next_look(last.saturating_sub(1), now).filter(|_| patient))
}

/// A last look, before a person's word is taken that an unresolved task does not exist: it may have come into the list since. What it
/// finds is adopted, and nothing need be sent.
pub(crate) fn look_once_more(context: &mut Context<'_>, task: &Task) -> Result<Option<TaskRef>, ExecError> {
    let found = search(context, task, Reach::Wide)?;
    let Some(adopted) = found.adopted() else {
        return if found.blind { Err(ExecError::NotNow(not_all_seen(task))) } else { Ok(None) };
    };
    context.say(&task.key, adopted)?;
    Ok(context.task(&task.key)?.at_github.clone())
}

/// Why nothing is sent again: the task may be among what GitHub did not show.
fn not_all_seen(task: &Task) -> String {
    let short = task.key.short();
    format!(
        "GitHub did not show all of its lists, so task {short} may be there unseen, and sent again it could run twice; try again later, \
         name the task that you have found with `taskclass resolve {short} --adopt ID`, or give it up with `taskclass resolve {short} \
         --abandon`"
    )
}

/// The task that a person points to, if it can be this one: in the same repository, of the same user, nobody else's.
pub(crate) fn pointed_at(context: &Context<'_>, task: &Task, id: &str) -> Result<TaskRef, ExecError> {
    if let Some(other) = context.book.ledger().by_task_id.get(id) {
        return Err(ExecError::NotNow(format!("GitHub's task {id} belongs to task {other} already")));
    }
    let id = TaskId::from(id);
    let found = match context.github.get_repo_task(&github_repo(&task.plan.repository)?, &id) {
        // The repository may have another name by now.
        Err(error) if error.is_not_found() => context.github.get_task(&id)?.value,
        outcome => outcome?.value,
    };
    let same_repository = found.repository_id.is_some_and(|repository| repository.0 == task.plan.repository_id);
    let same_creator = found.creator.is_some_and(|creator| creator.id.0 == task.plan.token_owner.id);
    if !same_repository || !same_creator {
        let (repository, login) = (&task.plan.repository, &task.plan.token_owner.login);
        return Err(ExecError::NotNow(format!(
            "GitHub's task {id} was not made by @{login} in {repository}, so it is not this one"
        )));
    }
    if let Some(other) = search::keys(&found).find(|key| *key != task.key.as_str()) {
        let other: String = other.chars().take(26).collect::<String>().escape_default().to_string();
        return Err(ExecError::NotNow(format!(
            "GitHub's task {id} bears the key {other} in its prompt, so it is not this one"
        )));
    }
    Ok(reading::task_ref(&found, context.now()))
}
