//! What is to be done for one task, and when: pure over its state. The driver does what is due and sleeps until the rest is.

use jiff::{SignedDuration, Timestamp};

use crate::lifecycle::{Episode, Progress, Task, clocks};
use crate::vocab::{ActionId, ClockName, State};

/// One thing to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Item<Id = ActionId> {
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
    Act(Id),
    /// Send it.
    Submit,
}

/// How long evidence that time may complete is read again before `inconclusive` is concluded.
pub const PATIENCE: SignedDuration = SignedDuration::from_mins(30);

impl Item<&ActionId> {
    /// The same, to be kept.
    pub fn owned(self) -> Item {
        match self {
            Self::Search => Item::Search,
            Self::Clock(clock) => Item::Clock(clock),
            Self::CancelUnconfirmed => Item::CancelUnconfirmed,
            Self::Deadline(episode) => Item::Deadline(episode),
            Self::Evidence => Item::Evidence,
            Self::Act(id) => Item::Act(id.clone()),
            Self::Submit => Item::Submit,
        }
    }
}

/// Offers everything to do for `task`, each with the moment from which it is due. It is asked for over and over for every task, so it
/// makes nothing.
pub fn agenda<'t>(task: &'t Task, mut offer: impl FnMut(Timestamp, Item<&'t ActionId>)) {
    if task.state == State::Queued {
        offer(task.not_before.unwrap_or(task.since), Item::Submit);
    }
    if let (State::Unknown, Some(search)) = (&task.state, &task.search) {
        offer(search.next, Item::Search);
    }
    for clock in ClockName::ALL {
        if let Some(at) = clocks::due(task, clock) {
            offer(at, Item::Clock(clock));
        }
    }
    if let Some(at) = clocks::confirm_by(task) {
        offer(at, Item::CancelUnconfirmed);
    }
    for (at, episode) in deadlines(task) {
        offer(at, Item::Deadline(episode));
    }
    if let Some(at) = evidence_due(task) {
        offer(at, Item::Evidence);
    }
    for (id, doing) in &task.actions {
        match doing.progress {
            Progress::Wanted { at } | Progress::Started { at } => offer(at, Item::Act(id)),
            Progress::Done { .. } | Progress::GivenUp { .. } => {}
        }
    }
}

/// Until when answers to the open escalations are awaited, and to which.
pub fn deadlines(task: &Task) -> impl Iterator<Item = (Timestamp, u32)> {
    let after = task.contract().escalation.deadline.after;
    let asks = |episode: &&Episode| !episode.deadline_reached && episode.trigger.has_deadline();
    let open = task.open_episodes().filter(|_| !task.state.is_ended()).filter(asks);
    open.map(move |episode| (after.after(episode.opened), episode.number))
}

/// When the result is to be read.
fn evidence_due(task: &Task) -> Option<Timestamp> {
    let moved = || {
        let pull = task.pull.as_ref().filter(|pull| pull.open)?;
        let read = task.evidence.as_ref()?;
        let same_base = read.pull_request.as_ref().is_none_or(|read| read.base_ref == pull.base_ref);
        let same_head = pull.head_sha == *read.head_sha.as_ref()?;
        (!same_head || !same_base).then_some(task.evidence_read.unwrap_or(task.since))
    };
    match &task.state {
        State::Task(agent) if agent.is_settled() => Some(task.since),
        State::Delivered | State::Empty => {
            let again = task.evidence.as_ref().and_then(|evidence| evidence.again_at);
            Some(again.unwrap_or(task.since))
        }
        // What time or a check that is run again may settle; and a push after the verdict, or another base: what was judged is not
        // what would be merged.
        State::Judged(_) => task.evidence.as_ref().and_then(|evidence| evidence.again_at).or_else(moved),
        _ => None,
    }
}

/// How long to wait before the `n`-th repetition (from 0): doubling from `first`, at most `most`.
pub fn backoff(n: u32, first: SignedDuration, most: SignedDuration) -> SignedDuration {
    first.checked_mul(2_i32.saturating_pow(n.min(20))).unwrap_or(most).min(most)
}
