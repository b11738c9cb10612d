//! Snapshots save time and nothing else: what is known from one is what replaying everything gives, and one that nothing vouches for
//! is passed over.

use taskclass_executor::{Ledger, SqliteReader, SqliteStore, book::Book, event::Body, store::Journal as _};

use crate::rig::Rig;

/// A journal in which a task has lived, long enough for a snapshot, and gone on a little after it.
fn journal(rig: &Rig) {
    rig.bump_to_the_end();
    let mut executor = rig.open();
    for _ in 0..60 {
        executor.stop_all("alice", "a test").unwrap();
        executor.start_again("alice").unwrap();
    }
    drop(executor);
    rig.open().stop_all("bob", "after the snapshot").unwrap();
}

#[test]
fn a_ledger_from_a_snapshot_is_the_replayed_one() {
    let rig = Rig::new("agents:\n  - sessions: [{pause: {state: waiting_for_user, after: 2m, for: 30m}}]\n");
    journal(&rig);
    let snapshot = rig.store.snapshot().unwrap().expect("one is due");
    let head = rig.store.head().unwrap().count;
    assert!(snapshot.seq < head && snapshot.seq > 100, "{} of {head}", snapshot.seq);
    let loaded = Ledger::load(&rig.store).unwrap();
    assert_eq!(loaded, Ledger::replayed(&rig.store).unwrap());
    assert_eq!(loaded.snapshot, snapshot.seq);
    assert!(loaded.stopped.is_some_and(|stopped| stopped.by == "bob"), "what came after it counts");
    assert!(!loaded.tasks.is_empty() && !loaded.runs.is_empty());
}

#[test]
fn a_snapshot_that_nothing_vouches_for_is_passed_over() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("state.db");
    let now = crate::registry::NOW.parse().unwrap();
    let mut book = Book::open(Box::new(SqliteStore::open(&path).unwrap()), now).unwrap();
    for nth in 0..120 {
        let body = Body::Stopped { by: "alice".to_owned(), reason: format!("{nth}") };
        book.commit(vec![book.plain(now, body)], Vec::new()).unwrap();
    }
    book.keep_snapshot(now).unwrap();
    drop(book);
    let ledger = || Ledger::load(&SqliteReader::open(&path).unwrap()).unwrap();
    let whole = ledger();
    let (_, bytes) = {
        let snapshot = SqliteReader::open(&path).unwrap().snapshot().unwrap().unwrap();
        (snapshot.seq, String::from_utf8(snapshot.bytes).unwrap())
    };
    let file = rusqlite::Connection::open(&path).unwrap();
    let lie = bytes.replace("\"reason\":\"119\"", "\"reason\":\"a lie\"");
    assert_ne!(bytes, lie);
    for (what, sql) in [
        ("other bytes", format!("UPDATE snapshot SET bytes = CAST('{lie}' AS BLOB)")),
        ("bytes of no form", "UPDATE snapshot SET bytes = x'00'".to_owned()),
        ("another event", format!("UPDATE snapshot SET bytes = CAST('{bytes}' AS BLOB), seq = 5")),
        ("no event at all", "UPDATE snapshot SET seq = 100000".to_owned()),
        ("no place", "UPDATE snapshot SET seq = 0".to_owned()),
        ("none", "DELETE FROM snapshot".to_owned()),
    ] {
        file.execute_batch(&sql).unwrap();
        assert_eq!(ledger(), whole, "{what}");
    }
}

#[test]
fn a_snapshot_under_a_clock_that_was_set_back_is_no_earlier_than_what_it_follows() {
    let rig = Rig::new("");
    let now: jiff::Timestamp = crate::registry::NOW.parse().unwrap();
    let mut book = Book::open(Box::new(rig.store.reopen()), now).unwrap();
    for nth in 0..200 {
        let body = Body::Stopped { by: "alice".to_owned(), reason: format!("{nth}") };
        book.commit(vec![book.plain(now, body)], Vec::new()).unwrap();
    }
    drop(book);
    let earlier = now - jiff::SignedDuration::from_hours(3);
    drop(Book::open(Box::new(rig.store.reopen()), earlier).unwrap());
    let last: taskclass_executor::event::Event = serde_json::from_str(rig.store.all().last().unwrap()).unwrap();
    assert!(matches!(last.body, Body::Snapshot { .. }), "{:?}", last.body);
    assert_eq!(last.observed, now);
}
