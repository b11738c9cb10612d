//! Cancelling a run of GitHub Actions.

use crate::answer::Answer;
use crate::call::Call;
use crate::client::Client;
use crate::error::CallError;
use crate::ids::RunId;
use crate::repo_name::RepoName;
use crate::transport::{Purpose, Transport};

impl<T: Transport> Client<T> {
    /// Asks for a run to be cancelled. Success only means that GitHub took the wish: it says nothing on the agent's session.
    ///
    /// # Errors
    /// [`CallError`]: not sent, unknown, refused by GitHub, or an answer that cannot be read.
    pub fn cancel_workflow_run(&self, repo: &RepoName, run: RunId) -> Result<Answer<()>, CallError> {
        let call = Call::new("POST /repos/{owner}/{repo}/actions/runs/{run_id}/cancel", Purpose::Mutation).repo(repo);
        self.command(call.segment("run_id", &run.to_string()))
    }
}
