//! What SQLite and the operating system say, as what a person can act on.

#![expect(clippy::disallowed_methods, reason = "asks for room beside the state file")]

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use rusqlite::{ErrorCode, ffi};

use crate::store::StoreError;

/// What an error of SQLite means.
pub(super) fn explain(path: &Path, error: &rusqlite::Error) -> StoreError {
    let path = path.to_owned();
    let damaged = |path| StoreError::Corrupt { path, what: error.to_string() };
    let Some(failure) = error.sqlite_error() else {
        // A value of another type than the table has.
        return damaged(path);
    };
    match failure.code {
        ErrorCode::DiskFull => StoreError::Full { path },
        ErrorCode::ReadOnly | ErrorCode::PermissionDenied => StoreError::ReadOnly { path },
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => StoreError::Busy { path },
        ErrorCode::NotADatabase => StoreError::NotOurs { path },
        // Every statement is ours and fits our tables: what does not, finds other tables or other values.
        ErrorCode::DatabaseCorrupt
        | ErrorCode::Unknown
        | ErrorCode::ConstraintViolation
        | ErrorCode::TypeMismatch
        | ErrorCode::TooBig
        | ErrorCode::ParameterOutOfRange => damaged(path),
        ErrorCode::SystemIoFailure if failure.extended_code == ffi::SQLITE_IOERR_SHORT_READ => {
            StoreError::Corrupt { path, what: "it ends too early".to_owned() }
        }
        // A quota, a limit on the size of files, and at times a full disk are input and output in general to SQLite.
        ErrorCode::SystemIoFailure if has_no_room(&path) => StoreError::Full { path },
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
    outcome.is_err_and(|error| is_of_room(error.kind()))
}

fn is_of_room(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge)
}

/// Why a file could not be opened or made.
pub(super) fn unopened(path: &Path, error: &std::io::Error) -> StoreError {
    let path = path.to_owned();
    match error.kind() {
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => StoreError::ReadOnly { path },
        kind if is_of_room(kind) => StoreError::Full { path },
        ErrorKind::NotFound => StoreError::Other { path, what: "its folder does not exist".to_owned() },
        ErrorKind::IsADirectory => StoreError::Other { path, what: "it is a folder".to_owned() },
        _ => StoreError::Other { path, what: error.to_string() },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What SQLite says becomes what a person can act on.
    #[test]
    fn each_trouble_says_what_to_do() {
        for (code, words) in [
            (ffi::SQLITE_FULL, "the disk is full"),
            (ffi::SQLITE_READONLY, "state.db cannot be written: give its owner the right"),
            (ffi::SQLITE_BUSY, "another taskclass holds state.db"),
            (ffi::SQLITE_CORRUPT, "state.db is damaged"),
            (ffi::SQLITE_ERROR, "state.db is damaged"),
            (ffi::SQLITE_IOERR_SHORT_READ, "state.db is damaged: it ends too early"),
            (ffi::SQLITE_NOTADB, "state.db is not a taskclass state file"),
        ] {
            let error = rusqlite::Error::SqliteFailure(ffi::Error::new(code), None);
            let said = explain(Path::new("state.db"), &error).to_string();
            assert!(said.starts_with(words), "{said}");
        }
    }

    #[test]
    fn a_quota_and_a_limit_on_files_are_no_room() {
        for kind in [ErrorKind::StorageFull, ErrorKind::QuotaExceeded, ErrorKind::FileTooLarge] {
            let said = unopened(Path::new("state.db"), &kind.into()).to_string();
            assert!(said.contains("quota") && said.contains("make room"), "{said}");
        }
    }
}
