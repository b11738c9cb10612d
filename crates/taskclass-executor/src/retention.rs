//! What is kept beside the journal, and for how long. Events stay for ever; request bodies, inputs and evidence can be cleared away
//! once nothing needs them. That they were is an event itself, so that what was cleared can be told from what is missing
//! (the auditor's look at payloads).

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use taskclass_spec::Digest;

use crate::book::{Book, BookError};
use crate::event::{Body, Event};
use crate::ledger::Ledger;
use crate::store::{Journal, StoreError};
use crate::vocab::Key;

/// Which tasks refer to which payloads, and when each task was last heard of.
#[derive(Debug, Default)]
pub(crate) struct Holdings {
    heard: BTreeMap<Key, Timestamp>,
    referred: BTreeMap<Digest, BTreeSet<Key>>,
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
    fn of(journal: &dyn Journal) -> Result<Self, StoreError> {
        let mut holdings = Self::default();
        journal.lines(0, &mut |line| {
            // Whoever opened the book read what stands behind the last snapshot, and the chain vouches for what stands before it. A line
            // that was edited there since and cannot be read only keeps what it refers to; `audit verify` finds it.
            if let Ok(event) = serde_json::from_str::<Event>(line) {
                holdings.take(&event);
            }
            true
        })?;
        Ok(holdings)
    }

    /// Takes an event in.
    pub(crate) fn take(&mut self, event: &Event) {
        let Some(key) = &event.key else { return };
        self.heard.insert(key.clone(), event.observed);
        if let Some(payload) = payload(&event.body) {
            self.referred.entry(payload).or_default().insert(key.clone());
        }
    }

    /// Payloads that belong only to tasks that are over, and of which nothing was heard since `before`.
    pub(crate) fn old(&self, before: Timestamp, over: &dyn Fn(&Key) -> bool) -> BTreeSet<Digest> {
        let old = |key: &Key| over(key) && self.heard.get(key).is_some_and(|heard| *heard < before);
        self.referred.iter().filter(|(_, keys)| keys.iter().all(old)).map(|(sha256, _)| *sha256).collect()
    }
}

/// What is kept beside the journal for this event.
pub(crate) fn payload(body: &Body) -> Option<Digest> {
    match body {
        Body::Planned(plan) => Some(plan.inputs_sha256),
        Body::Sending { request_sha256, .. } => Some(*request_sha256),
        Body::EvidenceRead(read) => Some(read.sha256),
        _ => None,
    }
}

/// What [`prune`] would clear away now, told from a journal and what it makes known.
///
/// # Errors
/// [`StoreError`] if the journal cannot be read.
pub fn prunable(journal: &dyn Journal, ledger: &Ledger, before: Timestamp) -> Result<Pruning, StoreError> {
    old(journal, ledger, before).map(|(_, pruning)| pruning)
}

fn old(journal: &dyn Journal, ledger: &Ledger, before: Timestamp) -> Result<(Vec<Digest>, Pruning), StoreError> {
    let over = |key: &Key| ledger.tasks.contains_key(key) && !ledger.active.contains(key);
    let old = Holdings::of(journal)?.old(before, &over);
    let mut found = Vec::new();
    let mut pruning = Pruning::default();
    journal.payloads(&mut |sha256, bytes| {
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
    let (found, mut pruning) = old(book.journal(), book.ledger(), before)?;
    if !found.is_empty() {
        let body = Body::Pruned { by: by.to_owned(), before, count: pruning.payloads };
        book.clear(book.plain(now, body), found)?;
        pruning.not_shrunk = book.shrink().err();
    }
    Ok(pruning)
}
