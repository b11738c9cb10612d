//! The moments of a task that its clocks count from.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// What the clocks need.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Times {
    /// When it was planned.
    pub planned: Timestamp,
    /// When its request was last written ahead.
    pub sent: Option<Timestamp>,
    /// When it was known to exist.
    pub accepted: Option<Timestamp>,
    /// When the agent first began.
    pub began: Option<Timestamp>,
    /// Work before the present stretch; waiting is not in it.
    pub worked: SignedDuration,
    /// When the present stretch of work began.
    pub working_since: Option<Timestamp>,
    /// When it began to wait for a person.
    pub waiting_since: Option<Timestamp>,
    /// The last change that was seen.
    pub changed: Timestamp,
    /// When it settled.
    pub settled: Option<Timestamp>,
    /// When its pull request was first seen open.
    pub review_since: Option<Timestamp>,
}
