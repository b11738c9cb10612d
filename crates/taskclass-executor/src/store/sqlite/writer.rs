//! The state file, open for writing: one lease, one transaction and one sync a batch.

#![expect(clippy::disallowed_methods, reason = "the module that makes the state file")]

use std::fs::OpenOptions;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, ErrorCode, OpenFlags, Transaction, TransactionBehavior, params};
use taskclass_spec::Digest;

use super::lock::{Lock, Mark, private};
use super::place::{self, Noted};
use super::reader::{SqliteReader, application, is_empty, not_ours, real};
use super::trouble::{explain, unopened};
use super::{APPLICATION, FORMAT, TABLES, cautious, pragma};
use crate::audit::Head;
use crate::store::Snapshot;
use crate::store::{Batch, Journal, Store, StoreError};

/// The state file, open for writing.
#[derive(Debug)]
pub struct SqliteStore {
    reader: SqliteReader,
    /// Where the file really lies.
    real: PathBuf,
    epoch: u64,
    /// Held as long as the store lives and does not rest.
    lock: Option<Lock>,
}

impl SqliteStore {
    /// Opens the state file for writing, makes it if it is not there, and takes the lease.
    ///
    /// # Errors
    /// [`StoreError::Busy`] while another process holds it; [`StoreError::Newer`], [`StoreError::NotOurs`], [`StoreError::Lost`] and the file
    /// is as it was.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let real = real(path)?;
        let lock = Lock::take(&real).map_err(|error| error.at(path))?;
        let mark = Mark::read(&real);
        if let Some(mark) = mark.as_ref().filter(|mark| mark.count > 0 && !real.exists()) {
            return Err(mark.lost(path, "is not there any more".to_owned()));
        }
        let before = || {
            place::own_log(path, &real)?;
            // Prompts and inputs are kept here: made for its owner alone. SQLite gives its side files the same rights.
            let made = private(OpenOptions::new().create(true).append(true)).open(&real);
            made.map(drop).map_err(|error| unopened(path, &error))
        };
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connect = || {
            Connection::open_with_flags(&real, flags).map_err(|error| match error.sqlite_error_code() {
                Some(ErrorCode::CannotOpen) => StoreError::ReadOnly { path: path.to_owned() },
                _ => explain(path, &error),
            })
        };
        let mut opened = place::open(&real, before, connect)?;
        cautious(path, &opened.connection)?;
        let fresh = is_fresh(path, &opened.connection, mark.as_ref())?;
        durable(path, &opened.connection)?;
        if fresh {
            make(&mut opened.connection).map_err(|error| explain(path, &error))?;
        }
        let reader = SqliteReader::of(path, opened, mark.as_ref())?;
        let mut store = Self { reader, real, epoch: 0, lock: Some(lock) };
        store.take_lease()?;
        Ok(store)
    }

    /// Raises the epoch: whoever held the lease before is fenced from now on.
    fn take_lease(&mut self) -> Result<(), StoreError> {
        let path = self.reader.path.clone();
        let sql = |error: rusqlite::Error| explain(&path, &error);
        written_by_us(&path, &self.reader.connection)?;
        // Other processes see it at once, and none of them outlives a loss of power: the next event's sync is early enough.
        self.reader.connection.execute_batch("PRAGMA synchronous = NORMAL").map_err(sql)?;
        let raised = raise(&mut self.reader.connection);
        durable(&path, &self.reader.connection)?;
        raised.map_err(sql)?;
        let epoch: i64 = self.reader.chain("epoch", |row| row.get(0))?;
        self.epoch = epoch.unsigned_abs();
        let count = self.reader.head()?.count;
        self.mark(count);
        Ok(())
    }

    fn mark(&mut self, count: u64) {
        let mark = Mark { journal: self.reader.id().to_owned(), count };
        if let Some(lock) = &mut self.lock {
            lock.mark(&mark);
        }
    }
}

fn raise(connection: &mut Connection) -> rusqlite::Result<()> {
    let transaction = begin(connection)?;
    transaction.execute("UPDATE chain SET epoch = epoch + 1", [])?;
    transaction.commit()
}

fn begin(connection: &mut Connection) -> rusqlite::Result<Transaction<'_>> {
    connection.transaction_with_behavior(TransactionBehavior::Immediate)
}

/// Whether both paths still lead to what this process has open: a file that was put there meanwhile is another journal, or an older one,
/// and a lock that is not there any more keeps nobody out.
fn in_place(path: &Path, real: &Path, noted: &Noted, lock: Option<&Lock>, known: u64) -> Result<(), StoreError> {
    let what = if !noted.is_at(real) {
        "was replaced while this process used it, which writes nothing more"
    } else if lock.is_some_and(|lock| !lock.is_in_place()) {
        "lost its `.lock` while this process held it, which writes nothing more"
    } else {
        return Ok(());
    };
    Err(StoreError::Lost { path: path.to_owned(), what: what.to_owned(), known })
}

/// A format that this version may write.
fn written_by_us(path: &Path, connection: &Connection) -> Result<(), StoreError> {
    let found = pragma(path, connection, "user_version")?;
    if found > FORMAT {
        return Err(StoreError::Newer { path: path.to_owned(), found, known: FORMAT });
    }
    Ok(())
}

/// Whether the file is still to be made into a state; nothing that is something else is ever touched.
fn is_fresh(path: &Path, connection: &Connection, mark: Option<&Mark>) -> Result<bool, StoreError> {
    match application(path, connection, mark)? {
        APPLICATION => written_by_us(path, connection).map(|()| false),
        0 if is_empty(path, connection)? => match mark.filter(|mark| mark.count > 0) {
            Some(mark) => Err(mark.lost(path, "is empty".to_owned())),
            None => Ok(true),
        },
        _ => Err(not_ours(path, mark, false)),
    }
}

/// Makes a commit mean that it is on the disk, and sees to it that it does.
fn durable(path: &Path, connection: &Connection) -> Result<(), StoreError> {
    let sql = |error: rusqlite::Error| explain(path, &error);
    let mode: String =
        connection.pragma_update_and_check(None, "journal_mode", "wal", |row| row.get(0)).map_err(sql)?;
    // The last two are for macOS, whose plain sync leaves the data in the disk's own memory.
    connection
        .execute_batch("PRAGMA synchronous = FULL; PRAGMA fullfsync = ON; PRAGMA checkpoint_fullfsync = ON;")
        .map_err(sql)?;
    let synchronous = pragma(path, connection, "synchronous")?;
    let full = pragma(path, connection, "fullfsync")?;
    if !mode.eq_ignore_ascii_case("wal") || synchronous != 2 || full != 1 {
        let what = format!(
            "it cannot be written safely there (journal mode {mode}, synchronous {synchronous}); put `state` on a local disk"
        );
        return Err(StoreError::Other { path: path.to_owned(), what });
    }
    Ok(())
}

fn make(connection: &mut Connection) -> rusqlite::Result<()> {
    let transaction = begin(connection)?;
    transaction.execute_batch(TABLES)?;
    transaction.pragma_update(None, "application_id", APPLICATION)?;
    transaction.pragma_update(None, "user_version", FORMAT)?;
    transaction.commit()
}

/// Writes a batch. The head is moved only from where it is expected, and only under the lease that is held; where it was not, nothing
/// is written.
fn write(transaction: &Transaction<'_>, epoch: i64, expected: &Head, batch: &Batch) -> rusqlite::Result<bool> {
    let number = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    let (count, hash) =
        batch.events.last().map_or((expected.count, &expected.hash), |last| (last.event.seq, &last.event.hash));
    let moved = transaction
        .prepare_cached("UPDATE chain SET count = ?1, hash = ?2 WHERE epoch = ?3 AND count = ?4 AND hash = ?5")?
        .execute(params![number(count), hash, epoch, number(expected.count), expected.hash])?;
    if moved == 0 {
        return Ok(false);
    }
    for sealed in &batch.events {
        transaction
            .prepare_cached("INSERT INTO events (seq, line) VALUES (?1, ?2)")?
            .execute(params![number(sealed.event.seq), sealed.line])?;
    }
    for payload in &batch.payloads {
        transaction
            .prepare_cached("INSERT INTO payloads (sha256, bytes) VALUES (?1, ?2) ON CONFLICT DO NOTHING")?
            .execute(params![payload.sha256.to_string(), payload.bytes])?;
    }
    for sha256 in &batch.cleared {
        transaction.prepare_cached("DELETE FROM payloads WHERE sha256 = ?1")?.execute([sha256.to_string()])?;
    }
    if let (Some(bytes), Some(last)) = (&batch.snapshot, batch.events.last()) {
        let seq = i64::try_from(last.event.seq).unwrap_or(i64::MAX);
        transaction.execute("INSERT OR REPLACE INTO snapshot VALUES (1, ?1, ?2)", params![seq, bytes])?;
    }
    Ok(true)
}

impl Journal for SqliteStore {
    fn id(&self) -> &str {
        self.reader.id()
    }

    fn head(&self) -> Result<Head, StoreError> {
        self.reader.head()
    }

    fn lines(&self, after: u64, visit: &mut dyn FnMut(&str) -> bool) -> Result<(), StoreError> {
        self.reader.lines(after, visit)
    }

    fn payload(&self, sha256: &Digest) -> Result<Option<Vec<u8>>, StoreError> {
        self.reader.payload(sha256)
    }

    fn payloads(&self, visit: &mut dyn FnMut(Digest, u64) -> bool) -> Result<(), StoreError> {
        self.reader.payloads(visit)
    }

    fn snapshot(&self) -> Result<Option<Snapshot>, StoreError> {
        self.reader.snapshot()
    }
}

impl Store for SqliteStore {
    fn epoch(&self) -> u64 {
        self.epoch
    }

    fn append(&mut self, expected: &Head, batch: &Batch) -> Result<(), StoreError> {
        let path = self.reader.path.clone();
        let sql = |error: rusqlite::Error| explain(&path, &error);
        let epoch = i64::try_from(self.epoch).unwrap_or(i64::MAX);
        let transaction = begin(&mut self.reader.connection).map_err(sql)?;
        let written = self.lock.is_some() && write(&transaction, epoch, expected, batch).map_err(sql)?;
        if !written {
            drop(transaction);
            let found: i64 = self.reader.chain("epoch", |row| row.get(0))?;
            if found != epoch || self.lock.is_none() {
                return Err(StoreError::Fenced { held: self.epoch, found: found.unsigned_abs() });
            }
            let what = format!("event {} is not the last one any more", expected.count);
            return Err(StoreError::Corrupt { path, what });
        }
        in_place(&path, &self.real, &self.reader.noted, self.lock.as_ref(), expected.count)?;
        transaction.commit().map_err(sql)?;
        self.mark(batch.events.last().map_or(expected.count, |last| last.event.seq));
        Ok(())
    }

    fn rest(&mut self) {
        self.lock = None;
    }

    fn resume(&mut self) -> Result<(), StoreError> {
        self.lock = Some(Lock::take(&self.real).map_err(|error| error.at(&self.reader.path))?);
        let known = self.reader.head().map_or(0, |head| head.count);
        let taken = in_place(&self.reader.path, &self.real, &self.reader.noted, self.lock.as_ref(), known)
            .and_then(|()| self.take_lease());
        if taken.is_err() {
            self.lock = None;
        }
        taken
    }

    fn shrink(&mut self) -> Result<(), StoreError> {
        let sql = |error: rusqlite::Error| self.reader.explain(&error);
        self.reader.connection.execute_batch("VACUUM").map_err(sql)?;
        // The file itself shrinks once the log is taken over into it. A reader that holds on to the old content puts that off to the
        // next checkpoint, which is no failure.
        self.reader.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).map_err(sql)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn setting(store: &SqliteStore, name: &str) -> String {
        let read = |row: &rusqlite::Row<'_>| row.get_ref(0).map(|value| format!("{value:?}"));
        store.reader.connection.pragma_query_value(None, name, read).unwrap()
    }

    #[test]
    fn a_commit_is_on_the_disk_each_time_the_state_is_opened() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("state.db");
        for turn in 0..3 {
            let mut store = SqliteStore::open(&path).unwrap();
            if turn == 2 {
                store.rest();
                store.resume().unwrap();
            }
            assert!(setting(&store, "journal_mode").contains("119, 97, 108"), "wal");
            for (name, value) in
                [("synchronous", 2), ("fullfsync", 1), ("checkpoint_fullfsync", 1), ("trusted_schema", 0)]
            {
                assert_eq!(setting(&store, name), format!("Integer({value})"), "{name}");
            }
        }
    }
}
