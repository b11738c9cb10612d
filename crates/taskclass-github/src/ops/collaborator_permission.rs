//! What one user may do in a repository.

use crate::answer::Answer;
use crate::call::Call;
use crate::client::Client;
use crate::error::CallError;
use crate::model::Permission;
use crate::repo_name::RepoName;
use crate::transport::Transport;

impl<T: Transport> Client<T> {
    /// What one user may do in a repository. 404 if the login does not exist or the token cannot know.
    ///
    /// # Errors
    /// [`CallError`]: not sent, unknown, refused by GitHub, or an answer that cannot be read.
    pub fn collaborator_permission(&self, repo: &RepoName, login: &str) -> Result<Answer<Permission>, CallError> {
        let call = Call::read("GET /repos/{owner}/{repo}/collaborators/{username}/permission").repo(repo);
        self.fetch(call.segment("username", login))
    }
}
