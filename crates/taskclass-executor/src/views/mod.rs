//! Where everything stands, as data: the program prints it. Every view derives from the ledger alone.

mod chain;
mod inbox;
mod outlook;
mod show;
mod status;
mod trace;
mod words;

pub use chain::Link;
pub use inbox::{InboxItem, inbox};
pub use outlook::{Actor, NextAction, next_action};
pub use show::{Line, ShowTask, find, show};
pub use status::{StatusRow, StopAsked, TaskClocks, Totals, recent, status};
pub use trace::{Candidate, Trace, Traced, trace};
pub use words::Teller;
