//! GitHub's limits on changes, per token owner, as pure arithmetic over the journal: every request that changes something was
//! written ahead and so left its moment there; every "slow down" did too. A restart forgets nothing.

use std::collections::{BTreeMap, VecDeque};

use jiff::{SignedDuration, Timestamp};
use taskclass_spec::{Percent, written::Priority};

/// Requests that change something in any minute and in any hour. One a second is the rule, so the minute's limit of 80 is
/// never reached by our own pace; it counts after a burst of another program with the same token.
const PER_HOUR: u32 = 500;
const PER_MINUTE: u32 = 80;
/// The pace begins at one a second and is halved by every secondary limit, down to one every fifteen seconds.
const FASTEST: u32 = 60;
const SLOWEST: u32 = 4;
/// It recovers by one a minute for every two minutes without a limit.
const RECOVERY: SignedDuration = SignedDuration::from_mins(2);
/// GitHub counts by its clock when a request arrives; we count by ours when it leaves.
const MARGIN: SignedDuration = SignedDuration::from_secs(1);

/// One token owner's pace.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Pace {
    /// Moments of the changes of the last hour, in order.
    slots: VecDeque<Timestamp>,
    /// Nothing before.
    blocked_until: Option<Timestamp>,
    /// Requests a minute that were learned, and when.
    learned: Option<(u32, Timestamp)>,
}

impl Pace {
    /// Requests a minute that may be sent now.
    fn rate(&self, now: Timestamp) -> u32 {
        let Some((rate, at)) = self.learned else { return FASTEST };
        let steps = now.duration_since(at).as_secs().max(0) / RECOVERY.as_secs();
        rate.saturating_add(u32::try_from(steps).unwrap_or(u32::MAX)).min(FASTEST)
    }
}

/// Every token owner's pace.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Limiter {
    owners: BTreeMap<i64, Pace>,
}

impl Limiter {
    /// A change was written ahead.
    pub fn took(&mut self, owner: i64, at: Timestamp) {
        let pace = self.owners.entry(owner).or_default();
        pace.slots.push_back(at);
        let horizon = at.checked_sub(SignedDuration::from_hours(1)).unwrap_or(Timestamp::MIN);
        while pace.slots.front().is_some_and(|slot| *slot < horizon) {
            pace.slots.pop_front();
        }
    }

    /// GitHub said to slow down.
    pub fn slow_down(&mut self, owner: i64, until: Timestamp, secondary: bool, at: Timestamp) {
        let pace = self.owners.entry(owner).or_default();
        pace.blocked_until = pace.blocked_until.max(Some(until));
        if secondary {
            let halved = (pace.rate(at) / 2).max(SLOWEST);
            pace.learned = Some((halved, until.max(at)));
        }
    }

    /// The earliest moment, not before `now`, at which a change may be sent. What is not critical leaves the reserve alone.
    pub fn next(&self, owner: i64, now: Timestamp, priority: Priority, reserve: Option<Percent>) -> Timestamp {
        let Some(pace) = self.owners.get(&owner) else { return now };
        let kept = |limit: u32| match (priority, reserve) {
            (Priority::Critical, _) | (_, None) => limit,
            (_, Some(reserve)) => limit.saturating_sub(reserve.of(limit)).max(1),
        };
        let after = |at: Timestamp, wait: SignedDuration| at.checked_add(wait).unwrap_or(Timestamp::MAX);
        let spacing = SignedDuration::from_millis(60_000 / i64::from(pace.rate(now).max(1)));
        let mut at = now.max(pace.blocked_until.unwrap_or(now));
        if let Some(last) = pace.slots.back() {
            at = at.max(after(*last, spacing.max(SignedDuration::from_secs(1))));
        }
        for (limit, window) in [(kept(PER_MINUTE), 60), (kept(PER_HOUR), 3600)] {
            let limit = usize::try_from(limit).unwrap_or(usize::MAX);
            // The window is free again once the slot that is `limit` places back has left it.
            if let Some(slot) = pace.slots.len().checked_sub(limit).and_then(|index| pace.slots.get(index)) {
                at = at.max(after(*slot, SignedDuration::from_secs(window).saturating_add(MARGIN)));
            }
        }
        at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + seconds).unwrap()
    }

    #[test]
    fn a_second_apart_and_five_hundred_an_hour() {
        let mut limiter = Limiter::default();
        let mut now = at(0);
        let mut sent = Vec::new();
        for _ in 0..501 {
            now = limiter.next(1, now, Priority::Critical, None);
            limiter.took(1, now);
            sent.push(now);
        }
        for pair in sent.windows(2) {
            assert!(pair[1].duration_since(pair[0]) >= SignedDuration::from_secs(1));
        }
        assert_eq!(sent[499], at(499));
        assert_eq!(sent[500], at(3601));
        assert_eq!(limiter.next(2, at(0), Priority::Normal, None), at(0), "another owner has its own pace");
    }

    #[test]
    fn the_reserve_is_left_to_the_critical() {
        let mut limiter = Limiter::default();
        let reserve = Some("20%".parse().unwrap());
        for second in 0..400 {
            limiter.took(1, at(second));
        }
        assert_eq!(limiter.next(1, at(400), Priority::Critical, reserve), at(400));
        assert_eq!(limiter.next(1, at(400), Priority::Normal, reserve), at(3601));
    }

    #[test]
    fn a_secondary_limit_halves_the_pace_and_time_gives_it_back() {
        let mut limiter = Limiter::default();
        limiter.took(1, at(0));
        limiter.slow_down(1, at(30), true, at(1));
        assert_eq!(limiter.next(1, at(2), Priority::Normal, None), at(30));
        limiter.took(1, at(30));
        assert_eq!(limiter.next(1, at(30), Priority::Normal, None), at(32), "thirty a minute");
        limiter.slow_down(1, at(60), true, at(31));
        limiter.took(1, at(60));
        assert_eq!(limiter.next(1, at(60), Priority::Normal, None), at(64), "fifteen a minute");
        limiter.took(1, at(60 + 45 * 120));
        assert_eq!(limiter.next(1, at(60 + 45 * 120), Priority::Normal, None), at(61 + 45 * 120));
        limiter.slow_down(1, at(60_000), false, at(59_000));
        assert_eq!(limiter.next(1, at(59_001), Priority::Normal, None), at(60_000));
    }
}
