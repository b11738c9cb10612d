//! What time it is, and waiting. The only place of the crate that reads the system's clock or sleeps.

#![expect(clippy::disallowed_methods, reason = "the module that reads the clock and sleeps")]

use std::cell::Cell;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp, Unit};

/// Why a sleep ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wake {
    /// The moment has come.
    Reached,
    /// Somebody wants the program to end.
    Interrupted,
}

/// Time, real or virtual.
pub trait Clock {
    /// Now.
    fn now(&self) -> Timestamp;

    /// Waits until `moment`, or until interrupted.
    fn sleep_until(&self, moment: Timestamp) -> Wake;

    /// Whether somebody wants the program to end. Asked between any two steps.
    fn interrupted(&self) -> bool {
        false
    }
}

/// The system's clock, with a flag that a signal handler sets.
#[derive(Debug, Clone, Default)]
pub struct SystemClock {
    interrupted: Arc<AtomicBool>,
}

/// How long the flag may stay unseen during a sleep.
const SLICE: SignedDuration = SignedDuration::from_millis(100);

impl SystemClock {
    /// A clock that is interrupted once `flag` is true.
    pub fn new(flag: Arc<AtomicBool>) -> Self {
        Self { interrupted: flag }
    }
}

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    /// By whichever clock is there first: after a suspension the wall's, after somebody set the wall's back the one that only runs.
    fn sleep_until(&self, moment: Timestamp) -> Wake {
        let (began, whole) = (Instant::now(), moment.duration_since(Timestamp::now()));
        loop {
            if self.interrupted() {
                return Wake::Interrupted;
            }
            let passed = SignedDuration::try_from(began.elapsed()).unwrap_or(SignedDuration::MAX);
            let left = moment.duration_since(Timestamp::now()).min(whole.saturating_sub(passed));
            if left <= SignedDuration::ZERO {
                return Wake::Reached;
            }
            std::thread::sleep(Duration::try_from(left.min(SLICE)).unwrap_or_default());
        }
    }

    fn interrupted(&self) -> bool {
        self.interrupted.load(Ordering::Relaxed)
    }
}

/// A jump forward by less than this is work that took its time.
const JUMP: SignedDuration = SignedDuration::from_mins(2);

/// A clock that never goes back. Where the one below is set back, it goes on from where it was, at the same pace, so that nothing
/// that was due is not due again, and nothing waits for hours until a moment comes that had come already. Once the one below jumps
/// forward by as much as that lead, it was set right, and the lead is given up.
pub struct Steady<'a> {
    below: &'a dyn Clock,
    /// How far this one is ahead of the one below.
    lead: Cell<SignedDuration>,
    /// The latest moment that it has told.
    told: Cell<Timestamp>,
}

impl<'a> Steady<'a> {
    /// A steady clock over another, ahead of it by `lead`, which goes on from `after` if that is later still.
    pub fn new(below: &'a dyn Clock, lead: SignedDuration, after: Timestamp) -> Self {
        Self { below, lead: Cell::new(lead), told: Cell::new(after) }
    }

    /// How far it is ahead of the clock below.
    pub fn lead(&self) -> SignedDuration {
        self.lead.get()
    }

    /// Nothing is earlier than this from now on.
    pub fn goes_on_from(&self, moment: Timestamp) {
        self.told.set(self.told.get().max(moment));
    }
}

impl Clock for Steady<'_> {
    fn now(&self) -> Timestamp {
        let (below, told) = (self.below.now(), self.told.get());
        let ahead = |lead: SignedDuration| below.checked_add(lead).unwrap_or(Timestamp::MAX);
        let gained = ahead(self.lead.get()).duration_since(told);
        if gained < SignedDuration::ZERO {
            self.lead.set(told.duration_since(below));
        } else if gained > JUMP && gained >= self.lead.get() {
            self.lead.set(SignedDuration::ZERO);
        }
        self.told.set(ahead(self.lead.get()).max(told));
        self.told.get()
    }

    fn sleep_until(&self, moment: Timestamp) -> Wake {
        // What the clock below showed is told before it sleeps: what it shows afterwards may be less.
        let now = self.now();
        if moment <= now {
            return if self.interrupted() { Wake::Interrupted } else { Wake::Reached };
        }
        let wake = self.below.sleep_until(moment.checked_sub(self.lead.get()).unwrap_or(moment));
        if wake == Wake::Reached {
            self.goes_on_from(moment);
        }
        wake
    }

    fn interrupted(&self) -> bool {
        self.below.interrupted()
    }
}

/// `moment` without what is finer than a millisecond, for the journal.
pub fn to_millis(moment: Timestamp) -> Timestamp {
    moment.round(Unit::Millisecond).unwrap_or(moment)
}
