//! The hash chain over the journal: sealing an event into it, and finding where it is broken.

mod chain;
mod verify;

pub use chain::{Head, SealError, Sealed, is_whole, seal};
pub use verify::{Breach, Broken, Summary, Verifier, verify};
