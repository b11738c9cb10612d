//! A state file that something happened to: bytes flipped, cut off, its log gone, something else in its place. Either it says the same as
//! before, or it is one clear error; never a panic, and never another answer.

use std::fs;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use taskclass_executor::{
    Ledger, SqliteReader, SqliteStore, StoreError,
    book::Book,
    event::Body,
    store::{Journal as _, Payload},
};

fn now() -> Timestamp {
    "2026-12-01T09:00:00Z".parse().unwrap()
}

/// What a state says: its lines, and the payloads that are there.
#[derive(Debug, PartialEq, Eq)]
struct Said {
    lines: Vec<String>,
    payloads: Vec<Option<Vec<u8>>>,
}

fn payloads() -> Vec<Payload> {
    [300, 9_000].into_iter().map(|length| Payload::of(vec![b'p'; length])).collect()
}

/// Writes some pages of journal.
fn fill(path: &Path, events: usize) -> Book<'static> {
    let mut book = Book::open(Box::new(SqliteStore::open(path).unwrap()), now()).unwrap();
    for number in 0..events {
        let reason = format!("drill {number}: {}", "why ".repeat(200));
        let stopped = book.plain(now(), Body::Stopped { by: "alice".to_owned(), reason });
        let payloads = if number == 1 { payloads() } else { Vec::new() };
        book.commit(vec![stopped], payloads).unwrap();
    }
    book
}

fn read(path: &Path) -> Result<Said, String> {
    let reader = SqliteReader::open(path).map_err(|error| error.to_string())?;
    Ledger::load(&reader).map_err(|error| error.to_string())?;
    let mut lines = Vec::new();
    let mut visit = |line: &str| {
        lines.push(line.to_owned());
        true
    };
    reader.lines(0, &mut visit).map_err(|error| error.to_string())?;
    let payloads: Result<_, StoreError> = payloads().iter().map(|payload| reader.payload(&payload.sha256)).collect();
    Ok(Said { lines, payloads: payloads.map_err(|error| error.to_string())? })
}

/// Reads, and takes up for writing. A payload that is not found is no other answer: what should be there is the auditor's to say.
fn holds(path: &Path, whole: &Said, what: &str) {
    match read(path) {
        Ok(said) => {
            assert_eq!(said.lines, whole.lines, "{what}");
            for (said, whole) in said.payloads.iter().zip(&whole.payloads) {
                assert!(said.is_none() || said == whole, "{what}");
            }
        }
        Err(error) => {
            assert!(error.contains("state.db") || error.contains("the journal is corrupt"), "{what}: {error}")
        }
    }
    let taken_up = SqliteStore::open(path)
        .map_err(|error| error.to_string())
        .and_then(|store| Book::open(Box::new(store), now()).map_err(|error| error.to_string()));
    match taken_up {
        Ok(mut book) => {
            assert_eq!(book.ledger().head.count, whole.lines.len() as u64, "{what}");
            let started = book.plain(now(), Body::Started { by: "alice".to_owned() });
            // What cannot be written is an error as well.
            let _ = book.commit(vec![started], Vec::new());
        }
        Err(error) => {
            assert!(error.contains("state.db") || error.contains("the journal is corrupt"), "{what}: {error}")
        }
    }
}

/// The state's files in a folder of their own, one of them changed.
fn changed(files: &[(&str, Vec<u8>)], name: &str, change: impl FnOnce(&mut Vec<u8>)) -> (tempfile::TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let mut change = Some(change);
    for (file, bytes) in files {
        let mut bytes = bytes.clone();
        if *file == name {
            change.take().unwrap()(&mut bytes);
        }
        fs::write(dir.path().join(file), bytes).unwrap();
    }
    let path = dir.path().join("state.db");
    (dir, path)
}

/// The files that lie in a folder; SQLite makes `-shm` anew.
fn files(dir: &Path) -> Vec<(&'static str, Vec<u8>)> {
    let read = |name: &'static str| fs::read(dir.join(name)).ok().map(|bytes| (name, bytes));
    ["state.db", "state.db-wal", "state.db.lock"].into_iter().filter_map(read).collect()
}

/// The files of a state by their names' ends.
type Files = Vec<(&'static str, Vec<u8>)>;

/// A state that was closed, and one whose process was killed with the newest events in the log.
fn closed_and_killed() -> [(Files, Said); 2] {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("state.db");
    drop(fill(&path, 12));
    let closed = (files(dir.path()), read(&path).unwrap());
    assert_eq!(closed.0.len(), 2, "the log is gone once the state is closed");
    let book = fill(&path, 6);
    let killed = (files(dir.path()), read(&path).unwrap());
    assert_eq!(killed.0.len(), 3);
    drop(book);
    [closed, killed]
}

#[test]
fn a_flipped_byte_anywhere_is_the_same_answer_or_an_error() {
    for (files, whole) in closed_and_killed() {
        for (name, bytes) in &files {
            // Every byte of the first page's header, then some of every page; which ones differs from page to page.
            let stride = if name.ends_with("-wal") { 509 } else { 211 };
            let offsets = (0..bytes.len().min(112)).chain((112..bytes.len()).step_by(stride));
            for offset in offsets {
                let (_dir, path) = changed(&files, name, |bytes| bytes[offset] ^= 1 << (offset % 8));
                holds(&path, &whole, &format!("{name} at {offset}"));
            }
        }
    }
}

#[test]
fn a_file_cut_off_anywhere_is_the_same_answer_or_an_error() {
    for (files, whole) in closed_and_killed() {
        for (name, bytes) in &files {
            for length in (0..bytes.len()).step_by(1_371).chain([1, 16, 99, 100, 4_095, 4_096, 4_097]) {
                let (_dir, path) = changed(&files, name, |bytes| bytes.truncate(length));
                holds(&path, &whole, &format!("{name} cut to {length}"));
            }
        }
    }
}

#[track_caller]
fn lost(path: &Path, words: &[&str]) {
    let read = SqliteReader::open(path).unwrap_err();
    let written = SqliteStore::open(path).unwrap_err();
    for error in [read, written] {
        assert!(matches!(error, StoreError::Lost { .. }), "{error}");
        let said = error.to_string();
        for word in words.iter().chain(&["state.db.lock", "backup", "audit drift"]) {
            assert!(said.contains(word), "`{word}`: {said}");
        }
    }
}

#[test]
fn a_state_that_holds_less_than_it_did_is_not_taken_up() {
    let [(before, _), (killed, whole)] = closed_and_killed();
    // The write-ahead log was thought to be rubbish.
    let (dir, path) = changed(&killed, "", |_| ());
    fs::remove_file(dir.path().join("state.db-wal")).unwrap();
    lost(&path, &["holds 13 events", &format!("{} events had been written", whole.lines.len())]);
    // An old copy, an empty file, another journal, or none in its place.
    fs::write(&path, &before[0].1).unwrap();
    lost(&path, &["holds 13 events"]);
    fs::write(&path, []).unwrap();
    lost(&path, &["is empty"]);
    fs::remove_file(&path).unwrap();
    lost(&path, &["is not there any more"]);
    assert!(!path.exists(), "nothing is begun in the place of what was lost");
    let other = dir.path().join("other.db");
    drop(fill(&other, 40));
    fs::rename(&other, &path).unwrap();
    lost(&path, &["holds another journal"]);
    // Something else altogether.
    fs::write(&path, "my notes ".repeat(1000)).unwrap();
    let error = SqliteStore::open(&path).unwrap_err().to_string();
    assert!(error.contains("damaged") && error.contains("it was one"), "{error}");
    // A person says that the older copy is meant.
    fs::write(&path, &before[0].1).unwrap();
    fs::remove_file(dir.path().join("state.db.lock")).unwrap();
    assert_eq!(fill(&path, 1).ledger().head.count, 14);
}

#[test]
fn a_backup_beside_an_old_log_is_left_as_it_is() {
    let [_, (killed, whole)] = closed_and_killed();
    let (dir, path) = changed(&killed, "", |_| ());
    let backup = dir.path().join("backup.db");
    SqliteReader::copy(&path, &backup).unwrap();
    // More is written after it, and the process is killed.
    let book = fill(&path, 3);
    let log = fs::read(dir.path().join("state.db-wal")).unwrap();
    drop(book);
    for content in [fs::read(&backup).unwrap(), Vec::new()] {
        let (dir, path) = changed(&[("state.db", content.clone()), ("state.db-wal", log.clone())], "", |_| ());
        let copied = SqliteReader::copy(&path, &dir.path().join("copy.db")).unwrap_err();
        for error in [SqliteReader::open(&path).unwrap_err(), SqliteStore::open(&path).unwrap_err(), copied] {
            let said = error.to_string();
            for word in ["state.db-wal", "state.db-shm", "state.db.lock", "played into it"] {
                assert!(said.contains(word), "`{word}`: {said}");
            }
        }
        assert!(fs::read(&path).unwrap() == content, "the backup was written to");
        assert!(fs::read(dir.path().join("state.db-wal")).unwrap() == log, "the log was thrown away");
    }
    // What the message says to do.
    let (_dir, path) = changed(&[("state.db", fs::read(&backup).unwrap())], "", |_| ());
    assert_eq!(read(&path).unwrap(), whole);
    // A reader beside the writer in one process takes no lock away from it.
    let book = fill(&path, 1);
    assert!(read(&path).is_ok() && SqliteStore::open(&path).is_err());
    drop(book);
}

#[test]
fn advice_on_restoring_names_all_that_lies_beside_the_state() {
    let path = PathBuf::from("state.db");
    let lost = StoreError::Lost { path: path.clone(), what: "is empty".to_owned(), known: 3 };
    let corrupt = StoreError::Corrupt { path, what: "it ends too early".to_owned() };
    let ledger = taskclass_executor::ledger::LedgerError::Corrupt { seq: 3, what: "nothing".to_owned() };
    for said in [lost.to_string(), corrupt.to_string(), ledger.to_string()] {
        for word in ["-wal", "-shm", ".lock"] {
            assert!(said.contains(word), "`{word}`: {said}");
        }
    }
}

#[test]
fn every_page_is_looked_at_and_what_is_wrong_is_said() {
    let [(closed, _), _] = closed_and_killed();
    let (_dir, path) = changed(&closed, "", |_| ());
    let reader = SqliteReader::open(&path).unwrap();
    reader.integrity().unwrap();
    assert_eq!(reader.format().unwrap(), 1);
    // The free list says that it has pages that it has not: nothing that is read shows it.
    let (_dir, path) = changed(&closed, "state.db", |bytes| bytes[36..40].copy_from_slice(&7_u32.to_be_bytes()));
    let reader = SqliteReader::open(&path).unwrap();
    Ledger::load(&reader).unwrap();
    let error = reader.integrity().unwrap_err();
    assert!(matches!(&error, StoreError::Corrupt { what, .. } if !what.is_empty()), "{error}");
}
