//! The agent tasks of the token's user in all repositories.

use super::task_query::TaskQuery;
use crate::answer::{Answer, Conditional, Page};
use crate::call::Call;
use crate::client::Client;
use crate::error::CallError;
use crate::meta::Etag;
use crate::model::TaskList;
use crate::transport::Transport;

impl<T: Transport> Client<T> {
    /// The tasks of the token's user that a query selects.
    ///
    /// # Errors
    /// [`CallError`]: not sent, unknown, refused by GitHub, or an answer that cannot be read.
    pub fn list_tasks(&self, query: &TaskQuery) -> Result<Answer<Page<TaskList>>, CallError> {
        self.fetch_page(query.common(Call::read("GET /agents/tasks")))
    }

    /// The same, if it changed since an earlier answer.
    ///
    /// # Errors
    /// [`CallError`]: not sent, unknown, refused by GitHub, or an answer that cannot be read.
    pub fn list_tasks_if_changed(
        &self,
        query: &TaskQuery,
        etag: &Etag,
    ) -> Result<Answer<Conditional<Page<TaskList>>>, CallError> {
        self.fetch_page_if_changed(query.common(Call::read("GET /agents/tasks")).if_none_match(etag))
    }
}
