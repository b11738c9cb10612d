//! A rate limit that was hit, and when to ask again.

use jiff::{SignedDuration, Timestamp};

/// Which limit was hit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RateLimitKind {
    /// The hourly budget of the token's owner is used up.
    Primary,
    /// Too fast, too many at once, or too much content. Going on regardless can get the integration banned.
    Secondary,
}

/// What `retry-after` said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RetryAfter {
    /// So many seconds after the answer.
    Seconds(u64),
    /// At this moment by GitHub's clock.
    At(Timestamp),
}

/// A rate limit that was hit. Kept as GitHub said it; [`RateLimit::retry_at`] turns it into a moment of the caller's clock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RateLimit {
    /// Which limit.
    pub kind: RateLimitKind,
    /// The `retry-after` field.
    pub retry_after: Option<RetryAfter>,
    /// `x-ratelimit-reset`, but only if nothing remained.
    pub reset: Option<Timestamp>,
    /// GitHub's clock when it answered.
    pub server_date: Option<Timestamp>,
    /// Which bucket.
    pub resource: Option<String>,
}

/// Without any hint GitHub asks for at least a minute; the caller doubles it if the limit is hit again.
const WITHOUT_HINT: SignedDuration = SignedDuration::from_secs(60);
const AT_LEAST: SignedDuration = SignedDuration::from_secs(1);
/// A primary window is an hour long. A field that says more than a day is broken and must not silence the caller for ever.
const AT_MOST: SignedDuration = SignedDuration::from_hours(24);

impl RateLimit {
    /// Whether GitHub said when to ask again. Where it did not, whoever is turned away again waits longer each time.
    pub fn names_a_moment(&self) -> bool {
        self.retry_after.is_some() || self.reset.is_some()
    }

    /// The earliest moment to ask again, by the caller's clock: `now` is when the answer came.
    ///
    /// Moments that GitHub names are by its clock, so they are taken relative to the answer's own `date` where it has one; the two
    /// clocks then need not agree. Order: `retry-after`, then the reset, then one minute. Never less than 1 s, never more than 24 h.
    pub fn retry_at(&self, now: Timestamp) -> Timestamp {
        let server_now = self.server_date.unwrap_or(now);
        let wait = match (self.retry_after, self.reset) {
            (Some(RetryAfter::Seconds(seconds)), _) => {
                SignedDuration::from_secs(i64::try_from(seconds).unwrap_or(i64::MAX))
            }
            (Some(RetryAfter::At(moment)), _) | (None, Some(moment)) => moment.duration_since(server_now),
            (None, None) => WITHOUT_HINT,
        };
        now.checked_add(wait.clamp(AT_LEAST, AT_MOST)).unwrap_or(Timestamp::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::{RateLimit, RateLimitKind, RetryAfter};
    use jiff::{SignedDuration, Timestamp};

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn wait(retry_after: Option<RetryAfter>, reset: Option<&str>, server_date: Option<&str>) -> i64 {
        let limit = RateLimit {
            kind: RateLimitKind::Secondary,
            retry_after,
            reset: reset.map(at),
            server_date: server_date.map(at),
            resource: None,
        };
        let now = at("2026-11-21T12:00:00Z");
        limit.retry_at(now).duration_since(now).as_secs()
    }

    #[test]
    fn retry_after_comes_first_then_reset_then_a_minute() {
        assert_eq!(wait(Some(RetryAfter::Seconds(7)), Some("2026-11-21T12:30:00Z"), None), 7);
        assert_eq!(wait(Some(RetryAfter::At(at("2026-11-21T12:00:09Z"))), None, None), 9);
        assert_eq!(wait(None, Some("2026-11-21T12:30:00Z"), None), 1800);
        assert_eq!(wait(None, None, None), 60);
    }

    #[test]
    fn the_callers_clock_may_be_wrong() {
        assert_eq!(wait(None, Some("2026-11-21T09:10:00Z"), Some("2026-11-21T09:00:00Z")), 600);
        assert_eq!(wait(Some(RetryAfter::At(at("2026-11-21T15:00:05Z"))), None, Some("2026-11-21T15:00:00Z")), 5);
    }

    #[test]
    fn waits_are_bounded_on_both_sides() {
        assert_eq!(wait(Some(RetryAfter::Seconds(0)), None, None), 1);
        assert_eq!(wait(None, Some("2026-11-21T11:00:00Z"), None), 1);
        assert_eq!(wait(Some(RetryAfter::Seconds(u64::MAX)), None, None), 86_400);
        let limit = RateLimit {
            kind: RateLimitKind::Primary,
            retry_after: None,
            reset: None,
            server_date: None,
            resource: None,
        };
        assert_eq!(limit.retry_at(Timestamp::MAX - SignedDuration::from_secs(1)), Timestamp::MAX);
    }
}
