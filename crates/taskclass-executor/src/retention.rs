//! What is kept beside the journal, and for how long. Events stay for ever; request bodies, inputs and evidence can be cleared away
//! once nothing needs them. That they were is an event itself, so that what was cleared can be told from what is missing.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::Serialize;
use taskclass_spec::Digest;

use crate::book::{Book, BookError};
use crate::event::{Body, Event};
use crate::store::{Journal, StoreError};
use crate::vocab::Key;

/// Which payloads the events so far refer to, and which of them may have been cleared away: a fold over the journal.
#[derive(Debug, Clone, Default)]
pub struct Holdings {
    /// When each task was last heard of.
    heard: BTreeMap<Key, Timestamp>,
    /// Each payload, with the tasks that refer to it.
    referred: BTreeMap<Digest, BTreeSet<Key>>,
    /// What no event has referred to since it could be cleared.
    cleared: BTreeSet<Digest>,
    /// How many were cleared in all.
    count: u64,
}

/// Whether everything is there that should be.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Account {
    /// How many payloads are kept and fit their SHA-256.
    pub kept: u64,
    /// How many were cleared away, as the journal says.
    pub cleared: u64,
    /// Those that should be there and are not.
    pub missing: Vec<Digest>,
}

/// What was, or would be, cleared away.
#[derive(Debug, Default)]
pub struct Pruning {
    /// How many payloads.
    pub payloads: u64,
    /// How many bytes they are.
    pub bytes: u64,
    /// Why the room was not given back, if it was not: the payloads are cleared all the same.
    pub not_shrunk: Option<StoreError>,
}

impl Holdings {
    /// Takes the next event in.
    pub fn take(&mut self, event: &Event) {
        if let Some(key) = &event.key {
            self.heard.insert(key.clone(), event.observed);
            let payload = match &event.body {
                Body::Planned(plan) => Some(plan.inputs_sha256),
                Body::Sending { request_sha256, .. } => Some(*request_sha256),
                Body::EvidenceRead(read) => Some(read.sha256),
                _ => None,
            };
            if let Some(sha256) = payload {
                self.referred.entry(sha256).or_default().insert(key.clone());
                self.cleared.remove(&sha256);
            }
        }
        if let Body::Pruned { before, count, .. } = &event.body {
            let old: Vec<Digest> = self.unheard_since(*before, &|_| true).collect();
            self.cleared.extend(old);
            self.count = self.count.saturating_add(*count);
        }
    }

    /// The fold over a whole journal.
    ///
    /// # Errors
    /// [`StoreError`] if it cannot be read. A line that is no event of this version refers to nothing that is known.
    pub fn of(journal: &dyn Journal) -> Result<Self, StoreError> {
        let mut holdings = Self::default();
        journal.lines(0, &mut |line| {
            if let Ok(event) = serde_json::from_str::<Event>(line) {
                holdings.take(&event);
            }
            true
        })?;
        Ok(holdings)
    }

    /// Payloads that belong only to tasks that are `over` and of which nothing was heard since `before`.
    fn unheard_since<'h>(
        &'h self,
        before: Timestamp,
        over: &'h dyn Fn(&Key) -> bool,
    ) -> impl Iterator<Item = Digest> + 'h {
        let old = move |key: &Key| over(key) && self.heard.get(key).is_some_and(|heard| *heard < before);
        self.referred.iter().filter(move |(_, keys)| keys.iter().all(old)).map(|(sha256, _)| *sha256)
    }

    /// Looks for every payload that the events refer to.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] if one does not fit its SHA-256.
    pub fn account(&self, journal: &dyn Journal) -> Result<Account, StoreError> {
        let mut account = Account::default();
        let mut gone = Vec::new();
        for sha256 in self.referred.keys() {
            if journal.payload(sha256)?.is_some() {
                account.kept += 1;
            } else if self.cleared.contains(sha256) {
                gone.push(*sha256);
            } else {
                account.missing.push(*sha256);
            }
        }
        // More are gone than were ever cleared: some of these were taken away by another hand.
        let cleared = usize::try_from(self.count).unwrap_or(usize::MAX).min(gone.len());
        account.missing.extend(gone.split_off(cleared));
        account.cleared = gone.len() as u64;
        Ok(account)
    }
}

/// What [`prune`] would clear away.
///
/// # Errors
/// [`StoreError`] if the journal cannot be read.
pub fn prunable(book: &Book<'_>, before: Timestamp) -> Result<(Vec<Digest>, Pruning), StoreError> {
    let holdings = Holdings::of(book.journal())?;
    let ledger = book.ledger();
    let over = |key: &Key| ledger.tasks.contains_key(key) && !ledger.active.contains(key);
    let old: BTreeSet<Digest> = holdings.unheard_since(before, &over).collect();
    let mut found = Vec::new();
    let mut pruning = Pruning::default();
    book.journal().payloads(&mut |sha256, bytes| {
        if old.contains(&sha256) {
            found.push(sha256);
            pruning.payloads += 1;
            pruning.bytes = pruning.bytes.saturating_add(bytes);
        }
        true
    })?;
    Ok((found, pruning))
}

/// Clears away what is kept beside the journal for tasks that are over and of which nothing was heard since `before`, in one
/// transaction with the event that says so, and gives the room back. An event is never removed, nor anything that a task may need.
///
/// # Errors
/// [`BookError`]; then nothing was cleared.
pub fn prune(book: &mut Book<'_>, by: &str, before: Timestamp, now: Timestamp) -> Result<Pruning, BookError> {
    let (found, mut pruning) = prunable(book, before)?;
    if !found.is_empty() {
        let body = Body::Pruned { by: by.to_owned(), before, count: pruning.payloads };
        book.clear(book.plain(now, body), found)?;
        pruning.not_shrunk = book.shrink().err();
    }
    Ok(pruning)
}
