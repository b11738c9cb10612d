//! A repository as it is now.

use crate::answer::Answer;
use crate::call::Call;
use crate::client::Client;
use crate::error::CallError;
use crate::model::Repository;
use crate::repo_name::RepoName;
use crate::transport::Transport;

impl<T: Transport> Client<T> {
    /// A repository as it is now. A renamed one is found under its old name; compare the id.
    ///
    /// # Errors
    /// [`CallError`]: not sent, unknown, refused by GitHub, or an answer that cannot be read.
    pub fn get_repo(&self, repo: &RepoName) -> Result<Answer<Repository>, CallError> {
        self.fetch(Call::read("GET /repos/{owner}/{repo}").repo(repo))
    }
}
