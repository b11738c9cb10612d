//! Pull requests and what they change.

use jiff::Timestamp;
use serde::Deserialize;

use super::account::{Actor, Team};
use super::issue::Label;
use crate::ids::{PullId, PullNumber, RepositoryId};
use crate::lenient;
use crate::open_enum::open_enum;

open_enum! {
    /// Whether an issue or a pull request is open.
    OpenState {
        /// Open.
        Open = "open",
        /// Closed; a pull request may also be merged.
        Closed = "closed",
    }
}

/// The repository that one end of a pull request is in.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct PullRepository {
    /// The database id.
    pub id: RepositoryId,
    /// `owner/name`.
    pub full_name: String,
}

/// One end of a pull request.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct PullEnd {
    /// The branch, without `refs/heads/`.
    #[serde(rename = "ref")]
    pub branch: String,
    /// The commit.
    pub sha: String,
    /// The repository; `None` if it was deleted.
    #[serde(default)]
    pub repo: Option<PullRepository>,
}

/// A pull request. Fields that only the single pull request has are `None` in lists: unknown, not no.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Pull {
    /// The database id, which a task's artifact carries.
    pub id: PullId,
    /// The number within its repository.
    pub number: PullNumber,
    /// The GraphQL node id.
    #[serde(default)]
    pub node_id: Option<String>,
    /// Its page for people.
    pub html_url: String,
    /// Open or closed.
    pub state: OpenState,
    /// The title.
    pub title: String,
    /// The description.
    #[serde(default)]
    pub body: Option<String>,
    /// Whether it is a draft.
    #[serde(default)]
    pub draft: Option<bool>,
    /// Who opened it.
    #[serde(default)]
    pub user: Option<Actor>,
    /// Where the work is.
    pub head: PullEnd,
    /// Where it is to go.
    pub base: PullEnd,
    /// Its labels.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub labels: Vec<Label>,
    /// People whose review is asked for and not given.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub requested_reviewers: Vec<Actor>,
    /// Teams whose review is asked for and not given.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub requested_teams: Vec<Team>,
    /// When it was opened.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// When it was closed or merged.
    #[serde(default)]
    pub closed_at: Option<Timestamp>,
    /// When it was merged.
    #[serde(default)]
    pub merged_at: Option<Timestamp>,
    /// The merge commit; before the merge, a trial one.
    #[serde(default)]
    pub merge_commit_sha: Option<String>,
    /// Whether it is merged (single pull request only; lists have `merged_at`).
    #[serde(default)]
    pub merged: Option<bool>,
    /// Who merged it.
    #[serde(default)]
    pub merged_by: Option<Actor>,
    /// Whether it can be merged without a conflict; `None` while GitHub computes it.
    #[serde(default)]
    pub mergeable: Option<bool>,
    /// GitHub's word for why it can or cannot be merged: `clean`, `blocked`, `dirty`, `unknown`, ….
    #[serde(default)]
    pub mergeable_state: Option<String>,
    /// How many commits.
    #[serde(default)]
    pub commits: Option<u64>,
    /// Lines added.
    #[serde(default)]
    pub additions: Option<u64>,
    /// Lines removed.
    #[serde(default)]
    pub deletions: Option<u64>,
    /// How many files; the list of files ends at 3,000.
    #[serde(default)]
    pub changed_files: Option<u64>,
}

impl Pull {
    /// Merged, told from whichever field the answer has.
    pub fn is_merged(&self) -> bool {
        self.merged == Some(true) || self.merged_at.is_some()
    }
}

open_enum! {
    /// What happened to a file.
    FileStatus {
        /// Is new.
        Added = "added",
        /// Is gone.
        Removed = "removed",
        /// Has another content.
        Modified = "modified",
        /// Has another path: see `previous_filename`.
        Renamed = "renamed",
        /// Is a copy: see `previous_filename`.
        Copied = "copied",
        /// Has another mode.
        Changed = "changed",
        /// Is as it was.
        Unchanged = "unchanged",
    }
}

/// A file that a pull request, a commit or a comparison touches. The diff itself is not kept.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ChangedFile {
    /// The path, as it is afterwards.
    pub filename: String,
    /// What happened to it.
    pub status: FileStatus,
    /// Lines added; 0 for a binary file.
    pub additions: u64,
    /// Lines removed; 0 for a binary file.
    pub deletions: u64,
    /// The path before, of a renamed or copied file.
    #[serde(default)]
    pub previous_filename: Option<String>,
    /// The blob's id afterwards.
    #[serde(default)]
    pub sha: Option<String>,
}
