//! What is done next for a task, by whom, and when: for whoever waits for it.

use jiff::Timestamp;
use serde::Serialize;
use taskclass_spec::Owner;

use crate::agenda::{Item, agenda};
use crate::lifecycle::{Cancel, Progress, Task};
use crate::vocab::{AgentState, State, Verdict};

/// Who does something next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Actor {
    /// The executor.
    Taskclass,
    /// The agent at GitHub.
    Agent,
    /// People.
    Person,
}

/// What is done next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NextAction {
    /// By whom.
    pub by: Actor,
    /// What, as an infinitive: `read the result`.
    pub what: String,
    /// Not before this moment, where one is known.
    pub at: Option<Timestamp>,
    /// The people who are asked.
    pub people: Vec<String>,
}

fn names(people: &[Owner]) -> Vec<String> {
    people.iter().map(Owner::to_string).collect()
}

/// What is done next for a task; `None` where nothing is expected any more.
pub fn next_action(task: &Task) -> Option<NextAction> {
    let ours = |what: &str, at: Option<Timestamp>| NextAction {
        by: Actor::Taskclass,
        what: what.to_owned(),
        at,
        people: Vec::new(),
    };
    let agent = |what: &str| NextAction { by: Actor::Agent, ..ours(what, None) };
    let people =
        |what: &str| NextAction { by: Actor::Person, people: names(&task.contract().owners), ..ours(what, None) };
    let due = |which: fn(&Item<&crate::vocab::ActionId>) -> bool| {
        let mut first: Option<Timestamp> = None;
        agenda(task, |at, item| {
            if which(&item) {
                first = Some(first.map_or(at, |known| known.min(at)));
            }
        });
        first
    };
    let open = task.pull.as_ref().is_some_and(|pull| pull.open);
    let by_state = match &task.state {
        State::Planned | State::Queued => Some(ours("send it", task.not_before)),
        State::Sending => Some(ours("hear whether GitHub took it", None)),
        State::Unknown => Some(ours("look whether it exists", due(|item| matches!(item, Item::Search)))),
        State::Unresolved => Some(people("say whether it exists")),
        // Who is to stop is not to be answered.
        State::Task(_) if task.cancel.as_ref().is_some_and(Cancel::is_pending) && task.state.is_in_flight() => {
            Some(agent("stop, as it was told to"))
        }
        State::Task(state) if state.waits() => Some(people("answer the agent")),
        State::Task(state) if state.is_settled() => Some(ours("read the result", None)),
        state if state.is_in_flight() && task.cancel.is_some() => Some(agent("stop, as it was told to")),
        State::Task(AgentState::InProgress) => Some(agent("finish its work")),
        State::Task(AgentState::Other(_)) => Some(agent("leave a state that is not known here")),
        State::Accepted | State::Adopted | State::Task(_) => Some(agent("begin")),
        State::Delivered | State::Empty => {
            Some(ours("read the result again", due(|item| matches!(item, Item::Evidence))))
        }
        State::Judged(Verdict::Inconclusive) => match due(|item| matches!(item, Item::Evidence)) {
            Some(at) => Some(ours("read the result again", Some(at))),
            None => Some(people("decide, as the result could not be judged")),
        },
        State::Judged(_) if open => {
            let reviewers = names(&task.contract().reviewers);
            let review = people("review the pull request, and merge or close it");
            Some(if reviewers.is_empty() { review } else { NextAction { people: reviewers, ..review } })
        }
        _ => None,
    };
    // What is to be done at once comes before what others do some time; what is due later does not.
    let wanted = task.actions.iter().filter_map(|(id, doing)| match doing.progress {
        Progress::Wanted { at } | Progress::Started { at } => Some((at, id)),
        Progress::Done { .. } | Progress::GivenUp { .. } => None,
    });
    let wanted = wanted.min().map(|(at, id)| ours(&id.to_do(), Some(at)));
    match (by_state, wanted) {
        (Some(state), Some(wanted)) if state.by == Actor::Taskclass || wanted.at > Some(task.since) => Some(state),
        (state, wanted) => wanted.or(state),
    }
}
