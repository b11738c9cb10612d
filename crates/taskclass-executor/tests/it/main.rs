//! The executor against the simulator, and its parts through their public face.

#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test's helpers say bluntly what they expect"
)]

mod auditor;
mod break_glass;
mod chain;
mod clocks;
mod damage;
mod decisions;
mod drift;
mod escalation;
mod fields;
mod gate;
mod kept;
mod limits;
mod results;
mod states;
mod stopping;
mod store;
mod storm;
mod stretches;
mod submission;
mod telemetry;
mod turned_back;
mod webhooks;

use taskclass_storm::{registry, rig};
