//! What the gate said, and the facts that an event carries which concerns no task.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Body, Subject};

/// What the gate said of one thing that it looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct GateResult {
    /// What was looked at: `caller`, `token`, `live_repository`, `require`, `budget`, …
    pub check: String,
    /// Whether it was as it must be.
    pub passed: bool,
    /// What was found: for a refusal the reason in words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub found: String,
}

impl GateResult {
    /// A check that was passed, and what was found.
    pub fn passed(check: &str, found: impl ToString) -> Self {
        Self { check: check.to_owned(), passed: true, found: found.to_string() }
    }

    /// A check that was not.
    pub fn refused(check: &str, reason: impl ToString) -> Self {
        Self { check: check.to_owned(), passed: false, found: reason.to_string() }
    }
}

impl Body {
    /// The facts of an event that concerns no task, under the names that they have everywhere. Those of a task's events are the task's.
    pub fn subject(&self) -> Subject {
        match self {
            Self::RunRefused { class, repository, caller, .. } => Subject {
                class: Some(class.clone()),
                repository: (!repository.is_empty()).then(|| repository.clone()),
                caller: Some(caller.clone()),
                ..Subject::default()
            },
            Self::RateLimited { owner, .. } => Subject { token_owner: Some(owner.clone()), ..Subject::default() },
            _ => Subject::default(),
        }
    }
}
