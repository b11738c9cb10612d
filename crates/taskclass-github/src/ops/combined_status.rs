//! The statuses of a commit.

use crate::answer::{Answer, Page};
use crate::call::Call;
use crate::client::Client;
use crate::error::CallError;
use crate::model::CombinedStatus;
use crate::repo_name::RepoName;
use crate::transport::Transport;

impl<T: Transport> Client<T> {
    /// The latest status of each context for a commit (give its id: a branch can move), 100 a page.
    ///
    /// # Errors
    /// [`CallError`]: not sent, unknown, refused by GitHub, or an answer that cannot be read.
    pub fn combined_status(&self, repo: &RepoName, commit: &str) -> Result<Answer<Page<CombinedStatus>>, CallError> {
        let call = Call::read("GET /repos/{owner}/{repo}/commits/{ref}/status").repo(repo).segment("ref", commit);
        self.fetch_page(call.full_pages())
    }
}
