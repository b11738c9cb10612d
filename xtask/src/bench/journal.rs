//! The journal: how fast it is taken up again after a restart, and what one event costs.

use std::{hint::black_box, path::Path};

use jiff::Timestamp;
use rusqlite::{Connection, params};
use taskclass_executor::{
    Ledger, SqliteReader, SqliteStore,
    book::Book,
    event::{Body, Draft, Replayed},
    store::Journal as _,
    vocab::{Key, KeyParts, RunId},
};
use taskclass_spec::Digest;
use taskclass_storm::rig::Rig;

use super::{
    run::{grouped, ratio, shown, turns},
    table::Table,
};

/// Tasks whose events go into one transaction while a journal is made.
const TOGETHER: usize = 100;

/// One task's life from the plan to the verdict, as it was really written down.
pub(super) fn a_life() -> Result<Vec<Draft>, String> {
    let rig = Rig::new("");
    rig.bump_to_the_end();
    let mut drafts = Vec::new();
    for line in rig.store.all() {
        let event: Replayed<'_> = serde_json::from_str(&line).map_err(|error| error.to_string())?;
        let body = event.body().map_err(|why| format!("{why:?}"))?;
        let http = taskclass_executor::vocab::Http::default();
        let Replayed { occurred, observed, run, key, .. } = event;
        if key.is_some() {
            drafts.push(Draft { occurred, observed, key, run, http, body });
        }
    }
    Ok(drafts)
}

/// The same life under another key, in another run.
pub(super) fn again(life: &[Draft], nth: u64, now: Timestamp) -> Vec<Draft> {
    let run = RunId::derive("bench", nth, "", now);
    let digest = Digest::of(&nth.to_be_bytes());
    let inputs = digest;
    let parts = KeyParts { digest, run: &run, repository_id: 1, base_ref: "main", inputs, repeat: 0, attempt: 1 };
    let key = Key::of(&parts);
    let mut drafts = life.to_vec();
    for draft in &mut drafts {
        draft.key = Some(key.clone());
        draft.run = Some(run.clone());
        match &mut draft.body {
            Body::Accepted { task } | Body::Adopted { task, .. } => task.id = format!("{}-{nth}", task.id),
            _ => {}
        }
    }
    drafts
}

/// A state file with so many tasks that have lived through `life`.
pub(super) fn filled(path: &Path, life: &[Draft], tasks: usize) -> Result<(), String> {
    let now = life.first().ok_or("an empty life")?.observed;
    let store = SqliteStore::open(path).map_err(|error| error.to_string())?;
    let mut book = Book::open(Box::new(store), now).map_err(|error| error.to_string())?;
    for first in (0..tasks).step_by(TOGETHER) {
        let drafts = (first..tasks.min(first + TOGETHER)).flat_map(|nth| again(life, nth as u64, now)).collect();
        book.commit(drafts, Vec::new()).map_err(|error| error.to_string())?;
    }
    // As a process does that comes to rest, or opens a journal.
    book.keep_snapshot(now).map_err(|error| error.to_string())
}

/// Every row, and nothing done with it.
fn scan(path: &Path) -> Result<(u64, u64), String> {
    let reader = SqliteReader::open(path).map_err(|error| error.to_string())?;
    let (mut rows, mut bytes) = (0, 0);
    let mut visit = |line: &str| {
        rows += 1;
        bytes += black_box(line).len() as u64;
        true
    };
    reader.lines(0, &mut visit).map_err(|error| error.to_string())?;
    Ok((rows, bytes))
}

/// Takes a journal up, and does nothing with it.
pub(super) fn recover(path: &Path) -> Result<(), String> {
    let reader = SqliteReader::open(path).map_err(|error| error.to_string())?;
    black_box(Ledger::load(&reader).map_err(|error| error.to_string())?);
    Ok(())
}

/// The same without any snapshot.
fn replay(path: &Path) -> Result<(), String> {
    let reader = SqliteReader::open(path).map_err(|error| error.to_string())?;
    black_box(Ledger::replayed(&reader).map_err(|error| error.to_string())?);
    Ok(())
}

/// Taking a journal up again beside merely reading its rows.
pub(super) fn recovery(_: &Path, largest: usize) -> Result<Table, String> {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let path = folder.path().join("state.db");
    let life = a_life()?;
    filled(&path, &life, largest)?;
    let (rows, bytes) = scan(&path)?;
    let [bare, ours, whole] = turns([&mut || scan(&path).map(drop), &mut || recover(&path), &mut || replay(&path)])?;
    let title = "A journal taken up again";
    let head = ["tasks", "events", "MB", "bare scan", "recovery", "ratio", "goal", "replayed whole", "ratio"];
    let mut table = Table::new(title, &head);
    table.row([
        grouped(largest),
        grouped(usize::try_from(rows).unwrap_or(usize::MAX)),
        grouped(usize::try_from(bytes >> 20).unwrap_or(usize::MAX)),
        shown(bare),
        shown(ours),
        ratio(ours, bare),
        "≤ 3".to_owned(),
        shown(whole),
        ratio(whole, bare),
    ]);
    table.note("A bare scan reads every row's text and does nothing with it. Recovery starts from the last snapshot that the chain vouches for;");
    table.note("replayed whole, every event goes through the transition table and the chain is held from the first.");
    Ok(table)
}

/// How many transactions one try is.
const COMMITS: usize = 50;

/// One event beside one synced transaction of SQLite that inserts a row of the same size.
pub(super) fn event(_: &Path, _: usize) -> Result<Table, String> {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let life = a_life()?;
    let path = folder.path().join("state.db");
    filled(&path, &life, 100)?;
    let line = {
        let reader = SqliteReader::open(&path).map_err(|error| error.to_string())?;
        let mut sizes = Vec::new();
        let mut visit = |line: &str| {
            sizes.push(line.to_owned());
            true
        };
        reader.lines(0, &mut visit).map_err(|error| error.to_string())?;
        sizes.pop().ok_or("an empty journal")?
    };
    let store = SqliteStore::open(&path).map_err(|error| error.to_string())?;
    let now = life.last().ok_or("an empty life")?.observed;
    let mut book = Book::open(Box::new(store), now).map_err(|error| error.to_string())?;
    let key = book.ledger().tasks.keys().next().cloned().ok_or("no task")?;

    let bare = Connection::open(folder.path().join("bare.db")).map_err(|error| error.to_string())?;
    bare.execute_batch(
        "PRAGMA journal_mode = wal; PRAGMA synchronous = FULL; CREATE TABLE t (seq INTEGER PRIMARY KEY, line TEXT)",
    )
    .map_err(|error| error.to_string())?;
    let mut insert = || -> Result<(), String> {
        for _ in 0..COMMITS {
            bare.execute("INSERT INTO t (line) VALUES (?1)", params![line]).map_err(|error| error.to_string())?;
        }
        Ok(())
    };
    let mut ours = || -> Result<(), String> {
        for _ in 0..COMMITS {
            let draft = book.about(&key, now, Body::Acknowledged { by: "bench".to_owned() });
            book.commit(vec![draft], Vec::new()).map_err(|error| error.to_string())?;
        }
        Ok(())
    };
    let [commit, event] = turns([&mut insert, &mut ours])?;
    let each = u32::try_from(COMMITS).unwrap_or(u32::MAX);
    let mut table = Table::new("One event, on the disk", &["", "synced commit", "event", "ratio", "goal"]);
    let row = [shown(commit / each), shown(event / each), ratio(event, commit), "≤ 1.5".to_owned()];
    table.row(std::iter::once(format!("an event of {} bytes", line.len())).chain(row));
    table.note("A synced commit inserts one row of the same size into a file of its own: WAL, synchronous=FULL.");
    Ok(table)
}
