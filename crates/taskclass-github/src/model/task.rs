//! An agent task. Read as leniently as safety allows: a 201 that carries an id is a task that exists, whatever else it says.

use jiff::Timestamp;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::artifact::Artifact;
use super::session::Session;
use super::usage::UsageTotal;
use crate::answer::PageBody;
use crate::ids::{RepositoryId, TaskId, UserId};
use crate::lenient;
use crate::open_enum::open_enum;

open_enum! {
    /// Where a task or session stands. A task's state is that of its latest session, so a finished task can come back to life.
    TaskState {
        /// Accepted, not begun.
        Queued = "queued",
        /// The agent works.
        InProgress = "in_progress",
        /// Ended well.
        Completed = "completed",
        /// Ended badly.
        Failed = "failed",
        /// Not working and not ended: waits for someone.
        Idle = "idle",
        /// The agent asked a person.
        WaitingForUser = "waiting_for_user",
        /// The session's time limit was reached.
        TimedOut = "timed_out",
        /// Stopped by someone.
        Cancelled = "cancelled",
    }
}

impl TaskState {
    /// Queued or being worked on.
    pub fn is_running(&self) -> bool {
        matches!(self, Self::Queued | Self::InProgress)
    }

    /// Waits for a person.
    pub fn needs_person(&self) -> bool {
        matches!(self, Self::Idle | Self::WaitingForUser)
    }

    /// Ended for now. False for a state that this version does not know.
    pub fn is_terminal(&self) -> bool {
        matches!(self, Self::Completed | Self::Failed | Self::TimedOut | Self::Cancelled)
    }
}

/// Who or what something belongs to, as the tasks API says it: by number only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct OwnerRef {
    /// The database id of a user or organisation.
    pub id: UserId,
}

/// An agent task. In lists, `sessions` is always `None`: usage, model, prompt and error need the single task.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Task {
    /// The id.
    pub id: TaskId,
    /// Where it stands; `Other` if GitHub did not say.
    #[serde(default = "unsaid", deserialize_with = "state")]
    pub state: TaskState,
    /// When it was created.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub created_at: Option<Timestamp>,
    /// When it last changed.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub updated_at: Option<Timestamp>,
    /// When it was archived, if it is.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub archived_at: Option<Timestamp>,
    /// A name derived from the prompt.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub name: Option<String>,
    /// Its page for people.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub html_url: Option<String>,
    /// Who created it.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub creator: Option<OwnerRef>,
    /// Whose repository it is in.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub owner: Option<OwnerRef>,
    /// The repository, by number.
    #[serde(rename = "repository", default, deserialize_with = "repository_id")]
    pub repository_id: Option<RepositoryId>,
    /// How many sessions there are.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub session_count: Option<u32>,
    /// What it left behind.
    #[serde(default, deserialize_with = "lenient::list")]
    pub artifacts: Vec<Artifact>,
    /// Its sessions; `None` in lists and just after creation.
    #[serde(default)]
    pub sessions: Option<Vec<Session>>,
}

impl Task {
    /// A task of which nothing but its id is known.
    pub(crate) fn known_by_id(id: TaskId) -> Self {
        Self {
            id,
            state: unsaid(),
            created_at: None,
            updated_at: None,
            archived_at: None,
            name: None,
            html_url: None,
            creator: None,
            owner: None,
            repository_id: None,
            session_count: None,
            artifacts: Vec::new(),
            sessions: None,
        }
    }

    /// What its sessions used together. From a list, or before a session is known, nothing is known.
    pub fn usage(&self) -> UsageTotal {
        UsageTotal::of(self.sessions.iter().flatten().map(|session| session.usage.as_ref()))
    }

    /// The session that was created last; of several at the same moment, the last in the list.
    pub fn latest_session(&self) -> Option<&Session> {
        self.sessions.iter().flatten().max_by_key(|session| session.created_at)
    }
}

/// One page of a list of tasks.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct TaskList {
    /// The tasks, without their sessions.
    pub tasks: Vec<Task>,
    /// How many are not archived.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub total_active_count: Option<u64>,
    /// How many are archived.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub total_archived_count: Option<u64>,
}

impl PageBody for TaskList {
    type Item = Task;

    fn into_items(self) -> Vec<Task> {
        self.tasks
    }
}

fn unsaid() -> TaskState {
    TaskState::Other(String::new())
}

fn state<'de, D: Deserializer<'de>>(deserializer: D) -> Result<TaskState, D::Error> {
    Ok(lenient::optional(deserializer)?.unwrap_or_else(unsaid))
}

fn repository_id<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<RepositoryId>, D::Error> {
    let repository: Option<Value> = lenient::optional(deserializer)?;
    Ok(repository.and_then(|value| value.get("id").and_then(Value::as_i64)).map(RepositoryId))
}
