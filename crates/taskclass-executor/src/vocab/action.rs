//! Changes that the executor makes at GitHub after a task exists. Each is journaled before it is sent, and has an identity,
//! so that a restart neither forgets nor repeats it.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use taskclass_spec::written::Notice;

use super::Verdict;

/// One change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum Action {
    /// Cancels the Actions run behind the task's session.
    CancelRun {
        /// Counts the requests to stop this task, from 1.
        request: u32,
    },
    /// Publishes the verdict as the commit status `taskclass/verdict`.
    PublishStatus {
        /// The commit.
        head_sha: String,
        /// What is published.
        verdict: Verdict,
    },
    /// Opens the pull request of an accepted branch.
    OpenPullRequest {
        /// The branch.
        head_ref: String,
        /// What it is to be merged into.
        base_ref: String,
    },
    /// Puts the class's labels on the pull request.
    AddLabels,
    /// Asks the class's reviewers.
    RequestReviewers,
    /// Says on the pull request why its content was rejected.
    CommentRejected {
        /// The commit that was judged.
        head_sha: String,
    },
    /// Closes the pull request.
    ClosePullRequest,
    /// Tells people: one way of one rung of an escalation ladder.
    Notify {
        /// Which escalation of the task, from 1.
        episode: u32,
        /// Which rung of the ladder, from 0.
        rung: u32,
        /// How.
        notice: Notice,
    },
}

/// An action's identity within its task.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
#[schemars(inline)]
pub struct ActionId(pub String);

impl fmt::Display for ActionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Action {
    /// The identity: two actions with the same one are the same action.
    pub fn id(&self) -> ActionId {
        ActionId(match self {
            Self::CancelRun { request } => format!("cancel_run:{request}"),
            Self::PublishStatus { head_sha, verdict } => format!("publish_status:{head_sha}:{verdict}"),
            Self::OpenPullRequest { head_ref, .. } => format!("open_pull_request:{head_ref}"),
            Self::AddLabels => "add_labels".to_owned(),
            Self::RequestReviewers => "request_reviewers".to_owned(),
            Self::CommentRejected { head_sha } => format!("comment_rejected:{head_sha}"),
            Self::ClosePullRequest => "close_pull_request".to_owned(),
            Self::Notify { episode, rung, notice } => format!("notify:{episode}:{rung}:{notice}"),
        })
    }

    /// Whether it needs the pull request to exist.
    pub fn needs_pull_request(&self) -> bool {
        matches!(self, Self::AddLabels | Self::RequestReviewers | Self::CommentRejected { .. } | Self::ClosePullRequest)
    }
}

/// What an action left behind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "result", rename_all = "snake_case")]
pub enum Acted {
    /// Done.
    Done,
    /// It had been done already.
    AlreadyThere,
    /// An issue or a comment stands there.
    Posted {
        /// The repository.
        repository: String,
        /// The or pull request's number.
        number: i64,
        /// Where a person sees it.
        url: String,
    },
    /// A pull request stands there.
    PullRequest {
        /// Its number.
        number: i64,
        /// Where a person sees it.
        url: String,
    },
}
