//! A notice as a signed webhook. It may be sent again with the same id, as often as it takes: whoever takes it knows by the id that it
//! has been there. A receiver that is down holds nothing else up.

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use taskclass_spec::NotifierName;
use taskclass_spec::written::AfterDeadline;

use super::Outcome;
use super::told::Told;
use crate::agenda::backoff;
use crate::context::Context;
use crate::lifecycle::{Doing, Episode, Occasion, Task, clocks};
use crate::port::Delivery;
use crate::vocab::{Acted, Http, Key, RunId, State};
use crate::webhook::Message;

/// The first wait before it is sent again, and the longest. Doubled each time.
const FIRST: SignedDuration = SignedDuration::from_secs(2);
const MOST: SignedDuration = SignedDuration::from_hours(4);
/// How often it is sent: over about a day. Then it stands in the inbox.
const TRIES: u32 = 18;

/// What a receiver gets. Fields are added, and never change what they mean.
#[derive(Serialize)]
struct Notice<'a> {
    /// What kind of message this is, for receivers of several.
    #[serde(rename = "type")]
    kind: &'static str,
    /// When the escalation began.
    timestamp: Timestamp,
    data: Data<'a>,
}

#[derive(Serialize)]
struct Data<'a> {
    class: &'a str,
    version: u32,
    title: &'a str,
    repository: String,
    run: &'a RunId,
    task: &'a Key,
    state: &'a State,
    /// What started it: a name of `escalation.on`, `break_glass`, or `given_up`.
    trigger: Occasion,
    /// The same in words.
    reason: &'static str,
    /// More of it, one a line, in words that can be anybody's.
    details: Vec<String>,
    /// Which escalation of the task, and which rung of the ladder, from 1.
    escalation: u32,
    rung: u32,
    owners: Vec<String>,
    task_url: Option<String>,
    pull_request_url: Option<String>,
    /// Until when an answer is awaited, and what happens then.
    deadline: Option<Deadline>,
    /// Commands that answer it.
    next: Vec<String>,
}

#[derive(Serialize)]
struct Deadline {
    at: Timestamp,
    #[serde(rename = "do")]
    action: AfterDeadline,
}

/// The message's id: the same for every try.
fn id(task: &Task, episode: u32, rung: u32, name: &NotifierName) -> String {
    format!("taskclass_{}_{episode}_{rung}_{name}", task.key)
}

fn body(task: &Task, episode: &Episode, rung: u32) -> Result<Vec<u8>, serde_json::Error> {
    let told = Told::of(task, episode);
    let details = told.facts.into_iter().map(|fact| match fact.said {
        Some(said) => format!("{} {said}", fact.what),
        None => fact.what,
    });
    let contract = task.contract();
    serde_json::to_vec(&Notice {
        kind: "taskclass.escalation",
        timestamp: episode.opened,
        data: Data {
            class: contract.class.as_str(),
            version: contract.version,
            title: &contract.title,
            repository: task.plan.repository.to_string(),
            run: &task.run,
            task: &task.key,
            state: &task.state,
            trigger: episode.trigger,
            reason: told.reason,
            details: details.collect(),
            escalation: episode.number,
            rung: rung.saturating_add(1),
            owners: told.owners,
            task_url: told.task_url,
            pull_request_url: told.pull_request_url,
            deadline: told.deadline.map(|(at, action)| Deadline { at, action }),
            next: told.next,
        },
    })
}

/// Sends it once. `doing` counts this try.
pub(super) fn send(
    context: &mut Context<'_>,
    task: &Task,
    doing: &Doing,
    episode: &Episode,
    rung: u32,
    name: &NotifierName,
) -> Outcome {
    let body = match body(task, episode, rung) {
        Ok(body) => body,
        Err(error) => return Outcome::Never(error.to_string()),
    };
    let message = Message { id: id(task, episode.number, rung, name), at: context.now(), body };
    match context.webhooks.post(name, &message) {
        Delivery::Taken { status } => {
            context.memory.receiver_well(name);
            Outcome::Stands(Acted::Done, Http { status: Some(status), request_id: None })
        }
        Delivery::Failed { reason, .. } => {
            let now = context.now();
            context.memory.receiver_failed(name, now);
            if doing.tries < TRIES {
                let wait = backoff(doing.tries.saturating_sub(1), FIRST, MOST);
                Outcome::Later(reason, clocks::later(now, wait))
            } else {
                Outcome::Never(format!("{reason}, the last of {TRIES} tries"))
            }
        }
    }
}
