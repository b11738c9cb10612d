//! Snapshots: all that is known at one place of the journal, so that a restart need not replay years of it. A snapshot can only save
//! time: an event in the chain vouches for its bytes, and one that is not vouched for, or that this version cannot read, is passed over.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use taskclass_spec::Digest;

use super::{Ledger, LedgerError, Limiter, Stopped};
use crate::audit::{Head, is_whole};
use crate::event::{Body, Replayed};
use crate::lifecycle::Task;
use crate::store::{Journal, Snapshot};
use crate::vocab::{Key, RunId};

/// What a snapshot's form is called. Raised whenever what the ledger knows changes in meaning: an older one is then replayed instead.
const FORM: &str = concat!("taskclass-snapshot/1 ", env!("CARGO_PKG_VERSION"));

/// A snapshot is taken once there are as many events beyond the last one as there are tasks, and no fewer than this.
const FEWEST: u64 = 100;

/// What is written. Everything else in a ledger follows from it.
#[derive(Serialize)]
struct Written<'l> {
    form: &'static str,
    head: &'l Head,
    runs: &'l BTreeMap<RunId, Vec<Key>>,
    limiter: &'l Limiter,
    stopped: &'l Option<Stopped>,
    registry_commit: &'l Option<String>,
    latest: Timestamp,
    lead: SignedDuration,
    tasks: Vec<&'l Task>,
}

/// What is read.
#[derive(Deserialize)]
struct Read {
    form: String,
    head: Head,
    runs: BTreeMap<RunId, Vec<Key>>,
    limiter: Limiter,
    stopped: Option<Stopped>,
    registry_commit: Option<String>,
    latest: Timestamp,
    lead: SignedDuration,
    tasks: Vec<Task>,
}

/// Whether so many events have come since the last snapshot that another one pays.
pub fn is_due(ledger: &Ledger) -> bool {
    let tasks = u64::try_from(ledger.tasks.len()).unwrap_or(u64::MAX);
    ledger.foreign.is_none() && ledger.head.count.saturating_sub(ledger.snapshot) >= tasks.max(FEWEST)
}

/// The bytes of a snapshot of `ledger`.
///
/// # Errors
/// If it cannot be written as JSON.
pub fn take(ledger: &Ledger) -> Result<Vec<u8>, serde_json::Error> {
    let written = Written {
        form: FORM,
        head: &ledger.head,
        runs: &ledger.runs,
        limiter: &ledger.limiter,
        stopped: &ledger.stopped,
        registry_commit: &ledger.registry_commit,
        latest: ledger.latest,
        lead: ledger.lead,
        tasks: ledger.tasks.values().collect(),
    };
    serde_json::to_vec(&written)
}

/// The ledger of the journal's snapshot, if there is one, an event vouches for it, and this version reads it.
///
/// # Errors
/// [`LedgerError::Store`] if the journal cannot be read.
pub fn read(journal: &dyn Journal) -> Result<Option<Ledger>, LedgerError> {
    let Some(Snapshot { seq, bytes }) = journal.snapshot()? else { return Ok(None) };
    let Some(before) = seq.checked_sub(1) else { return Ok(None) };
    let digest = Digest::of(&bytes);
    let mut vouched = None;
    journal.lines(before, &mut |line| {
        vouched = voucher(line, seq, digest);
        false
    })?;
    let Some(head) = vouched else { return Ok(None) };
    let read: Option<Read> = serde_json::from_slice(&bytes).ok();
    Ok(read.filter(|read| read.form == FORM && read.head == head).map(into_ledger))
}

/// Where the journal stood when the event on this line vouched for a snapshot with this digest, if that is what it is.
fn voucher(line: &str, seq: u64, digest: Digest) -> Option<Head> {
    let event: Replayed<'_> = serde_json::from_str(line).ok()?;
    let vouches = matches!(event.body(), Ok(Body::Snapshot { sha256 }) if sha256 == digest);
    let whole = event.seq == seq && is_whole(line, &event.hash);
    (vouches && whole).then(|| Head { count: seq - 1, hash: event.previous.into_owned() })
}

fn into_ledger(read: Read) -> Ledger {
    let Read { form: _, head, runs, limiter, stopped, registry_commit, latest, lead, tasks } = read;
    let mut ledger = Ledger { head, runs, limiter, stopped, registry_commit, latest, lead, ..Ledger::default() };
    for task in tasks {
        ledger.install(task);
    }
    ledger
}
