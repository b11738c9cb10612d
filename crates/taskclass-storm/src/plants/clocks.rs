//! Bugs of waiting.

use std::cell::Cell;

use jiff::{SignedDuration, Timestamp};
use taskclass_executor::{Clock, Wake};

use crate::sky::Sky;

/// Waits of a few seconds, which keep changes apart, are skipped.
pub(super) struct Hasty {
    pub(super) ahead: Cell<SignedDuration>,
    pub(super) sky: Sky,
}

const SHORT: SignedDuration = SignedDuration::from_secs(3);

impl Clock for Hasty {
    fn now(&self) -> Timestamp {
        self.sky.now() + self.ahead.get()
    }

    fn sleep_until(&self, moment: Timestamp) -> Wake {
        let left = moment.duration_since(self.now());
        if left <= SHORT {
            self.ahead.set(self.ahead.get() + left.max(SignedDuration::ZERO));
            return Wake::Reached;
        }
        self.sky.sleep_until(moment - self.ahead.get())
    }

    fn interrupted(&self) -> bool {
        self.sky.interrupted()
    }
}
