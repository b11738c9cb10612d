//! What everything that acts needs: the journal, GitHub, time; and what is remembered between two looks and may be forgotten.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use taskclass_approval::Approved;
use taskclass_github::{CallError, Etag, RateLimitKind, TaskQuery, TokenKind};
use taskclass_spec::model::TaskClass;
use taskclass_spec::{ClassName, Digest, RepoName};

use crate::agenda::backoff;
use crate::book::{Book, BookError};
use crate::clock::{Clock, to_millis};
use crate::error::ExecError;
use crate::event::{Body, Draft};
use crate::lifecycle::{Effect, Task};
use crate::port::{Classes, Github, NotNow, Settings, Webhooks};
use crate::store::Payload;
use crate::vocab::{Http, Key, TokenOwner};

/// What is remembered between two looks. Losing it costs some requests and nothing else.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    /// Whose token this is; a process has one.
    owner: Option<TokenOwner>,
    /// When the task list is looked at next.
    pub(crate) list_at: Option<Timestamp>,
    /// The newest change that the list has shown, by GitHub's clock.
    pub(crate) cursor: Option<Timestamp>,
    /// The list's tag, with the query that it belongs to.
    pub(crate) tag: Option<(TaskQuery, Etag)>,
    /// When a task itself was last read.
    pub(crate) read: BTreeMap<Key, Timestamp>,
    /// When a pull request is looked at next.
    pub(crate) pulls: BTreeMap<Key, Timestamp>,
    /// When a result is read next, where nothing had changed.
    pub(crate) evidence: BTreeMap<Key, (Timestamp, u32)>,
    /// When a repository was last looked at before something was sent to it: by name, base branch and class.
    pub(crate) looked: BTreeMap<(RepoName, String, Digest), Timestamp>,
    /// Nothing is read before.
    pub(crate) quiet_until: Option<Timestamp>,
    /// Failures in a row.
    pub(crate) failures: u32,
    /// The last failure, in words.
    pub(crate) trouble: Option<String>,
}

/// What everything that acts needs.
pub(crate) struct Context<'a> {
    pub(crate) book: Book<'a>,
    pub(crate) github: Github<'a>,
    pub(crate) clock: &'a dyn Clock,
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
    pub(crate) fn say(&mut self, key: &Key, body: Body) -> Result<Vec<(Key, Effect)>, BookError> {
        self.say_with(key, body, &Http::default(), Vec::new())
    }

    /// The same, with what the HTTP answer said and with payloads.
    pub(crate) fn say_with(
        &mut self,
        key: &Key,
        body: Body,
        http: &Http,
        payloads: Vec<Payload>,
    ) -> Result<Vec<(Key, Effect)>, BookError> {
        let draft = self.draft(key, body, http);
        self.book.commit(vec![draft], payloads)
    }

    /// An event about a task, to be written down with others.
    pub(crate) fn draft(&self, key: &Key, body: Body, http: &Http) -> Draft {
        Draft { http: http.clone(), ..self.book.about(key, self.now(), body) }
    }

    /// Takes in that a read failed: what is permanent is returned, the rest quietens the reading for a while.
    pub(crate) fn endure(&mut self, error: CallError) -> Result<(), ExecError> {
        let now = self.now();
        let permanent = error.api().is_some_and(|api| matches!(api.kind, taskclass_github::ApiErrorKind::Unauthorized));
        if permanent {
            return Err(error.into());
        }
        self.memory.failures = self.memory.failures.saturating_add(1);
        let wait = backoff(self.memory.failures - 1, SignedDuration::from_secs(2), SignedDuration::from_mins(5));
        let mut until = crate::lifecycle::clocks::later(now, wait);
        if let Some(limit) = error.rate_limit() {
            until = until.max(to_millis(limit.retry_at(now)));
        }
        self.memory.quiet_until = Some(until);
        self.memory.trouble = Some(error.to_string());
        Ok(())
    }

    /// A read succeeded.
    pub(crate) fn well(&mut self) {
        self.memory.failures = 0;
        self.memory.quiet_until = None;
        self.memory.trouble = None;
    }

    /// A mutation was turned away for its rate: what goes into the journal.
    pub(crate) fn slow_down(&self, owner: TokenOwner, error: &taskclass_github::RateLimit) -> (Draft, Timestamp) {
        let now = self.now();
        let until = to_millis(error.retry_at(now));
        let secondary = error.kind == RateLimitKind::Secondary;
        (self.book.plain(now, Body::RateLimited { owner, until, secondary }), until)
    }
}
