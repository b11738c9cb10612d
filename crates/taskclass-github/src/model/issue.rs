//! Issues, labels, comments.

use jiff::Timestamp;
use serde::{Deserialize, Deserializer};

use super::account::Actor;
use super::pull::OpenState;
use crate::ids::{CommentId, IssueNumber};
use crate::lenient;
use crate::open_enum::open_enum;

/// A label's name. GitHub writes it as an object, in places as a text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Label {
    /// The name.
    pub name: String,
}

impl<'de> Deserialize<'de> for Label {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Written {
            Text(String),
            Object {
                #[serde(default)]
                name: Option<String>,
            },
        }
        Ok(match Written::deserialize(deserializer)? {
            Written::Text(name) => Self { name },
            Written::Object { name } => Self { name: name.unwrap_or_default() },
        })
    }
}

open_enum! {
    /// Why an issue is closed (or open again).
    StateReason {
        /// Done.
        Completed = "completed",
        /// Will not be done.
        NotPlanned = "not_planned",
        /// Another issue is about the same.
        Duplicate = "duplicate",
        /// Open again.
        Reopened = "reopened",
    }
}

/// An issue. GitHub lists pull requests among issues: see [`Issue::is_pull_request`].
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Issue {
    /// The number within its repository.
    pub number: IssueNumber,
    /// Its page for people.
    pub html_url: String,
    /// Open or closed.
    pub state: OpenState,
    /// Why it is closed.
    #[serde(default)]
    pub state_reason: Option<StateReason>,
    /// The title.
    pub title: String,
    /// The text.
    #[serde(default)]
    pub body: Option<String>,
    /// Who opened it.
    #[serde(default)]
    pub user: Option<Actor>,
    /// Its labels. GitHub drops those of a creator without push access in silence.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub labels: Vec<Label>,
    /// Who is to do it. GitHub drops those of a creator without push access in silence.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub assignees: Vec<Actor>,
    /// When it was opened.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// When it was closed.
    #[serde(default)]
    pub closed_at: Option<Timestamp>,
    /// How many comments stand below it, if GitHub says so.
    #[serde(default)]
    pub comments: Option<u64>,
    /// Whether comments are restricted.
    #[serde(default)]
    pub locked: bool,
    #[serde(default)]
    pull_request: Option<serde::de::IgnoredAny>,
}

impl Issue {
    /// True for the issue that every pull request also is.
    pub fn is_pull_request(&self) -> bool {
        self.pull_request.is_some()
    }
}

/// A comment on an issue or pull request.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Comment {
    /// The database id.
    pub id: CommentId,
    /// Its page for people.
    pub html_url: String,
    /// Who wrote it; `None` if the account is gone.
    #[serde(default)]
    pub user: Option<Actor>,
    /// Its text.
    #[serde(default)]
    pub body: Option<String>,
    /// When it was written.
    pub created_at: Timestamp,
}
