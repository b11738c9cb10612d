//! A session: one stretch of the agent's work on a task. Only a single task's answer carries its sessions.

use jiff::Timestamp;
use serde::{Deserialize, Deserializer};

use super::task::TaskState;
use super::usage::Usage;
use crate::ids::SessionId;
use crate::lenient;

/// One session.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Session {
    /// The id: evidence is kept by it, since a task can get a further session.
    pub id: SessionId,
    /// Where it stands.
    pub state: TaskState,
    /// When it began to exist.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub created_at: Option<Timestamp>,
    /// When it last changed.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub updated_at: Option<Timestamp>,
    /// When it ended.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub completed_at: Option<Timestamp>,
    /// A name derived from the prompt.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub name: Option<String>,
    /// The prompt as it was sent.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub prompt: Option<String>,
    /// The branch that is worked on; absent while queued.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub head_ref: Option<String>,
    /// The branch that the work started from.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub base_ref: Option<String>,
    /// The model as GitHub wrote it: compare [`Session::model`] instead.
    #[serde(rename = "model", default, deserialize_with = "lenient::optional")]
    pub model_as_written: Option<String>,
    /// What was used; `None` is unknown, not zero.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub usage: Option<Usage>,
    /// Why it failed, in the agent's words, for example `CAPIError: 429 …`.
    #[serde(rename = "error", default, deserialize_with = "error_message")]
    pub error_message: Option<String>,
}

impl Session {
    /// The model that was used, without the decorations around its name; `None` if it is not said.
    pub fn model(&self) -> Option<String> {
        let name = normalize_model(self.model_as_written.as_deref()?);
        (!name.is_empty()).then_some(name)
    }
}

/// A model's name without what is put around it: `sweagent-capi:claude-sonnet-4.6` and `claude-sonnet-4.6[ReasoningEffort=medium]` are both
/// `claude-sonnet-4.6`. Lower case, no white space around it.
pub fn normalize_model(text: &str) -> String {
    let without_suffix = match text.split_once('[') {
        Some((name, _)) => name,
        None => text,
    };
    let name = match without_suffix.rsplit_once(':') {
        Some((_, name)) => name,
        None => without_suffix,
    };
    name.trim().to_lowercase()
}

fn error_message<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    #[derive(Deserialize)]
    struct SessionError {
        #[serde(default)]
        message: Option<String>,
    }
    let error: Option<SessionError> = lenient::optional(deserializer)?;
    Ok(error.and_then(|error| error.message))
}

#[cfg(test)]
mod tests {
    use super::normalize_model;

    #[test]
    fn decorations_are_taken_off() {
        for text in [
            "claude-sonnet-4.6",
            "sweagent-capi:claude-sonnet-4.6",
            "claude-sonnet-4.6[ReasoningEffort=medium]",
            "sweagent-capi:claude-sonnet-4.6[ReasoningEffort=a:b]",
            " Claude-Sonnet-4.6 ",
        ] {
            assert_eq!(normalize_model(text), "claude-sonnet-4.6", "{text}");
        }
        assert_eq!(normalize_model(""), "");
        assert_eq!(normalize_model("x:"), "");
    }
}
