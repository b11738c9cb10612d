//! Durable state behind a trait with exactly the transactions that the driver needs. SQLite is its first implementation;
//! nothing above the trait knows it.

mod error;
mod memory;
mod sqlite;

pub use error::StoreError;
pub use memory::MemoryStore;
pub use sqlite::{FORMAT, SqliteReader, SqliteStore, is_held, network};

use taskclass_spec::Digest;

use crate::audit::{Head, Sealed};

/// Bytes kept beside the journal under their SHA-256: request bodies, inputs, evidence. The journal holds only the hashes, so
/// these can be cleared away one day without breaking the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payload {
    /// Their SHA-256.
    pub sha256: Digest,
    /// The bytes.
    pub bytes: Vec<u8>,
}

impl Payload {
    /// A payload of these bytes.
    pub fn of(bytes: Vec<u8>) -> Self {
        Self { sha256: Digest::of(&bytes), bytes }
    }
}

/// One transaction: all of it, or nothing.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Batch {
    /// Events, sealed one after the other.
    pub events: Vec<Sealed>,
    /// What they refer to.
    pub payloads: Vec<Payload>,
    /// What is kept no longer, by the rules of retention. What is not there any more is passed over.
    pub cleared: Vec<Digest>,
    /// The bytes of a snapshot for which the last event vouches. It takes the place of the one before.
    pub snapshot: Option<Vec<u8>>,
}

/// A snapshot of all that is known, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// The event that vouches for it.
    pub seq: u64,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Reading a journal. Another process may be writing it.
pub trait Journal {
    /// The journal's own random id.
    fn id(&self) -> &str;

    /// Where the chain stands.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    fn head(&self) -> Result<Head, StoreError>;

    /// Visits the events' lines after the first `after` in order, until `visit` returns false.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    fn lines(&self, after: u64, visit: &mut dyn FnMut(&str) -> bool) -> Result<(), StoreError>;

    /// The bytes with this SHA-256, if they are kept. They have been compared with it.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] if the bytes do not fit.
    fn payload(&self, sha256: &Digest) -> Result<Option<Vec<u8>>, StoreError>;

    /// Visits what is kept beside the journal: each SHA-256 with how many bytes it is, until `visit` returns false.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    fn payloads(&self, visit: &mut dyn FnMut(Digest, u64) -> bool) -> Result<(), StoreError>;

    /// The last snapshot. A journal need not keep any: it can always be replayed.
    ///
    /// # Errors
    /// [`StoreError`] as everywhere.
    fn snapshot(&self) -> Result<Option<Snapshot>, StoreError> {
        Ok(None)
    }
}

/// Writing a journal: one writer at a time, fenced by its lease's epoch.
pub trait Store: Journal {
    /// The lease's epoch. Every opening for writing raises it, and every write carries it.
    fn epoch(&self) -> u64;

    /// Appends a batch after `expected`, and returns once it is on the disk.
    ///
    /// # Errors
    /// [`StoreError::Fenced`] if another process has opened the journal for writing since. Nothing was written then.
    fn append(&mut self, expected: &Head, batch: &Batch) -> Result<(), StoreError>;

    /// Gives the lease up while there is nothing to write, so that another process can: a kill switch must not wait for a watch
    /// to end. Nothing can be appended until [`Store::resume`].
    fn rest(&mut self);

    /// Takes the lease again, under a new epoch. The journal may have gone on meanwhile.
    ///
    /// # Errors
    /// [`StoreError::Busy`] while another process has it; the store goes on resting.
    fn resume(&mut self) -> Result<(), StoreError>;

    /// Gives room back that cleared payloads took up, so that nothing of them is left on the disk.
    ///
    /// # Errors
    /// [`StoreError::Full`] where there is no room to write what stays anew: the content is as it was, and the room is not given back.
    fn shrink(&mut self) -> Result<(), StoreError>;
}

impl<J: Journal + ?Sized> Journal for Box<J> {
    fn id(&self) -> &str {
        (**self).id()
    }

    fn head(&self) -> Result<Head, StoreError> {
        (**self).head()
    }

    fn lines(&self, after: u64, visit: &mut dyn FnMut(&str) -> bool) -> Result<(), StoreError> {
        (**self).lines(after, visit)
    }

    fn payload(&self, sha256: &Digest) -> Result<Option<Vec<u8>>, StoreError> {
        (**self).payload(sha256)
    }

    fn payloads(&self, visit: &mut dyn FnMut(Digest, u64) -> bool) -> Result<(), StoreError> {
        (**self).payloads(visit)
    }

    fn snapshot(&self) -> Result<Option<Snapshot>, StoreError> {
        (**self).snapshot()
    }
}

impl<S: Store + ?Sized> Store for Box<S> {
    fn epoch(&self) -> u64 {
        (**self).epoch()
    }

    fn append(&mut self, expected: &Head, batch: &Batch) -> Result<(), StoreError> {
        (**self).append(expected, batch)
    }

    fn rest(&mut self) {
        (**self).rest();
    }

    fn resume(&mut self) -> Result<(), StoreError> {
        (**self).resume()
    }

    fn shrink(&mut self) -> Result<(), StoreError> {
        (**self).shrink()
    }
}
