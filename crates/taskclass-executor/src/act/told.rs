//! What people are told of an escalation, as data: an issue, a comment and a webhook say the same.

use jiff::Timestamp;
use taskclass_spec::Owner;
use taskclass_spec::written::{AfterDeadline, EscalationTrigger};

use crate::answer::{Answer, deadline};
use crate::lifecycle::{Episode, Occasion, Progress, Task};
use crate::vocab::{Acted, Action};

/// One fact: what it is, in our words, and what was said, in whosever words.
pub(super) struct Fact {
    pub(super) what: String,
    pub(super) said: Option<String>,
}

/// What people are told.
pub(super) struct Told {
    pub(super) reason: &'static str,
    /// Who answers: the class's owners, and the policy's where they do not.
    pub(super) owners: Vec<String>,
    pub(super) task_url: Option<String>,
    pub(super) pull_request_url: Option<String>,
    pub(super) facts: Vec<Fact>,
    /// Where people were told before.
    pub(super) earlier: Option<String>,
    pub(super) deadline: Option<(Timestamp, AfterDeadline)>,
    /// The commands that answer it, the likeliest first, and one that tells the whole story.
    pub(super) next: Vec<String>,
}

/// Why people are told, in words.
pub(super) fn words(trigger: Occasion) -> &'static str {
    let trigger = match trigger {
        Occasion::BreakGlass => return "it runs under a break-glass approval",
        Occasion::UngatedMerge => {
            return "it was merged without the review that the class asks for, or against the verdict";
        }
        Occasion::GivenUp => return "a change at GitHub did not work out, and is not tried again",
        Occasion::Class(trigger) => trigger,
    };
    match trigger {
        EscalationTrigger::WaitingForUser => "the agent waits for a person",
        EscalationTrigger::Failed => "the task failed",
        EscalationTrigger::TimedOut => "time ran out",
        EscalationTrigger::Stale => "nothing has changed for too long",
        EscalationTrigger::Unresolved => "it is not known whether the task exists, or whether it exists once",
        EscalationTrigger::OverBudget => "the task has used more than its budget",
        EscalationTrigger::Rejected => "the result was rejected",
        EscalationTrigger::GateFailed => "a rollout gate failed",
        EscalationTrigger::CancelUnconfirmed => "the task was told to stop, and nothing shows that it did",
    }
}

fn facts(task: &Task, episode: &Episode) -> Vec<Fact> {
    let mut facts = Vec::new();
    let mut fact = |what: String, said: Option<String>| facts.push(Fact { what, said });
    for broken in &task.break_glass {
        fact("break-glass approval of".to_owned(), Some(broken.to_string()));
    }
    if let Some(person) = &task.plan.caller.person {
        fact("asked for by".to_owned(), Some(person.clone()));
    }
    if !task.expired.is_empty() {
        let clocks: Vec<_> = task.expired.iter().map(ToString::to_string).collect();
        fact(format!("ran out: `limits.timeouts` {}", clocks.join(", ")), None);
    }
    if let Some(cancel) = task.cancel.as_ref().filter(|cancel| cancel.settled.is_none()) {
        fact(format!("told to stop at {} by", cancel.at), Some(cancel.by.clone()));
        if !cancel.reason.is_empty() {
            fact("told to stop because".to_owned(), Some(cancel.reason.clone()));
        }
        let doing = task.actions.get(&Action::CancelRun { request: cancel.request }.id());
        if let Some(reason) = doing.and_then(|doing| doing.reason.clone()).filter(|_| cancel.asked.is_none()) {
            fact("the Actions run behind the session was not cancelled:".to_owned(), Some(reason));
        }
    }
    if let Some(since) = task.missing_since {
        fact(format!("GitHub does not find the task since {since}"), None);
    }
    if let Some(error) = task.agent.as_ref().and_then(|agent| agent.error.clone()) {
        fact("the agent's last word:".to_owned(), Some(error));
    }
    for reason in task.judgement.iter().flat_map(|judgement| &judgement.reasons) {
        fact(format!("`{}`:", reason.field()), Some(reason.to_string()));
    }
    for other in &task.quarantined {
        fact("a second task bears the same key and is not watched:".to_owned(), Some(other.id.clone()));
    }
    if episode.trigger == Occasion::GivenUp {
        for doing in task.actions.values() {
            if let Progress::GivenUp { reason } = &doing.progress {
                fact("could not".to_owned(), Some(format!("{}: {reason}", doing.action.id().to_do())));
            }
        }
    }
    facts
}

impl Told {
    pub(super) fn of(task: &Task, episode: &Episode) -> Self {
        let contract = task.contract();
        let owners = contract.owners.iter().chain([&contract.escalation_owner]).map(Owner::to_string);
        let mut seen = std::collections::BTreeSet::new();
        let earlier = task.actions.values().find_map(|doing| match (&doing.action, &doing.progress) {
            (Action::Notify { .. }, Progress::Done { outcome: Acted::Posted { url, .. } }) => Some(url.clone()),
            _ => None,
        });
        let mut next = Answer::to(task, episode.trigger).commands(&task.key);
        for more in [
            format!("taskclass resolve {} --acknowledge", task.key.short()),
            format!("taskclass show {}", task.key.short()),
        ] {
            if !next.contains(&more) {
                next.push(more);
            }
        }
        Self {
            reason: words(episode.trigger),
            owners: owners.filter(|owner| seen.insert(owner.clone())).collect(),
            task_url: task.at_github.as_ref().and_then(|found| found.url.clone()),
            pull_request_url: task.pull.as_ref().map(|pull| pull.url.clone()),
            facts: facts(task, episode),
            earlier,
            deadline: deadline(task, episode),
            next,
        }
    }
}
