//! The journal in one SQLite file: WAL, synchronous=FULL, one writer.

#![expect(clippy::disallowed_methods, reason = "the module that opens the state file")]

use std::fs::{File, OpenOptions};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags, OptionalExtension as _, TransactionBehavior, params};
use taskclass_spec::Digest;

use super::lock::{lock, private, unopened};
use super::{Batch, Journal, Store, StoreError};
use crate::audit::Head;

/// The file format that this version writes (`PRAGMA user_version`).
pub const FORMAT: i64 = 1;
/// `PRAGMA application_id`: "tcls".
const APPLICATION: i64 = 0x7463_6c73;
/// How long a write waits for a reader's checkpoint.
const PATIENCE: Duration = Duration::from_secs(5);

const TABLES: &str = "
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE events (seq INTEGER PRIMARY KEY, line TEXT NOT NULL) STRICT;
CREATE TABLE payloads (sha256 TEXT PRIMARY KEY, bytes BLOB NOT NULL) STRICT, WITHOUT ROWID;
CREATE TRIGGER events_stay BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, 'events are never changed'); END;
CREATE TRIGGER events_remain BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, 'events are never removed'); END;
INSERT INTO meta VALUES ('journal', lower(hex(randomblob(16)))), ('epoch', '0'), ('head_count', '0');
";

/// The state file, open for reading. Needs no lock, and does not disturb a writer.
#[derive(Debug)]
pub struct SqliteReader {
    path: PathBuf,
    connection: Connection,
    id: String,
}

/// The state file, open for writing.
#[derive(Debug)]
pub struct SqliteStore {
    reader: SqliteReader,
    epoch: u64,
    /// Held as long as the store lives and does not rest.
    lock: Option<File>,
}

fn explain(path: &Path, error: &rusqlite::Error) -> StoreError {
    let path = path.to_owned();
    match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => StoreError::Full { path },
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => StoreError::ReadOnly { path },
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => StoreError::Busy { path },
        Some(ErrorCode::DatabaseCorrupt) => StoreError::Corrupt { path, what: error.to_string() },
        Some(ErrorCode::NotADatabase) => StoreError::NotOurs { path },
        // Where the write-ahead log's index finds no room, SQLite speaks of input and output in general.
        Some(ErrorCode::SystemIoFailure) if has_no_room(&path) => StoreError::Full { path },
        _ => StoreError::Other { path, what: error.to_string() },
    }
}

/// Whether a small file beside the state finds no room.
fn has_no_room(path: &Path) -> bool {
    let mut name = path.as_os_str().to_owned();
    name.push(".probe");
    let probe = PathBuf::from(name);
    let outcome = std::fs::write(&probe, [0_u8; 65_536]);
    // What cannot be removed is a probe that could not be made.
    let _ = std::fs::remove_file(&probe);
    outcome.is_err_and(|error| error.kind() == std::io::ErrorKind::StorageFull)
}

impl SqliteReader {
    /// Opens an existing state file for reading. One that a newer version wrote is read as far as it is understood.
    ///
    /// # Errors
    /// [`StoreError::Missing`], [`StoreError::NotOurs`], [`StoreError::Corrupt`].
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        if !path.exists() {
            return Err(StoreError::Missing { path: path.to_owned() });
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags).map_err(|error| explain(path, &error))?;
        connection.busy_timeout(PATIENCE).map_err(|error| explain(path, &error))?;
        // One snapshot for as long as the reader lives: a writer that goes on meanwhile does not make head and lines disagree.
        connection.execute_batch("BEGIN").map_err(|error| explain(path, &error))?;
        Self::of(path, connection)
    }

    fn of(path: &Path, connection: Connection) -> Result<Self, StoreError> {
        let application: i64 = pragma(path, &connection, "application_id")?;
        if application != APPLICATION {
            return Err(StoreError::NotOurs { path: path.to_owned() });
        }
        let mut reader = Self { path: path.to_owned(), connection, id: String::new() };
        reader.id = reader.meta("journal")?;
        Ok(reader)
    }

    /// The file's format: [`FORMAT`], or that of a version that came before or after.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn format(&self) -> Result<i64, StoreError> {
        pragma(&self.path, &self.connection, "user_version")
    }

    fn explain(&self, error: &rusqlite::Error) -> StoreError {
        explain(&self.path, error)
    }

    fn meta(&self, name: &str) -> Result<String, StoreError> {
        let value = self
            .connection
            .prepare("SELECT value FROM meta WHERE name = ?1")
            .and_then(|mut statement| statement.query_row([name], |row| row.get(0)).optional())
            .map_err(|error| self.explain(&error))?;
        value.ok_or_else(|| self.corrupt(format!("its table `meta` has no `{name}`")))
    }

    fn number(&self, name: &str) -> Result<u64, StoreError> {
        self.meta(name)?.parse().map_err(|_| self.corrupt(format!("`{name}` in its table `meta` is not a number")))
    }

    fn corrupt(&self, what: String) -> StoreError {
        StoreError::Corrupt { path: self.path.clone(), what }
    }
}

fn pragma(path: &Path, connection: &Connection, name: &str) -> Result<i64, StoreError> {
    connection.pragma_query_value(None, name, |row| row.get(0)).map_err(|error| explain(path, &error))
}

impl SqliteStore {
    /// Opens the state file for writing, makes it if it is not there, and takes the lease.
    ///
    /// # Errors
    /// [`StoreError::Busy`] while another process holds it; [`StoreError::Newer`], [`StoreError::NotOurs`] and the file is as it was.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let lock = lock(path)?;
        let sql = |error: rusqlite::Error| explain(path, &error);
        // Prompts and inputs are kept here: made for its owner alone. SQLite gives its side files the same rights.
        private(OpenOptions::new().create(true).append(true)).open(path).map_err(|error| unopened(path, &error))?;
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut connection =
            Connection::open_with_flags(path, flags).map_err(|error| match error.sqlite_error_code() {
                Some(ErrorCode::CannotOpen) => StoreError::ReadOnly { path: path.to_owned() },
                _ => explain(path, &error),
            })?;
        connection.busy_timeout(PATIENCE).map_err(sql)?;
        let objects: i64 =
            connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0)).map_err(sql)?;
        let application = pragma(path, &connection, "application_id")?;
        let fresh = objects == 0 && application == 0;
        if !fresh {
            if application != APPLICATION {
                return Err(StoreError::NotOurs { path: path.to_owned() });
            }
            let found = pragma(path, &connection, "user_version")?;
            if found > FORMAT {
                return Err(StoreError::Newer { path: path.to_owned(), found, known: FORMAT });
            }
        }
        let mode: String =
            connection.pragma_update_and_check(None, "journal_mode", "wal", |row| row.get(0)).map_err(sql)?;
        if !mode.eq_ignore_ascii_case("wal") {
            let what =
                format!("its file system has no write-ahead log (journal mode `{mode}`); put `state` on a local disk");
            return Err(StoreError::Other { path: path.to_owned(), what });
        }
        connection.pragma_update(None, "synchronous", "FULL").map_err(sql)?;
        if fresh {
            let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(sql)?;
            transaction.execute_batch(TABLES).map_err(sql)?;
            let head = Head::empty().hash;
            transaction.execute("INSERT INTO meta VALUES ('head_hash', ?1)", [head]).map_err(sql)?;
            transaction.pragma_update(None, "application_id", APPLICATION).map_err(sql)?;
            transaction.pragma_update(None, "user_version", FORMAT).map_err(sql)?;
            transaction.commit().map_err(sql)?;
        }
        let reader = SqliteReader::of(path, connection)?;
        let mut store = Self { reader, epoch: 0, lock: Some(lock) };
        store.take_lease()?;
        Ok(store)
    }

    /// Raises the epoch: whoever held the lease before is fenced from now on.
    fn take_lease(&mut self) -> Result<(), StoreError> {
        let path = self.reader.path.clone();
        let sql = |error: rusqlite::Error| explain(&path, &error);
        let found = pragma(&path, &self.reader.connection, "user_version")?;
        if found > FORMAT {
            return Err(StoreError::Newer { path: path.clone(), found, known: FORMAT });
        }
        let transaction =
            self.reader.connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(sql)?;
        transaction
            .execute("UPDATE meta SET value = CAST(value AS INTEGER) + 1 WHERE name = 'epoch'", [])
            .map_err(sql)?;
        transaction.commit().map_err(sql)?;
        self.epoch = self.reader.number("epoch")?;
        Ok(())
    }
}

impl Journal for SqliteReader {
    fn id(&self) -> &str {
        &self.id
    }

    fn head(&self) -> Result<Head, StoreError> {
        Ok(Head { count: self.number("head_count")?, hash: self.meta("head_hash")? })
    }

    fn lines(&self, after: u64, visit: &mut dyn FnMut(&str) -> bool) -> Result<(), StoreError> {
        let sql = |error: rusqlite::Error| self.explain(&error);
        let after = i64::try_from(after).unwrap_or(i64::MAX);
        let mut statement =
            self.connection.prepare("SELECT line FROM events WHERE seq > ?1 ORDER BY seq").map_err(sql)?;
        let mut rows = statement.query([after]).map_err(sql)?;
        while let Some(row) = rows.next().map_err(sql)? {
            let line = row.get_ref(0).map_err(sql)?.as_str().map_err(|error| self.corrupt(error.to_string()))?;
            if !visit(line) {
                break;
            }
        }
        Ok(())
    }

    fn payload(&self, sha256: &Digest) -> Result<Option<Vec<u8>>, StoreError> {
        let bytes: Option<Vec<u8>> = self
            .connection
            .prepare("SELECT bytes FROM payloads WHERE sha256 = ?1")
            .and_then(|mut statement| statement.query_row([sha256.to_string()], |row| row.get(0)).optional())
            .map_err(|error| self.explain(&error))?;
        match bytes {
            Some(bytes) if Digest::of(&bytes) != *sha256 => {
                Err(self.corrupt(format!("the bytes kept as {sha256} do not fit it")))
            }
            other => Ok(other),
        }
    }

    fn payloads(&self, visit: &mut dyn FnMut(Digest, u64) -> bool) -> Result<(), StoreError> {
        let sql = |error: rusqlite::Error| self.explain(&error);
        let mut statement = self.connection.prepare("SELECT sha256, length(bytes) FROM payloads").map_err(sql)?;
        let mut rows = statement.query([]).map_err(sql)?;
        while let Some(row) = rows.next().map_err(sql)? {
            let name = row.get_ref(0).map_err(sql)?.as_str().map_err(|error| self.corrupt(error.to_string()))?;
            let sha256 =
                name.parse().map_err(|_| self.corrupt(format!("bytes are kept as `{name}`, which is no SHA-256")))?;
            let length: i64 = row.get(1).map_err(sql)?;
            if !visit(sha256, length.unsigned_abs()) {
                break;
            }
        }
        Ok(())
    }
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
}

impl Store for SqliteStore {
    fn epoch(&self) -> u64 {
        self.epoch
    }

    fn append(&mut self, expected: &Head, batch: &Batch) -> Result<(), StoreError> {
        let path = self.reader.path.clone();
        let sql = |error: rusqlite::Error| explain(&path, &error);
        let transaction =
            self.reader.connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(sql)?;
        let meta = |name: &str| -> Result<String, StoreError> {
            transaction
                .prepare("SELECT value FROM meta WHERE name = ?1")
                .and_then(|mut statement| statement.query_row([name], |row| row.get(0)))
                .map_err(sql)
        };
        let epoch = meta("epoch")?;
        if epoch != self.epoch.to_string() || self.lock.is_none() {
            return Err(StoreError::Fenced { held: self.epoch, found: epoch.parse().unwrap_or(0) });
        }
        if meta("head_count")? != expected.count.to_string() || meta("head_hash")? != expected.hash {
            let what = format!("event {} is not the last one any more", expected.count);
            return Err(StoreError::Corrupt { path: path.clone(), what });
        }
        for sealed in &batch.events {
            let seq = i64::try_from(sealed.event.seq).unwrap_or(i64::MAX);
            transaction
                .prepare("INSERT INTO events (seq, line) VALUES (?1, ?2)")
                .and_then(|mut statement| statement.execute(params![seq, sealed.line]))
                .map_err(sql)?;
        }
        for payload in &batch.payloads {
            transaction
                .prepare("INSERT INTO payloads (sha256, bytes) VALUES (?1, ?2) ON CONFLICT DO NOTHING")
                .and_then(|mut statement| statement.execute(params![payload.sha256.to_string(), payload.bytes]))
                .map_err(sql)?;
        }
        for sha256 in &batch.cleared {
            transaction
                .prepare_cached("DELETE FROM payloads WHERE sha256 = ?1")
                .and_then(|mut statement| statement.execute([sha256.to_string()]))
                .map_err(sql)?;
        }
        if let Some(last) = batch.events.last() {
            for (name, value) in [("head_count", last.event.seq.to_string()), ("head_hash", last.event.hash.clone())] {
                transaction
                    .prepare("UPDATE meta SET value = ?2 WHERE name = ?1")
                    .and_then(|mut statement| statement.execute([name, value.as_str()]))
                    .map_err(sql)?;
            }
        }
        transaction.commit().map_err(sql)
    }

    fn rest(&mut self) {
        self.lock = None;
    }

    fn resume(&mut self) -> Result<(), StoreError> {
        let lock = lock(&self.reader.path)?;
        self.take_lease()?;
        self.lock = Some(lock);
        Ok(())
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
    use rusqlite::ffi;

    use super::*;

    /// What SQLite says becomes what a person can act on.
    #[test]
    fn each_trouble_says_what_to_do() {
        for (code, words) in [
            (ffi::SQLITE_FULL, "the disk is full: state.db could not be written and stands as it was; make room"),
            (ffi::SQLITE_READONLY, "state.db cannot be written: give its owner the right"),
            (ffi::SQLITE_BUSY, "another taskclass holds state.db"),
            (ffi::SQLITE_CORRUPT, "state.db is damaged"),
            (ffi::SQLITE_NOTADB, "state.db is not a taskclass state file"),
        ] {
            let error = rusqlite::Error::SqliteFailure(ffi::Error::new(code), None);
            let said = explain(Path::new("state.db"), &error).to_string();
            assert!(said.starts_with(words), "{said}");
        }
    }
}
