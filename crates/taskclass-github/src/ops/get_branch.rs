//! A branch and its last commit.

use crate::answer::Answer;
use crate::call::Call;
use crate::client::Client;
use crate::error::CallError;
use crate::model::Branch;
use crate::repo_name::RepoName;
use crate::transport::Transport;

impl<T: Transport> Client<T> {
    /// A branch and its last commit.
    ///
    /// # Errors
    /// [`CallError`]: not sent, unknown, refused by GitHub, or an answer that cannot be read.
    pub fn get_branch(&self, repo: &RepoName, branch: &str) -> Result<Answer<Branch>, CallError> {
        self.fetch(Call::read("GET /repos/{owner}/{repo}/branches/{branch}").repo(repo).segment("branch", branch))
    }
}
