//! What a person does about something that waits, and the commands for it: the same in the inbox, in an issue and in a webhook.

use serde::Serialize;
use taskclass_spec::written::{AfterDeadline, EscalationTrigger};

use jiff::Timestamp;

use crate::lifecycle::{Episode, Occasion, Task};
use crate::standing::can_give_up;
use crate::vocab::Key;

/// What a person does about something that waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// Answers the agent, at GitHub.
    Agent,
    /// Reviews the pull request, and merges or closes it, at GitHub.
    Review,
    /// Says whether the task exists.
    Resolve,
    /// Takes notice.
    Acknowledge,
    /// Makes sure at GitHub that it stops; then asks once more, or gives it up.
    Abandon,
    /// Gives it up: nothing shows how to judge it.
    GiveUp,
    /// Has it tried again, or takes notice.
    Retry,
}

impl Answer {
    /// What is done about an escalation.
    pub fn to(task: &Task, occasion: Occasion) -> Self {
        match occasion {
            Occasion::Class(EscalationTrigger::WaitingForUser) => Self::Agent,
            Occasion::Class(EscalationTrigger::Unresolved) if task.at_github.is_none() => Self::Resolve,
            Occasion::Class(EscalationTrigger::CancelUnconfirmed) if can_give_up(task) => Self::Abandon,
            Occasion::GivenUp => Self::Retry,
            _ => Self::Acknowledge,
        }
    }

    /// The commands that answer it, the likeliest first. `ID` stands for what only a person can find out.
    pub fn commands(self, key: &Key) -> Vec<String> {
        let key = key.short();
        let resolve = |words: &[&str]| words.iter().map(|word| format!("taskclass resolve {key} --{word}")).collect();
        match self {
            Self::Agent | Self::Review => vec![format!("taskclass show {key}")],
            Self::Resolve => resolve(&["adopt ID", "resubmit", "abandon"]),
            Self::Acknowledge => resolve(&["acknowledge"]),
            Self::Abandon => [vec![format!("taskclass cancel {key}")], resolve(&["abandon"])].concat(),
            Self::GiveUp => resolve(&["abandon"]),
            Self::Retry => resolve(&["retry", "acknowledge"]),
        }
    }
}

/// Until when an answer to an escalation is awaited, and what happens then. A task that does not run has nothing to be cancelled.
pub fn deadline(task: &Task, episode: &Episode) -> Option<(Timestamp, AfterDeadline)> {
    if task.state.is_ended() || episode.deadline_reached || !episode.trigger.has_deadline() {
        return None;
    }
    let rule = task.contract().escalation.deadline;
    let live = task.at_github.is_some() && task.state.is_in_flight();
    Some((rule.after.after(episode.opened), if live { rule.action } else { AfterDeadline::Hold }))
}
