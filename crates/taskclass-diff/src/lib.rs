//! What a change of a registry does: what it lets agents do that they could not do before, where, at what cost, in which
//! words, and who has to approve it.
//!
//! [`Side`] is a registry before or after; [`compare`] judges every document in which the two differ, and every class that a
//! changed policy, prompt or partial reaches; [`render`] shows the [`Diff`]. Nothing here reads a clock, a disk or a
//! signature: files, time, the rendered request and the standing of approvals come in through [`Asked`].
//!
//! The judgement is sound rather than clever: [`Effect::Narrows`] is said only of what is proved, and whatever no rule
//! proves widens in the worst case ([`Effect::MayWiden`]).

pub mod approval;
mod asked;
mod bearing;
pub mod change;
mod class;
mod compare;
mod cost;
pub mod document;
mod drawn_in;
pub mod effect;
mod examples;
mod judge;
pub mod kind;
pub mod label;
mod pair;
mod policy;
pub mod prompts;
pub mod reach;
mod read;
pub mod render;
mod required;
mod review;
mod revocations;
mod shared;
mod side;
mod trust;
mod under_policy;
mod unreadable;
mod weight;
mod witness;

pub use approval::{Approval, Approvals, Candidate, Given, Standing};
pub use asked::{Asked, Request};
pub use change::{Cause, Change, Place, Written};
pub use compare::{compare, compare_document};
pub use document::{Diff, Document, Status, Version};
pub use effect::Effect;
pub use kind::Kind;
pub use label::Label;
pub use prompts::{ExampleDiff, LineDiff, Rendered};
pub use reach::{Cost, Moved, Reach, Reached, Spend};
pub use side::Side;
