//! The formats of a [`Diff`](crate::Diff). Each is a function from what differs to text; what a change means does not depend on the
//! format. Every text from a registry is made visible before it is printed.

mod approval;
mod content;
mod emphasis;
mod examples;
mod human;
mod hunks;
mod json;
mod markdown;
mod neutral;
mod next;
mod source;
mod values;
mod words;

pub use human::{Human, human, review};
pub use json::{json, schema};
pub use markdown::markdown;
