//! A person's decisions: stop a task, resolve what the executor cannot know, take notice, throw the kill switch.

use std::collections::BTreeMap;

use taskclass_spec::written::InputValue;
use taskclass_spec::{InputName, ModelId, RefName};

use crate::context::Context;
use crate::error::ExecError;
use crate::event::Body;
use crate::gate::RunRequest;
use crate::lifecycle::{Rule, Task, clocks, rule};
use crate::port::NotNow;
use crate::reconcile;
use crate::standing::can_give_up;
use crate::start;
use crate::vocab::{Key, State, TaskRef};

/// What a person decides about a task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// GitHub's task of this id is it.
    Adopt(String),
    /// It was never created: send it again, as another attempt. Possibly a duplicate, and recorded as such.
    Resubmit,
    /// Give it up: nobody knows whether it exists, whether it stopped, or how to judge it.
    Abandon,
    /// Everything that is open has been seen.
    Acknowledge,
    /// What was given up is tried again.
    Retry,
}

/// What came of a decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decided {
    /// It is written down.
    Done,
    /// Another task takes its place.
    Replaced(Key),
    /// GitHub shows it after all: it is followed on, and nothing is sent again.
    Found(TaskRef),
}

/// Stops a task: one that was never sent is given up; one that exists, or may exist, is to be cancelled at GitHub.
pub(crate) fn cancel(context: &mut Context<'_>, key: &Key, by: &str, reason: &str) -> Result<(), ExecError> {
    let state = context.task(key)?.state.clone();
    let (by, reason) = (by.to_owned(), reason.to_owned());
    let body = match state {
        State::Planned | State::Queued => Body::Abandoned { by, reason, replaced_by: None },
        _ => Body::CancelRequested { by, reason },
    };
    if body.kind().is_none_or(|kind| rule(&state, kind) != Rule::Legal) {
        return Err(ExecError::NotNow(format!("task {} is {state}: there is nothing to stop", key.short())));
    }
    context.say(key, body)?;
    Ok(())
}

/// Why it may not, and what ends it in the place of that.
fn why_not_given_up(task: &Task) -> String {
    let (short, state) = (task.key.short(), &task.state);
    let open = task.pull.as_ref().filter(|pull| pull.open);
    match state {
        State::Planned | State::Queued => {
            format!("task {short} is {state} and was never sent: `taskclass cancel {short}` takes it back")
        }
        state if state.is_in_flight() && task.cancel.is_some() => {
            format!(
                "task {short} is {state} and was told to stop: it can be given up once nothing shows in time that it did"
            )
        }
        state if state.is_in_flight() => format!("task {short} is {state}: `taskclass cancel {short}` stops it"),
        state if state.is_ended() => format!("task {short} is {state} already"),
        state => match open {
            Some(pull) => format!(
                "task {short} is {state}, and its pull request #{} is open: the task ends when that is merged or closed",
                pull.number
            ),
            None => format!(
                "task {short} is {state}: nothing of it is under way that could be given up; what waits in the inbox is \
                 answered with `taskclass resolve {short} --acknowledge`"
            ),
        },
    }
}

/// Why a task that is being looked for is not sent again yet.
fn still_looked_for(task: &Task) -> String {
    let short = task.key.short();
    let done = task.search.as_ref().map_or(0, |search| usize::try_from(search.looks).unwrap_or(usize::MAX));
    let left: i64 = clocks::LOOKS.iter().skip(done).sum();
    let next = task.search.as_ref().map_or(task.since, |search| search.next);
    let until = clocks::later(next, jiff::SignedDuration::from_secs(left));
    format!(
        "task {short} is still looked for, until about {}: lists may lag behind, and sent again now it could run twice; go on with \
         `taskclass tick`, or name the task that you have found with `taskclass resolve {short} --adopt ID`",
        until.strftime("%H:%M UTC")
    )
}

/// Carries a decision out.
pub(crate) fn decide(context: &mut Context<'_>, key: &Key, by: &str, decision: Decision) -> Result<Decided, ExecError> {
    let task = context.task(key)?.clone();
    let unsure = matches!(task.state, State::Unknown | State::Unresolved);
    let only_unsure = || {
        let (short, state) = (key.short(), &task.state);
        ExecError::NotNow(format!(
            "task {short} is {state}; only one whose existence is not known can be adopted or sent again"
        ))
    };
    let by = by.to_owned();
    match decision {
        Decision::Adopt(_) | Decision::Resubmit if !unsure => Err(only_unsure()),
        Decision::Adopt(id) => {
            let found = reconcile::pointed_at(context, &task, &id)?;
            context.say(key, Body::Adopted { task: found, quarantined: Vec::new(), by: Some(by) })?;
            Ok(Decided::Done)
        }
        Decision::Resubmit if task.state == State::Unknown => Err(ExecError::NotNow(still_looked_for(&task))),
        Decision::Resubmit => {
            // Hours may have passed since the last look: what GitHub shows by now need not be sent again.
            if let Some(found) = reconcile::look_once_more(context, &task)? {
                return Ok(Decided::Found(found));
            }
            let attempt = task.plan.attempt.saturating_add(1);
            let now = context.now();
            let class = context.approved(&task.plan.contract.class)?.map_err(|why| match why {
                NotNow::NotApproved(why) => format!("the class is not approved now, so nothing is sent: {why}"),
                NotNow::CannotTell(why) => format!("the registry cannot be read, so nothing is sent: {why}"),
            });
            let class = class.map_err(ExecError::NotNow)?;
            let bytes = context.book.payload(&task.plan.inputs_sha256)?.unwrap_or_default();
            let inputs: BTreeMap<InputName, InputValue> = serde_json::from_slice(&bytes).map_err(|_| {
                ExecError::NotNow("the inputs are not kept any more: abandon it and run the class again".to_owned())
            })?;
            let request = RunRequest {
                repository: task.plan.repository.clone(),
                inputs,
                model: task.plan.model.parse::<ModelId>().ok(),
                base_ref: task.plan.base_ref.parse::<RefName>().ok(),
                system: task.plan.caller.system.clone(),
                trigger: task.plan.caller.trigger.clone(),
            };
            let prepared = start::prepare(context, &class, &request, attempt, Some(task.run.clone()))?;
            let (mut drafts, payloads) = start::plan(context, &class, &prepared, attempt, Some(key.clone()));
            let reason = "sent again by a person's decision; this attempt may exist all the same".to_owned();
            let replaced_by = Some(prepared.key.clone());
            let given_up = context.book.about(key, now, Body::Abandoned { by, reason, replaced_by });
            drafts.insert(0, given_up);
            context.book.commit(drafts, payloads)?;
            Ok(Decided::Replaced(prepared.key))
        }
        Decision::Abandon => {
            if !can_give_up(&task) {
                return Err(ExecError::NotNow(why_not_given_up(&task)));
            }
            let body = Body::Abandoned { by, reason: "given up by a person".to_owned(), replaced_by: None };
            context.say(key, body)?;
            Ok(Decided::Done)
        }
        Decision::Retry => {
            let open = |number| task.open_episodes().any(|episode| episode.number == number);
            if !task.actions.values().any(|doing| doing.can_be_retried(open)) {
                let short = key.short();
                return Err(ExecError::NotNow(format!(
                    "nothing of task {short} was given up that could be tried again"
                )));
            }
            context.say(key, Body::RetryRequested { by })?;
            Ok(Decided::Done)
        }
        Decision::Acknowledge => {
            context.say(key, Body::Acknowledged { by })?;
            Ok(Decided::Done)
        }
    }
}

/// Throws the kill switch: nothing new is sent. What runs goes on.
pub(crate) fn stop_all(context: &mut Context<'_>, by: &str, reason: &str) -> Result<(), ExecError> {
    let body = Body::Stopped { by: by.to_owned(), reason: reason.to_owned() };
    let draft = context.book.plain(context.now(), body);
    context.book.commit(vec![draft], Vec::new())?;
    Ok(())
}

/// Lifts the kill switch.
pub(crate) fn start_again(context: &mut Context<'_>, by: &str) -> Result<(), ExecError> {
    let draft = context.book.plain(context.now(), Body::Started { by: by.to_owned() });
    context.book.commit(vec![draft], Vec::new())?;
    Ok(())
}
