//! What is to be done for one task, and when: pure over its state. The driver does what is due and sleeps until the rest is.

use jiff::{SignedDuration, Timestamp};

use crate::lifecycle::{Episode, Occasion, Progress, Task, clocks};
use crate::vocab::{ActionId, ClockName, State, Verdict};

/// One thing to do.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Item {
    /// Find out whether it exists.
    Search,
    /// Look at the clock that runs out: read the task once more, then let it run out.
    Clock(ClockName),
    /// Nothing has shown that it stopped.
    CancelUnconfirmed,
    /// Nobody answered this escalation.
    Deadline(u32),
    /// Read and judge the result.
    Evidence,
    /// Make a change at GitHub.
    Act(ActionId),
    /// Send it.
    Submit,
}

/// How long evidence that time may complete is read again before `inconclusive` is concluded.
pub const PATIENCE: SignedDuration = SignedDuration::from_mins(30);

/// Everything to do for `task`, each with the moment from which it is due.
pub fn agenda(task: &Task) -> Vec<(Timestamp, Item)> {
    let mut items = Vec::new();
    if task.state == State::Queued {
        items.push((task.not_before.unwrap_or(task.since), Item::Submit));
    }
    if let (State::Unknown, Some(search)) = (&task.state, &task.search) {
        items.push((search.next, Item::Search));
    }
    items.extend(
        ClockName::ALL.into_iter().filter_map(|clock| clocks::due(task, clock).map(|at| (at, Item::Clock(clock)))),
    );
    if let Some(cancel) = task.cancel.as_ref().filter(|cancel| !cancel.unconfirmed)
        && task.at_github.is_some()
        && task.state.is_in_flight()
    {
        items.push((clocks::later(cancel.at, clocks::CONFIRM_WITHIN), Item::CancelUnconfirmed));
    }
    if !task.state.is_ended() {
        let deadline = task.contract().escalation.deadline.after;
        // That the glass was broken asks for no answer: it does not stop what was let through in a hurry.
        let asks = |episode: &&Episode| !episode.deadline_reached && episode.trigger != Occasion::BreakGlass;
        let open = task.open_episodes().filter(asks);
        items.extend(open.map(|episode| (deadline.after(episode.opened), Item::Deadline(episode.number))));
    }
    if let Some(at) = evidence_due(task) {
        items.push((at, Item::Evidence));
    }
    for (id, doing) in &task.actions {
        match doing.progress {
            Progress::Wanted { at } | Progress::Started { at } => items.push((at, Item::Act(id.clone()))),
            Progress::Done { .. } | Progress::GivenUp { .. } => {}
        }
    }
    items
}

/// When the result is to be read.
fn evidence_due(task: &Task) -> Option<Timestamp> {
    let moved = || {
        let pull = task.pull.as_ref().filter(|pull| pull.open)?;
        let read = task.evidence.as_ref()?.head_sha.as_ref()?;
        (pull.head_sha != *read).then_some(task.evidence_read.unwrap_or(task.since))
    };
    match &task.state {
        State::Task(agent) if agent.is_settled() => Some(task.since),
        State::Delivered | State::Empty => {
            let again = task.evidence.as_ref().and_then(|evidence| evidence.again_at);
            Some(again.unwrap_or(task.since))
        }
        State::Judged(Verdict::Inconclusive) => {
            task.evidence.as_ref().and_then(|evidence| evidence.again_at).or_else(moved)
        }
        // A push after the verdict: what was judged is not what would be merged.
        State::Judged(_) => moved(),
        _ => None,
    }
}

/// How long to wait before the `n`-th repetition (from 0): doubling from `first`, at most `most`.
pub fn backoff(n: u32, first: SignedDuration, most: SignedDuration) -> SignedDuration {
    first.checked_mul(2_i32.saturating_pow(n.min(20))).unwrap_or(most).min(most)
}
