//! The runs of GitHub Actions in a repository.

use jiff::Timestamp;

use crate::answer::{Answer, Page};
use crate::call::Call;
use crate::client::Client;
use crate::error::CallError;
use crate::model::WorkflowRuns;
use crate::repo_name::RepoName;
use crate::transport::Transport;

/// Which runs to list. The default: all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RunQuery {
    /// Only those on this branch.
    pub branch: Option<String>,
    /// Only those that this started; `dynamic` for the cloud agent.
    pub event: Option<String>,
    /// Only those created at or after this.
    pub created_since: Option<Timestamp>,
}

impl<T: Transport> Client<T> {
    /// The runs that a query selects, newest first, 100 a page.
    ///
    /// # Errors
    /// [`CallError`]: not sent, unknown, refused by GitHub, or an answer that cannot be read.
    pub fn list_workflow_runs(
        &self,
        repo: &RepoName,
        query: &RunQuery,
    ) -> Result<Answer<Page<WorkflowRuns>>, CallError> {
        let call = Call::read("GET /repos/{owner}/{repo}/actions/runs").repo(repo);
        let call = call.query_opt("branch", query.branch.as_deref()).query_opt("event", query.event.as_deref());
        self.fetch_page(
            call.query_opt("created", query.created_since.map(|at| format!(">={at}")).as_deref()).full_pages(),
        )
    }
}
