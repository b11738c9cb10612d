//! What runs and follows tasks: opened over its parts, asked by people, and turned by its loop.

mod steps;
mod turns;

use jiff::Timestamp;
use serde::Serialize;
use taskclass_approval::Approved;
use taskclass_github::TokenKind;
use taskclass_spec::ClassName;
use taskclass_spec::model::TaskClass;

use crate::book::Book;
use crate::clock::{Clock, Steady, to_millis};
use crate::context::Context;
use crate::error::ExecError;
use crate::gate::RunRequest;
use crate::ledger::Ledger;
use crate::memory::{Memory, PutOff, Side};
use crate::person::{self, Decided, Decision};
use crate::port::{Classes, Github, Settings, Webhooks};
use crate::rest;
use crate::start::{self, Prepared};
use crate::store::Store;
use crate::vocab::{CallerFacts, Key, RunId, State};

/// What an executor is made of.
pub struct Parts<'a> {
    /// The journal, open for writing.
    pub store: Box<dyn Store + 'a>,
    /// GitHub.
    pub github: Github<'a>,
    /// Time.
    pub clock: &'a dyn Clock,
    /// Approved classes.
    pub classes: &'a dyn Classes,
    /// Where signed notices go.
    pub webhooks: &'a dyn Webhooks,
    /// What kind of token `github` uses.
    pub token_kind: TokenKind,
    /// How often GitHub is asked.
    pub settings: Settings,
}

/// One thing that was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Did {
    /// The task; absent for a look at the list.
    pub key: Option<Key>,
    /// What, in a word or two.
    pub what: String,
    /// The task's state afterwards.
    pub state: Option<State>,
}

/// One task of which something could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Held {
    /// The task.
    pub key: Key,
    /// What of it.
    pub side: Side,
    /// Until when, how often already, and why.
    #[serde(flatten)]
    pub off: PutOff,
}

/// What a tick did.
#[derive(Debug, Clone, Default, Serialize)]
pub struct TickReport {
    /// Everything that was done, in order.
    pub did: Vec<Did>,
    /// When the next thing is due; `None` if nothing is under way.
    pub next_due: Option<Timestamp>,
    /// GitHub could not be read, and this is why; it is tried again by itself.
    pub trouble: Option<String>,
    /// A step that was put off because it changed nothing: a mistake of the program.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stuck: Option<String>,
    /// What of single tasks could not be read, while the rest goes on; it is tried again by itself.
    pub put_off: Vec<Held>,
    /// Somebody wants the program to end.
    pub interrupted: bool,
}

/// Runs approved classes and follows them.
pub struct Executor<'a> {
    context: Context<'a>,
}

impl std::fmt::Debug for Executor<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Executor").field("book", &self.context.book).finish_non_exhaustive()
    }
}

impl<'a> Executor<'a> {
    /// Opens the journal. What was being sent when the last process ended is unknown from now on.
    ///
    /// # Errors
    /// [`ExecError::Book`] if the journal cannot be read, is corrupt, or cannot be written.
    pub fn open(parts: Parts<'a>) -> Result<Self, ExecError> {
        let Parts { store, github, clock, classes, webhooks, token_kind, settings } = parts;
        let now = to_millis(clock.now());
        let book = Book::open(store, now)?;
        let latest = book.ledger().latest;
        let lead = book.ledger().lead;
        if book.ahead(now).is_some() {
            return Err(ExecError::ClockBehind { now, latest });
        }
        let clock = Steady::new(clock, lead, latest);
        let memory = Memory::default();
        let mut context = Context { book, github, clock, classes, webhooks, token_kind, settings, memory };
        context.keep_time()?;
        rest::lost_on_the_way(&mut context)?;
        Ok(Self { context })
    }

    /// Everything that is known.
    pub fn ledger(&self) -> &Ledger {
        self.context.book.ledger()
    }

    /// Gives the journal up at the end, so that no other process waits for what is still to be told. Nothing is written afterwards.
    pub fn rest(&mut self) {
        self.context.book.rest();
    }

    /// Bytes kept beside the journal: a request body, inputs, evidence.
    ///
    /// # Errors
    /// [`ExecError::Book`] if they cannot be read.
    pub fn payload(&self, sha256: &taskclass_spec::Digest) -> Result<Option<Vec<u8>>, ExecError> {
        Ok(self.context.book.payload(sha256)?)
    }

    /// Passes a request through the whole gate, and says exactly what would be sent. Nothing is written down or sent.
    ///
    /// # Errors
    /// [`ExecError::Refused`] with every reason.
    pub fn dry_run(&mut self, class: &Approved<TaskClass>, request: &RunRequest) -> Result<Prepared, ExecError> {
        start::prepare(&mut self.context, class, request, 1, None)
    }

    /// Passes a request through the gate, plans and queues it. [`Executor::tick`] sends it.
    ///
    /// # Errors
    /// [`ExecError::Refused`] with every reason; it is written down as well.
    pub fn start_run(&mut self, class: &Approved<TaskClass>, request: &RunRequest) -> Result<(RunId, Key), ExecError> {
        start::start(&mut self.context, class, request)
    }

    /// Writes down that a run was asked for and not even looked at, because the class is not approved: `message` says why.
    ///
    /// # Errors
    /// [`ExecError::Book`] if it cannot be written down.
    pub fn not_approved(
        &mut self,
        class: &ClassName,
        repository: &str,
        caller: CallerFacts,
        message: &str,
    ) -> Result<(), ExecError> {
        start::refuse(&mut self.context, class.as_str(), repository, caller, "not_approved", message, &[])
    }

    /// Remembers a commit of the registry whose policy is approved as the newest accepted one: from now on the history must go on
    /// from it.
    ///
    /// # Errors
    /// [`ExecError::Book`] if it cannot be written down.
    pub fn registry_accepted(&mut self, commit: &str) -> Result<(), ExecError> {
        Ok(self.context.accept(commit)?)
    }

    /// Stops a task, or asks GitHub to.
    ///
    /// # Errors
    /// [`ExecError::NotNow`] if there is nothing to stop.
    pub fn cancel(&mut self, key: &Key, by: &str, reason: &str) -> Result<(), ExecError> {
        person::cancel(&mut self.context, key, by, reason)
    }

    /// Carries out what a person decides about a task.
    ///
    /// # Errors
    /// [`ExecError::NotNow`] if it does not fit where the task stands; [`ExecError::Refused`] if sending again does not pass the gate.
    pub fn resolve(&mut self, key: &Key, by: &str, decision: Decision) -> Result<Decided, ExecError> {
        person::decide(&mut self.context, key, by, decision)
    }

    /// Throws the kill switch: nothing new is sent. What runs goes on.
    ///
    /// # Errors
    /// [`ExecError::Book`] if it cannot be written down.
    pub fn stop_all(&mut self, by: &str, reason: &str) -> Result<(), ExecError> {
        person::stop_all(&mut self.context, by, reason)
    }

    /// Lifts the kill switch.
    ///
    /// # Errors
    /// [`ExecError::Book`] if it cannot be written down.
    pub fn start_again(&mut self, by: &str) -> Result<(), ExecError> {
        person::start_again(&mut self.context, by)
    }
}
