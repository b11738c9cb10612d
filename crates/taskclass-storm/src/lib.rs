//! Deterministic simulation of the executor against the simulator.
//!
//! A [`world`] is everything that outlives a process: GitHub ([`site`]), the journal ([`tape`]), time, what people want ([`cast`]). A
//! [`weather`] made from a seed stands in the seams ([`wire`], [`disk`], [`sky`]) and decides at each request, answer, write and sleep what
//! goes wrong. A [`life`] is one process of the executor; a [`storm`] is all the lives of one seed, and the [`invariants`] that must hold
//! afterwards. [`plants`] are bugs, put in at the same seams, that the invariants must find; [`hunt`] runs many seeds.
//!
//! [`rig`] is the calm bench that the executor's own tests build on; [`registry`] signs the classes that all of them run. The crate is for
//! tests and chores only; nothing that ships depends on it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "what stands here is used by tests only, and says bluntly what it expects"
)]

pub mod cast;
pub mod dice;
pub mod disk;
pub mod hunt;
pub mod invariants;
pub mod life;
pub mod person;
pub mod plant;
pub mod plants;
pub mod registry;
pub mod rig;
pub mod site;
pub mod sky;
pub mod storm;
pub mod story;
pub mod tape;
pub mod weather;
pub mod wire;
pub mod world;
