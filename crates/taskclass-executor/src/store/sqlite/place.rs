//! Which file lies at a path, and which of them this process has open through SQLite.
//!
//! A process loses its POSIX locks on a file as soon as it closes any handle on it. So a state file is opened past SQLite only while this
//! process has no connection to it.

#![expect(clippy::disallowed_methods, reason = "looks at the state file before SQLite does")]

use std::collections::BTreeMap;
use std::fs::{File, Metadata};
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rusqlite::Connection;

use crate::store::StoreError;

/// How many connections of this process there are to each state file.
static OPEN: Mutex<BTreeMap<FileId, usize>> = Mutex::new(BTreeMap::new());

/// A file under whatever name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct FileId {
    device: u64,
    node: u64,
}

impl FileId {
    /// `None` where the system does not tell.
    #[cfg(unix)]
    pub(super) fn of(metadata: &Metadata) -> Option<Self> {
        use std::os::unix::fs::MetadataExt as _;
        Some(Self { device: metadata.dev(), node: metadata.ino() })
    }

    #[cfg(not(unix))]
    pub(super) fn of(_: &Metadata) -> Option<Self> {
        None
    }

    /// The file at this path, if there is one.
    pub(super) fn at(path: &Path) -> Option<Self> {
        std::fs::metadata(path).ok().and_then(|metadata| Self::of(&metadata))
    }
}

/// A connection, and which file it leads to. The connection goes first: only then is its file not open any more.
#[derive(Debug)]
pub(super) struct Opened {
    pub(super) connection: Connection,
    pub(super) noted: Noted,
}

/// A file that is noted as open.
#[derive(Debug)]
pub(super) struct Noted(Option<FileId>);

impl Noted {
    /// Whether it is still the file at this path.
    pub(super) fn is_at(&self, path: &Path) -> bool {
        self.0 == FileId::at(path)
    }
}

impl Drop for Noted {
    fn drop(&mut self) {
        let mut open = open_files();
        if let Some((id, count)) = self.0.and_then(|id| Some((id, open.get_mut(&id)?))) {
            *count -= 1;
            if *count == 0 {
                open.remove(&id);
            }
        }
    }
}

fn open_files() -> MutexGuard<'static, BTreeMap<FileId, usize>> {
    OPEN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Opens a connection to the file that `real` is. `before` may open the file by itself; it is passed over where the file is open already,
/// and so was looked at.
pub(super) fn open(
    real: &Path,
    before: impl FnOnce() -> Result<(), StoreError>,
    connect: impl FnOnce() -> Result<Connection, StoreError>,
) -> Result<Opened, StoreError> {
    let mut open = open_files();
    if FileId::at(real).is_none_or(|id| !open.contains_key(&id)) {
        before()?;
    }
    let connection = connect()?;
    let id = FileId::at(real);
    if let Some(id) = id {
        *open.entry(id).or_default() += 1;
    }
    Ok(Opened { connection, noted: Noted(id) })
}

/// Refuses a log that is not the file's. A state in use says in its header that it has a log; a backup says that it has none, and what lies
/// beside it was left by the state in whose place it was put. SQLite would play that log into it, and throw it away beside an empty file.
pub(super) fn own_log(path: &Path, real: &Path) -> Result<(), StoreError> {
    let mut log = real.as_os_str().to_owned();
    log.push("-wal");
    // The log first: by the time there is one, the header says so.
    if !std::fs::metadata(PathBuf::from(log)).is_ok_and(|log| log.len() > 0) {
        return Ok(());
    }
    let mut header = Vec::with_capacity(20);
    // What cannot be read here is said by SQLite.
    if File::open(real).and_then(|file| file.take(20).read_to_end(&mut header)).is_err() {
        return Ok(());
    }
    let what = match header.get(18..20) {
        Some([1, 1]) if header.starts_with(b"SQLite format 3\0") => "a backup",
        None if header.is_empty() => "empty",
        _ => return Ok(()),
    };
    Err(StoreError::StrangeLog { path: path.to_owned(), what })
}
