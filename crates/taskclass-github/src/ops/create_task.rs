//! The one request that must never be repeated blindly: creating an agent task.

use serde::Serialize;

use crate::call::Call;
use crate::client::Client;
use crate::repo_name::RepoName;
use crate::submission::{Attempt, Submission, classify};
use crate::transport::{Purpose, Transport};

const OPERATION: &str = "POST /agents/repos/{owner}/{repo}/tasks";

/// An agent task to be created.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CreateTask {
    /// What the agent is to do. Anyone who can read the repository can read it.
    pub prompt: String,
    /// The model; `None` leaves the choice to GitHub.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// The name of a file `.github/agents/NAME.agent.md`, without its extension.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_agent: Option<String>,
    /// Whether the agent opens a pull request.
    pub create_pull_request: bool,
    /// The branch to start from; `None`: the default branch.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base_ref: Option<String>,
    /// An existing branch to work on, instead of a new one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub head_ref: Option<String>,
}

impl CreateTask {
    /// The body of the request: JSON, fields in the order above, absent ones left out. The same value gives the same bytes.
    pub fn to_body(&self) -> Vec<u8> {
        // Texts and a boolean always have a JSON form, so there is no error to report.
        serde_json::to_vec(self).unwrap_or_default()
    }
}

impl<T: Transport> Client<T> {
    /// Sends exactly these bytes, once, to create a task: the caller has journaled them before. What is known afterwards is in the
    /// [`Submission`]; there is no other error.
    pub fn create_task_bytes(&self, repo: &RepoName, body: &[u8]) -> Attempt {
        let call = Call::new(OPERATION, Purpose::Unrepeatable).repo(repo).bytes(body);
        match self.request(call) {
            Ok(request) => match self.transport().send(&request) {
                Ok(response) => classify(OPERATION, Ok(&response)),
                Err(error) => classify(OPERATION, Err(error)),
            },
            Err(error) => Attempt { submission: Submission::NotSent(error.to_string()), meta: None },
        }
    }
}
