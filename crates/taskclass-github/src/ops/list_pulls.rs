//! The pull requests of a repository.

use crate::answer::{Answer, Page};
use crate::call::Call;
use crate::client::Client;
use crate::error::CallError;
use crate::model::Pull;
use crate::repo_name::RepoName;
use crate::transport::Transport;

/// Which pull requests to list. The default: all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PullQuery {
    /// Only those from this branch of the repository itself.
    pub head: Option<String>,
    /// Only those into this branch.
    pub base: Option<String>,
    /// Leave out closed and merged ones.
    pub open_only: bool,
}

impl<T: Transport> Client<T> {
    /// The pull requests that a query selects, newest first, 100 a page.
    ///
    /// # Errors
    /// [`CallError`]: not sent, unknown, refused by GitHub, or an answer that cannot be read.
    pub fn list_pulls(&self, repo: &RepoName, query: &PullQuery) -> Result<Answer<Page<Vec<Pull>>>, CallError> {
        let state = if query.open_only { "open" } else { "all" };
        let head = query.head.as_ref().map(|branch| format!("{}:{branch}", repo.owner()));
        let call = Call::read("GET /repos/{owner}/{repo}/pulls").repo(repo).query("state", state);
        self.fetch_page(call.query_opt("head", head.as_deref()).query_opt("base", query.base.as_deref()).full_pages())
    }
}
