//! The executor against the simulator, and its parts through their public face.

#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test's helpers say bluntly what they expect"
)]

mod break_glass;
mod chain;
mod clocks;
mod damage;
mod decisions;
mod gate;
mod kept;
mod limits;
mod results;
mod states;
mod store;
mod storm;
mod submission;
mod telemetry;

use taskclass_storm::{registry, rig};
