//! The journal that outlives every process of a storm: what is on the disk, who holds it, and what each process last wrote there.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::rc::Rc;

use taskclass_executor::StoreError;
use taskclass_executor::audit::Head;
use taskclass_executor::event::{Body, Kind};
use taskclass_executor::store::Snapshot;
use taskclass_executor::store::{Batch, Journal, Store};
use taskclass_spec::Digest;

/// What is on the disk.
#[derive(Debug)]
struct Content {
    epoch: u64,
    /// The lease that is held by a process that is not at rest.
    held: Option<u64>,
    /// The process that opened it last: all others are fenced.
    holder: u32,
    head: Head,
    lines: Vec<String>,
    payloads: BTreeMap<Digest, Vec<u8>>,
    snapshot: Option<Snapshot>,
    /// The kind of the last event that a process has on the disk, by the process's number.
    last: BTreeMap<u32, Kind>,
    /// How often each request body was written ahead.
    ahead: BTreeMap<Digest, u32>,
    /// Bytes written.
    bytes: u64,
}

/// The journal of a storm.
#[derive(Debug)]
pub struct Tape {
    content: RefCell<Content>,
}

const ID: &str = "journal-of-the-storm";

fn other(what: String) -> StoreError {
    StoreError::Corrupt { path: PathBuf::from("storm.db"), what }
}

impl Default for Tape {
    fn default() -> Self {
        let content = Content {
            epoch: 0,
            held: None,
            holder: 0,
            head: Head::empty(),
            lines: Vec::new(),
            payloads: BTreeMap::new(),
            snapshot: None,
            last: BTreeMap::new(),
            ahead: BTreeMap::new(),
            bytes: 0,
        };
        Self { content: RefCell::new(content) }
    }
}

impl Tape {
    /// Opens the journal for writing. The handle before is fenced from now on, whoever holds it; `fenced: false` is a handle that
    /// does not know of fences, for a planted bug.
    pub fn open(self: &Rc<Self>, process: u32, fenced: bool) -> Handle {
        let mut content = self.content.borrow_mut();
        content.epoch += 1;
        content.held = Some(content.epoch);
        content.holder = process;
        Handle { tape: Rc::clone(self), epoch: Cell::new(content.epoch), process, fenced }
    }

    /// Whether a process holds the journal and is not at rest.
    pub fn is_held(&self) -> bool {
        self.content.borrow().held.is_some()
    }

    /// Everything that is kept beside the lines.
    pub fn payloads(&self) -> Vec<Vec<u8>> {
        self.content.borrow().payloads.values().cloned().collect()
    }

    /// Events and bytes so far.
    pub fn size(&self) -> (u64, u64) {
        let content = self.content.borrow();
        (content.head.count, content.bytes)
    }

    /// Whether another process has opened the journal since this one did.
    pub fn is_fenced(&self, process: u32) -> bool {
        self.content.borrow().holder != process
    }

    /// What a process has last brought onto the disk.
    pub fn last_of(&self, process: u32) -> Option<Kind> {
        self.content.borrow().last.get(&process).copied()
    }

    /// How often a request body was written ahead.
    pub fn written_ahead(&self, body: &Digest) -> u32 {
        self.content.borrow().ahead.get(body).copied().unwrap_or(0)
    }
}

impl Journal for Tape {
    fn id(&self) -> &str {
        ID
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

/// A process's hold on the journal. Dropping it, also by dying, lets go.
#[derive(Debug)]
pub struct Handle {
    tape: Rc<Tape>,
    epoch: Cell<u64>,
    process: u32,
    fenced: bool,
}

impl Handle {
    fn let_go(&self) {
        let mut content = self.tape.content.borrow_mut();
        if content.held == Some(self.epoch.get()) {
            content.held = None;
        }
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        self.let_go();
    }
}

impl Journal for Handle {
    fn id(&self) -> &str {
        ID
    }

    fn head(&self) -> Result<Head, StoreError> {
        self.tape.head()
    }

    fn lines(&self, after: u64, visit: &mut dyn FnMut(&str) -> bool) -> Result<(), StoreError> {
        Journal::lines(&*self.tape, after, visit)
    }

    fn payload(&self, sha256: &Digest) -> Result<Option<Vec<u8>>, StoreError> {
        self.tape.payload(sha256)
    }

    fn payloads(&self, visit: &mut dyn FnMut(Digest, u64) -> bool) -> Result<(), StoreError> {
        Journal::payloads(&*self.tape, visit)
    }

    fn snapshot(&self) -> Result<Option<Snapshot>, StoreError> {
        self.tape.snapshot()
    }
}

impl Store for Handle {
    fn epoch(&self) -> u64 {
        self.epoch.get()
    }

    fn append(&mut self, expected: &Head, batch: &Batch) -> Result<(), StoreError> {
        let content = &mut *self.tape.content.borrow_mut();
        if self.fenced && content.epoch != self.epoch.get() {
            return Err(StoreError::Fenced { held: self.epoch.get(), found: content.epoch });
        }
        if self.fenced && content.head != *expected {
            let (expected, found) = (expected.count, content.head.count);
            return Err(other(format!("event {expected} was expected to be the last, and {found} is")));
        }
        for sealed in &batch.events {
            content.bytes += sealed.line.len() as u64;
            content.lines.push(sealed.line.clone());
            content.head = Head { count: sealed.event.seq, hash: sealed.event.hash.clone() };
            if let Some(kind) = sealed.event.body.kind() {
                content.last.insert(self.process, kind);
            }
            if let Body::Sending { request_sha256, .. } = &sealed.event.body {
                *content.ahead.entry(*request_sha256).or_insert(0) += 1;
            }
        }
        for payload in &batch.payloads {
            content.payloads.insert(payload.sha256, payload.bytes.clone());
        }
        for gone in &batch.cleared {
            content.payloads.remove(gone);
        }
        if let (Some(bytes), Some(last)) = (&batch.snapshot, batch.events.last()) {
            content.snapshot = Some(Snapshot { seq: last.event.seq, bytes: bytes.clone() });
        }
        Ok(())
    }

    fn rest(&mut self) {
        self.let_go();
    }

    fn resume(&mut self) -> Result<(), StoreError> {
        let mut content = self.tape.content.borrow_mut();
        if content.held.is_some() {
            return Err(StoreError::Busy { path: PathBuf::from("storm.db") });
        }
        content.epoch += 1;
        content.held = Some(content.epoch);
        content.holder = self.process;
        self.epoch.set(content.epoch);
        Ok(())
    }

    fn shrink(&mut self) -> Result<(), StoreError> {
        Ok(())
    }
}
