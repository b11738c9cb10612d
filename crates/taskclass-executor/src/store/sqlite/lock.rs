//! The file beside the state: the one-writer lock, and a mark of how far the journal had come.
//!
//! The lock is the operating system's, held as long as the process lives, so that a crash leaves none behind. The mark is written after
//! each commit and never synced: after a loss of power it may say too little, never too much. A state that has come less far than its
//! mark has lost what was written: its `-wal` is gone, an old copy was put in its place, or it was cut off.

#![expect(clippy::disallowed_methods, reason = "the module that opens the lock beside the state file")]

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{ErrorKind, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use super::place::FileId;
use super::reader::real;
use super::trouble::unopened;
use crate::store::StoreError;

/// How far a journal had come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mark {
    pub(super) journal: String,
    pub(super) count: u64,
}

/// The lock, held.
#[derive(Debug)]
pub(super) struct Lock {
    file: File,
    /// Where it lies.
    beside: PathBuf,
}

/// How often the lock is taken anew if it is put elsewhere at the same moment.
const TRIES: u8 = 8;

/// Whether a process holds the state for writing at this moment. Nothing is made, and nothing is held afterwards.
///
/// # Errors
/// [`StoreError`] if that cannot be told.
pub fn is_held(path: &Path) -> Result<bool, StoreError> {
    let other = |error: std::io::Error| StoreError::Other { path: path.to_owned(), what: error.to_string() };
    let file = match File::open(beside(&real(path)?)) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(other(error)),
    };
    match file.try_lock_shared() {
        Ok(()) => Ok(false),
        Err(TryLockError::WouldBlock) => Ok(true),
        Err(TryLockError::Error(error)) => Err(other(error)),
    }
}

/// Where the lock lies.
fn beside(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".lock");
    PathBuf::from(name)
}

impl Lock {
    /// Takes the lock.
    pub(super) fn take(path: &Path) -> Result<Self, StoreError> {
        let busy = || StoreError::Busy { path: path.to_owned() };
        for _ in 0..TRIES {
            let options = &mut OpenOptions::new();
            let file = private(options.create(true).truncate(false).write(true));
            let file = file.open(beside(path)).map_err(|error| unopened(path, &error))?;
            match file.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => return Err(busy()),
                Err(TryLockError::Error(error)) => {
                    let what = format!("its file system has no locks ({error}); put `state` on a local disk");
                    return Err(StoreError::Other { path: path.to_owned(), what });
                }
            }
            let lock = Self { file, beside: beside(path) };
            // Whoever removed it meanwhile would let another process take another one.
            if lock.is_in_place() {
                return Ok(lock);
            }
        }
        Err(busy())
    }

    /// Whether the file that is locked is the one that the next process would lock.
    pub(super) fn is_in_place(&self) -> bool {
        self.file.metadata().is_ok_and(|metadata| FileId::of(&metadata) == FileId::at(&self.beside))
    }

    /// Notes how far the journal has come. What cannot be noted guards less, and takes nothing back of what is committed.
    pub(super) fn mark(&mut self, mark: &Mark) {
        // Of one length, so that it is written over in place and needs no new room.
        let text = format!("{:<32} {:>20}\n", mark.journal, mark.count);
        let _ = self.file.seek(SeekFrom::Start(0)).and_then(|_| self.file.write_all(text.as_bytes()));
    }
}

impl Mark {
    /// The mark beside a state file; `None` where there is none that can be read.
    pub(super) fn read(path: &Path) -> Option<Self> {
        let text = std::fs::read_to_string(beside(path)).ok()?;
        let mut words = text.split_ascii_whitespace();
        let (journal, count) = (words.next()?.to_owned(), words.next()?.parse().ok()?);
        Some(Self { journal, count })
    }

    /// Holds what a state file is found to hold against the mark that was read before it.
    pub(super) fn hold(mark: Option<&Self>, path: &Path, journal: &str, count: u64) -> Result<(), StoreError> {
        match mark {
            Some(mark) if mark.count > 0 && mark.journal != journal => {
                Err(mark.lost(path, "holds another journal".to_owned()))
            }
            Some(mark) if mark.count > count => Err(mark.lost(path, format!("holds {count} events"))),
            _ => Ok(()),
        }
    }

    /// The state is not what it was.
    pub(super) fn lost(&self, path: &Path, what: String) -> StoreError {
        StoreError::Lost { path: path.to_owned(), what, known: self.count }
    }
}

/// Only its owner may read or write a file that is made.
pub(super) fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    options
}
