//! What can be wrong with the state file, each with what to do.

use std::path::{Path, PathBuf};

/// Why the state could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another process has it open for writing.
    #[error(
        "another taskclass holds {path} and is at work: run the command again in a moment, or use the reading commands (status, show, \
         inbox, audit), which need no lock"
    )]
    Busy {
        /// The state file.
        path: PathBuf,
    },
    /// Another process has opened it since.
    #[error(
        "another taskclass has taken over the state (lease {found}, this process holds {held}): nothing was written; this process must end"
    )]
    Fenced {
        /// The lease that this process holds.
        held: u64,
        /// The lease that counts.
        found: u64,
    },
    /// Written by a newer version.
    #[error(
        "{path} has format {found}, and this version of taskclass writes format {known}: it can be read, not written; use the newer version"
    )]
    Newer {
        /// The state file.
        path: PathBuf,
        /// Its format.
        found: i64,
        /// The format that this version writes.
        known: i64,
    },
    /// Some other file.
    #[error(
        "{path} is not a taskclass state file: check `state` in the executor's configuration; it was left as it is"
    )]
    NotOurs {
        /// The file.
        path: PathBuf,
    },
    /// It does not exist.
    #[error("{path} does not exist: nothing has been run with this configuration yet, or `state` points elsewhere")]
    Missing {
        /// The file.
        path: PathBuf,
    },
    /// It holds less than had been written to it.
    #[error(
        "{path} {what}, and {known} events had been written: its `-wal` was removed, or something else was put in its place. Put back what was \
         there; if that is gone, remove {path}-wal, {path}-shm and {path}.lock, put the newest backup there, and look for forgotten tasks with \
         `taskclass audit drift`"
    )]
    Lost {
        /// The state file.
        path: PathBuf,
        /// What it is found to be or to hold.
        what: String,
        /// How many events had been written.
        known: u64,
    },
    /// Another state's log beside it.
    #[error(
        "{path} is {what}, and the {path}-wal beside it is the log of the state that was there before, which would be played into it: nothing \
         was touched. If {path} is what is meant, remove {path}-wal, {path}-shm and {path}.lock, and look for forgotten tasks with `taskclass \
         audit drift`; if not, put back the file to which the log belongs"
    )]
    StrangeLog {
        /// The state file.
        path: PathBuf,
        /// What it is instead of the log's state.
        what: &'static str,
    },
    /// No room.
    #[error(
        "the disk is full, or a quota or limit is used up: {path} could not be written and stands as it was; make room and run the same \
         command again"
    )]
    Full {
        /// The state file.
        path: PathBuf,
    },
    /// No right to write.
    #[error("{path} cannot be written: give its owner the right to write the file and its folder")]
    ReadOnly {
        /// The state file.
        path: PathBuf,
    },
    /// Damaged, or changed by another hand.
    #[error(
        "{path} is damaged: {what}; keep a copy of it and of what lies beside it, remove {path}-wal, {path}-shm and {path}.lock, put the \
         last backup there, then run `taskclass audit verify`"
    )]
    Corrupt {
        /// The state file.
        path: PathBuf,
        /// What is wrong.
        what: String,
    },
    /// Anything else.
    #[error("{path} could not be used: {what}")]
    Other {
        /// The state file.
        path: PathBuf,
        /// The reason.
        what: String,
    },
}

impl StoreError {
    /// The same of the file by another of its names.
    pub(super) fn at(self, path: &Path) -> Self {
        let path = path.to_owned();
        match self {
            Self::Busy { .. } => Self::Busy { path },
            Self::Full { .. } => Self::Full { path },
            Self::ReadOnly { .. } => Self::ReadOnly { path },
            Self::Other { what, .. } => Self::Other { path, what },
            other => other,
        }
    }
}
