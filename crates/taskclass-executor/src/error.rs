//! Why the executor could not do what it was asked to.

use taskclass_github::CallError;

use crate::audit::SealError;
use crate::book::BookError;
use crate::gate::Refused;
use crate::store::StoreError;

/// Why the executor could not do what it was asked to.
#[derive(Debug, thiserror::Error)]
pub enum ExecError {
    /// Not approved, or against class or policy. Nothing was planned or sent.
    #[error(transparent)]
    Refused(#[from] Box<Refused>),
    /// GitHub failed, could not be reached, or does not accept the token.
    #[error(transparent)]
    Github(#[from] CallError),
    /// The state could not be used.
    #[error(transparent)]
    Book(#[from] BookError),
    /// A person's command does not fit where the task stands.
    #[error("{0}")]
    NotNow(String),
    /// The machine's clock is far behind what was written down.
    #[error(
        "this machine's clock shows {now}, and the journal's last event is of {latest}: more than a day later; every deadline \
         goes by it: set the clock right, or, if it is right and was wrong when that was written, say so with `taskclass state clock \
         --accept`"
    )]
    ClockBehind {
        /// What the clock shows.
        now: jiff::Timestamp,
        /// The last event's moment.
        latest: jiff::Timestamp,
    },
    /// Nothing is known by that name.
    #[error("no {what} is known as `{name}`: `taskclass status` lists what there is")]
    NoSuch {
        /// A task, a run.
        what: &'static str,
        /// The name that was given.
        name: String,
    },
    /// GitHub has not answered for minutes.
    #[error(
        "GitHub has not answered for minutes: {0}; the state is kept, and tasks at GitHub go on: `taskclass watch` takes them up again"
    )]
    Unanswered(String),
    /// Somebody wants the program to end. Everything is written down.
    #[error("interrupted; the state is kept, and tasks at GitHub go on: `taskclass watch` takes them up again")]
    Interrupted,
}

impl From<StoreError> for ExecError {
    fn from(error: StoreError) -> Self {
        Self::Book(error.into())
    }
}

impl From<SealError> for ExecError {
    fn from(error: SealError) -> Self {
        Self::Book(error.into())
    }
}
