//! The executor on this machine: its configuration, its token, its clock, its way to GitHub or to the simulator.

mod classes;
mod config;
mod outward;
mod secret;
mod session;
mod simulated;
mod telemetry;
mod webhooks;

pub(crate) use classes::{Answer, Place, RegistryClasses, refused};
pub(crate) use config::{Settings, read_config};
pub(crate) use session::{Link, Reader, Record, Session, failure, open_book, store_failure};
pub(crate) use simulated::SIM_TOKEN;
pub(crate) use telemetry::{Readiness, Telemetry};
pub(crate) use webhooks::Receivers;
