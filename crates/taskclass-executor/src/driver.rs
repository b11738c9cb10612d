//! The loop: it does everything that is due, one thing after the other, and says when the next thing is.

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use taskclass_approval::Approved;
use taskclass_github::TokenKind;
use taskclass_spec::ClassName;
use taskclass_spec::model::TaskClass;

use crate::agenda::Item;
use crate::book::Book;
use crate::clock::{Clock, Wake};
use crate::context::{Context, Memory};
use crate::error::ExecError;
use crate::event::Body;
use crate::gate::{self, Again, RunRequest};
use crate::ledger::{Ledger, hold};
use crate::lifecycle::{OURSELVES, Progress, clocks};
use crate::person::{self, Decided, Decision};
use crate::port::{Classes, Github, NotNow, Settings, Webhooks};
use crate::schedule::{Step, next};
use crate::standing::is_settled;
use crate::start::{self, Prepared};
use crate::store::Store;
use crate::vocab::{CallerFacts, Key, RunId, State};
use crate::{act, evidence, reconcile, rest, review, submit, watch};

/// Failures in a row after which [`Executor::run_until`] gives up for now. They span some minutes.
const PATIENCE: u32 = 8;

/// How long a tick waits for its next change, and in all.
const LINGER: SignedDuration = SignedDuration::from_secs(2);
const LINGER_AT_MOST: SignedDuration = SignedDuration::from_secs(30);

/// How long a task is put off that cannot be sent for a reason outside.
const PUT_OFF: SignedDuration = SignedDuration::from_mins(1);

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

/// What a tick did.
#[derive(Debug, Clone, Default, Serialize)]
pub struct TickReport {
    /// Everything that was done, in order.
    pub did: Vec<Did>,
    /// When the next thing is due; `None` if nothing is under way.
    pub next_due: Option<Timestamp>,
    /// GitHub could not be read, and this is why; it is tried again by itself.
    pub trouble: Option<String>,
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
        let book = Book::open(store, crate::clock::to_millis(clock.now()))?;
        let memory = Memory::default();
        let mut context = Context { book, github, clock, classes, webhooks, token_kind, settings, memory };
        rest::lost_on_the_way(&mut context)?;
        Ok(Self { context })
    }

    /// Everything that is known.
    pub fn ledger(&self) -> &Ledger {
        self.context.book.ledger()
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
        start::refuse(&mut self.context, class.as_str(), repository, caller, "not_approved", message)
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

    /// Does everything that is due. Between changes that GitHub wants a second apart it waits, for half a minute at most.
    ///
    /// # Errors
    /// [`ExecError::Book`] if the journal cannot be written; [`ExecError::Github`] if the token is not accepted. What GitHub does not
    /// answer is no error: see [`TickReport::trouble`].
    pub fn tick(&mut self) -> Result<TickReport, ExecError> {
        let mut report = TickReport::default();
        let linger_until = clocks::later(self.context.now(), LINGER_AT_MOST);
        loop {
            if report.interrupted || self.context.clock.interrupted() {
                report.interrupted = true;
                break;
            }
            let now = self.context.now();
            match next(&self.context) {
                Some((at, step)) if at <= now => report.did.push(self.take(step)?),
                // Changes keep a second apart; a tick that began a few does not leave the rest to the next.
                Some((at, step)) if step.changes() && at <= clocks::later(now, LINGER) && at <= linger_until => {
                    report.interrupted = self.context.clock.sleep_until(at) == Wake::Interrupted;
                }
                _ => break,
            }
        }
        report.next_due = next(&self.context).map(|(at, _)| at);
        report.trouble = self.context.memory.trouble.clone();
        Ok(report)
    }

    /// Ticks and sleeps until `done` says so, nothing is under way, or somebody wants the program to end. `each` sees every report.
    ///
    /// # Errors
    /// As [`Executor::tick`]; [`ExecError::Unanswered`] once GitHub has not answered for long; [`ExecError::Interrupted`].
    pub fn run_until(
        &mut self,
        done: &mut dyn FnMut(&Ledger, Timestamp) -> bool,
        each: &mut dyn FnMut(&TickReport, &Ledger),
    ) -> Result<(), ExecError> {
        loop {
            let report = self.tick()?;
            each(&report, self.ledger());
            if report.interrupted {
                return Err(ExecError::Interrupted);
            }
            if done(self.ledger(), self.context.now()) {
                return Ok(());
            }
            if self.context.memory.failures >= PATIENCE {
                return Err(ExecError::Unanswered(report.trouble.unwrap_or_default()));
            }
            let Some(next) = report.next_due else { return Ok(()) };
            rest::until(&mut self.context, next)?;
        }
    }

    /// Until nothing can be expected of the run without a person or a long wait: every task judged and done, ended, unresolved, or
    /// waiting for somebody.
    ///
    /// # Errors
    /// As [`Executor::run_until`].
    pub fn run_until_settled(
        &mut self,
        run: &RunId,
        each: &mut dyn FnMut(&TickReport, &Ledger),
    ) -> Result<(), ExecError> {
        self.run_until(&mut |ledger, now| is_settled(ledger, run, now), each)
    }
}

impl Executor<'_> {
    fn take(&mut self, step: Step) -> Result<Did, ExecError> {
        let (key, what) = match step {
            Step::List => {
                watch::poll(&mut self.context)?;
                (None, "looked at the task list".to_owned())
            }
            Step::Pull(key) => {
                review::look(&mut self.context, &key)?;
                (Some(key), "looked at the pull request".to_owned())
            }
            Step::Of(key, item) => {
                let what = self.work(&key, &item)?;
                (Some(key), what)
            }
        };
        let state = key.as_ref().and_then(|key| self.ledger().tasks.get(key)).map(|task| task.state.clone());
        Ok(Did { key, what, state })
    }

    fn work(&mut self, key: &Key, item: &Item) -> Result<String, ExecError> {
        let context = &mut self.context;
        Ok(match item {
            Item::Search => {
                reconcile::look(context, key)?;
                "looked for the task".to_owned()
            }
            Item::Clock(clock) => {
                // A look first: what is about to run out may have ended while nobody looked.
                let failures = context.memory.failures;
                if context.task(key)?.at_github.is_some() {
                    watch::read(context, key)?;
                }
                let due = clocks::due(context.task(key)?, *clock).is_some_and(|at| at <= context.now());
                if due && context.memory.failures <= failures {
                    context.say(key, Body::ClockExpired { clock: *clock })?;
                    self.end_by_clock(key)?;
                }
                format!("the clock `{clock}` was due")
            }
            Item::CancelUnconfirmed => {
                context.say(key, Body::CancelUnconfirmed)?;
                "nothing shows that it stopped".to_owned()
            }
            Item::Deadline(episode) => {
                context.say(key, Body::DeadlineReached { episode: *episode })?;
                "nobody answered".to_owned()
            }
            Item::Evidence => {
                evidence::examine(context, key)?;
                "read the result".to_owned()
            }
            Item::Act(id) => {
                act::perform(context, key, id)?;
                let progress = context.task(key)?.actions.get(id).map(|doing| &doing.progress);
                if matches!(progress, Some(Progress::Done { .. })) {
                    id.done()
                } else {
                    format!("tried to {}", id.to_do())
                }
            }
            Item::Submit => self.submit(key)?,
        })
    }

    /// What is not sent, or only waits, when its `total` clock has run out is given up.
    fn end_by_clock(&mut self, key: &Key) -> Result<(), ExecError> {
        let task = self.context.task(key)?;
        let total = task.expired.contains(&crate::vocab::ClockName::Total);
        let rests =
            matches!(task.state, State::Planned | State::Queued | State::Delivered | State::Empty | State::Judged(_));
        let settled = matches!(&task.state, State::Task(agent) if agent.is_settled());
        if total && (rests || settled) {
            let reason = "limits.timeouts.total ran out".to_owned();
            self.context.say(key, Body::Abandoned { by: OURSELVES.to_owned(), reason, replaced_by: None })?;
        }
        Ok(())
    }

    fn submit(&mut self, key: &Key) -> Result<String, ExecError> {
        let now = self.context.now();
        let task = self.context.task(key)?.clone();
        if let Some(hold) = hold(&task, self.ledger().tasks.values(), now) {
            let body = Body::Queued { not_before: None, held_by: Some(hold.to_string()) };
            self.context.say(key, body)?;
            return Ok(format!("held: {hold}"));
        }
        let owner = match self.context.owner() {
            Ok(owner) => owner,
            Err(error) => {
                self.context.endure(error)?;
                return self.put_off(key, "GitHub does not say whose token this is".to_owned());
            }
        };
        if owner.id != task.plan.token_owner.id {
            // Limits, callers and the search for a lost answer are all about the one who asked.
            let (now, then) = (owner.login, &task.plan.token_owner.login);
            return self.put_off(key, format!("the token is @{now}'s, and the task was asked for as @{then}"));
        }
        match self.context.approved(&task.plan.contract.class)? {
            Ok(class) => match gate::again(&mut self.context, &task, &class)? {
                Again::Stands => {
                    submit::send(&mut self.context, key, &class)?;
                    Ok("sent the task".to_owned())
                }
                Again::PutOff(why) => self.put_off(key, why),
                Again::Refused(message) => {
                    self.context.say(key, Body::Refused { message })?;
                    Ok("not let through any more".to_owned())
                }
            },
            Err(NotNow::CannotTell(why)) => self.put_off(key, format!("the registry cannot be read: {why}")),
            Err(NotNow::NotApproved(why)) => {
                let message = format!("the class is not approved now: {why}");
                self.context.say(key, Body::Refused { message })?;
                Ok("not approved any more".to_owned())
            }
        }
    }

    /// Leaves a task in the queue for a while, for a reason that no limit of ours will lift.
    fn put_off(&mut self, key: &Key, why: String) -> Result<String, ExecError> {
        let not_before = Some(clocks::later(self.context.now(), PUT_OFF));
        self.context.say(key, Body::Queued { not_before, held_by: Some(why.clone()) })?;
        Ok(format!("held: {why}"))
    }
}
