//! YAML with the place of every key and value; strict where a reviewer and a machine could read two things.
//!
//! The parser's events build the tree ([`Node`]), and every problem is collected on the way: duplicate keys, aliases, anchors,
//! tags, merge keys, ambiguous scalars, keys that are no text. What is no YAML at all is reported, taken out, and the rest read
//! again, so that one broken line hides no other. What is left of YAML is the part that means one thing to every reader.
//!
//! The parser is granit-parser, in its strict mode. rlsp-yaml-parser is faster and was judged first: it drops text without a
//! word (`owners: @acme/team` is null to it), and where approvals cover what a file says that is disqualifying.

mod build;
mod bytes;
mod conflict;
mod cut;
mod diagnose;
mod indent;
mod lines;
mod node;
mod place;
mod problem;
mod recover;
mod report;
mod scalar;
mod scalar_map;
mod syntax;

use std::sync::Arc;

use crate::{SourceFile, Span, Str};

pub use bytes::parse_bytes;
pub use node::{Entry, Key, Map, Node, Style, Value};
pub use place::{Found, Place, ToPath};
pub use problem::{Problem, ProblemKind};
pub use scalar::MAX_INTEGER;
pub use scalar_map::ScalarMap;

/// The most bytes that a YAML file may have.
pub const MAX_FILE_BYTES: usize = 256 * 1024;
/// The most lists and mappings that may lie within each other.
pub const MAX_DEPTH: usize = 32;
/// The most values and keys that a file may have.
pub const MAX_NODES: usize = 20_000;
/// The most problems that are listed of one file.
pub const MAX_PROBLEMS: usize = 200;

/// A file as YAML.
#[derive(Clone, Debug, Default)]
pub struct Parsed {
    /// The document, as far as it could be read; `None` if nothing could, or if there is nothing.
    pub root: Option<Node>,
    /// Whether every line was read as YAML. If not, `root` lacks what could not be read (the mapping or value that it would
    /// have been in is [flagged](Node::flagged)), and nothing should be concluded from what it lacks.
    pub complete: bool,
    /// The comments, in the order written.
    pub comments: Vec<Comment>,
    /// What is wrong, in the order of the file. A file with a problem must not be approved or run.
    pub problems: Vec<Problem>,
}

/// A comment.
#[derive(Clone, Debug)]
pub struct Comment {
    /// From its `#` to the end of the line.
    pub span: Span,
    /// What stands behind the `#`.
    pub text: Str,
}

/// Reads `source`; bounded time and memory, no panic whatever the text.
pub fn parse(source: &Arc<SourceFile>) -> Parsed {
    let mut parsed = Parsed::default();
    if let Some(text) = bytes::check_text(source, &mut parsed.problems) {
        recover::read(source, text, &mut parsed);
    }
    parsed.problems.iter_mut().for_each(|problem| problem.widen(source.text()));
    parsed.problems.sort_by_key(|problem| problem.span);
    parsed
}

#[cfg(test)]
mod tests;
