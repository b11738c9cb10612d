//! What is at a path in a repository.

use crate::answer::Answer;
use crate::call::Call;
use crate::client::Client;
use crate::error::CallError;
use crate::model::Content;
use crate::repo_name::RepoName;
use crate::transport::Transport;

impl<T: Transport> Client<T> {
    /// What is at a path at a branch, tag or commit (`None`: the default branch).
    ///
    /// # Errors
    /// [`CallError`]: not sent, unknown, refused by GitHub, or an answer that cannot be read.
    pub fn get_content(&self, repo: &RepoName, path: &str, at: Option<&str>) -> Result<Answer<Content>, CallError> {
        let call = Call::read("GET /repos/{owner}/{repo}/contents/{path}").repo(repo).segments("path", path);
        self.fetch(call.query_opt("ref", at))
    }
}
