//! Inputs: the typed, bounded values that a caller gives for one run.
//!
//! | step | function | result |
//! |---|---|---|
//! | is the declaration itself sound? | [`check_declarations`] | every [`DeclarationProblem`] |
//! | `-i name=value` from a command line | [`parse_pairs`] | values by their declared types, or every [`PairError`] |
//! | do the given values fit? | [`Inputs::check`] | [`Inputs`], defaults filled in, or every [`InputError`] |
//!
//! [`Inputs`] can be had in no other way, so whoever holds one holds values that fit their declaration. It is ordered by
//! name and serializes to a JSON object: the form that is hashed into a task's key and written into the journal.
//!
//! A pattern is a regular expression in RE2's syntax, matched in linear time, and must match the whole value. Lengths
//! count characters (Unicode scalar values). Texts hold no control character but line feed and tab, and nothing that
//! turns the direction of writing or hides itself: what a reviewer sees of an input is what the agent reads. Without
//! bounds of its own a text ends at [`MAX_TEXT_CHARS`], a list at [`MAX_ITEMS`].

mod check;
mod declaration;
mod error;
mod kind;
mod pairs;
mod pattern;

pub use check::Inputs;
pub(crate) use check::is_noncharacter;
pub use declaration::{DeclarationFault, DeclarationProblem, check_declarations};
pub use error::{InputError, InputFault};
pub(crate) use kind::Kind;
pub use pairs::{PairError, parse_pairs};

/// The most characters of a text whose declaration has no `max_length`; none may declare more.
pub const MAX_TEXT_CHARS: u32 = 20_000;
/// The most values of a list whose declaration has no `max_items`; none may declare more.
pub const MAX_ITEMS: u32 = 1000;

#[cfg(test)]
mod tests;
