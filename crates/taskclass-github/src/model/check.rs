//! Check runs and commit statuses.

use jiff::Timestamp;
use serde::Deserialize;

use super::account::Actor;
use crate::answer::PageBody;
use crate::ids::{AppId, CheckRunId};
use crate::lenient;
use crate::open_enum::open_enum;

open_enum! {
    /// How far a check run is.
    CheckStatus {
        /// Not begun.
        Queued = "queued",
        /// Running.
        InProgress = "in_progress",
        /// Ended: see the conclusion.
        Completed = "completed",
        /// Waits, for example for a protection rule or an approval.
        Waiting = "waiting",
        /// Asked for.
        Requested = "requested",
        /// Waits for its turn.
        Pending = "pending",
    }
}

open_enum! {
    /// How a check run ended.
    CheckConclusion {
        /// Passed.
        Success = "success",
        /// Failed.
        Failure = "failure",
        /// Says neither.
        Neutral = "neutral",
        /// Was stopped.
        Cancelled = "cancelled",
        /// Was not run.
        Skipped = "skipped",
        /// Took too long.
        TimedOut = "timed_out",
        /// A person must act, for example approve the workflows of the agent's push.
        ActionRequired = "action_required",
        /// Was not finished in two weeks.
        Stale = "stale",
    }
}

/// The app that made a check run.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct CheckApp {
    /// The app's number; 15368 is GitHub Actions on github.com.
    pub id: AppId,
    /// The app's name in URLs.
    #[serde(default)]
    pub slug: Option<String>,
}

/// A check run.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct CheckRun {
    /// The id.
    pub id: CheckRunId,
    /// The name that a branch rule requires it by.
    pub name: String,
    /// The commit it is about.
    pub head_sha: String,
    /// How far it is.
    pub status: CheckStatus,
    /// How it ended; `None` before that.
    #[serde(default)]
    pub conclusion: Option<CheckConclusion>,
    /// Who made it.
    #[serde(default)]
    pub app: Option<CheckApp>,
    /// When it began.
    #[serde(default)]
    pub started_at: Option<Timestamp>,
    /// When it ended.
    #[serde(default)]
    pub completed_at: Option<Timestamp>,
    /// Its page for people.
    #[serde(default)]
    pub html_url: Option<String>,
}

/// One page of check runs.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct CheckRuns {
    /// How many there are on all pages.
    pub total_count: u64,
    /// Those on this page.
    pub check_runs: Vec<CheckRun>,
}

impl PageBody for CheckRuns {
    type Item = CheckRun;

    fn into_items(self) -> Vec<CheckRun> {
        self.check_runs
    }
}

open_enum! {
    /// What a commit status says.
    StatusState {
        /// Passed.
        Success = "success",
        /// Not known yet. A commit without any status has this as its combined state.
        Pending = "pending",
        /// Failed.
        Failure = "failure",
        /// Could not be told.
        Error = "error",
    }
}

/// One status of a commit.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct CommitStatus {
    /// What it is about, for example `taskclass/verdict`.
    pub context: String,
    /// What it says.
    pub state: StatusState,
    /// In words.
    #[serde(default)]
    pub description: Option<String>,
    /// Where to read more.
    #[serde(default)]
    pub target_url: Option<String>,
    /// Who set it; `None` if the account is gone, and always in the combined status, which does not say.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub creator: Option<Actor>,
    /// When it was set. GitHub's description does not promise a moment here, so anything else counts as absent.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub updated_at: Option<Timestamp>,
}

/// One page of a commit's statuses, each the latest of its context.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct CombinedStatus {
    /// All together: **pending also when there is none**.
    pub state: StatusState,
    /// The commit.
    pub sha: String,
    /// How many there are on all pages.
    pub total_count: u64,
    /// Those on this page.
    pub statuses: Vec<CommitStatus>,
}

impl PageBody for CombinedStatus {
    type Item = CommitStatus;

    fn into_items(self) -> Vec<CommitStatus> {
        self.statuses
    }
}
