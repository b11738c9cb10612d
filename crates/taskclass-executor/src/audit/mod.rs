//! The hash chain over the journal: sealing an event into it, finding where it is broken, checkpoints of it, and its events for others.

mod breach;
mod chain;
mod checkpoint;
mod export;
mod verify;

pub use breach::{Breach, Broken};
pub use chain::{Head, SealError, Sealed, is_whole, seal};
pub use checkpoint::{Checkpoint, MAX_BYTES as MAX_CHECKPOINT, NoCheckpoint};
pub use export::cloud_event;
pub use verify::{Entry, Summary, Verifier, verify};
