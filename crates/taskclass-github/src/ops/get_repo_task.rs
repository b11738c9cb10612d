//! One agent task with its sessions, by repository.

use crate::answer::{Answer, Conditional};
use crate::call::Call;
use crate::client::Client;
use crate::error::CallError;
use crate::ids::TaskId;
use crate::meta::Etag;
use crate::model::Task;
use crate::repo_name::RepoName;
use crate::transport::Transport;

impl<T: Transport> Client<T> {
    /// One task with its sessions. Just after creation GitHub may answer 404 for a while.
    ///
    /// # Errors
    /// [`CallError`]: not sent, unknown, refused by GitHub, or an answer that cannot be read.
    pub fn get_repo_task(&self, repo: &RepoName, task: &TaskId) -> Result<Answer<Task>, CallError> {
        self.fetch(get(repo, task))
    }

    /// The same, if it changed since an earlier answer.
    ///
    /// # Errors
    /// [`CallError`]: not sent, unknown, refused by GitHub, or an answer that cannot be read.
    pub fn get_repo_task_if_changed(
        &self,
        repo: &RepoName,
        task: &TaskId,
        etag: &Etag,
    ) -> Result<Answer<Conditional<Task>>, CallError> {
        self.fetch_if_changed(get(repo, task).if_none_match(etag))
    }
}

fn get(repo: &RepoName, task: &TaskId) -> Call {
    Call::read("GET /agents/repos/{owner}/{repo}/tasks/{task_id}").repo(repo).segment("task_id", task.as_str())
}
