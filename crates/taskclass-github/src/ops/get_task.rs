//! One agent task of the token's user with its sessions, wherever it is.

use crate::answer::Answer;
use crate::call::Call;
use crate::client::Client;
use crate::error::CallError;
use crate::ids::TaskId;
use crate::model::Task;
use crate::transport::Transport;

impl<T: Transport> Client<T> {
    /// One task of the token's user with its sessions. Just after creation GitHub may answer 404 for a while.
    ///
    /// # Errors
    /// [`CallError`]: not sent, unknown, refused by GitHub, or an answer that cannot be read.
    pub fn get_task(&self, task: &TaskId) -> Result<Answer<Task>, CallError> {
        self.fetch(Call::read("GET /agents/tasks/{task_id}").segment("task_id", task.as_str()))
    }
}
