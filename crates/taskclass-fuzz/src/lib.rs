//! What must hold whatever the bytes: the bodies of the fuzz targets.
//!
//! A [`Target`] is a function of bytes that panics where an invariant breaks. cargo-fuzz drives it from `fuzz/fuzz_targets/`;
//! the smoke run drives it over the corpus in `fuzz/corpus/`, over every input that ever broke it (`fuzz/regressions/`), and
//! over changes of these that [`mutate`] makes from a seed.
//!
//! A target asserts more than that nothing panics: what is reported lies in the text, what is printed hides nothing, a fix
//! loses nothing, what is accepted has one form, and what the linter passes can be run.

mod hold;
mod registry_text;
mod surroundings;
mod targets;

pub mod corpus;
pub mod mutate;
pub mod smoke;

pub use targets::{TARGETS, Target, target};
