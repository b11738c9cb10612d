//! What a git ref points to.

use crate::answer::Answer;
use crate::call::Call;
use crate::client::Client;
use crate::error::CallError;
use crate::model::GitRef;
use crate::repo_name::RepoName;
use crate::transport::Transport;

impl<T: Transport> Client<T> {
    /// What a ref such as `heads/main` or `tags/v1` points to (without `refs/`).
    ///
    /// # Errors
    /// [`CallError`]: not sent, unknown, refused by GitHub, or an answer that cannot be read.
    pub fn get_ref(&self, repo: &RepoName, name: &str) -> Result<Answer<GitRef>, CallError> {
        self.fetch(Call::read("GET /repos/{owner}/{repo}/git/ref/{ref}").repo(repo).segments("ref", name))
    }
}
