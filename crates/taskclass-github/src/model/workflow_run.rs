//! Runs of GitHub Actions: behind a session there is one, and cancelling it is the only way to stop a session.

use jiff::Timestamp;
use serde::Deserialize;

use super::account::Actor;
use crate::answer::PageBody;
use crate::ids::RunId;

/// A workflow run.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct WorkflowRun {
    /// The id.
    pub id: RunId,
    /// The name of the workflow.
    #[serde(default)]
    pub name: Option<String>,
    /// The file of the workflow; `dynamic/copilot-swe-agent/…` for the cloud agent.
    pub path: String,
    /// What started it; `dynamic` for the cloud agent.
    pub event: String,
    /// How far it is: `queued`, `in_progress`, `waiting`, `pending`, `completed`, ….
    #[serde(default)]
    pub status: Option<String>,
    /// How it ended.
    #[serde(default)]
    pub conclusion: Option<String>,
    /// The branch.
    #[serde(default)]
    pub head_branch: Option<String>,
    /// The commit.
    pub head_sha: String,
    /// Who started it.
    #[serde(default)]
    pub actor: Option<Actor>,
    /// Its page for people.
    pub html_url: String,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

impl WorkflowRun {
    /// True for the cloud agent's own run; false for Copilot's code review, which is dynamic too.
    pub fn is_cloud_agent(&self) -> bool {
        self.event == "dynamic" && self.path.starts_with("dynamic/copilot-swe-agent")
    }

    /// True while it can still be cancelled.
    pub fn is_live(&self) -> bool {
        matches!(self.status.as_deref(), Some("queued" | "in_progress" | "waiting" | "pending" | "requested"))
    }
}

/// One page of workflow runs: GitHub shows at most 1,000 results of a filtered search.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct WorkflowRuns {
    /// How many there are on all pages.
    pub total_count: u64,
    /// Those on this page.
    pub workflow_runs: Vec<WorkflowRun>,
}

impl PageBody for WorkflowRuns {
    type Item = WorkflowRun;

    fn into_items(self) -> Vec<WorkflowRun> {
        self.workflow_runs
    }
}
