//! Changing an issue: closing it, or rewriting its text.

use serde::Serialize;

use crate::answer::Answer;
use crate::call::Call;
use crate::client::Client;
use crate::error::CallError;
use crate::ids::IssueNumber;
use crate::model::{Issue, OpenState, StateReason};
use crate::repo_name::RepoName;
use crate::transport::{Purpose, Transport};

/// What to change in an issue.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct UpdateIssue {
    /// Another title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Another text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// Open or closed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<OpenState>,
    /// Why it is closed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state_reason: Option<StateReason>,
}

impl<T: Transport> Client<T> {
    /// Changes an issue. What is `None` stays as it is.
    ///
    /// # Errors
    /// [`CallError`]: not sent, unknown, refused by GitHub, or an answer that cannot be read.
    pub fn update_issue(
        &self,
        repo: &RepoName,
        number: IssueNumber,
        change: &UpdateIssue,
    ) -> Result<Answer<Issue>, CallError> {
        let call = Call::new("PATCH /repos/{owner}/{repo}/issues/{issue_number}", Purpose::Mutation).repo(repo);
        self.fetch(call.segment("issue_number", &number.to_string()).json(change))
    }
}
