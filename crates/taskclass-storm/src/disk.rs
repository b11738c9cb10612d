//! The disk in a storm: the process dies before or after a write, or there is no room.

use std::path::PathBuf;
use std::rc::Rc;

use taskclass_executor::StoreError;
use taskclass_executor::audit::Head;
use taskclass_executor::store::Snapshot;
use taskclass_executor::store::{Batch, Journal, Store};
use taskclass_spec::Digest;

use crate::tape::Handle;
use crate::weather::DiskTrouble;
use crate::world::World;

/// A process's disk.
pub struct Disk {
    /// The storm that it stands in.
    pub world: Rc<World>,
    /// The journal on it.
    pub handle: Handle,
    /// Whose it is.
    pub process: u32,
}

impl Journal for Disk {
    fn id(&self) -> &str {
        self.handle.id()
    }

    fn head(&self) -> Result<Head, StoreError> {
        self.handle.head()
    }

    fn lines(&self, after: u64, visit: &mut dyn FnMut(&str) -> bool) -> Result<(), StoreError> {
        self.handle.lines(after, visit)
    }

    fn payload(&self, sha256: &Digest) -> Result<Option<Vec<u8>>, StoreError> {
        self.handle.payload(sha256)
    }

    fn payloads(&self, visit: &mut dyn FnMut(Digest, u64) -> bool) -> Result<(), StoreError> {
        self.handle.payloads(visit)
    }

    fn snapshot(&self) -> Result<Option<Snapshot>, StoreError> {
        self.handle.snapshot()
    }
}

impl Disk {
    fn write(&mut self, expected: &Head, batch: &Batch) -> Result<(), StoreError> {
        let outcome = self.handle.append(expected, batch);
        self.world.spent(0, batch.events.len() as u64);
        self.world.wrote(self.process);
        let who = format!("p{}", self.process);
        for sealed in &batch.events {
            self.world.tell(&who, || {
                let event = &sealed.event;
                let task = event.key.as_ref().map(|key| format!(" {}", key.short())).unwrap_or_default();
                let body = serde_json::to_string(&event.body).unwrap_or_default();
                let body: String = body.chars().take(if event.to.is_some() { 260 } else { 160 }).collect();
                let to = event.to.as_ref().map(|state| format!(" ⇒ {state}")).unwrap_or_default();
                let failed = outcome.as_ref().err().map(|error| format!("  NOT WRITTEN: {error}")).unwrap_or_default();
                format!("    #{}{task}{to}  {body}{failed}", event.seq)
            });
        }
        outcome
    }
}

impl Store for Disk {
    fn epoch(&self) -> u64 {
        self.handle.epoch()
    }

    fn append(&mut self, expected: &Head, batch: &Batch) -> Result<(), StoreError> {
        let world = Rc::clone(&self.world);
        let trouble = if world.calm.get() { None } else { world.weather.of_write(&world.dice) };
        match trouble {
            None => self.write(expected, batch),
            Some(DiskTrouble::DiesBefore) => world.die(self.process, "before a write"),
            Some(DiskTrouble::DiesAfter) => {
                let _unknown = self.write(expected, batch);
                world.die(self.process, "after a write")
            }
            Some(DiskTrouble::Full) => {
                world.tell(&format!("p{}", self.process), || "finds the disk full".to_owned());
                Err(StoreError::Full { path: PathBuf::from("storm.db") })
            }
        }
    }

    fn rest(&mut self) {
        self.handle.rest();
    }

    fn resume(&mut self) -> Result<(), StoreError> {
        self.handle.resume()
    }

    fn shrink(&mut self) -> Result<(), StoreError> {
        self.handle.shrink()
    }
}
