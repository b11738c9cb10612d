//! `task-class/v1`: what a task may leave behind, and what makes it acceptable.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{CheckName, Owner, PathPattern};

/// Whether and how a pull request is opened.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PullRequest {
    /// Who opens it, if anyone.
    #[serde(default)]
    pub create: CreatePullRequest,
    /// Labels that it gets.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 20), inner(length(min = 1, max = 50)))]
    pub labels: Vec<String>,
    /// Who is asked to review it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 15))]
    pub reviewers: Vec<Owner>,
}

/// Who opens the pull request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum CreatePullRequest {
    /// Nobody.
    #[default]
    Never,
    /// The agent, before its work is judged.
    ByAgent,
    /// The executor, once the branch is accepted.
    AfterValidation,
}

/// What makes a result acceptable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Validation {
    /// Which files the agent may touch.
    pub paths: Paths,
    /// The most files it may touch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 3000))]
    pub max_files: Option<u32>,
    /// The most lines it may add and delete together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 1_000_000))]
    pub max_lines: Option<u32>,
    /// Checks that must have succeeded; one that did not run is inconclusive, never passed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 50))]
    pub required_checks: Vec<CheckName>,
    /// Approving reviews a merge needs; the token owner's own does not count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(max = 10))]
    pub min_approvals: Option<u32>,
    /// What a result without any change is.
    #[serde(default)]
    pub empty_result: EmptyResult,
    /// What happens to a rejected result.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 3))]
    pub on_rejected: Vec<OnRejected>,
}

/// Which files the agent may touch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Paths {
    /// Every touched file must match one of these.
    #[schemars(length(min = 1, max = 200))]
    pub allow: Vec<PathPattern>,
    /// No touched file may match one of these; the policy's are added.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 200))]
    pub deny: Vec<PathPattern>,
}

/// What a result without any change is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum EmptyResult {
    /// Rejected.
    #[default]
    Rejected,
    /// Accepted: the task may find that there is nothing to do.
    Accepted,
}

/// What happens to a rejected result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum OnRejected {
    /// A comment on the pull request says what was out of bounds.
    Comment,
    /// The escalation ladder starts.
    Escalate,
    /// The pull request is closed.
    ClosePullRequest,
}
