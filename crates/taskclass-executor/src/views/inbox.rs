//! What waits for a person: with owner, age, deadline and link.

use jiff::Timestamp;
use serde::Serialize;
use taskclass_spec::Owner;
use taskclass_spec::written::{AfterDeadline, EscalationTrigger};

use crate::answer::{Answer, deadline};
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
    /// What a person does about it.
    pub answer: Answer,
    /// The commands for that, the likeliest first.
    pub next: Vec<String>,
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
        EscalationTrigger::Unresolved => "nobody knows whether the task exists",
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

fn item(task: &Task, why: String, answer: Answer) -> InboxItem {
    InboxItem {
        key: task.key.clone(),
        class: task.plan.contract.class.to_string(),
        repository: task.plan.repository.to_string(),
        state: task.state.clone(),
        why,
        break_glass: !task.break_glass.is_empty(),
        owners: task.contract().owners.iter().map(Owner::to_string).collect(),
        since: task.since,
        deadline: None,
        link: link(task, None),
        answer,
        next: answer.commands(&task.key),
    }
}

/// What is wrong with a merge.
fn ungated(task: &Task) -> &'static str {
    match (task.unreviewed_merge, task.merged_against_verdict) {
        (true, true) => "merged with fewer approvals than the class asks for, and without a verdict that allows it",
        (false, true) => "merged although it was rejected, or before it was judged",
        _ => "merged with fewer approvals than the class asks for",
    }
}

fn of_task(task: &Task) -> Vec<InboxItem> {
    let escalated = task.open_episodes().filter_map(|episode| {
        let why = match episode.trigger {
            Occasion::BreakGlass => broken(task),
            Occasion::UngatedMerge => ungated(task).to_owned(),
            // Each is an item of its own.
            Occasion::GivenUp => return None,
            Occasion::Class(trigger) => why(trigger).to_owned(),
        };
        let plain = item(task, why, Answer::to(task, episode.trigger));
        let (deadline, link) = (deadline(task, episode), link(task, Some(episode.number)));
        Some(InboxItem { since: episode.opened, deadline, link, ..plain })
    });
    let mut items: Vec<_> = escalated.collect();
    // What needs a person even where the class does not escalate on it.
    let told = |trigger: EscalationTrigger| task.open_episodes().any(|episode| episode.trigger == trigger.into());
    let open = task.pull.as_ref().is_some_and(|pull| pull.open);
    let plain = match &task.state {
        State::Unresolved if !told(EscalationTrigger::Unresolved) => {
            Some((why(EscalationTrigger::Unresolved).to_owned(), Answer::Resolve))
        }
        State::Task(agent) if agent.waits() && !told(EscalationTrigger::WaitingForUser) => {
            Some((why(EscalationTrigger::WaitingForUser).to_owned(), Answer::Agent))
        }
        State::Judged(Verdict::Inconclusive) => {
            let reasons = task.judgement.iter().flat_map(|judgement| &judgement.reasons);
            let why = format!("inconclusive: {}", reasons.map(ToString::to_string).collect::<Vec<_>>().join("; "));
            Some((why, if open { Answer::Review } else { Answer::GiveUp }))
        }
        State::Judged(Verdict::Accepted) if open => {
            Some(("the pull request waits for review".to_owned(), Answer::Review))
        }
        _ => None,
    };
    items.extend(plain.map(|(why, answer)| item(task, why, answer)));
    let is_open = |number| task.open_episodes().any(|episode| episode.number == number);
    for doing in task.actions.values().filter(|doing| !doing.seen) {
        if let Progress::GivenUp { reason } = &doing.progress {
            let why = format!("could not {}: {reason}", doing.action.id().to_do());
            let again = doing.can_be_retried(is_open);
            items.push(item(task, why, if again { Answer::Retry } else { Answer::Acknowledge }));
        }
    }
    items
}

/// Everything that waits for a person, what has the nearest deadline first.
pub fn inbox(ledger: &Ledger) -> Vec<InboxItem> {
    let mut items: Vec<_> = ledger.tasks.values().flat_map(of_task).collect();
    items.sort_by_key(|item| (item.deadline.map_or(Timestamp::MAX, |(at, _)| at), item.since));
    items
}
