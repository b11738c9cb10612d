//! Watching: one list for all tasks; a single task is read only when its row changed, a clock is about to run out, or it has not
//! been seen for long.

use jiff::{SignedDuration, Timestamp};
use taskclass_github::{CallError, Conditional, RateHeaders, Task as GithubTask, TaskId, TaskQuery};

use crate::context::Context;
use crate::error::ExecError;
use crate::event::{Body, Draft};
use crate::lifecycle::{Task, clocks};
use crate::port::{http, is_answer};
use crate::reading;
use crate::vocab::{AgentState, AgentView, Http, Key};

/// How far back behind the newest change the list is asked again: changes can appear late in a list.
const OVERLAP: SignedDuration = SignedDuration::from_mins(2);
/// Pages of the list. Beyond that the tasks are read one by one.
const PAGES: usize = 20;
/// A task under way is read itself at least this often: an archived one is in no list.
const UNSEEN: SignedDuration = SignedDuration::from_mins(15);

/// Tasks that are watched: they exist at GitHub and something may still happen to them.
fn watched(context: &Context<'_>) -> Vec<Key> {
    context
        .book
        .ledger()
        .active()
        .filter(|task| task.at_github.is_some() && !task.state.is_ended())
        .map(|task| task.key.clone())
        .collect()
}

/// When the list is looked at next, if there is anything to watch.
pub(crate) fn due(context: &Context<'_>) -> Option<Timestamp> {
    context.book.ledger().active().find(|task| task.at_github.is_some() && !task.state.is_ended())?;
    Some(context.memory.list_at.unwrap_or(Timestamp::MIN))
}

/// Whether a row of the list says something that is not known.
fn differs(task: &Task, row: &GithubTask) -> bool {
    let Some(agent) = &task.agent else { return true };
    let state = AgentState::parse(row.state.as_str());
    let newer = row.updated_at.is_none_or(|at| crate::clock::to_millis(at) != agent.updated_at);
    let sessions = row.session_count.is_some_and(|count| usize::try_from(count) != Ok(agent.sessions.len()));
    state != agent.state || newer || sessions
}

/// Looks at the list once, and reads what changed.
pub(crate) fn poll(context: &mut Context<'_>) -> Result<(), ExecError> {
    let now = context.now();
    let interval = interval(context);
    context.memory.list_at = Some(clocks::later(now, interval));
    let keys = watched(context);
    let changed = match changed(context, &keys, now) {
        Ok(changed) => changed,
        Err(CallError::TooManyPages { .. }) => keys,
        Err(error) => {
            context.endure(error)?;
            return Ok(());
        }
    };
    context.well();
    for key in changed {
        if context.clock.interrupted() {
            return Ok(());
        }
        read(context, &key)?;
    }
    Ok(())
}

/// Requests of the hour that are left to other programs with the same token.
const LEFT: u64 = 100;

/// When the list may be asked again, if the hour's budget of requests is nearly used up. GitHub's moments are taken relative to its own
/// clock.
fn spent(rate: &RateHeaders, date: Option<Timestamp>, now: Timestamp) -> Option<Timestamp> {
    let (remaining, reset) = rate.remaining.zip(rate.reset)?;
    let wait = reset.duration_since(date.unwrap_or(now)).clamp(SignedDuration::ZERO, SignedDuration::from_hours(1));
    (remaining < LEFT).then(|| clocks::later(now, wait))
}

/// The shortest interval while anything moves, the longest while all wait for people.
fn interval(context: &Context<'_>) -> SignedDuration {
    let moving = context.book.ledger().active().any(|task| {
        task.at_github.is_some()
            && task.state.is_in_flight()
            && !task.agent.as_ref().is_some_and(|agent| agent.state.waits())
    });
    let settings = context.settings;
    if moving { settings.min_interval.signed() } else { settings.max_interval.signed() }
}

/// The watched tasks whose row changed, or that have not been seen for long.
fn changed(context: &mut Context<'_>, keys: &[Key], now: Timestamp) -> Result<Vec<Key>, CallError> {
    let since = context.memory.cursor.or_else(|| {
        let tasks = keys.iter().filter_map(|key| context.book.ledger().tasks.get(key));
        tasks
            .filter_map(|task| {
                task.agent.as_ref().map(|a| a.updated_at).or(task.at_github.as_ref().map(|t| t.created_at))
            })
            .min()
    });
    let query = TaskQuery { since: since.and_then(|at| at.checked_sub(OVERLAP).ok()), ..TaskQuery::default() };
    let known = context.memory.tag.as_ref().filter(|(of, _)| *of == query).map(|(_, tag)| tag.clone());
    let first = match &known {
        Some(tag) => context.github.list_tasks_if_changed(&query, tag)?,
        None => context.github.list_tasks(&query)?.map(Conditional::Modified),
    };
    let meta = first.meta.clone();
    if let Some(until) = spent(&meta.rate, meta.date, now) {
        context.memory.list_at = context.memory.list_at.max(Some(until));
    }
    let mut changed = Vec::new();
    let mut seen = std::collections::BTreeSet::new();
    if let Conditional::Modified(page) = first.value {
        let rows = context.github.collect(taskclass_github::Answer { value: page, meta: meta.clone() }, PAGES)?.items;
        let newest = rows.iter().filter_map(|row| row.updated_at).max();
        for row in &rows {
            let Some(key) = context.book.ledger().by_task_id.get(row.id.as_str()) else { continue };
            let Some(task) = context.book.ledger().tasks.get(key) else { continue };
            if seen.insert(key.clone()) && !task.state.is_ended() && differs(task, row) {
                changed.push(key.clone());
            }
        }
        context.memory.tag = meta.etag.map(|tag| (query, tag));
        context.memory.cursor = context.memory.cursor.max(newest);
    }
    let unseen = |key: &&Key| {
        let live = context.book.ledger().tasks.get(*key).is_some_and(|task| task.state.is_in_flight());
        let last = context.memory.read.get(*key).copied();
        live && !changed.contains(*key) && last.is_none_or(|last| now.duration_since(last) >= UNSEEN)
    };
    let unseen: Vec<_> = keys.iter().filter(unseen).cloned().collect();
    changed.extend(unseen);
    Ok(changed)
}

/// Reads a task itself, and writes down what changed.
pub(crate) fn read(context: &mut Context<'_>, key: &Key) -> Result<(), ExecError> {
    let Some(id) = context.task(key)?.at_github.as_ref().map(|task| TaskId::from(task.id.as_str())) else {
        return Ok(());
    };
    let answer = match context.github.get_task(&id) {
        Ok(answer) => answer,
        Err(error) if is_answer(&error) => return missing(context, key, &http(error.meta())),
        Err(error) => {
            context.endure(error)?;
            return Ok(());
        }
    };
    context.well();
    let now = context.now();
    context.memory.read.insert(key.clone(), now);
    let view = reading::view(&answer.value, now);
    let task = context.task(key)?;
    let http = http(Some(&answer.meta));
    let mut drafts = Vec::new();
    let limit = task.contract().budget.per_task;
    let over = view.nano_credits.filter(|nanos| *nanos > limit.nanos().0 && !task.over_budget);
    if tells(task, &view, now) {
        let occurred = view.updated_at;
        drafts.push(Draft { occurred, ..context.draft(key, Body::Observed(Box::new(view)), &http) });
    }
    if let Some(nano_credits) = over {
        drafts.push(context.draft(key, Body::OverBudget { nano_credits, limit }, &http));
    }
    if !drafts.is_empty() {
        context.memory.evidence.remove(key);
        context.book.commit(drafts, Vec::new())?;
    }
    Ok(())
}

/// Whether a reading is worth an event. GitHub moves `updated_at`, and usage grows, while an agent works: that alone is written down
/// only as often as the `stale` clock needs it.
fn tells(task: &Task, view: &AgentView, now: Timestamp) -> bool {
    let Some(known) = &task.agent else { return true };
    let mut alike = view.clone();
    alike.updated_at = known.updated_at;
    alike.nano_credits = known.nano_credits;
    if alike != *known || view.state.is_settled() {
        return view != known;
    }
    let often = SignedDuration::from_secs(60).max(task.contract().timeouts.stale.signed() / 4);
    view != known && now.duration_since(task.times.changed) >= often
}

/// A task that GitHub does not find: just after its creation that means nothing.
fn missing(context: &mut Context<'_>, key: &Key, http: &Http) -> Result<(), ExecError> {
    let now = context.now();
    context.memory.read.insert(key.clone(), now);
    let task = context.task(key)?;
    let young = task.times.accepted.is_some_and(|at| now < clocks::later(at, clocks::GRACE));
    if !young && task.missing_since.is_none() {
        context.say_with(key, Body::Missing, http, Vec::new())?;
    }
    Ok(())
}
