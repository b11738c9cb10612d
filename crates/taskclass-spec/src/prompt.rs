//! The prompt: from template text to the words that the agent reads.
//!
//! ```text
//! PromptSource ── inspect ──▶ Inspected { facts, problems, template }     (lint: everything at once)
//!              └─ Template::compile ──▶ Template                          (run: all or nothing)
//! Template::render(inputs, run)      ──▶ the body, as lint's dry run shows it
//! Template::prompt(inputs, run, key) ──▶ the body and its trailer, as it is submitted
//! ```
//!
//! Templates are MiniJinja's, cut down to what a reviewer can judge by reading. Two names exist, `inputs.*` and `run.*`
//! ([`RUN_FIELDS`]), and a loop's own; statements are `if`, `for` over a `list` input, and `include` of a partial by a
//! literal name; expressions are comparisons, `in`, `and`, `or`, `not`, `… if … else …` and the filters of [`FILTERS`].
//! There is no assignment, macro, call, test, subscript, arithmetic or string repetition. Every expression has a type,
//! worked out from the declared inputs before anything is rendered, also in branches that no example takes: what compiles
//! cannot fail for an undefined name, a wrong type, an unknown filter or a missing file, but only at a bound
//! ([`MAX_OUTPUT_CHARS`], [`FUEL`]) or because an input imitates the trailer.
//!
//! Partials lie under `task-classes/prompts/partials/` and are read through the registry's
//! [`Files`](taskclass_source::Files), each once; [`Template::files`] lists what was drawn in, for the digest.
//!
//! Values are data. What an input holds is never read as template syntax, `true` and `false` are written so, and
//! `{{ inputs.reason | fence }}` puts free text on lines of its own, in a fence longer than any in it, under a heading that
//! calls it data. Every [`Place`] is in the file as it is written, be that YAML or a prompt file; where YAML's folding or
//! escapes keep an offset from being followed, it is the whole scalar and says so.

mod check;
mod comments;
mod engine;
mod expression;
mod extent;
mod facts;
mod filters;
mod inspect;
mod partials;
mod place;
mod problem;
mod recover;
mod render;
mod scan;
mod template;
mod trailer;
mod types;
mod walk;
mod words;
mod writer;

pub use comments::comments;
pub use facts::{Facts, FilterUse, IncludeUse, InputUse, Role, RunUse, TextPiece};
pub use filters::{FILTERS, FilterDoc};
pub use inspect::{Inspected, inspect, inspect_sharing};
pub use partials::Partials;
pub use place::{FileFault, Place, PromptSource};
pub use problem::{ProblemKind, PromptProblem, Related};
pub use render::{RenderError, RenderFault, RunContext};
pub use template::Template;
pub use trailer::{KEY_NAME, trailer};
pub use types::{LOOP_FIELDS, RUN_FIELDS};

/// The most characters of one template, or of one partial.
pub const MAX_TEMPLATE_CHARS: usize = 60_000;
/// The most characters of a rendered prompt, the trailer not counted.
pub const MAX_OUTPUT_CHARS: usize = 100_000;
/// The most steps of the template engine that one rendering may take.
pub const FUEL: u64 = 100_000;
/// The most partials that may lie within each other.
pub const MAX_INCLUDE_DEPTH: usize = 8;
/// The most partials that one prompt may draw in.
pub const MAX_PARTIALS: usize = 50;

#[cfg(test)]
mod tests;
