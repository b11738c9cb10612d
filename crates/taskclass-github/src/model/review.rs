//! Reviews of a pull request and their comments.

use jiff::Timestamp;
use serde::Deserialize;

use super::account::Actor;
use crate::ids::CommentId;
use crate::open_enum::open_enum;

open_enum! {
    /// What a review says.
    ReviewState {
        /// Yes.
        Approved = "APPROVED",
        /// No.
        ChangesRequested = "CHANGES_REQUESTED",
        /// Neither.
        Commented = "COMMENTED",
        /// Taken back.
        Dismissed = "DISMISSED",
        /// Not sent off yet.
        Pending = "PENDING",
    }
}

/// A review.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Review {
    /// The database id.
    pub id: i64,
    /// Who reviewed; `None` if the account is gone.
    #[serde(default)]
    pub user: Option<Actor>,
    /// What it says.
    pub state: ReviewState,
    /// The commit that was reviewed; `None` if it is gone. An approval of an older commit says nothing of the head.
    #[serde(default)]
    pub commit_id: Option<String>,
    /// When it was sent off.
    #[serde(default)]
    pub submitted_at: Option<Timestamp>,
    /// Its text.
    #[serde(default)]
    pub body: Option<String>,
}

/// A comment at a line of a pull request.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ReviewComment {
    /// The database id.
    pub id: CommentId,
    /// The file.
    pub path: String,
    /// Who wrote it; `None` if the account is gone.
    #[serde(default)]
    pub user: Option<Actor>,
    /// Its text.
    pub body: String,
    /// When it was written.
    pub created_at: Timestamp,
    /// The comment it answers.
    #[serde(default)]
    pub in_reply_to_id: Option<CommentId>,
    /// Its page for people.
    #[serde(default)]
    pub html_url: Option<String>,
}
