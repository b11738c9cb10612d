//! Issues and pull requests, which share their numbers, titles, comments and labels.

use jiff::Timestamp;

use super::reviews::{Review, ReviewComment};
use super::{TaskIndex, UserIndex};

/// An issue, or the issue side of a pull request.
#[derive(Debug, Clone)]
pub(crate) struct Issue {
    pub(crate) id: u64,
    pub(crate) number: u64,
    pub(crate) title: String,
    pub(crate) body: Option<String>,
    pub(crate) author: UserIndex,
    pub(crate) closed_at: Option<Timestamp>,
    pub(crate) state_reason: Option<String>,
    pub(crate) labels: Vec<String>,
    pub(crate) assignees: Vec<UserIndex>,
    pub(crate) comments: Vec<Comment>,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
    pub(crate) pull: Option<Pull>,
}

impl Issue {
    pub(crate) fn state(&self) -> &'static str {
        if self.closed_at.is_some() { "closed" } else { "open" }
    }
}

/// A comment on an issue or a pull request.
#[derive(Debug, Clone)]
pub(crate) struct Comment {
    pub(crate) id: u64,
    pub(crate) author: UserIndex,
    pub(crate) body: String,
    pub(crate) at: Timestamp,
}

/// What a pull request has beyond its issue.
#[derive(Debug, Clone)]
pub(crate) struct Pull {
    /// The database id, which an artifact gives. It is not the number.
    pub(crate) id: u64,
    pub(crate) head: String,
    pub(crate) head_sha: String,
    pub(crate) base: String,
    /// The base branch's head when it was opened.
    pub(crate) base_sha: String,
    pub(crate) draft: bool,
    pub(crate) merged: Option<Merge>,
    pub(crate) requested_reviewers: Vec<UserIndex>,
    /// Places in the list of teams.
    pub(crate) requested_teams: Vec<usize>,
    pub(crate) reviews: Vec<Review>,
    pub(crate) review_comments: Vec<ReviewComment>,
    /// From when on it is known whether it can be merged.
    pub(crate) mergeable_from: Timestamp,
    pub(crate) mergeable: bool,
    /// The task whose work it is.
    pub(crate) task: Option<TaskIndex>,
}

impl Pull {
    /// A pull request out of one branch (name and head) into another, ready for review, mergeable, of nobody's task.
    pub(crate) fn new(id: u64, head: (String, String), base: (String, String), at: Timestamp) -> Self {
        Self {
            id,
            head: head.0,
            head_sha: head.1,
            base: base.0,
            base_sha: base.1,
            draft: false,
            merged: None,
            requested_reviewers: Vec::new(),
            requested_teams: Vec::new(),
            reviews: Vec::new(),
            review_comments: Vec::new(),
            mergeable_from: at,
            mergeable: true,
            task: None,
        }
    }
}

/// How a pull request was merged.
#[derive(Debug, Clone)]
pub(crate) struct Merge {
    pub(crate) sha: String,
    pub(crate) at: Timestamp,
    pub(crate) by: UserIndex,
}
