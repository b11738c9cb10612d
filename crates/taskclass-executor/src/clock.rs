//! What time it is, and waiting. The only place of the crate that reads the system's clock or sleeps.

#![expect(clippy::disallowed_methods, reason = "the module that reads the clock and sleeps")]

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

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

    fn sleep_until(&self, moment: Timestamp) -> Wake {
        loop {
            if self.interrupted() {
                return Wake::Interrupted;
            }
            let left = moment.duration_since(Timestamp::now());
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

/// `moment` without what is finer than a millisecond, for the journal.
pub fn to_millis(moment: Timestamp) -> Timestamp {
    moment.round(Unit::Millisecond).unwrap_or(moment)
}
