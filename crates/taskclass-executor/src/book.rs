//! The journal, open for writing, with everything that it says: every event goes through the lifecycle, into the chain, onto the
//! disk, and only then into what the program acts on.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use taskclass_spec::Digest;

use crate::audit::{SealError, seal};
use crate::event::{Body, Draft, Event, SCHEMA};
use crate::ledger::{self, Ledger, LedgerError, snapshot};
use crate::lifecycle::{Illegal, Moment, Task};
use crate::store::{Batch, Journal, Payload, Store, StoreError};
use crate::vocab::{Http, Key, RunId};

/// How far the machine's clock may be behind the journal's last event before nothing is done.
const BEHIND: SignedDuration = SignedDuration::from_hours(24);

/// Why events could not be written down.
#[derive(Debug, thiserror::Error)]
pub enum BookError {
    /// The state could not be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The journal holds what cannot have happened.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The program was about to write what cannot happen: an error of the program. Nothing was written.
    #[error("a mistake in taskclass was caught before it was written down: task {key}: {illegal}; please report it")]
    Illegal {
        /// The task.
        key: Key,
        /// What.
        illegal: Illegal,
    },
    /// An event has no canonical form.
    #[error(transparent)]
    Seal(#[from] SealError),
}

/// The journal, open for writing.
pub struct Book<'a> {
    store: Box<dyn Store + 'a>,
    ledger: Ledger,
}

impl std::fmt::Debug for Book<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Book").field("head", &self.ledger.head).finish_non_exhaustive()
    }
}

/// What a journal says, if this version of the program understands all of it: it must not write after what it does not.
fn for_writing(store: &dyn Store) -> Result<Ledger, BookError> {
    let ledger = Ledger::load(store)?;
    match ledger.foreign {
        None => Ok(ledger),
        Some(seq) => {
            let what =
                "its kind is not known to this version of taskclass, which therefore does not write here".to_owned();
            Err(LedgerError::Corrupt { seq, what }.into())
        }
    }
}

impl<'a> Book<'a> {
    /// Replays the journal, and begins it if it is empty.
    ///
    /// # Errors
    /// [`BookError`] if it cannot be read or is corrupt.
    pub fn open(store: Box<dyn Store + 'a>, now: Timestamp) -> Result<Self, BookError> {
        let ledger = for_writing(&*store)?;
        // The machine's clock may have been set back since: what is written down goes one way.
        let now = now.max(ledger.latest);
        let mut book = Self { store, ledger };
        if book.ledger.head.count == 0 {
            let journal = book.store.id().to_owned();
            book.commit(vec![book.plain(now, Body::Begun { journal })], Vec::new())?;
        }
        book.keep_snapshot(now)?;
        Ok(book)
    }

    /// Keeps a snapshot, if one pays by now, so that the next process need not replay everything.
    ///
    /// # Errors
    /// As [`Book::commit`].
    pub fn keep_snapshot(&mut self, now: Timestamp) -> Result<(), BookError> {
        if !snapshot::is_due(&self.ledger) {
            return Ok(());
        }
        let bytes = snapshot::take(&self.ledger).map_err(SealError::from)?;
        let draft = self.plain(now, Body::Snapshot { sha256: Digest::of(&bytes) });
        self.write(&[draft], Batch { snapshot: Some(bytes), ..Batch::default() })
    }

    /// How far the journal's last event is ahead of a clock that shows `now`, if that is so much more than is known of that nothing may
    /// be done: either this clock is wrong, or the one was that the last events were written under.
    pub fn ahead(&self, now: Timestamp) -> Option<SignedDuration> {
        let ahead = self.ledger.latest.duration_since(now);
        (ahead > self.ledger.lead.saturating_add(BEHIND)).then_some(ahead)
    }

    /// Writes a person's word down that a clock that shows `now` is right: from here on the executor's time is ahead of it by as much
    /// as the last event is, for what is written down goes one way. Gives by how much; `None` if there is nothing to accept.
    ///
    /// # Errors
    /// As [`Book::commit`].
    pub fn accept_clock(&mut self, now: Timestamp) -> Result<Option<SignedDuration>, BookError> {
        let Some(ahead) = self.ahead(now) else { return Ok(None) };
        let seconds = u64::try_from(ahead.as_secs()).unwrap_or_default();
        let draft = self.plain(self.ledger.latest, Body::ClockSet { seconds });
        self.commit(vec![draft], Vec::new())?;
        Ok(Some(ahead))
    }

    /// Lets other processes write while there is nothing to do.
    pub fn rest(&mut self) {
        self.store.rest();
    }

    /// Takes the journal up again, with whatever others have written meanwhile.
    ///
    /// # Errors
    /// [`StoreError::Busy`] while another process holds it; [`BookError`] as in [`Book::open`].
    pub fn resume(&mut self) -> Result<(), BookError> {
        self.store.resume()?;
        if self.store.head()? != self.ledger.head {
            self.ledger = for_writing(&*self.store)?;
        }
        Ok(())
    }

    /// Everything that is known.
    pub fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// The journal's own id.
    pub fn id(&self) -> &str {
        self.store.id()
    }

    /// Bytes that were kept beside the journal.
    ///
    /// # Errors
    /// [`StoreError`] if they cannot be read.
    pub fn payload(&self, sha256: &Digest) -> Result<Option<Vec<u8>>, StoreError> {
        self.store.payload(sha256)
    }

    /// A draft that concerns no task.
    pub fn plain(&self, now: Timestamp, body: Body) -> Draft {
        Draft { occurred: now, observed: now, key: None, run: None, http: Http::default(), body }
    }

    /// A draft about a task that is known.
    pub fn about(&self, key: &Key, now: Timestamp, body: Body) -> Draft {
        let run = self.ledger.tasks.get(key).map(|task| task.run.clone());
        Draft { occurred: now, observed: now, key: Some(key.clone()), run, http: Http::default(), body }
    }

    /// An id for a run that begins now.
    pub fn new_run(&self, now: Timestamp) -> RunId {
        RunId::derive(self.store.id(), self.ledger.head.count, &self.ledger.head.hash, now)
    }

    /// Writes events down, all in one synced transaction, and takes them in.
    ///
    /// # Errors
    /// [`BookError`]; then nothing was written and nothing is taken in.
    pub fn commit(&mut self, drafts: Vec<Draft>, payloads: Vec<Payload>) -> Result<(), BookError> {
        self.write(&drafts, Batch { payloads, ..Batch::default() })
    }

    /// Clears payloads away, and writes down with them that this was done: by the rules of retention.
    pub(crate) fn clear(&mut self, draft: Draft, cleared: Vec<Digest>) -> Result<(), BookError> {
        self.write(&[draft], Batch { cleared, ..Batch::default() })
    }

    /// Gives the room back that was cleared.
    pub(crate) fn shrink(&mut self) -> Result<(), StoreError> {
        self.store.shrink()
    }

    /// The journal, for reading.
    pub(crate) fn journal(&self) -> &dyn Journal {
        &*self.store
    }

    fn write(&mut self, drafts: &[Draft], mut batch: Batch) -> Result<(), BookError> {
        let mut head = self.ledger.head.clone();
        let mut changed: BTreeMap<Key, Task> = BTreeMap::new();
        for draft in drafts {
            let moment = Moment { occurred: draft.occurred, observed: draft.observed };
            let mut event = self.event(draft);
            if let Some(key) = &draft.key {
                let before = changed.remove(key).or_else(|| self.ledger.tasks.get(key).cloned());
                event.from = before.as_ref().map(|task| task.state.clone());
                let after = ledger::step(before, draft.run.as_ref(), key, moment, &draft.body)
                    .map_err(|illegal| BookError::Illegal { key: key.clone(), illegal })?;
                event.to = Some(after.state.clone());
                event.subject = after.subject();
                changed.insert(key.clone(), after);
            }
            batch.events.push(seal(event, &mut head)?);
        }
        self.store.append(&self.ledger.head, &batch)?;
        self.ledger.head = head;
        for task in changed.into_values() {
            self.ledger.install(task);
        }
        for draft in drafts {
            let moment = Moment { occurred: draft.occurred, observed: draft.observed };
            self.ledger.note(draft.key.as_ref(), moment, &draft.body);
        }
        if batch.snapshot.is_some() {
            self.ledger.snapshot = self.ledger.head.count;
        }
        Ok(())
    }

    fn event(&self, draft: &Draft) -> Event {
        Event {
            schema: SCHEMA.to_owned(),
            seq: 0,
            occurred: draft.occurred,
            observed: draft.observed,
            run: draft.run.clone(),
            key: draft.key.clone(),
            from: None,
            to: None,
            subject: draft.body.subject(),
            http_status: draft.http.status,
            http_request_id: draft.http.request_id.clone(),
            executor_version: env!("CARGO_PKG_VERSION").to_owned(),
            epoch: self.store.epoch(),
            body: draft.body.clone(),
            previous: String::new(),
            hash: String::new(),
        }
    }
}
