//! GitHub's limits on changes, per token owner, as pure arithmetic over the journal: every request that changes something was
//! written ahead and so left its moment there; every "slow down" did too. A restart forgets nothing.

mod pace;

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use taskclass_spec::{ClassName, Percent, written::Priority};

use pace::Pace;

use crate::lifecycle::clocks::later;

/// Requests that change something in any minute and in any hour. One a second is the rule, so the minute's limit of 80 is
/// never reached by our own pace; it counts after a burst of another program with the same token.
const WINDOWS: [(u32, i64); 2] = [(80, 60), (500, 3600)];
/// GitHub counts by its clock when a request arrives; we count by ours when it leaves.
const MARGIN: SignedDuration = SignedDuration::from_secs(1);

/// What kind of change a request makes. GitHub limits them together, and some endpoints more than others: what it says to the one
/// kind says nothing of the other's pace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Change {
    /// It creates a task.
    Submission,
    /// Anything else: a status, a comment, an issue, a pull request.
    Other,
}

/// What GitHub said when it turned a change away, as the journal has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// Nothing is sent before.
    pub until: Timestamp,
    /// Too fast, as opposed to the hourly budget being used up.
    pub secondary: bool,
    /// When it was said.
    pub at: Timestamp,
}

/// Who asks for a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claim {
    /// Whose limits count.
    pub owner: i64,
    /// What kind of change it is.
    pub change: Change,
    /// Its class's priority.
    pub priority: Priority,
    /// What the policy keeps for the critical.
    pub reserve: Option<Percent>,
}

/// What a limit leaves to a task: the critical may use all of it, the others leave the policy's `reserve` alone. Never nothing. The only
/// place that knows what a reserve is.
pub(super) fn left(limit: u32, priority: Priority, reserve: Option<Percent>) -> u32 {
    match (priority, reserve) {
        (Priority::Critical, _) | (_, None) => limit,
        (_, Some(reserve)) => limit.saturating_sub(reserve.of(limit)).max(1),
    }
}

/// Who had a turn when: of what is equally urgent, the class whose last turn is longest ago is sent next, its oldest task first. A
/// thousand tasks of one class do not keep another class waiting.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Turns {
    last: BTreeMap<ClassName, u64>,
    count: u64,
}

impl Turns {
    fn served(&mut self, class: &ClassName) {
        self.count += 1;
        self.last.insert(class.clone(), self.count);
    }

    /// The class's last turn; the smallest number goes next.
    pub fn last(&self, class: &ClassName) -> u64 {
        self.last.get(class).copied().unwrap_or(0)
    }
}

/// Every token owner's pace, and every class's turn.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limiter {
    owners: BTreeMap<i64, Pace>,
    turns: Turns,
}

impl Limiter {
    /// A change was written ahead.
    pub fn took(&mut self, owner: i64, change: Change, at: Timestamp) {
        self.owners.entry(owner).or_default().took(change, at);
    }

    /// A task of the class was written ahead of being sent: that was its class's turn.
    pub fn served(&mut self, class: &ClassName) {
        self.turns.served(class);
    }

    /// Which classes had their turn when.
    pub fn turns(&self) -> &Turns {
        &self.turns
    }

    /// GitHub said to slow down, to the change that was sent last.
    pub fn slow_down(&mut self, owner: i64, told: Told) {
        self.owners.entry(owner).or_default().slow_down(told);
    }

    /// How often in a row GitHub had turned the owner's changes away for their pace, before the one that was sent last.
    pub fn turned_away(&self, owner: i64) -> u32 {
        self.owners.get(&owner).map_or(0, Pace::turned_away)
    }

    /// The earliest moment, not before `now`, at which a change may be sent.
    pub fn next(&self, claim: Claim, now: Timestamp) -> Timestamp {
        let Some(pace) = self.owners.get(&claim.owner) else { return now };
        let mut at = pace.earliest(claim.change, now);
        for (limit, window) in WINDOWS {
            let limit = usize::try_from(left(limit, claim.priority, claim.reserve)).unwrap_or(usize::MAX);
            // The window is free again once the slot that is `limit` places back has left it.
            if let Some(slot) = pace.counted_back(limit) {
                at = at.max(later(slot, SignedDuration::from_secs(window).saturating_add(MARGIN)));
            }
        }
        at
    }
}

#[cfg(test)]
mod tests;
