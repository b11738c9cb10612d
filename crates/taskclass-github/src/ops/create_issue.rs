//! Opening an issue.

use serde::Serialize;

use crate::answer::Answer;
use crate::call::Call;
use crate::client::Client;
use crate::error::CallError;
use crate::model::Issue;
use crate::repo_name::RepoName;
use crate::transport::{Purpose, Transport};

/// An issue to be opened.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct CreateIssue {
    /// The title.
    pub title: String,
    /// The text.
    pub body: String,
    /// Its labels.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub labels: Vec<String>,
    /// Logins of those who are to do it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub assignees: Vec<String>,
}

impl<T: Transport> Client<T> {
    /// Opens an issue. After an unknown outcome, look for it before trying again. Labels and assignees are dropped in silence if the
    /// token's user cannot push: compare with the answer.
    ///
    /// # Errors
    /// [`CallError`]: not sent, unknown, refused by GitHub, or an answer that cannot be read.
    pub fn create_issue(&self, repo: &RepoName, issue: &CreateIssue) -> Result<Answer<Issue>, CallError> {
        self.fetch(Call::new("POST /repos/{owner}/{repo}/issues", Purpose::Unrepeatable).repo(repo).json(issue))
    }
}
