//! Identifiers, each its own type, so that a pull request's database id is never taken for its number.

use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! number_ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    )+};
}

macro_rules! text_ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub String);

        impl $name {
            /// The identifier as GitHub wrote it.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }
    )+};
}

number_ids! {
    /// A GitHub App's number.
    AppId,
    /// A check run's database id.
    CheckRunId,
    /// A comment's database id.
    CommentId,
    /// An issue's number within its repository. A pull request's issue has the same number as the pull request.
    IssueNumber,
    /// A pull request's **database id**, which is what a task's artifact carries. Not its number.
    PullId,
    /// A pull request's number within its repository.
    PullNumber,
    /// A repository's database id, which outlives a rename.
    RepositoryId,
    /// A ruleset's id.
    RulesetId,
    /// An Actions workflow run's id.
    RunId,
    /// A user's or organisation's database id, which outlives a rename.
    UserId,
}

text_ids! {
    /// An agent task's id.
    TaskId,
    /// A session's id within a task.
    SessionId,
}

impl From<PullNumber> for IssueNumber {
    fn from(number: PullNumber) -> Self {
        Self(number.0)
    }
}
