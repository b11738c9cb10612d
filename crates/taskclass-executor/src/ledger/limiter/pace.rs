//! One token owner's pace: what was sent in the last hour, what GitHub said to it, and what that teaches.

use std::collections::VecDeque;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{Change, MARGIN, Told, later};

/// The pace begins at one a second, and never falls below one every fifteen seconds.
const FASTEST: u32 = 60;
const SLOWEST: u32 = 4;
/// It recovers by one a minute for every two minutes without a limit.
const RECOVERY: SignedDuration = SignedDuration::from_mins(2);
/// How long a rate that GitHub has shown to be its limit is kept before a faster one is tried: at first, and at most. Each time that the
/// same wall is met again doubles it.
const HOLD: SignedDuration = SignedDuration::from_mins(30);
const HOLD_AT_MOST: SignedDuration = SignedDuration::from_hours(24);
const HOUR: SignedDuration = SignedDuration::from_hours(1);
const MINUTE: SignedDuration = SignedDuration::from_secs(60);

/// One change that was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Slot {
    at: Timestamp,
    change: Change,
    /// GitHub turned it away for its pace.
    turned_away: bool,
}

/// What a "slow down" taught.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Learned {
    /// Requests a minute.
    rate: u32,
    /// From when on.
    at: Timestamp,
    /// What GitHub had let through in the minute before it said so.
    let_through: u32,
    /// How often it has said so at the same number: then that is its limit.
    walls: u32,
}

impl Learned {
    fn rate(&self, now: Timestamp) -> u32 {
        let doubled = 2_i32.saturating_pow(self.walls.saturating_sub(1).min(10));
        let held = match self.walls {
            0 => SignedDuration::ZERO,
            _ => HOLD.checked_mul(doubled).unwrap_or(HOLD_AT_MOST).min(HOLD_AT_MOST),
        };
        let since = now.duration_since(self.at).saturating_sub(held);
        let steps = u32::try_from(since.as_secs() / RECOVERY.as_secs()).unwrap_or(0);
        self.rate.saturating_add(steps).min(FASTEST)
    }
}

/// One token owner's pace.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Pace {
    /// The changes of the last hour, in order.
    slots: VecDeque<Slot>,
    /// Those of them that GitHub counts, since it did not turn them away.
    counted: VecDeque<Timestamp>,
    /// The last "slow down": nothing before its end.
    told: Option<Told>,
    /// How often in a row a change was turned away.
    in_a_row: u32,
    submissions: Option<Learned>,
    others: Option<Learned>,
}

impl Pace {
    pub(super) fn took(&mut self, change: Change, at: Timestamp) {
        self.not_after(at);
        if self.slots.back().is_some_and(|last| !last.turned_away) {
            self.in_a_row = 0;
        }
        self.slots.push_back(Slot { at, change, turned_away: false });
        self.counted.push_back(at);
        let horizon = at.checked_sub(HOUR).unwrap_or(Timestamp::MIN);
        while self.counted.front().is_some_and(|slot| *slot < horizon) {
            self.counted.pop_front();
        }
        while self.slots.front().is_some_and(|slot| slot.at < horizon) {
            self.slots.pop_front();
        }
    }

    pub(super) fn slow_down(&mut self, told: Told) {
        self.not_after(told.at);
        let until = self.told.map_or(told.until, |before| before.until.max(told.until));
        self.told = Some(Told { until, ..told });
        if !told.secondary {
            return;
        }
        let in_a_row = self.in_a_row;
        self.in_a_row = in_a_row.saturating_add(1);
        let Some(last) = self.slots.back_mut() else { return };
        if !last.turned_away {
            last.turned_away = true;
            self.counted.pop_back();
        }
        let Slot { at, change, .. } = *last;
        // Turned away again before anything came through: it says nothing about the pace, only that it is too early.
        if in_a_row == 0 {
            self.learn(change, at, until.max(told.at));
        }
    }

    /// Halves the rate, unless GitHub has just shown what it lets through: the same number twice is its limit, and from then on the rate.
    fn learn(&mut self, change: Change, sent: Timestamp, from: Timestamp) {
        let minute = sent.checked_sub(MINUTE).unwrap_or(Timestamp::MIN);
        let counted = |slot: &&Slot| slot.change == change && !slot.turned_away && slot.at > minute;
        let let_through = u32::try_from(self.slots.iter().filter(counted).count()).unwrap_or(u32::MAX);
        let before = self.learned(change).filter(|learned| learned.rate(sent) < FASTEST);
        let rate = before.map_or(FASTEST, |learned| learned.rate(sent));
        let same = before.filter(|learned| learned.let_through.abs_diff(let_through) * 5 <= learned.let_through);
        let learned = match same {
            Some(known) => {
                Learned { rate: let_through.min(rate), at: from, let_through, walls: known.walls.saturating_add(1) }
            }
            None => Learned { rate: let_through.max(rate / 2).min(rate), at: from, let_through, walls: 0 },
        };
        let learned = Some(Learned { rate: learned.rate.max(SLOWEST), ..learned });
        match change {
            Change::Submission => self.submissions = learned,
            Change::Other => self.others = learned,
        }
    }

    fn learned(&self, change: Change) -> Option<Learned> {
        match change {
            Change::Submission => self.submissions,
            Change::Other => self.others,
        }
    }

    /// How often in a row a change was turned away, before the last that was sent.
    pub(super) fn turned_away(&self) -> u32 {
        self.in_a_row
    }

    /// When the change was sent that is so many places back among those that GitHub counts, if there were as many.
    pub(super) fn counted_back(&self, places: usize) -> Option<Timestamp> {
        self.counted.get(self.counted.len().checked_sub(places)?).copied()
    }

    /// The earliest moment for a change, windows aside: after what GitHub said, a second after the last change, and as far from the last
    /// of its kind as was learned.
    pub(super) fn earliest(&self, change: Change, now: Timestamp) -> Timestamp {
        let mut at = self.told.map_or(now, |told| now.max(told.until));
        if let Some(last) = self.slots.back() {
            at = at.max(later(last.at, SignedDuration::from_secs(1)));
        }
        let rate = self.learned(change).map_or(FASTEST, |learned| learned.rate(now));
        if rate < FASTEST
            && let Some(last) = self.slots.iter().rfind(|slot| slot.change == change)
        {
            let minute = MINUTE.saturating_add(MARGIN).as_millis();
            let spacing = i64::try_from(minute).unwrap_or(i64::MAX) / i64::from(rate.max(1)) + 1;
            at = at.max(later(last.at, SignedDuration::from_millis(spacing)));
        }
        at
    }

    /// Moves everything back so that the last of it is not after `now`, where a clock was set back. How far apart things were stays.
    pub(super) fn not_after(&mut self, now: Timestamp) {
        let last = self.slots.back().map(|slot| slot.at).max(self.told.map(|told| told.at));
        let Some(by) = last.map(|last| last.duration_since(now)).filter(SignedDuration::is_positive) else { return };
        let back = |at: Timestamp| at.checked_sub(by).unwrap_or(Timestamp::MIN);
        for slot in &mut self.slots {
            slot.at = back(slot.at);
        }
        for at in &mut self.counted {
            *at = back(*at);
        }
        if let Some(told) = &mut self.told {
            *told = Told { until: back(told.until), at: back(told.at), ..*told };
        }
        for learned in [&mut self.submissions, &mut self.others].into_iter().flatten() {
            learned.at = back(learned.at);
        }
    }
}
