//! Which tasks to list: shared by the two operations that list them.

use jiff::Timestamp;

use crate::call::Call;
use crate::ids::UserId;
use crate::model::TaskState;

/// By which moment a list of tasks is sorted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum TaskSort {
    /// By the last change: shifts under whoever pages through it.
    #[default]
    UpdatedAt,
    /// By creation: stable.
    CreatedAt,
}

/// In which direction a list is sorted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Direction {
    /// Newest first.
    #[default]
    Descending,
    /// Oldest first.
    Ascending,
}

/// Which tasks to list. The default: all that are not archived, last changed first, 100 a page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TaskQuery {
    /// By which moment.
    pub sort: TaskSort,
    /// In which direction.
    pub direction: Direction,
    /// Only those in one of these states; empty: any.
    pub states: Vec<TaskState>,
    /// True: **only** archived ones. False: only those that are not. Both takes two lists.
    pub archived: bool,
    /// Only those **changed** at or after this.
    pub since: Option<Timestamp>,
    /// Only those of these creators; empty: any. Only a repository's list knows this; the other list has its user's tasks anyway.
    pub creators: Vec<UserId>,
    /// Tasks a page, 1 to 100; `None`: 100.
    pub per_page: Option<u8>,
}

impl TaskQuery {
    /// The parameters that both lists know.
    pub(super) fn common(&self, call: Call) -> Call {
        let sort = match self.sort {
            TaskSort::UpdatedAt => "updated_at",
            TaskSort::CreatedAt => "created_at",
        };
        let direction = match self.direction {
            Direction::Descending => "desc",
            Direction::Ascending => "asc",
        };
        let states: Vec<&str> = self.states.iter().map(TaskState::as_str).collect();
        let per_page = self.per_page.unwrap_or(100).clamp(1, 100).to_string();
        let call = call.query("sort", sort).query("direction", direction);
        let call = call.query_opt("state", (!states.is_empty()).then(|| states.join(",")).as_deref());
        let call = call.query_opt("is_archived", self.archived.then_some("true"));
        call.query_opt("since", self.since.map(|at| at.to_string()).as_deref()).query("per_page", &per_page)
    }
}
