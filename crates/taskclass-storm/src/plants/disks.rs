//! Bugs of the journal: what is said to be written, and is written only with the next write.

use taskclass_executor::StoreError;
use taskclass_executor::audit::Head;
use taskclass_executor::event::Kind;
use taskclass_executor::store::Snapshot;
use taskclass_executor::store::{Batch, Journal, Store};
use taskclass_spec::Digest;

use super::Plant;
use crate::disk::Disk;

/// What is written late.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Late {
    /// Events of this kind.
    Kind(Kind),
    /// Everything, as a disk does that keeps its cache to itself. What a process writes at its orderly end is safe.
    All,
}

impl Late {
    pub(super) fn of(plant: Plant) -> Option<Self> {
        match plant {
            Plant::NoWriteAhead => Some(Self::Kind(Kind::Sending)),
            Plant::ActingWrittenLate => Some(Self::Kind(Kind::Acting)),
            Plant::LyingDisk => Some(Self::All),
            _ => None,
        }
    }

    fn is_late(self, batch: &Batch) -> bool {
        match self {
            Self::Kind(kind) => batch.events.iter().any(|sealed| sealed.event.body.kind() == Some(kind)),
            Self::All => true,
        }
    }
}

pub(super) struct Planted {
    pub(super) late: Late,
    pub(super) kept_back: Option<(Head, Batch)>,
    pub(super) disk: Disk,
}

impl Planted {
    fn catch_up(&mut self) -> Result<(), StoreError> {
        match self.kept_back.take() {
            Some((expected, batch)) => self.disk.append(&expected, &batch),
            None => Ok(()),
        }
    }
}

impl Drop for Planted {
    fn drop(&mut self) {
        if !std::thread::panicking() && self.disk.world.depth.get() == 0 {
            let _lost = self.kept_back.take().map(|(expected, batch)| self.disk.handle.append(&expected, &batch));
        }
    }
}

impl Journal for Planted {
    fn id(&self) -> &str {
        self.disk.id()
    }

    fn head(&self) -> Result<Head, StoreError> {
        let last = self.kept_back.as_ref().and_then(|(_, batch)| batch.events.last());
        match last {
            Some(sealed) => Ok(Head { count: sealed.event.seq, hash: sealed.event.hash.clone() }),
            None => self.disk.head(),
        }
    }

    fn lines(&self, after: u64, visit: &mut dyn FnMut(&str) -> bool) -> Result<(), StoreError> {
        self.disk.lines(after, visit)
    }

    fn payload(&self, sha256: &Digest) -> Result<Option<Vec<u8>>, StoreError> {
        let kept =
            self.kept_back.iter().flat_map(|(_, batch)| &batch.payloads).find(|payload| payload.sha256 == *sha256);
        match kept {
            Some(payload) => Ok(Some(payload.bytes.clone())),
            None => self.disk.payload(sha256),
        }
    }

    fn payloads(&self, visit: &mut dyn FnMut(Digest, u64) -> bool) -> Result<(), StoreError> {
        self.disk.payloads(visit)
    }

    fn snapshot(&self) -> Result<Option<Snapshot>, StoreError> {
        self.disk.snapshot()
    }
}

impl Store for Planted {
    fn epoch(&self) -> u64 {
        self.disk.epoch()
    }

    fn append(&mut self, expected: &Head, batch: &Batch) -> Result<(), StoreError> {
        self.catch_up()?;
        if self.late.is_late(batch) {
            self.kept_back = Some((expected.clone(), batch.clone()));
            return Ok(());
        }
        self.disk.append(expected, batch)
    }

    fn rest(&mut self) {
        let _lost = self.catch_up();
        self.disk.rest();
    }

    fn resume(&mut self) -> Result<(), StoreError> {
        self.disk.resume()
    }

    fn shrink(&mut self) -> Result<(), StoreError> {
        self.disk.shrink()
    }
}
