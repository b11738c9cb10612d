//! The executor against the simulator, and its parts through their public face.

#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test's helpers say bluntly what they expect"
)]

mod acting;
mod afterwards;
mod auditor;
mod between;
mod break_glass;
mod chain;
mod clocks;
mod damage;
mod decisions;
mod drift;
mod escalation;
mod evidence;
mod fields;
mod gate;
mod kept;
mod limits;
mod measures;
mod merges;
mod results;
mod snapshot;
mod states;
mod stopping;
mod store;
mod stretches;
mod submission;
mod telemetry;
mod turned_back;
mod watching;
mod webhooks;

use taskclass_storm::{registry, rig};
