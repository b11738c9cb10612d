//! The issues of a repository.

use jiff::Timestamp;

use crate::answer::{Answer, Page};
use crate::call::Call;
use crate::client::Client;
use crate::error::CallError;
use crate::model::Issue;
use crate::repo_name::RepoName;
use crate::transport::Transport;

/// Which issues to list. The default: all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IssueQuery {
    /// Leave out closed ones.
    pub open_only: bool,
    /// Only those with all of these labels.
    pub labels: Vec<String>,
    /// Only those opened by this login.
    pub creator: Option<String>,
    /// Only those **changed** at or after this.
    pub since: Option<Timestamp>,
}

impl<T: Transport> Client<T> {
    /// The issues that a query selects, newest first, 100 a page. Pull requests are among them.
    ///
    /// # Errors
    /// [`CallError`]: not sent, unknown, refused by GitHub, or an answer that cannot be read.
    pub fn list_issues(&self, repo: &RepoName, query: &IssueQuery) -> Result<Answer<Page<Vec<Issue>>>, CallError> {
        let state = if query.open_only { "open" } else { "all" };
        let call = Call::read("GET /repos/{owner}/{repo}/issues").repo(repo).query("state", state);
        let call = call.query_opt("labels", (!query.labels.is_empty()).then(|| query.labels.join(",")).as_deref());
        let call = call.query_opt("creator", query.creator.as_deref());
        self.fetch_page(call.query_opt("since", query.since.map(|at| at.to_string()).as_deref()).full_pages())
    }
}
