//! The state file, open for reading.

#![expect(clippy::disallowed_methods, reason = "the module that opens the state file")]

use std::path::{Path, PathBuf};

use rusqlite::{Connection, ErrorCode, OpenFlags, OptionalExtension as _};
use taskclass_spec::Digest;

use super::lock::Mark;
use super::place::{self, Noted, Opened};
use super::trouble::explain;
use super::{APPLICATION, cautious, pragma};
use crate::audit::Head;
use crate::store::Snapshot;
use crate::store::{Journal, StoreError};

/// The state file, open for reading. Needs no lock, and does not disturb a writer.
#[derive(Debug)]
pub struct SqliteReader {
    /// As it was given, for messages.
    pub(super) path: PathBuf,
    pub(super) connection: Connection,
    /// Which file the connection leads to; given up after it.
    pub(super) noted: Noted,
    id: String,
}

/// The file that a path leads to, so that one file has one lock under all its names. One that is yet to be made keeps its name.
pub(super) fn real(path: &Path) -> Result<PathBuf, StoreError> {
    match std::fs::canonicalize(path) {
        Ok(real) => Ok(real),
        Err(_) if std::fs::symlink_metadata(path).is_ok_and(|found| found.is_symlink()) => {
            let what = "it is a symbolic link that leads nowhere".to_owned();
            Err(StoreError::Other { path: path.to_owned(), what })
        }
        Err(_) => Ok(path.to_owned()),
    }
}

/// A connection that cannot write.
fn connect(path: &Path, real: &Path) -> Result<Opened, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connect = || Connection::open_with_flags(real, flags).map_err(|error| unread(path, &error));
    let opened = place::open(real, || place::own_log(path, real), connect)?;
    cautious(path, &opened.connection)?;
    Ok(opened)
}

/// Why it cannot be read.
fn unread(path: &Path, error: &rusqlite::Error) -> StoreError {
    match error.sqlite_error_code() {
        Some(ErrorCode::CannotOpen | ErrorCode::ReadOnly) => {
            let what = "it cannot be read: that needs the right to read it, and to write in its folder (SQLite's `-shm`); run this as its \
                        owner, or read a backup"
                .to_owned();
            StoreError::Other { path: path.to_owned(), what }
        }
        _ => explain(path, error),
    }
}

impl SqliteReader {
    /// Opens an existing state file for reading. One that a newer version wrote is read as far as it is understood.
    ///
    /// # Errors
    /// [`StoreError::Missing`], [`StoreError::NotOurs`], [`StoreError::Corrupt`]; [`StoreError::Lost`] if it holds less than it did.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let real = real(path)?;
        // Before the snapshot: a writer that goes on meanwhile makes the journal longer than its mark, never shorter.
        let mark = Mark::read(&real);
        if !real.exists() {
            return Err(match mark.filter(|mark| mark.count > 0) {
                Some(mark) => mark.lost(path, "is not there any more".to_owned()),
                None => StoreError::Missing { path: path.to_owned() },
            });
        }
        let opened = connect(path, &real)?;
        // One snapshot for as long as the reader lives: head and lines always agree.
        opened.connection.execute_batch("BEGIN").map_err(|error| explain(path, &error))?;
        Self::of(path, opened, mark.as_ref())
    }

    /// A reader over a connection, if the file is one of ours and holds what it should.
    pub(super) fn of(path: &Path, opened: Opened, mark: Option<&Mark>) -> Result<Self, StoreError> {
        let application = application(path, &opened.connection, mark)?;
        if application != APPLICATION {
            return Err(not_ours(path, mark, application == 0 && is_empty(path, &opened.connection)?));
        }
        let Opened { connection, noted } = opened;
        let mut reader = Self { path: path.to_owned(), connection, noted, id: String::new() };
        reader.id = reader.chain("journal", |row| row.get(0))?;
        Mark::hold(mark, path, &reader.id, reader.head()?.count)?;
        Ok(reader)
    }

    /// Writes a copy of the state file at `path`, as it stands at this moment, into the file at `copy`, which is empty or not there.
    /// A writer is not disturbed. The copy has neither lock nor log, and is not synced.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere; what was written then is worth nothing.
    pub fn copy(path: &Path, copy: &Path) -> Result<(), StoreError> {
        let real = real(path)?;
        let Some(name) = copy.to_str() else {
            return Err(StoreError::Other { path: copy.to_owned(), what: "its name is not text".to_owned() });
        };
        let opened = connect(path, &real)?;
        opened.connection.execute("VACUUM INTO ?1", [name]).map_err(|error| match error.sqlite_error_code() {
            // Only the copy is written to.
            Some(ErrorCode::DiskFull | ErrorCode::SystemIoFailure | ErrorCode::CannotOpen) => explain(copy, &error),
            _ => explain(path, &error),
        })?;
        Ok(())
    }

    /// Goes through every page of the file: whether each is where it belongs, and tables and indices agree.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] with the first thing that is wrong.
    pub fn integrity(&self) -> Result<(), StoreError> {
        let found: String = self
            .connection
            .query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))
            .map_err(|error| self.explain(&error))?;
        let found = found.lines().find(|line| !line.starts_with("***")).unwrap_or_default().to_owned();
        if found == "ok" { Ok(()) } else { Err(self.corrupt(found)) }
    }

    /// The file's format.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    pub fn format(&self) -> Result<i64, StoreError> {
        pragma(&self.path, &self.connection, "user_version")
    }

    pub(super) fn explain(&self, error: &rusqlite::Error) -> StoreError {
        explain(&self.path, error)
    }

    /// Columns of the one row of `chain`.
    pub(super) fn chain<T>(
        &self,
        columns: &str,
        take: impl FnOnce(&rusqlite::Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<T, StoreError> {
        let found = self
            .connection
            .prepare_cached(&format!("SELECT {columns} FROM chain"))
            .and_then(|mut statement| statement.query_row([], take).optional())
            .map_err(|error| self.explain(&error))?;
        found.ok_or_else(|| self.corrupt("its table `chain` is empty".to_owned()))
    }

    fn corrupt(&self, what: String) -> StoreError {
        StoreError::Corrupt { path: self.path.clone(), what }
    }
}

/// Whose file it is. One that is no SQLite file any more, and was a state once, is damaged.
pub(super) fn application(path: &Path, connection: &Connection, mark: Option<&Mark>) -> Result<i64, StoreError> {
    connection.pragma_query_value(None, "application_id", |row| row.get(0)).map_err(|error| {
        match explain(path, &error) {
            StoreError::NotOurs { .. } => not_ours(path, mark, false),
            _ => unread(path, &error),
        }
    })
}

/// A file that does not say that it is a state.
pub(super) fn not_ours(path: &Path, mark: Option<&Mark>, empty: bool) -> StoreError {
    match mark.filter(|mark| mark.count > 0) {
        Some(mark) if empty => mark.lost(path, "is empty".to_owned()),
        Some(_) => {
            let what = "it does not begin as a state file does, and it was one".to_owned();
            StoreError::Corrupt { path: path.to_owned(), what }
        }
        None => StoreError::NotOurs { path: path.to_owned() },
    }
}

/// Whether nothing was ever made in the file.
pub(super) fn is_empty(path: &Path, connection: &Connection) -> Result<bool, StoreError> {
    connection
        .query_row("SELECT count(*) = 0 FROM sqlite_schema", [], |row| row.get(0))
        .map_err(|error| explain(path, &error))
}

impl Journal for SqliteReader {
    fn id(&self) -> &str {
        &self.id
    }

    fn head(&self) -> Result<Head, StoreError> {
        let (count, hash): (i64, String) = self.chain("count, hash", |row| Ok((row.get(0)?, row.get(1)?)))?;
        let count = u64::try_from(count).map_err(|_| self.corrupt(format!("it says that it holds {count} events")))?;
        Ok(Head { count, hash })
    }

    fn lines(&self, after: u64, visit: &mut dyn FnMut(&str) -> bool) -> Result<(), StoreError> {
        let sql = |error: rusqlite::Error| self.explain(&error);
        let after = i64::try_from(after).unwrap_or(i64::MAX);
        let mut statement =
            self.connection.prepare_cached("SELECT line FROM events WHERE seq > ?1 ORDER BY seq").map_err(sql)?;
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
            .prepare_cached("SELECT bytes FROM payloads WHERE sha256 = ?1")
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
        let mut statement =
            self.connection.prepare_cached("SELECT sha256, length(bytes) FROM payloads").map_err(sql)?;
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

    fn snapshot(&self) -> Result<Option<Snapshot>, StoreError> {
        let snapshot =
            |row: &rusqlite::Row<'_>| Ok(Snapshot { seq: row.get::<_, i64>(0)?.unsigned_abs(), bytes: row.get(1)? });
        let found = self.connection.prepare_cached("SELECT seq, bytes FROM snapshot");
        found
            .and_then(|mut statement| statement.query_row([], snapshot).optional())
            .map_err(|error| self.explain(&error))
    }
}
