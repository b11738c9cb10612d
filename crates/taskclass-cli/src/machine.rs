//! The executor on this machine: its configuration, its token, its clock, its way to GitHub or to the simulator.

mod config;
mod secret;
mod simulated;

pub(crate) use config::Settings;
pub(crate) use simulated::{SimTransport, VirtualClock};
