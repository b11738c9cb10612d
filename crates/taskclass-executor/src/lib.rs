//! Runs approved classes exactly once and follows them to evidence, verdict and audit log.
//!
//! From the inside out:
//! - [`vocab`], [`contract`], [`event`]: the words, what a task is held to, what can happen. Pure data.
//! - [`lifecycle`]: the pure state machine with its one transition table and its clocks.
//! - [`audit`]: the hash chain over the journal.
//! - [`store`]: durable state behind a trait; SQLite behind that.
//! - [`ledger`]: everything that is known, replayed from the journal; pace and money as arithmetic over it.
//! - [`book`]: the one way in: lifecycle, chain, disk, ledger, in this order.

pub mod audit;
pub mod book;
pub mod clock;
pub mod contract;
pub mod event;
pub mod ledger;
pub mod lifecycle;
pub mod store;
pub mod vocab;
