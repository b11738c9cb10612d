//! Where the state lies and what it leaves on the disk: rights, names, copies, and what is cleared away.

use std::fs;
use std::path::Path;

use jiff::{SignedDuration, Timestamp};
use taskclass_executor::{
    Ledger, SqliteReader, SqliteStore, StoreError,
    audit::{Head, Sealed},
    book::Book,
    event::Body,
    retention::{prunable, prune},
    store::{Batch, Journal, Store as _},
};
use taskclass_spec::Digest;

use crate::rig::Rig;

fn now() -> Timestamp {
    "2026-12-01T09:00:00Z".parse().unwrap()
}

fn begin(path: &Path) -> Book<'static> {
    Book::open(Box::new(SqliteStore::open(path).unwrap()), now()).unwrap()
}

fn note(book: &mut Book<'_>) {
    let started = book.plain(now(), Body::Started { by: "alice".to_owned() });
    book.commit(vec![started], Vec::new()).unwrap();
}

#[cfg(unix)]
#[test]
fn nobody_else_may_read_what_a_state_leaves_on_the_disk() {
    use std::os::unix::fs::PermissionsExt as _;
    let dir = tempfile::tempdir().unwrap();
    let book = begin(&dir.path().join("state.db"));
    let mut names = Vec::new();
    for entry in fs::read_dir(dir.path()).unwrap() {
        let entry = entry.unwrap();
        assert_eq!(entry.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{:?}", entry.file_name());
        names.push(entry.file_name().into_string().unwrap());
    }
    names.sort();
    assert_eq!(names, ["state.db", "state.db-shm", "state.db-wal", "state.db.lock"]);
    drop(book);
}

#[cfg(unix)]
#[test]
fn a_state_has_one_lock_under_all_its_names() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("state.db");
    let other = dir.path().join("other.db");
    std::os::unix::fs::symlink(&path, &other).unwrap();
    let nowhere = SqliteStore::open(&other).unwrap_err().to_string();
    assert!(nowhere.contains("other.db") && nowhere.contains("leads nowhere"), "{nowhere}");
    let book = begin(&path);
    let busy = SqliteStore::open(&other).unwrap_err();
    assert!(matches!(&busy, StoreError::Busy { path } if *path == other), "{busy}");
    drop(book);
    note(&mut begin(&other));
    assert_eq!(SqliteReader::open(&path).unwrap().head().unwrap().count, 2);
    assert!(!dir.path().join("other.db.lock").exists());
}

#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_written_is_said_to_be_one() {
    use std::os::unix::fs::PermissionsExt as _;
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("state.db");
    drop(begin(&path));
    fs::remove_file(dir.path().join("state.db.lock")).unwrap();
    fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o555)).unwrap();
    let may_anyway = fs::write(dir.path().join("x"), "").is_ok();
    let (written, read) = (SqliteStore::open(&path), SqliteReader::open(&path));
    fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o755)).unwrap();
    if may_anyway {
        println!("skipped: this user may write anywhere");
        return;
    }
    assert!(matches!(written, Err(StoreError::ReadOnly { .. })));
    let said = read.unwrap_err().to_string();
    assert!(said.contains("cannot be read") && said.contains("backup"), "{said}");
}

#[test]
fn a_copy_is_whole_while_another_writes_and_needs_nothing_beside_it() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("state.db");
    let mut book = begin(&path);
    for turn in 2..5_u64 {
        note(&mut book);
        let copy = dir.path().join(format!("copy-{turn}.db"));
        SqliteReader::copy(&path, &copy).unwrap();
        note(&mut book);
        let reader = SqliteReader::open(&copy).unwrap();
        reader.integrity().unwrap();
        assert_eq!(Ledger::load(&reader).unwrap().head.count, 2 * turn - 2);
        assert_eq!(reader.id(), book.id());
        assert!(SqliteReader::copy(&path, &copy).is_err(), "a file that holds something is not written over");
    }
    assert!(!dir.path().join("copy-2.db-wal").exists());
    // It can be taken up in the state's place.
    assert_eq!(begin(&dir.path().join("copy-4.db")).ledger().head.count, 6);
}

/// Copies what a simulated run has left into a state file.
fn on_disk(rig: &Rig, path: &Path) {
    let mut store = SqliteStore::open(path).unwrap();
    let mut batch = Batch::default();
    for line in rig.store.all() {
        let event: taskclass_executor::event::Event = serde_json::from_str(&line).unwrap();
        batch.events.push(Sealed { event, line });
    }
    rig.store
        .payloads(&mut |sha256, _| {
            let bytes = rig.store.payload(&sha256).unwrap().unwrap();
            batch.payloads.push(taskclass_executor::store::Payload { sha256, bytes });
            true
        })
        .unwrap();
    store.append(&Head::empty(), &batch).unwrap();
}

fn kept(journal: &dyn Journal) -> Vec<Digest> {
    let mut kept = Vec::new();
    journal
        .payloads(&mut |sha256, _| {
            kept.push(sha256);
            true
        })
        .unwrap();
    kept
}

#[test]
fn what_tasks_have_left_is_cleared_away_once_they_are_over_and_old_and_never_an_event() {
    let rig = Rig::new("");
    let done = rig.bump_to_the_end();
    let over = rig.clock.0.get();
    rig.clock.0.set(over + SignedDuration::from_hours(24 * 7));
    // Another is under way, with inputs of its own.
    let mut executor = rig.open();
    let run = executor.start_run(
        &rig.class("dependency-bump"),
        &crate::rig::request("acme/svc-billing", &[("package", "tokio"), ("to", "1.50.0")]),
    );
    let (_, active) = run.unwrap_or_else(|error| panic!("{error}"));
    drop(executor);
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("state.db");
    on_disk(&rig, &path);
    let mut book = begin(&path);
    let inputs_of_active = book.ledger().tasks[&active].plan.inputs_sha256;
    let events = book.ledger().head.count;
    let now = rig.clock.0.get();
    let all = kept(&SqliteReader::open(&path).unwrap());

    let early = prune(&mut book, "alice", over - SignedDuration::from_hours(24), now).unwrap();
    assert_eq!((early.payloads, book.ledger().head.count), (0, events), "nothing is old yet, and nothing is said");
    assert!(!book.ledger().active.contains(&done.key), "the finished task is over");
    let due = prunable(&SqliteReader::open(&path).unwrap(), book.ledger(), now).unwrap();
    let pruned = prune(&mut book, "alice", now, now).unwrap();
    assert_eq!((due.payloads, due.bytes), (pruned.payloads, pruned.bytes));
    assert!(pruned.payloads >= 3 && pruned.not_shrunk.is_none(), "{pruned:?}");
    let left = kept(&SqliteReader::open(&path).unwrap());
    assert_eq!(left.len() as u64, all.len() as u64 - pruned.payloads);
    assert!(left.contains(&inputs_of_active), "what a task needs stays");
    assert!(!left.contains(&done.plan.inputs_sha256) && !left.contains(&done.request_sha256.unwrap()));
    // The journal says so, holds, and has lost nothing.
    let reader = SqliteReader::open(&path).unwrap();
    assert_eq!(Ledger::load(&reader).unwrap().head.count, events + 1);
    reader.integrity().unwrap();
    assert_eq!(prune(&mut book, "alice", now, now).unwrap().payloads, 0);
    assert_eq!(book.ledger().head.count, events + 1, "clearing nothing away is no event");
}

#[test]
fn what_was_cleared_is_gone_from_the_file_which_is_smaller() {
    let rig = Rig::new("");
    rig.bump_to_the_end();
    rig.clock.0.set(rig.clock.0.get() + SignedDuration::from_hours(24));
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("state.db");
    on_disk(&rig, &path);
    let mut book = begin(&path);
    let all = || {
        let mut bytes = fs::read(&path).unwrap();
        bytes.extend(fs::read(dir.path().join("state.db-wal")).unwrap_or_default());
        bytes
    };
    let prompt = b"\"prompt\":";
    let holds = |bytes: &[u8]| bytes.windows(prompt.len()).any(|window| window == prompt);
    assert!(holds(&all()));
    drop(book);
    let before = fs::metadata(&path).unwrap().len();
    book = begin(&path);
    let now = rig.clock.0.get();
    assert!(prune(&mut book, "alice", now, now).unwrap().payloads > 0);
    assert!(!holds(&all()), "what was cleared can still be read from the file");
    drop(book);
    assert!(fs::metadata(&path).unwrap().len() < before);
}
