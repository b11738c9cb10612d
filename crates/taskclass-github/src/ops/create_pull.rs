//! Opening a pull request.

use serde::Serialize;

use crate::answer::Answer;
use crate::call::Call;
use crate::client::Client;
use crate::error::CallError;
use crate::model::Pull;
use crate::repo_name::RepoName;
use crate::transport::{Purpose, Transport};

/// A pull request to be opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CreatePull {
    /// The title.
    pub title: String,
    /// The branch with the work.
    pub head: String,
    /// The branch it is to go to.
    pub base: String,
    /// The description.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// Whether it is a draft.
    pub draft: bool,
}

impl<T: Transport> Client<T> {
    /// Opens a pull request. After an unknown outcome, list the pull requests of the branch before trying again.
    ///
    /// # Errors
    /// [`CallError`]: not sent, unknown, refused by GitHub, or an answer that cannot be read.
    pub fn create_pull(&self, repo: &RepoName, pull: &CreatePull) -> Result<Answer<Pull>, CallError> {
        self.fetch(Call::new("POST /repos/{owner}/{repo}/pulls", Purpose::Unrepeatable).repo(repo).json(pull))
    }
}
