//! What a simulation tells about itself: its tasks with their prompts, its requests, totals.

use jiff::Timestamp;
use serde::Serialize;

use crate::message::Request;
use crate::world::World;
use crate::world::tasks::Task;

/// One request as the log keeps it: everything but the `Authorization` header.
#[derive(Debug, Clone, Serialize)]
pub struct LoggedRequest {
    /// Its place, from 1.
    pub number: u64,
    /// When it came, in simulated time.
    pub at: Timestamp,
    /// `GET`, `POST`, ...
    pub method: String,
    /// The path as sent.
    pub path: String,
    /// The query's pairs.
    pub query: Vec<(String, String)>,
    /// The headers but for `Authorization`, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body as text.
    pub body: String,
    /// GitHub's operation id, where the path has one.
    pub operation: Option<&'static str>,
    /// The status of the answer; none where the connection was dropped.
    pub status: Option<u16>,
    /// Whether a rate limit of the simulation's own (not a scripted fault) refused it.
    pub limited: bool,
}

/// Totals since the start.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// All requests but the administrative ones.
    pub requests: u64,
    /// Those that were not GETs.
    pub writes: u64,
    /// Those that a limit refused, scripted faults not counted.
    pub limited: u64,
    /// Answers of 304.
    pub not_modified: u64,
    /// Requests without a response.
    pub dropped: u64,
}

/// A comment on an issue or a pull request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CommentView {
    /// `owner/name`.
    pub repository: String,
    /// The or pull request's number.
    pub number: u64,
    /// The author's login.
    pub author: String,
    /// Its text.
    pub body: String,
    /// When it was made.
    pub at: Timestamp,
}

/// A task as a test wants to see it, prompts and all.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TaskView {
    /// The API's id.
    pub id: String,
    /// `owner/name`.
    pub repository: String,
    /// The creator's login.
    pub creator: String,
    /// Its state.
    pub state: String,
    /// The prompt that it was made with.
    pub prompt: String,
    /// The model asked for.
    pub model: Option<String>,
    /// The custom agent asked for.
    pub custom_agent: Option<String>,
    /// Whether a pull request was asked for.
    pub create_pull_request: bool,
    /// The base branch.
    pub base_ref: String,
    /// The number of its pull request.
    pub pull_request: Option<u64>,
    /// The branch that it has pushed.
    pub branch: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// Whether it is archived.
    pub archived: bool,
    /// Its sessions.
    pub sessions: Vec<SessionView>,
}

/// A session as a test wants to see it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SessionView {
    /// The API's id.
    pub id: String,
    /// Its state.
    pub state: String,
    /// What it was told.
    pub prompt: String,
}

impl TaskView {
    /// A task as it is now.
    pub(crate) fn of(world: &World, task: &Task) -> Self {
        Self {
            id: task.id.clone(),
            repository: world.repos[task.repo].full_name(),
            creator: world.people.get(task.asked.creator).login.clone(),
            state: task.state().as_str().to_owned(),
            prompt: task.asked.prompt.clone(),
            model: task.asked.model.clone(),
            custom_agent: task.asked.custom_agent.clone(),
            create_pull_request: task.asked.create_pull_request,
            base_ref: task.asked.base_ref.clone(),
            pull_request: task.pull,
            branch: task.branch.clone(),
            created_at: task.created_at,
            archived: task.archived_at.is_some(),
            sessions: task
                .sessions
                .iter()
                .map(|session| SessionView {
                    id: session.id.clone(),
                    state: session.state.as_str().to_owned(),
                    prompt: session.prompt.clone(),
                })
                .collect(),
        }
    }
}

impl LoggedRequest {
    /// A request that has no answer yet.
    pub(crate) fn new(number: u64, request: &Request, now: Timestamp) -> Self {
        let shown = request.headers.iter().filter(|(name, _)| !name.eq_ignore_ascii_case("authorization"));
        Self {
            number,
            at: now,
            method: request.method.clone(),
            path: request.path.clone(),
            query: request.query.clone(),
            headers: shown.map(|(name, value)| (name.to_ascii_lowercase(), value.clone())).collect(),
            body: String::from_utf8_lossy(&request.body).into_owned(),
            operation: None,
            status: None,
            limited: false,
        }
    }
}
