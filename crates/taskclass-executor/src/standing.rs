//! How a task, and a run, stand for whoever waits for them.

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use crate::ledger::Ledger;
use crate::lifecycle::{Progress, Task, clocks};
use crate::vocab::{Action, RunId, State, Verdict};

/// For how long a notice that did not get through is waited for. A receiver that is down for a day holds nobody up; the inbox says the
/// same as the notice.
const SOON: SignedDuration = SignedDuration::from_mins(1);

/// Whether a run needs nothing but people, or a long wait: every task judged or ended or waiting for somebody, and nothing to be done
/// about it by `now`.
pub fn is_settled(ledger: &Ledger, run: &RunId, now: Timestamp) -> bool {
    let keys = ledger.runs.get(run).into_iter().flatten();
    keys.filter_map(|key| ledger.tasks.get(key)).all(|task| {
        let acting = task.actions.values().any(|doing| match doing.progress {
            Progress::Wanted { at } if matches!(doing.action, Action::Notify { .. }) => {
                at <= now || doing.tries > 0 && at <= clocks::later(now, SOON)
            }
            Progress::Wanted { at } => at <= now || doing.tries > 0,
            Progress::Started { .. } => true,
            Progress::Done { .. } | Progress::GivenUp { .. } => false,
        });
        let rests = match &task.state {
            State::Judged(_) | State::Unresolved => true,
            State::Task(agent) => agent.waits(),
            other => other.is_ended(),
        };
        rests && !acting
    })
}

/// The result of a run for whoever waits: the worst of its tasks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Accepted (or merged).
    Fine,
    /// Still under way.
    UnderWay,
    /// Rejected, refused, closed, abandoned.
    Rejected,
    /// A person must decide: waiting, unresolved, inconclusive.
    NeedsPerson,
}

/// How one task stands for whoever waits for it.
pub fn standing(task: &Task) -> Standing {
    match &task.state {
        State::Judged(Verdict::Accepted) | State::Merged => Standing::Fine,
        State::Judged(Verdict::Inconclusive) | State::Unresolved => Standing::NeedsPerson,
        State::Task(agent) if agent.waits() => Standing::NeedsPerson,
        State::Judged(Verdict::Rejected) | State::Refused | State::Closed | State::Reverted | State::Abandoned => {
            Standing::Rejected
        }
        _ => Standing::UnderWay,
    }
}

/// Whether a person may give the task up: nobody knows whether it exists, GitHub has lost it or does not show that it stopped, or
/// its result cannot be judged and there is no pull request whose end would decide.
pub(crate) fn can_give_up(task: &Task) -> bool {
    match &task.state {
        State::Unknown | State::Unresolved => true,
        State::Judged(Verdict::Inconclusive) => task.pull.as_ref().is_none_or(|pull| !pull.open),
        State::Accepted | State::Adopted | State::Task(_) if task.state.is_in_flight() => {
            task.missing_since.is_some() || task.cancel.as_ref().is_some_and(|cancel| cancel.unconfirmed)
        }
        _ => false,
    }
}
