//! The agent tasks of a repository.

use super::task_query::TaskQuery;
use crate::answer::{Answer, Conditional, Page};
use crate::call::Call;
use crate::client::Client;
use crate::error::CallError;
use crate::meta::Etag;
use crate::model::TaskList;
use crate::repo_name::RepoName;
use crate::transport::Transport;

impl<T: Transport> Client<T> {
    /// The tasks of a repository that a query selects.
    ///
    /// # Errors
    /// [`CallError`]: not sent, unknown, refused by GitHub, or an answer that cannot be read.
    pub fn list_repo_tasks(&self, repo: &RepoName, query: &TaskQuery) -> Result<Answer<Page<TaskList>>, CallError> {
        self.fetch_page(list(repo, query))
    }

    /// The same, if it changed since an earlier answer.
    ///
    /// # Errors
    /// [`CallError`]: not sent, unknown, refused by GitHub, or an answer that cannot be read.
    pub fn list_repo_tasks_if_changed(
        &self,
        repo: &RepoName,
        query: &TaskQuery,
        etag: &Etag,
    ) -> Result<Answer<Conditional<Page<TaskList>>>, CallError> {
        self.fetch_page_if_changed(list(repo, query).if_none_match(etag))
    }
}

fn list(repo: &RepoName, query: &TaskQuery) -> Call {
    let call = query.common(Call::read("GET /agents/repos/{owner}/{repo}/tasks").repo(repo));
    query.creators.iter().fold(call, |call, creator| call.query("creator_id", &creator.to_string()))
}
