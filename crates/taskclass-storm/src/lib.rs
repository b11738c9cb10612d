//! Deterministic simulation of the executor against the simulator. [`rig`] is the calm bench that tests build on: an executor, a
//! simulator and a clock in one thread; [`registry`] signs the classes that they run. It is for tests and chores only; nothing that
//! ships depends on it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "what stands here is used by tests only, and says bluntly what it expects"
)]

pub mod registry;
pub mod rig;
