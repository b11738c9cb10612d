//! Everything that was ever said of a commit by statuses, and by whom.

use crate::answer::{Answer, Page};
use crate::call::Call;
use crate::client::Client;
use crate::error::CallError;
use crate::model::CommitStatus;
use crate::repo_name::RepoName;
use crate::transport::Transport;

impl<T: Transport> Client<T> {
    /// The statuses of a commit (give its id: a branch can move), newest first, 100 a page: of one context all that were ever set, each
    /// with who set it, which the combined status does not say.
    ///
    /// # Errors
    /// [`CallError`]: not sent, unknown, refused by GitHub, or an answer that cannot be read.
    pub fn list_commit_statuses(
        &self,
        repo: &RepoName,
        commit: &str,
    ) -> Result<Answer<Page<Vec<CommitStatus>>>, CallError> {
        let call = Call::read("GET /repos/{owner}/{repo}/commits/{ref}/statuses").repo(repo).segment("ref", commit);
        self.fetch_page(call.full_pages())
    }
}
