//! What the executor needs from outside: GitHub, approved classes, how often to ask.

use jiff::Timestamp;
use taskclass_approval::Approved;
use taskclass_github::{ApiErrorKind, CallError, Client, Meta, RepoName as GithubRepo, Transport};
use taskclass_spec::model::TaskClass;
use taskclass_spec::{ClassName, Duration, NotifierName, RepoName};

use crate::vocab::Http;
use crate::webhook::Message;

/// The client over whatever transport.
pub type Github<'a> = Client<Box<dyn Transport + 'a>>;

/// Approved classes, as of now. The program reads the registry for it; nothing else can make an [`Approved`].
pub trait Classes {
    /// Looks at the registry's newest commit for the class of this name. `last` is the newest commit that was ever accepted:
    /// one that does not descend from it is refused.
    fn look(&self, name: &ClassName, last: Option<&str>, now: Timestamp) -> Looked;
}

/// What a look at the registry found.
#[derive(Debug)]
pub struct Looked {
    /// The commit, if it goes on from the last one and its policy is approved. It is remembered whatever becomes of the class, so
    /// that a revocation, once seen, cannot be taken back with the history.
    pub accepted: Option<String>,
    /// The class, or why it is not run now.
    pub class: Result<Approved<TaskClass>, NotNow>,
}

/// Why a class is not run now, for a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotNow {
    /// It is not approved.
    NotApproved(String),
    /// The registry could not be read: nothing is known, and it is asked again.
    CannotTell(String),
}

/// Webhooks by the names that classes call them. The program knows their addresses and secrets; neither is ever seen here.
pub trait Webhooks {
    /// Whether a webhook of this name can be sent to.
    ///
    /// # Errors
    /// Why not, for a person: it is not configured, or its address or secret cannot be read. Neither is in the text.
    fn ready(&self, name: &NotifierName) -> Result<(), String>;

    /// Signs the message and sends it, once. It waits for an answer for seconds at most.
    fn post(&self, name: &NotifierName, message: &Message) -> Delivery;
}

/// What became of a webhook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delivery {
    /// The receiver took it: any 2xx.
    Taken {
        /// The status.
        status: u16,
    },
    /// It did not, or nobody knows. Nothing of the address is in the reason.
    Failed {
        /// The status, if there was an answer.
        status: Option<u16>,
        /// Why, for a person.
        reason: String,
    },
}

/// No webhook is configured.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoWebhooks;

impl Webhooks for NoWebhooks {
    fn ready(&self, name: &NotifierName) -> Result<(), String> {
        Err(format!("the executor's configuration defines no webhook `{name}`"))
    }

    fn post(&self, name: &NotifierName, _message: &Message) -> Delivery {
        Delivery::Failed { status: None, reason: self.ready(name).err().unwrap_or_default() }
    }
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
