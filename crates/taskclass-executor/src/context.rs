//! What everything that acts needs: the journal, GitHub, time, and what is remembered between two looks.

use jiff::{SignedDuration, Timestamp};
use taskclass_approval::Approved;
use taskclass_github::{CallError, RateLimitKind, TokenKind};
use taskclass_spec::ClassName;
use taskclass_spec::model::TaskClass;

use crate::agenda::backoff;
use crate::book::{Book, BookError};
use crate::clock::{Clock as _, Steady, to_millis};
use crate::error::ExecError;
use crate::event::{Body, Draft};
use crate::lifecycle::{Task, clocks::later};
use crate::memory::{Memory, Side};
use crate::port::{Classes, Github, NotNow, Settings, Webhooks};
use crate::store::Payload;
use crate::vocab::{Http, Key, TokenOwner};

/// What a clock may be put right by without a word.
const SLACK: SignedDuration = SignedDuration::from_mins(1);

/// What everything that acts needs.
pub(crate) struct Context<'a> {
    pub(crate) book: Book<'a>,
    pub(crate) github: Github<'a>,
    /// Time that never goes back, whatever is done to the machine's clock.
    pub(crate) clock: Steady<'a>,
    pub(crate) classes: &'a dyn Classes,
    pub(crate) webhooks: &'a dyn Webhooks,
    pub(crate) token_kind: TokenKind,
    pub(crate) settings: Settings,
    pub(crate) memory: Memory,
}

impl Context<'_> {
    /// Now, as fine as the journal keeps it.
    pub(crate) fn now(&self) -> Timestamp {
        to_millis(self.clock.now())
    }

    /// Writes down that the machine's clock was set back, or set right again, so that the next process goes on from there.
    pub(crate) fn keep_time(&mut self) -> Result<(), BookError> {
        let now = self.now();
        let lead = self.clock.lead();
        if (lead - self.book.ledger().lead).abs() <= SLACK {
            return Ok(());
        }
        let seconds = u64::try_from(lead.as_secs()).unwrap_or_default();
        let draft = self.book.plain(now, Body::ClockSet { seconds });
        self.book.commit(vec![draft], Vec::new())
    }

    /// A task that is known.
    pub(crate) fn task(&self, key: &Key) -> Result<&Task, ExecError> {
        let no_such = || ExecError::NoSuch { what: "task", name: key.to_string() };
        self.book.ledger().tasks.get(key).ok_or_else(no_such)
    }

    /// Whose token this is, asked once.
    pub(crate) fn owner(&mut self) -> Result<TokenOwner, CallError> {
        if let Some(owner) = &self.memory.owner {
            return Ok(owner.clone());
        }
        let user = self.github.get_user()?.value;
        let owner = TokenOwner { login: user.login, id: user.id.0 };
        self.memory.owner = Some(owner.clone());
        Ok(owner)
    }

    /// The accounts whose word on a task is our own: the one that it was asked for as, and the one whose token is used by now, if another.
    pub(crate) fn accounts(&mut self, task: &Task) -> Result<Vec<TokenOwner>, CallError> {
        let (asked, now) = (task.plan.token_owner.clone(), self.owner()?);
        Ok(if asked.id == now.id { vec![now] } else { vec![asked, now] })
    }

    /// The class as approved now. The commit that was read is remembered even if the class is not approved at it.
    pub(crate) fn approved(&mut self, name: &ClassName) -> Result<Result<Approved<TaskClass>, NotNow>, BookError> {
        let last = self.book.ledger().registry_commit.clone();
        let looked = self.classes.look(name, last.as_deref(), self.now());
        if let Some(commit) = looked.accepted {
            self.accept(&commit)?;
        }
        Ok(looked.class)
    }

    /// Remembers a commit of the registry as the newest accepted one.
    pub(crate) fn accept(&mut self, commit: &str) -> Result<(), BookError> {
        if self.book.ledger().registry_commit.as_deref() != Some(commit) {
            let accepted = self.book.plain(self.now(), Body::RegistryAccepted { commit: commit.to_owned() });
            self.book.commit(vec![accepted], Vec::new())?;
        }
        Ok(())
    }

    /// Writes one event about a task down.
    pub(crate) fn say(&mut self, key: &Key, body: Body) -> Result<(), BookError> {
        self.say_with(key, body, &Http::default(), Vec::new())
    }

    /// The same, with what the HTTP answer said and with payloads.
    pub(crate) fn say_with(
        &mut self,
        key: &Key,
        body: Body,
        http: &Http,
        payloads: Vec<Payload>,
    ) -> Result<(), BookError> {
        let draft = self.draft(key, body, http);
        self.book.commit(vec![draft], payloads)
    }

    /// An event about a task, to be written down with others.
    pub(crate) fn draft(&self, key: &Key, body: Body, http: &Http) -> Draft {
        Draft { http: http.clone(), ..self.book.about(key, self.now(), body) }
    }

    /// Takes in that something failed that all depends on: what is permanent is returned, the rest quietens all reading until the
    /// moment that is given.
    pub(crate) fn endure(&mut self, error: CallError) -> Result<Timestamp, ExecError> {
        let now = self.now();
        if is_permanent(&error) { Err(error.into()) } else { Ok(self.memory.failed(&error, now)) }
    }

    /// Takes in that something of one task could not be read: only what concerns GitHub, the wire or the token quietens all; anything
    /// else puts off this side of this task until the moment that is given.
    pub(crate) fn endure_for(&mut self, key: &Key, side: Side, error: CallError) -> Result<Timestamp, ExecError> {
        let now = self.now();
        if is_permanent(&error) { Err(error.into()) } else { Ok(self.memory.failed_for(key, side, &error, now)) }
    }

    /// GitHub has answered about one side of a task.
    pub(crate) fn well_for(&mut self, key: &Key, side: Side) {
        self.memory.well_for(key, side);
    }

    /// A change was the last that the hour's budget has room for: what goes into the journal, so that the next is not sent to be refused.
    pub(crate) fn used_up(&self, owner: TokenOwner, meta: &taskclass_github::Meta) -> Option<Draft> {
        let reset = meta.rate.reset.filter(|_| meta.rate.remaining == Some(0))?;
        let now = self.now();
        let wait = reset.duration_since(meta.date.unwrap_or(now));
        let until = later(now, wait.clamp(SignedDuration::ZERO, SignedDuration::from_hours(1)));
        Some(self.book.plain(now, Body::RateLimited { owner, until: to_millis(until), secondary: false }))
    }

    /// A mutation was turned away for its rate: what goes into the journal.
    pub(crate) fn slow_down(&self, owner: TokenOwner, error: &taskclass_github::RateLimit) -> (Draft, Timestamp) {
        let now = self.now();
        // Where GitHub does not say when, whoever is turned away again waits twice as long.
        let again = self.book.ledger().limiter.turned_away(owner.id);
        let unsaid = || backoff(again, SignedDuration::from_mins(1), SignedDuration::from_hours(1));
        let until = if error.names_a_moment() { error.retry_at(now) } else { later(now, unsaid()) };
        let until = to_millis(until);
        let secondary = error.kind == RateLimitKind::Secondary;
        (self.book.plain(now, Body::RateLimited { owner, until, secondary }), until)
    }
}

/// Whether the token is not accepted at all: asking again changes nothing.
fn is_permanent(error: &CallError) -> bool {
    error.api().is_some_and(|api| matches!(api.kind, taskclass_github::ApiErrorKind::Unauthorized))
}
