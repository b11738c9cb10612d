//! `task-class/v1`: what a task may leave behind, and what makes it acceptable.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::form::{Form, Items, Maybe, Number, Text};
use crate::{CheckName, Owner, PathPattern};

/// Whether and how a pull request is opened.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PullRequest {
    /// Who opens the pull request, if anyone.
    #[serde(default)]
    pub create: CreatePullRequest,
    /// Labels that the pull request gets.
    #[serde(default, with = "Items::<Text<1, 50>, 0, 20>", skip_serializing_if = "Vec::is_empty")]
    pub labels: Vec<String>,
    /// Who is asked to review the pull request: people and teams with access to the repository.
    #[serde(default, with = "Items::<Owner, 0, 15>", skip_serializing_if = "Vec::is_empty")]
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
    /// The most files that the result may touch. Left out, any number.
    #[serde(default, with = "Maybe::<Number<1, 3000>>", skip_serializing_if = "Option::is_none")]
    pub max_files: Option<u32>,
    /// The most lines that the result may add and delete together. Left out, any number.
    #[serde(default, with = "Maybe::<Number<1, 1_000_000>>", skip_serializing_if = "Option::is_none")]
    pub max_lines: Option<u32>,
    /// Checks that must have succeeded, by their exact names; one that did not run is inconclusive, never passed.
    #[serde(default, with = "Items::<CheckName, 0, 50>", skip_serializing_if = "Vec::is_empty")]
    pub required_checks: Vec<CheckName>,
    /// Approving reviews that a merge needs; the token owner's own does not count. Left out, none is asked for.
    #[serde(default, with = "Maybe::<Number<0, 10>>", skip_serializing_if = "Option::is_none")]
    pub min_approvals: Option<u32>,
    /// What becomes of a result without any change.
    #[serde(default)]
    pub empty_result: EmptyResult,
    /// What happens to a rejected result. Left out, nothing but the verdict.
    #[serde(default, with = "Items::<OnRejected, 0, 3>", skip_serializing_if = "Vec::is_empty")]
    pub on_rejected: Vec<OnRejected>,
}

/// Which files the agent may touch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Paths {
    /// Every touched file must match one of these. `*` stops at `/`, `**` does not.
    #[serde(with = "Items::<PathPattern, 1, 200>")]
    pub allow: Vec<PathPattern>,
    /// No touched file may match one of these; the policy's are added.
    #[serde(default, with = "Items::<PathPattern, 0, 200>", skip_serializing_if = "Vec::is_empty")]
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
