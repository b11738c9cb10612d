//! References into GitHub, as the journal keeps them: plain numbers and texts, independent of the client's types.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use taskclass_spec::NanoCredits;

use super::AgentState;

/// A task at GitHub.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TaskRef {
    /// GitHub's id.
    pub id: String,
    /// Where a person sees it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// When GitHub made it, by its clock.
    #[schemars(with = "String", extend("format" = "date-time"))]
    pub created_at: Timestamp,
}

/// The GitHub user as whom tasks run.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub struct TokenOwner {
    /// The login.
    pub login: String,
    /// The database id, which outlives a rename.
    pub id: i64,
}

/// Who asked for a run.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CallerFacts {
    /// The person, as verified: the token owner's login.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<String>,
    /// The system that called, if it said so (a portal, a workflow).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub system: Option<String>,
    /// The event that led to it, in the caller's words (`--trigger`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trigger: Option<String>,
    /// The line of `callers.allow` (or the owner) that admitted the person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub admitted_as: Option<String>,
}

/// What an HTTP answer said beside its body.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Http {
    /// The status.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// GitHub's id of the request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
}

/// Something that a task made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ArtifactRef {
    /// A pull request, by its database id (not its number).
    Pull {
        /// The database id.
        id: i64,
    },
    /// A branch.
    Branch {
        /// The branch.
        head_ref: String,
        /// What it started from.
        base_ref: String,
    },
}

/// One reading of GitHub's task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AgentView {
    /// The task's state.
    pub state: AgentState,
    /// Its last change, by GitHub's clock.
    #[schemars(with = "String", extend("format" = "date-time"))]
    pub updated_at: Timestamp,
    /// Its sessions' ids, in order.
    #[serde(default)]
    pub sessions: Vec<String>,
    /// The newest session's branch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub head_ref: Option<String>,
    /// What it has made.
    #[serde(default)]
    pub artifacts: Vec<ArtifactRef>,
    /// The models that worked, normalised, in order of first use.
    #[serde(default)]
    pub models: Vec<String>,
    /// Whether a session does not say which model worked.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub model_unsaid: bool,
    /// What all sessions used together; absent if any of them does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nano_credits: Option<u64>,
    /// The newest session's error.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// Whether a person has archived it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub archived: bool,
}

impl AgentView {
    /// What the task used, if it is known.
    pub fn usage(&self) -> Option<NanoCredits> {
        self.nano_credits.map(NanoCredits)
    }
}
