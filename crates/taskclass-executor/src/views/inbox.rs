//! What waits for a person: with owner, age, deadline and link.

use jiff::Timestamp;
use serde::Serialize;
use taskclass_spec::Owner;
use taskclass_spec::written::{AfterDeadline, EscalationTrigger};

use crate::ledger::Ledger;
use crate::lifecycle::{Occasion, Progress, Task};
use crate::vocab::{Acted, Action, Key, State, Verdict};

/// One thing that waits for a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct InboxItem {
    /// The task.
    pub key: Key,
    /// The class.
    pub class: String,
    /// The repository.
    pub repository: String,
    /// Where the task stands.
    pub state: State,
    /// What it waits for, in words.
    pub why: String,
    /// Whether the task stands on a break-glass approval.
    pub break_glass: bool,
    /// Who answers first.
    pub owners: Vec<String>,
    /// Since when it waits.
    pub since: Timestamp,
    /// Until when an answer is awaited, and what happens then.
    pub deadline: Option<(Timestamp, AfterDeadline)>,
    /// Where to look: the notice, the pull request, the task.
    pub link: Option<String>,
}

fn broken(task: &Task) -> String {
    let each: Vec<_> = task.break_glass.iter().map(ToString::to_string).collect();
    format!("runs under a break-glass approval of {}", each.join("; of "))
}

fn why(trigger: EscalationTrigger) -> &'static str {
    match trigger {
        EscalationTrigger::WaitingForUser => "the agent asks a person",
        EscalationTrigger::Failed => "the task failed",
        EscalationTrigger::TimedOut => "time ran out",
        EscalationTrigger::Stale => "nothing has changed for too long",
        EscalationTrigger::Unresolved => "decide whether the task exists: `taskclass resolve`",
        EscalationTrigger::OverBudget => "more was used than the budget allows",
        EscalationTrigger::Rejected => "the result was rejected",
        EscalationTrigger::GateFailed => "a rollout gate failed",
        EscalationTrigger::CancelUnconfirmed => "told to stop, and nothing shows that it did",
    }
}

fn link(task: &Task, episode: Option<u32>) -> Option<String> {
    let notice = task.actions.values().find_map(|doing| match (&doing.action, &doing.progress) {
        (Action::Notify { episode: of, .. }, Progress::Done { outcome: Acted::Posted { url, .. } })
            if Some(*of) == episode =>
        {
            Some(url.clone())
        }
        _ => None,
    });
    let pull = || task.pull.as_ref().map(|pull| pull.url.clone());
    notice.or_else(pull).or_else(|| task.at_github.as_ref().and_then(|found| found.url.clone()))
}

fn item(
    task: &Task,
    why: String,
    since: Timestamp,
    deadline: Option<(Timestamp, AfterDeadline)>,
    link: Option<String>,
) -> InboxItem {
    InboxItem {
        key: task.key.clone(),
        class: task.plan.contract.class.to_string(),
        repository: task.plan.repository.to_string(),
        state: task.state.clone(),
        why,
        break_glass: !task.break_glass.is_empty(),
        owners: task.contract().owners.iter().map(Owner::to_string).collect(),
        since,
        deadline,
        link,
    }
}

fn of_task(task: &Task) -> Vec<InboxItem> {
    let rule = task.contract().escalation.deadline;
    let mut items: Vec<_> = task
        .open_episodes()
        .map(|episode| {
            let (why, asks) = match episode.trigger {
                Occasion::BreakGlass => (broken(task), false),
                Occasion::Class(trigger) => (why(trigger).to_owned(), !episode.deadline_reached),
            };
            let deadline = asks.then(|| (rule.after.after(episode.opened), rule.action));
            item(task, why, episode.opened, deadline, link(task, Some(episode.number)))
        })
        .collect();
    // What needs a person even where the class does not escalate on it.
    let told = |trigger: EscalationTrigger| task.open_episodes().any(|episode| episode.trigger == trigger.into());
    let plain = match &task.state {
        State::Unresolved if !told(EscalationTrigger::Unresolved) => {
            Some(why(EscalationTrigger::Unresolved).to_owned())
        }
        State::Task(agent) if agent.waits() && !told(EscalationTrigger::WaitingForUser) => {
            Some(why(EscalationTrigger::WaitingForUser).to_owned())
        }
        State::Judged(Verdict::Inconclusive) => {
            let reasons = task.judgement.iter().flat_map(|judgement| &judgement.reasons);
            Some(format!("inconclusive: {}", reasons.map(ToString::to_string).collect::<Vec<_>>().join("; ")))
        }
        State::Judged(Verdict::Accepted) if task.pull.as_ref().is_some_and(|pull| pull.open) => {
            Some("the pull request waits for review".to_owned())
        }
        _ => None,
    };
    if let Some(why) = plain {
        items.push(item(task, why, task.since, None, link(task, None)));
    }
    for doing in task.actions.values() {
        if let Progress::GivenUp { reason } = &doing.progress {
            let why = format!("{} was given up: {reason}", doing.action.id());
            items.push(item(task, why, task.since, None, link(task, None)));
        }
    }
    if task.unreviewed_merge {
        items.push(item(
            task,
            "merged with fewer approvals than the class asks for".to_owned(),
            task.since,
            None,
            link(task, None),
        ));
    }
    items
}

/// Everything that waits for a person, what has the nearest deadline first.
pub fn inbox(ledger: &Ledger) -> Vec<InboxItem> {
    let mut items: Vec<_> = ledger.tasks.values().flat_map(of_task).collect();
    items.sort_by_key(|item| (item.deadline.map_or(Timestamp::MAX, |(at, _)| at), item.since));
    items
}
