//! What the executor needs from outside: GitHub, approved classes, how often to ask.

use jiff::Timestamp;
use taskclass_approval::Approved;
use taskclass_github::{ApiErrorKind, CallError, Client, Meta, RepoName as GithubRepo, Transport};
use taskclass_spec::model::TaskClass;
use taskclass_spec::{ClassName, Duration, RepoName};

use crate::vocab::Http;

/// The client over whatever transport.
pub type Github<'a> = Client<Box<dyn Transport + 'a>>;

/// Approved classes, as of now. The program reads the registry for it; nothing else can make an [`Approved`].
pub trait Classes {
    /// The class of this name at the registry's newest commit. `last` is the newest commit that was ever accepted: one that
    /// does not descend from it is refused.
    ///
    /// # Errors
    /// Why it is not approved, for a person.
    fn approved(&self, name: &ClassName, last: Option<&str>, now: Timestamp) -> Result<Approved<TaskClass>, String>;
}

/// How often GitHub is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// The shortest time between two looks at the task list.
    pub min_interval: Duration,
    /// The longest.
    pub max_interval: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self { min_interval: Duration::from_seconds(15), max_interval: Duration::from_seconds(60) }
    }
}

/// What goes into the journal of an answer.
pub(crate) fn http(meta: Option<&Meta>) -> Http {
    Http { status: meta.map(|meta| meta.status), request_id: meta.and_then(|meta| meta.request_id.clone()) }
}

/// A refusal that is an answer: what was asked for is not there, or not for this token. Not a rate limit, not a bad token, and not what
/// leaves open whether anything happened.
pub(crate) fn is_answer(error: &CallError) -> bool {
    error.api().is_some_and(|api| match api.kind {
        ApiErrorKind::Unauthorized | ApiErrorKind::RateLimited(_) => false,
        ApiErrorKind::Redirected => true,
        _ => api.is_definite(),
    })
}

/// The client's name of a repository.
pub(crate) fn github_repo(name: &RepoName) -> Result<GithubRepo, CallError> {
    GithubRepo::new(name.owner(), name.name()).map_err(|error| CallError::Argument {
        operation: "a repository's name",
        problem: format!("`{name}`: {error}"),
    })
}
