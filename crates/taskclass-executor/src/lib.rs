//! Runs approved classes exactly once and follows them to evidence, verdict and audit log.
//!
//! From the inside out:
//! - [`vocab`], [`contract`], [`event`]: the words, what a task is held to, what can happen. Pure data.
//! - [`lifecycle`]: the pure state machine with its one transition table and its clocks.
//! - [`audit`]: the hash chain over the journal.
//! - [`store`]: durable state behind a trait; SQLite behind that.
//! - [`ledger`]: everything that is known, replayed from the journal; pace and money as arithmetic over it.
//! - [`book`]: the one way in: lifecycle, chain, disk, ledger, in this order.
//! - [`gate`], [`start`], `submit`, `reconcile`, `watch`, [`evidence`], `act`, `review`, [`person`]: one file or folder a thing to do.
//! - [`driver`]: the loop over what [`agenda`] says is due.
//! - [`webhook`]: a message to a receiver of ours, signed.
//! - [`answer`]: what a person does about what waits.
//! - [`retention`], [`telemetry`]: what is kept for how long; spans and measures for other tools.
//! - [`views`]: where everything stands, as data.

pub mod agenda;
pub mod answer;
pub mod audit;
pub mod auditor;
pub mod book;
pub mod clock;
pub mod contract;
pub mod driver;
pub mod error;
pub mod event;
pub mod evidence;
pub mod gate;
pub mod ledger;
pub mod lifecycle;
pub mod person;
pub mod request;
pub mod retention;
pub mod standing;
pub mod start;
pub mod store;
pub mod telemetry;
pub mod views;
pub mod vocab;
pub mod webhook;

mod act;
mod context;
mod memory;
mod pace;
mod port;
mod reading;
mod reconcile;
mod rest;
mod review;
mod schedule;
mod second_look;
mod submit;
mod watch;

pub use clock::{Clock, SystemClock, Wake};
pub use driver::{Did, Executor, Parts, TickReport};
pub use error::ExecError;
pub use gate::{Refusal, Refused, RunRequest};
pub use ledger::Ledger;
pub use memory::{PutOff, Side};
pub use person::{Decided, Decision};
pub use port::{Classes, Delivery, Github, Looked, NoWebhooks, NotNow, Settings, Webhooks};
pub use standing::{Standing, is_settled, standing};
pub use start::Prepared;
pub use store::{MemoryStore, SqliteReader, SqliteStore, StoreError};
