//! What people do with a pull request afterwards.

use serde::Deserialize;

use super::Span;
use super::agent::{FileScript, success};

/// Something that a person does with the pull request.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// How long after the pull request is open and the agent has ended.
    pub after: Span,
    /// What.
    #[serde(rename = "do")]
    pub kind: StepKind,
    /// Who. Default `hubot`.
    #[serde(default = "hubot")]
    pub by: String,
}

fn hubot() -> String {
    "hubot".to_owned()
}

/// What a person does with a pull request.
#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum StepKind {
    /// Approves it.
    Approve {},
    /// Asks for changes.
    RequestChanges {
        /// The review's text.
        #[serde(default)]
        body: String,
    },
    /// Comments on a line.
    Comment {
        /// The comment's text.
        body: String,
        /// The file.
        path: String,
    },
    /// Withdraws what it has approved or asked for.
    Dismiss {},
    /// Marks it ready for review.
    Ready {},
    /// Pushes a commit to its branch.
    Push {
        /// What it changes.
        files: Vec<FileScript>,
        /// Onto the base, in the place of all that the branch had (default: on top of it).
        #[serde(default)]
        force: bool,
    },
    /// Sets a commit status on its head.
    Status {
        /// The context.
        context: String,
        /// `success` (default), `failure`, `error`, `pending`.
        #[serde(default = "success")]
        state: String,
    },
    /// Points it at another base.
    Retarget {
        /// The branch.
        base: String,
    },
    /// Merges it.
    Merge {
        /// As one commit (default), or with a merge commit.
        #[serde(default = "yes")]
        squash: bool,
    },
    /// Closes it unmerged.
    Close {},
    /// Opens it again.
    Reopen {},
    /// Reverts its merge.
    Revert {
        /// By a commit on the base itself (default: by a second pull request, merged at once).
        #[serde(default)]
        directly: bool,
    },
    /// Pushes a commit with this message to the base branch.
    Commit {
        /// The whole message. `{merge}` stands for the merge's commit.
        message: String,
    },
}

fn yes() -> bool {
    true
}
