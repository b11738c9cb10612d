//! The commits of a branch, newest first.

use jiff::Timestamp;

use crate::answer::{Answer, Page};
use crate::call::Call;
use crate::client::Client;
use crate::error::CallError;
use crate::model::Commit;
use crate::repo_name::RepoName;
use crate::transport::Transport;

/// Which commits to list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CommitQuery {
    /// Branch or commit to start from; `None`: the default branch.
    pub start: Option<String>,
    /// Only those that touch this path.
    pub path: Option<String>,
    /// Only those committed at or after.
    pub since: Option<Timestamp>,
    /// Only those committed at or before.
    pub until: Option<Timestamp>,
}

impl<T: Transport> Client<T> {
    /// The commits that a query selects, newest first, 100 a page.
    ///
    /// # Errors
    /// [`CallError`]: not sent, unknown, refused by GitHub, or an answer that cannot be read.
    pub fn list_commits(&self, repo: &RepoName, query: &CommitQuery) -> Result<Answer<Page<Vec<Commit>>>, CallError> {
        let call = Call::read("GET /repos/{owner}/{repo}/commits").repo(repo);
        let call = call.query_opt("sha", query.start.as_deref()).query_opt("path", query.path.as_deref());
        let call = call.query_opt("since", query.since.map(|at| at.to_string()).as_deref());
        self.fetch_page(call.query_opt("until", query.until.map(|at| at.to_string()).as_deref()).full_pages())
    }
}
