//! For which moment it is asked: what can be done about an answer depends on that.

use jiff::Timestamp;

/// The moment asked about, beside the present one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moment {
    /// The one asked about.
    pub(super) on: Timestamp,
    now: Timestamp,
}

impl Moment {
    /// The present second, which has begun, unless another moment is asked about.
    pub(super) fn asked(on: Option<Timestamp>, now: Timestamp) -> Self {
        let now = Timestamp::from_second(now.as_second()).unwrap_or(now);
        Self { on: on.unwrap_or(now), now }
    }

    /// Nothing can be done any more about what was.
    pub(super) fn is_past(self) -> bool {
        self.on < self.now
    }

    /// Whether something lies ahead of the moment asked about, and yet not of the present.
    pub(super) fn is_only_later(self, at: Timestamp) -> bool {
        at <= self.now
    }
}
