//! Changing a pull request: closing it, or rewriting its text.

use serde::Serialize;

use crate::answer::Answer;
use crate::call::Call;
use crate::client::Client;
use crate::error::CallError;
use crate::ids::PullNumber;
use crate::model::{OpenState, Pull};
use crate::repo_name::RepoName;
use crate::transport::{Purpose, Transport};

/// What to change in a pull request.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct UpdatePull {
    /// Another title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Another description.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// Open or closed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<OpenState>,
}

impl<T: Transport> Client<T> {
    /// Changes a pull request. What is `None` stays as it is.
    ///
    /// # Errors
    /// [`CallError`]: not sent, unknown, refused by GitHub, or an answer that cannot be read.
    pub fn update_pull(
        &self,
        repo: &RepoName,
        number: PullNumber,
        change: &UpdatePull,
    ) -> Result<Answer<Pull>, CallError> {
        let call = Call::new("PATCH /repos/{owner}/{repo}/pulls/{pull_number}", Purpose::Mutation).repo(repo);
        self.fetch(call.segment("pull_number", &number.to_string()).json(change))
    }
}
