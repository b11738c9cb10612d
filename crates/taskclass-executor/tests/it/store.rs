//! The state file: one writer, fenced; newer ones read and not written; each trouble one clear error.

use std::path::Path;

use jiff::Timestamp;
use taskclass_executor::{
    Ledger, SqliteReader, SqliteStore, StoreError,
    audit::Head,
    book::Book,
    event::Body,
    ledger::LedgerError,
    store::{Batch, FORMAT, Journal as _, Payload, Store as _},
};

fn now() -> Timestamp {
    "2026-12-01T09:00:00Z".parse().unwrap()
}

fn begin(path: &Path) {
    let store = SqliteStore::open(path).unwrap();
    let mut book = Book::open(Box::new(store), now()).unwrap();
    let drafts = vec![
        book.plain(now(), Body::Stopped { by: "alice".to_owned(), reason: "a test".to_owned() }),
        book.plain(now(), Body::Started { by: "alice".to_owned() }),
    ];
    book.commit(drafts, vec![Payload::of(b"bytes".to_vec())]).unwrap();
}

fn sql(path: &Path, text: &str) {
    rusqlite::Connection::open(path).unwrap().execute_batch(text).unwrap();
}

/// Writes an event anew, and the hashes from there on, as a program that could write it would have.
fn rewrite(path: &Path, seq: i64, change: impl Fn(&mut serde_json::Value)) {
    let mut lines: Vec<serde_json::Value> = Vec::new();
    let reader = SqliteReader::open(path).unwrap();
    reader
        .lines(0, &mut |line| {
            lines.push(serde_json::from_str(line).unwrap());
            true
        })
        .unwrap();
    drop(reader);
    let mut head = Head::empty().hash;
    let file = rusqlite::Connection::open(path).unwrap();
    for (at, line) in (1..).zip(&mut lines) {
        if at == seq {
            change(line);
        }
        line["previous"] = head.into();
        line.as_object_mut().unwrap().remove("hash");
        let text = format!("taskclass-audit/v1\n{}", serde_json_canonicalizer::to_string(line).unwrap());
        head = Payload::of(text.into_bytes()).sha256.hex();
        line["hash"] = head.clone().into();
        let text = serde_json_canonicalizer::to_string(line).unwrap();
        file.execute("UPDATE events SET line = ?2 WHERE seq = ?1", rusqlite::params![at, text]).unwrap();
    }
    file.execute("UPDATE chain SET hash = ?1", [head]).unwrap();
}

#[test]
fn what_was_committed_is_there_after_a_restart_and_readers_need_no_lock() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("state.db");
    begin(&path);
    let writer = SqliteStore::open(&path).unwrap();
    let reader = SqliteReader::open(&path).unwrap();
    assert_eq!(reader.head().unwrap().count, 3);
    assert_eq!(reader.payload(&Payload::of(b"bytes".to_vec()).sha256).unwrap().unwrap(), b"bytes");
    assert_eq!(Ledger::load(&reader).unwrap().head, writer.head().unwrap());
    assert_eq!(writer.epoch(), 2, "each opening raises the lease");
    assert_eq!(reader.id().len(), 32);
}

#[test]
fn a_second_writer_is_turned_away_and_an_old_one_is_fenced() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("state.db");
    let mut first = SqliteStore::open(&path).unwrap();
    assert!(matches!(SqliteStore::open(&path), Err(StoreError::Busy { .. })));
    // Its lock was lost (a copied folder, a broken file system): the lease still tells.
    std::fs::remove_file(dir.path().join("state.db.lock")).unwrap();
    let second = SqliteStore::open(&path).unwrap();
    let error = first.append(&Head::empty(), &Batch::default()).unwrap_err();
    assert!(matches!(error, StoreError::Fenced { held: 1, found: 2 }), "{error}");
    drop(second);
}

/// Like a watch that goes on while somebody restores a backup over its state.
#[test]
fn a_state_that_was_replaced_is_not_written_on() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("state.db");
    begin(&path);
    let backup = dir.path().join("backup.db");
    SqliteReader::copy(&path, &backup).unwrap();
    let put = || std::fs::rename(&backup, &path).unwrap();
    let is_lost = |error: StoreError, word: &str| {
        assert!(matches!(&error, StoreError::Lost { what, .. } if what.contains(word)), "{error}");
    };
    let mut resting = SqliteStore::open(&path).unwrap();
    resting.rest();
    for name in ["state.db", "state.db-wal", "state.db-shm", "state.db.lock"] {
        let _ = std::fs::remove_file(dir.path().join(name));
    }
    put();
    is_lost(resting.resume().unwrap_err(), "was replaced");
    let next = SqliteStore::open(&path).unwrap();
    assert_eq!(next.epoch(), 2, "the one that rested keeps nobody out");
    drop((next, resting));
    // While it writes.
    SqliteReader::copy(&path, &backup).unwrap();
    let mut writing = SqliteStore::open(&path).unwrap();
    let head = writing.head().unwrap();
    writing.append(&head, &Batch::default()).unwrap();
    put();
    is_lost(writing.append(&head, &Batch::default()).unwrap_err(), "was replaced");
    drop(writing);
}

#[test]
fn a_lock_that_was_removed_ends_its_holder() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("state.db");
    let mut store = SqliteStore::open(&path).unwrap();
    std::fs::remove_file(dir.path().join("state.db.lock")).unwrap();
    let error = store.append(&Head::empty(), &Batch::default()).unwrap_err();
    assert!(matches!(&error, StoreError::Lost { what, .. } if what.contains(".lock")), "{error}");
    store.rest();
    store.resume().unwrap();
    store.append(&Head::empty(), &Batch::default()).unwrap();
}

#[test]
fn a_newer_file_is_read_and_never_written() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("state.db");
    begin(&path);
    sql(&path, &format!("PRAGMA user_version = {}", FORMAT + 1));
    assert!(matches!(SqliteStore::open(&path), Err(StoreError::Newer { .. })));
    let ledger = Ledger::load(&SqliteReader::open(&path).unwrap()).unwrap();
    assert_eq!((ledger.head.count, ledger.foreign), (3, None));
    // An event of a kind that is yet to be invented is passed over by a reader; nobody writes after it.
    sql(&path, &format!("DROP TRIGGER events_stay; PRAGMA user_version = {FORMAT}"));
    rewrite(&path, 2, |event| event["kind"] = "hibernated".into());
    let ledger = Ledger::load(&SqliteReader::open(&path).unwrap()).unwrap();
    assert_eq!((ledger.head.count, ledger.foreign), (3, Some(2)));
    let refused = Book::open(Box::new(SqliteStore::open(&path).unwrap()), now()).unwrap_err();
    assert!(refused.to_string().contains("not known to this version"), "{refused}");
}

#[test]
fn other_files_are_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    let text = dir.path().join("notes.txt");
    std::fs::write(&text, "these are my notes, and they are longer than a page header of any database").unwrap();
    assert!(matches!(SqliteStore::open(&text), Err(StoreError::NotOurs { .. })));
    assert!(std::fs::read_to_string(&text).unwrap().starts_with("these are my notes"));
    let other = dir.path().join("other.db");
    sql(&other, "CREATE TABLE t (x)");
    assert!(matches!(SqliteStore::open(&other), Err(StoreError::NotOurs { .. })));
    assert!(matches!(SqliteReader::open(&other), Err(StoreError::NotOurs { .. })));
    assert!(matches!(SqliteReader::open(&dir.path().join("none.db")), Err(StoreError::Missing { .. })));
    assert!(SqliteStore::open(&dir.path().join("no/folder.db")).is_err());
}

#[test]
fn a_journal_changed_by_another_hand_is_corrupt() {
    for (change, word) in [
        ("DELETE FROM events WHERE seq = 2", "event 3 stands in its place"),
        ("DELETE FROM events WHERE seq = 3", "event 3 is the last that was written"),
        ("UPDATE events SET line = 'x' WHERE seq = 1", "expected value"),
        ("UPDATE events SET line = replace(line, 'a test', 'a jest') WHERE seq = 2", "does not fit its hash"),
        ("UPDATE events SET line = replace(line, '{', '{ ') WHERE seq = 3", "does not fit its hash"),
    ] {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("state.db");
        begin(&path);
        let guarded = rusqlite::Connection::open(&path).unwrap().execute_batch(change);
        assert!(guarded.unwrap_err().to_string().contains("events are never"), "the file itself objects");
        sql(&path, &format!("DROP TRIGGER events_stay; DROP TRIGGER events_remain; {change}"));
        let error = Ledger::load(&SqliteReader::open(&path).unwrap()).unwrap_err();
        assert!(matches!(error, LedgerError::Corrupt { .. }) && error.to_string().contains(word), "{error}");
    }
}
