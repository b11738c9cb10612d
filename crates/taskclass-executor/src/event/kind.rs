//! The kinds of event that concern a task after it was planned: the columns of the transition table.

use super::body::Body;

/// The kinds of event that concern a task after it was planned, for the transition table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// See [`Body::Planned`].
    Planned,
    /// See [`Body::Queued`].
    Queued,
    /// See [`Body::Sending`].
    Sending,
    /// See [`Body::Accepted`].
    Accepted,
    /// See [`Body::Refused`].
    Refused,
    /// See [`Body::Requeued`].
    Requeued,
    /// See [`Body::Unknown`].
    Unknown,
    /// See [`Body::Looked`].
    Looked,
    /// See [`Body::Adopted`].
    Adopted,
    /// See [`Body::Unresolved`].
    Unresolved,
    /// See [`Body::Abandoned`].
    Abandoned,
    /// See [`Body::Observed`].
    Observed,
    /// See [`Body::Missing`].
    Missing,
    /// See [`Body::ClockExpired`].
    ClockExpired,
    /// See [`Body::CancelRequested`].
    CancelRequested,
    /// See [`Body::CancelUnconfirmed`].
    CancelUnconfirmed,
    /// See [`Body::OverBudget`].
    OverBudget,
    /// See [`Body::DeadlineReached`].
    DeadlineReached,
    /// See [`Body::Acknowledged`].
    Acknowledged,
    /// See [`Body::RetryRequested`].
    RetryRequested,
    /// See [`Body::EvidenceRead`].
    EvidenceRead,
    /// See [`Body::Judged`].
    Judged,
    /// See [`Body::PullRequest`].
    PullRequest,
    /// See [`Body::Merged`].
    Merged,
    /// See [`Body::Closed`].
    Closed,
    /// See [`Body::LookedAfter`].
    LookedAfter,
    /// See [`Body::Reverted`].
    Reverted,
    /// See [`Body::Acting`].
    Acting,
    /// See [`Body::Acted`].
    Acted,
    /// See [`Body::ActionFailed`].
    ActionFailed,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 30] = [
        Self::Planned,
        Self::Queued,
        Self::Sending,
        Self::Accepted,
        Self::Refused,
        Self::Requeued,
        Self::Unknown,
        Self::Looked,
        Self::Adopted,
        Self::Unresolved,
        Self::Abandoned,
        Self::Observed,
        Self::Missing,
        Self::ClockExpired,
        Self::CancelRequested,
        Self::CancelUnconfirmed,
        Self::OverBudget,
        Self::DeadlineReached,
        Self::Acknowledged,
        Self::RetryRequested,
        Self::EvidenceRead,
        Self::Judged,
        Self::PullRequest,
        Self::Merged,
        Self::Closed,
        Self::LookedAfter,
        Self::Reverted,
        Self::Acting,
        Self::Acted,
        Self::ActionFailed,
    ];
}

impl Body {
    /// The kind, if it concerns one task.
    pub fn kind(&self) -> Option<Kind> {
        Some(match self {
            Self::Begun { .. }
            | Self::RegistryAccepted { .. }
            | Self::Stopped { .. }
            | Self::Started { .. }
            | Self::Snapshot { .. }
            | Self::Pruned { .. }
            | Self::ClockSet { .. }
            | Self::RunRefused { .. }
            | Self::RateLimited { .. } => return None,
            Self::Planned(_) => Kind::Planned,
            Self::Queued { .. } => Kind::Queued,
            Self::Sending { .. } => Kind::Sending,
            Self::Accepted { .. } => Kind::Accepted,
            Self::Refused { .. } => Kind::Refused,
            Self::Requeued { .. } => Kind::Requeued,
            Self::Unknown { .. } => Kind::Unknown,
            Self::Looked { .. } => Kind::Looked,
            Self::Adopted { .. } => Kind::Adopted,
            Self::Unresolved => Kind::Unresolved,
            Self::Abandoned { .. } => Kind::Abandoned,
            Self::Observed(_) => Kind::Observed,
            Self::Missing => Kind::Missing,
            Self::ClockExpired { .. } => Kind::ClockExpired,
            Self::CancelRequested { .. } => Kind::CancelRequested,
            Self::CancelUnconfirmed => Kind::CancelUnconfirmed,
            Self::OverBudget { .. } => Kind::OverBudget,
            Self::DeadlineReached { .. } => Kind::DeadlineReached,
            Self::Acknowledged { .. } => Kind::Acknowledged,
            Self::RetryRequested { .. } => Kind::RetryRequested,
            Self::EvidenceRead(_) => Kind::EvidenceRead,
            Self::Judged(_) => Kind::Judged,
            Self::PullRequest(_) => Kind::PullRequest,
            Self::Merged { .. } => Kind::Merged,
            Self::Closed { .. } => Kind::Closed,
            Self::LookedAfter { .. } => Kind::LookedAfter,
            Self::Reverted { .. } => Kind::Reverted,
            Self::Acting { .. } => Kind::Acting,
            Self::Acted { .. } => Kind::Acted,
            Self::ActionFailed { .. } => Kind::ActionFailed,
        })
    }

    /// Whether GitHub's limits count a request that this event was written ahead of.
    pub fn takes_a_slot(&self) -> bool {
        match self {
            Self::Sending { .. } => true,
            Self::Acting { action, .. } => action.is_at_github(),
            _ => false,
        }
    }
}
