//! Setting a status on a commit.

use serde::Serialize;

use crate::answer::Answer;
use crate::call::Call;
use crate::client::Client;
use crate::error::CallError;
use crate::model::{CommitStatus, StatusState};
use crate::repo_name::RepoName;
use crate::transport::{Purpose, Transport};

/// A status to be set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CreateStatus {
    /// What it says.
    pub state: StatusState,
    /// What it is about, for example `taskclass/verdict`.
    pub context: String,
    /// In words: GitHub takes at most 140 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Where to read more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target_url: Option<String>,
}

impl<T: Transport> Client<T> {
    /// Sets a status on a commit; a later one of the same context takes its place.
    ///
    /// # Errors
    /// [`CallError`]: not sent, unknown, refused by GitHub, or an answer that cannot be read.
    pub fn create_commit_status(
        &self,
        repo: &RepoName,
        sha: &str,
        status: &CreateStatus,
    ) -> Result<Answer<CommitStatus>, CallError> {
        let call = Call::new("POST /repos/{owner}/{repo}/statuses/{sha}", Purpose::Mutation).repo(repo);
        self.fetch(call.segment("sha", sha).json(status))
    }
}
