//! The one-writer lock beside the state file.

#![expect(clippy::disallowed_methods, reason = "a module that opens files of the state")]

use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};

use super::StoreError;

/// Only its owner may read or write a file that is made.
pub(super) fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    options
}

/// Why a file could not be opened or made.
pub(super) fn unopened(path: &Path, error: &std::io::Error) -> StoreError {
    let path = path.to_owned();
    match error.kind() {
        std::io::ErrorKind::PermissionDenied | std::io::ErrorKind::ReadOnlyFilesystem => StoreError::ReadOnly { path },
        std::io::ErrorKind::StorageFull => StoreError::Full { path },
        std::io::ErrorKind::NotFound => StoreError::Other { path, what: "its folder does not exist".to_owned() },
        _ => StoreError::Other { path, what: error.to_string() },
    }
}

/// Whether a process holds the state for writing at this moment. Nothing is made, and nothing is held afterwards.
///
/// # Errors
/// [`StoreError`] if that cannot be told.
pub fn is_held(path: &Path) -> Result<bool, StoreError> {
    let name = lock_file(path);
    let file = match File::open(&name) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(unopened(path, &error)),
    };
    match file.try_lock_shared() {
        Ok(()) => Ok(false),
        Err(TryLockError::WouldBlock) => Ok(true),
        Err(TryLockError::Error(error)) => Err(StoreError::Other { path: path.to_owned(), what: error.to_string() }),
    }
}

fn lock_file(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".lock");
    PathBuf::from(name)
}

/// The one-writer lock: held by the operating system for as long as the process lives, so a crash leaves none behind.
pub(super) fn lock(path: &Path) -> Result<File, StoreError> {
    let options = &mut OpenOptions::new();
    let file = private(options.create(true).truncate(false).write(true));
    let file = file.open(lock_file(path)).map_err(|error| unopened(path, &error))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(StoreError::Busy { path: path.to_owned() }),
        Err(TryLockError::Error(error)) => Err(StoreError::Other { path: path.to_owned(), what: error.to_string() }),
    }
}
