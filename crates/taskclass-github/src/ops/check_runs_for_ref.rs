//! The check runs of a commit.

use crate::answer::{Answer, Page};
use crate::call::Call;
use crate::client::Client;
use crate::error::CallError;
use crate::model::CheckRuns;
use crate::repo_name::RepoName;
use crate::transport::Transport;

impl<T: Transport> Client<T> {
    /// The latest check run of each name and app for a commit (give its id: a branch can move), 100 a page.
    ///
    /// # Errors
    /// [`CallError`]: not sent, unknown, refused by GitHub, or an answer that cannot be read.
    pub fn check_runs_for_ref(&self, repo: &RepoName, commit: &str) -> Result<Answer<Page<CheckRuns>>, CallError> {
        let call = Call::read("GET /repos/{owner}/{repo}/commits/{ref}/check-runs").repo(repo).segment("ref", commit);
        self.fetch_page(call.query("filter", "latest").full_pages())
    }
}
