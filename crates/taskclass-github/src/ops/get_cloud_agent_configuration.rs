//! How the cloud agent is set up in a repository (preview).

use crate::answer::Answer;
use crate::call::Call;
use crate::client::Client;
use crate::error::CallError;
use crate::model::CloudAgentConfiguration;
use crate::repo_name::RepoName;
use crate::transport::Transport;

impl<T: Transport> Client<T> {
    /// How the cloud agent is set up in a repository. A preview, which needs the permission "Copilot agent settings".
    ///
    /// # Errors
    /// [`CallError`]: not sent, unknown, refused by GitHub, or an answer that cannot be read.
    pub fn get_cloud_agent_configuration(&self, repo: &RepoName) -> Result<Answer<CloudAgentConfiguration>, CallError> {
        self.fetch(Call::read("GET /repos/{owner}/{repo}/copilot/cloud-agent/configuration").repo(repo))
    }
}
