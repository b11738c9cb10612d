//! A journal in memory, for tests and simulations: it survives a "crash" of its holder, fences it, and forgets nothing.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::rc::Rc;

use taskclass_spec::Digest;

use super::{Batch, Journal, Store, StoreError};
use crate::audit::Head;
use crate::store::Snapshot;

#[derive(Debug)]
struct Content {
    epoch: u64,
    head: Head,
    lines: Vec<String>,
    payloads: BTreeMap<Digest, Vec<u8>>,
    snapshot: Option<Snapshot>,
}

/// A journal in memory. Clones and reopened ones share the content.
#[derive(Debug, Clone)]
pub struct MemoryStore {
    id: String,
    epoch: u64,
    content: Rc<RefCell<Content>>,
}

impl MemoryStore {
    /// An empty journal with this id, opened for writing.
    pub fn new(id: &str) -> Self {
        let content =
            Content { epoch: 1, head: Head::empty(), lines: Vec::new(), payloads: BTreeMap::new(), snapshot: None };
        Self { id: id.to_owned(), epoch: 1, content: Rc::new(RefCell::new(content)) }
    }

    /// Opens the same journal anew, as a restarted process does; the handles before are fenced from now on.
    pub fn reopen(&self) -> Self {
        let mut content = self.content.borrow_mut();
        content.epoch += 1;
        Self { id: self.id.clone(), epoch: content.epoch, content: self.content.clone() }
    }

    /// Every line so far.
    pub fn all(&self) -> Vec<String> {
        self.content.borrow().lines.clone()
    }
}

impl Journal for MemoryStore {
    fn id(&self) -> &str {
        &self.id
    }

    fn head(&self) -> Result<Head, StoreError> {
        Ok(self.content.borrow().head.clone())
    }

    fn lines(&self, after: u64, visit: &mut dyn FnMut(&str) -> bool) -> Result<(), StoreError> {
        let skip = usize::try_from(after).unwrap_or(usize::MAX);
        for line in self.content.borrow().lines.iter().skip(skip) {
            if !visit(line) {
                break;
            }
        }
        Ok(())
    }

    fn payload(&self, sha256: &Digest) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.content.borrow().payloads.get(sha256).cloned())
    }

    fn payloads(&self, visit: &mut dyn FnMut(Digest, u64) -> bool) -> Result<(), StoreError> {
        for (sha256, bytes) in &self.content.borrow().payloads {
            if !visit(*sha256, bytes.len() as u64) {
                break;
            }
        }
        Ok(())
    }

    fn snapshot(&self) -> Result<Option<Snapshot>, StoreError> {
        Ok(self.content.borrow().snapshot.clone())
    }
}

impl Store for MemoryStore {
    fn epoch(&self) -> u64 {
        self.epoch
    }

    fn append(&mut self, expected: &Head, batch: &Batch) -> Result<(), StoreError> {
        let mut content = self.content.borrow_mut();
        if content.epoch != self.epoch {
            return Err(StoreError::Fenced { held: self.epoch, found: content.epoch });
        }
        if content.head != *expected {
            let what = format!("event {} was expected to be the last, and {} is", expected.count, content.head.count);
            return Err(StoreError::Corrupt { path: PathBuf::from(":memory:"), what });
        }
        for sealed in &batch.events {
            content.lines.push(sealed.line.clone());
            content.head = Head { count: sealed.event.seq, hash: sealed.event.hash.clone() };
        }
        for payload in &batch.payloads {
            content.payloads.insert(payload.sha256, payload.bytes.clone());
        }
        for sha256 in &batch.cleared {
            content.payloads.remove(sha256);
        }
        if let Some(bytes) = &batch.snapshot {
            content.snapshot = Some(Snapshot { seq: content.head.count, bytes: bytes.clone() });
        }
        Ok(())
    }

    fn rest(&mut self) {}

    fn resume(&mut self) -> Result<(), StoreError> {
        let mut content = self.content.borrow_mut();
        content.epoch += 1;
        self.epoch = content.epoch;
        Ok(())
    }

    fn shrink(&mut self) -> Result<(), StoreError> {
        Ok(())
    }
}
