//! Watching: one list for all tasks. What a row of it tells is written down from the row; a single task is read only for what a row
//! cannot tell, when a clock is about to run out, or when it has not been read for long. Archived tasks are in a list of their own, which
//! is looked at when GitHub says that their number has changed.

mod rows;

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use taskclass_github::{ApiErrorKind, CallError, Conditional, Meta, Task as GithubTask, TaskId, TaskQuery};

use self::rows::{News, news, tells};
use crate::context::Context;
use crate::error::ExecError;
use crate::event::{Body, Draft};
use crate::lifecycle::{Task, clocks};
use crate::memory::Side;
use crate::pace::Load;
use crate::port::http;
use crate::reading;
use crate::vocab::{Http, Key, State};

/// How far back behind the newest change the list is asked again: changes can appear late in a list.
const OVERLAP: SignedDuration = SignedDuration::from_mins(2);
/// Pages of a list. Beyond that the tasks are read one by one.
const PAGES: usize = 20;
/// How often the archived tasks are looked at where GitHub does not say how many there are.
const ARCHIVE: SignedDuration = SignedDuration::from_mins(15);
/// For how long after it was judged a task that is done is looked for among those that came back to life while nobody watched.
const RECENT: SignedDuration = SignedDuration::from_hours(24);
/// A task that is listed and not found yet is asked for again after so long.
const NOT_YET: SignedDuration = SignedDuration::from_secs(15);

/// Whether a task is watched: it exists at GitHub, and something may still happen to it.
fn is_watched(task: &Task) -> bool {
    task.at_github.is_some() && !task.state.is_ended()
}

/// Whether a task that is done may have come back to life since anybody looked.
fn may_be_back(task: &Task, now: Timestamp) -> bool {
    matches!(task.state, State::Judged(_)) && is_watched(task) && now.duration_since(task.since) < RECENT
}

/// When the list is looked at next, if there is anything to watch. A process that has only begun looks once for tasks that were done
/// and are not any more.
pub(crate) fn due(context: &Context<'_>) -> Option<Timestamp> {
    let ledger = context.book.ledger();
    let any = ledger.active().any(is_watched) || {
        let now = context.now();
        context.memory.list_at.is_none() && ledger.tasks.values().any(|task| may_be_back(task, now))
    };
    any.then(|| context.memory.list_at.unwrap_or(Timestamp::MIN))
}

/// A list, read.
struct Listed {
    rows: Vec<GithubTask>,
    /// Whether all of it was read.
    whole: bool,
    /// Whether it may differ from when it was last looked at.
    changed: bool,
    /// How many tasks are archived, if it says so.
    archived: Option<u64>,
    /// What the first page's answer said.
    meta: Meta,
}

/// Looks at the list once, writes down what its rows tell, and remembers what has to be read.
pub(crate) fn poll(context: &mut Context<'_>) -> Result<(), ExecError> {
    let now = context.now();
    let load = Load::of(context.book.ledger(), context.settings, now);
    let wanted = load.interval(context.settings);
    let ledger = context.book.ledger();
    context.memory.keep_only(&ledger.active, |key| ledger.afterwards.contains(key));
    context.memory.pulls_every = load.pulls_every();
    context.memory.list_at = Some(clocks::later(now, context.memory.budget.stretch(wanted, now)));
    let keys = watched(context, now);
    let listed = match look(context, since(context, &keys), false) {
        Ok(listed) => listed,
        Err(error) => {
            context.endure(error)?;
            return Ok(());
        }
    };
    context.memory.well();
    let meta = &listed.meta;
    context.memory.budget.note(&meta.rate, meta.date, now);
    context.memory.list_at = Some(clocks::later(now, context.memory.budget.stretch(wanted, now)));
    if !listed.whole {
        context.memory.unread.extend(keys.iter().cloned());
    }
    take_in(context, &listed, load, now)?;
    let newest = listed.rows.iter().filter_map(|row| row.updated_at).max();
    context.memory.cursor = context.memory.cursor.max(newest);
    archived(context, &keys, &listed, load, now)?;
    rotate(context, &keys, load.rests(wanted), now);
    Ok(())
}

/// Tasks that are watched, and at the first look also those that may have come back to life.
fn watched(context: &Context<'_>, now: Timestamp) -> Vec<Key> {
    let ledger = context.book.ledger();
    let mut keys: Vec<Key> = ledger.active().filter(|task| is_watched(task)).map(|task| task.key.clone()).collect();
    if context.memory.cursor.is_none() {
        let back = ledger.tasks.values().filter(|task| may_be_back(task, now) && !ledger.active.contains(&task.key));
        keys.extend(back.map(|task| task.key.clone()));
    }
    keys
}

/// The oldest change that is known of any of these tasks.
fn oldest(context: &Context<'_>, keys: &[Key]) -> Option<Timestamp> {
    let tasks = keys.iter().filter_map(|key| context.book.ledger().tasks.get(key));
    let known = |task: &Task| {
        let seen = task.agent.as_ref().map(|agent| agent.updated_at);
        seen.or(task.at_github.as_ref().map(|found| found.created_at))
    };
    tasks.filter_map(known).min()
}

/// From when on changes are asked for.
fn since(context: &Context<'_>, keys: &[Key]) -> Option<Timestamp> {
    let from = context.memory.cursor.or_else(|| oldest(context, keys));
    from.and_then(|at| at.checked_sub(OVERLAP).ok())
}

/// Reads a list from a moment on: at most so many pages as there is something to find in them.
fn look(context: &mut Context<'_>, since: Option<Timestamp>, archived: bool) -> Result<Listed, CallError> {
    let query = TaskQuery { since, archived, ..TaskQuery::default() };
    let now = context.now();
    let seen = if archived { &mut context.memory.archive } else { &mut context.memory.list };
    seen.at = Some(now);
    let known = seen.tag.as_ref().filter(|(of, _)| *of == query).map(|(_, tag)| tag.clone());
    context.memory.reads(now);
    let first = match &known {
        Some(tag) => context.github.list_tasks_if_changed(&query, tag)?,
        None => context.github.list_tasks(&query)?.map(Conditional::Modified),
    };
    let meta = first.meta;
    let Conditional::Modified(page) = first.value else {
        return Ok(Listed { rows: Vec::new(), whole: true, changed: false, archived: None, meta });
    };
    context.memory.budget.charged();
    let count = page.body.total_archived_count;
    let (mut rows, mut next, mut pages) = (page.body.tasks, page.next, 1);
    while let Some(link) = next.take_if(|_| pages < PAGES) {
        context.memory.reads(now);
        context.memory.budget.charged();
        let page = context.github.next_page(&link)?.value;
        rows.extend(page.body.tasks);
        next = page.next;
        pages += 1;
    }
    let whole = next.is_none();
    let seen = if archived { &mut context.memory.archive } else { &mut context.memory.list };
    seen.tag = meta.etag.clone().filter(|_| whole).map(|tag| (query, tag));
    Ok(Listed { rows, whole, changed: true, archived: count, meta })
}

/// Writes down what rows tell whole, and remembers which tasks have to be read.
fn take_in(context: &mut Context<'_>, listed: &Listed, load: Load, now: Timestamp) -> Result<(), ExecError> {
    let http = http(Some(&listed.meta));
    let (mut drafts, mut seen) = (Vec::new(), BTreeSet::new());
    for row in &listed.rows {
        let ledger = context.book.ledger();
        let Some(task) = ledger.by_task_id.get(row.id.as_str()).and_then(|key| ledger.tasks.get(key)) else { continue };
        if !seen.insert(task.key.clone()) || task.state.is_ended() {
            continue;
        }
        match news(task, row, load.in_flight(), now) {
            News::Nothing => {}
            News::Row(view) if tells(task, &view, now) => {
                let draft =
                    Draft { occurred: view.updated_at, ..context.draft(&task.key, Body::Observed(view), &http) };
                drafts.push(draft);
            }
            News::Row(_) => {}
            News::Whole => {
                let key = task.key.clone();
                context.memory.unread.insert(key);
            }
        }
    }
    if !drafts.is_empty() {
        context.book.commit(drafts, Vec::new())?;
    }
    Ok(())
}

/// Looks at the archived tasks, if one of ours may have become one of them, or is one and may move.
fn archived(
    context: &mut Context<'_>,
    keys: &[Key],
    list: &Listed,
    load: Load,
    now: Timestamp,
) -> Result<(), ExecError> {
    let (ledger, memory) = (context.book.ledger(), &context.memory);
    // Also one that is done: it may begin another session, which no other list would show.
    let is_archived = |task: &Task| task.agent.as_ref().is_some_and(|agent| agent.archived);
    let one_of_ours = keys.iter().filter_map(|key| ledger.tasks.get(key)).any(is_archived);
    let more = match list.archived {
        Some(count) => count != memory.archived.unwrap_or(0),
        None => list.changed && memory.archive.at.is_none_or(|at| now.duration_since(at) >= ARCHIVE),
    };
    if !one_of_ours && !more {
        return Ok(());
    }
    // When a task was archived it did not change: only from the oldest change on that is known nothing is passed over.
    let from = oldest(context, keys);
    let listed = match look(context, from, true) {
        Ok(listed) => listed,
        Err(error) => {
            context.endure(error)?;
            return Ok(());
        }
    };
    context.memory.archived = listed.archived.or(list.archived).or(context.memory.archived);
    take_in(context, &listed, load, now)
}

/// Of the tasks under way that have not been read for long, those whose turn it is: a task that was deleted is in no list, and what an
/// agent uses is in none either.
fn rotate(context: &mut Context<'_>, keys: &[Key], rests: SignedDuration, now: Timestamp) {
    let ledger = context.book.ledger();
    let memory = &context.memory;
    let mut long: Vec<(Timestamp, &Key)> = Vec::new();
    let mut in_flight = 0_i64;
    for task in keys.iter().filter_map(|key| ledger.tasks.get(key)).filter(|task| task.state.is_in_flight()) {
        in_flight += 1;
        let written = task.times.accepted.unwrap_or(task.since).max(task.times.changed);
        let last = memory.read.get(&task.key).copied().unwrap_or(written).max(written.min(now));
        // Accepted, and no list has shown it.
        let wait = if task.agent.is_none() { clocks::GRACE.min(rests) } else { rests };
        if now.duration_since(last) >= wait && !memory.unread.contains(&task.key) {
            long.push((memory.read.get(&task.key).copied().unwrap_or(Timestamp::MIN), &task.key));
        }
    }
    long.sort();
    let interval = memory.list_at.map_or(SignedDuration::ZERO, |next| next.duration_since(now));
    let turn = 1 + in_flight * interval.as_secs() / rests.as_secs().max(1);
    // A process that has only begun knows of none when it was read; it begins somewhere else each time.
    let strangers = long.iter().take_while(|(at, _)| *at == Timestamp::MIN).count();
    if let Some(start) =
        usize::try_from(now.as_second().rem_euclid(86_400) / 60).ok().and_then(|m| m.checked_rem(strangers))
    {
        long[..strangers].rotate_left(start);
    }
    let turn: Vec<Key> =
        long.into_iter().take(usize::try_from(turn).unwrap_or(1)).map(|(_, key)| key.clone()).collect();
    context.memory.unread.extend(turn);
}

/// Reads a task itself, and writes down what changed. Gives whether GitHub has said how it stands.
pub(crate) fn read(context: &mut Context<'_>, key: &Key) -> Result<bool, ExecError> {
    let Some(id) = context.task(key)?.at_github.as_ref().map(|task| TaskId::from(task.id.as_str())) else {
        context.memory.unread.remove(key);
        return Ok(true);
    };
    let now = context.now();
    context.memory.budget.charged();
    let answer = match context.github.get_task(&id) {
        Ok(answer) => answer,
        Err(error) if is_gone(&error) => {
            context.memory.well();
            return missing(context, key, &http(error.meta()));
        }
        Err(error) => {
            // What is to be read stays so until it has been.
            context.endure_for(key, Side::Task, error)?;
            return Ok(false);
        }
    };
    context.well_for(key, Side::Task);
    context.memory.unread.remove(key);
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
    Ok(true)
}

/// Whether GitHub says that there is no such task. That it does not let us see it is something else.
fn is_gone(error: &CallError) -> bool {
    error.api().is_some_and(|api| matches!(api.kind, ApiErrorKind::NotFound | ApiErrorKind::Gone))
}

/// A task that GitHub does not find: just after its creation that means nothing.
fn missing(context: &mut Context<'_>, key: &Key, http: &Http) -> Result<bool, ExecError> {
    let now = context.now();
    context.memory.read.insert(key.clone(), now);
    let task = context.task(key)?;
    let young = task.times.accepted.is_some_and(|at| now < clocks::later(at, clocks::GRACE));
    let told = task.missing_since.is_some();
    if young {
        let why = "GitHub does not find the task yet";
        context.memory.put_off(key, Side::Task, clocks::later(now, NOT_YET), why);
        return Ok(true);
    }
    context.memory.well_for(key, Side::Task);
    context.memory.unread.remove(key);
    if !told {
        context.say_with(key, Body::Missing, http, Vec::new())?;
    }
    Ok(true)
}
