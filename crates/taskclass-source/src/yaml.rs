//! YAML with the place of every key and value; strict where a reviewer and a machine could read two things.
//!
//! One pass over the text builds the tree ([`Node`]) and collects every problem: duplicate keys, aliases, anchors, tags,
//! merge keys, ambiguous scalars, keys that are no text, and what is no YAML at all, after each of which reading goes on.
//! What is left of YAML is the part that means one thing to every reader.
//!
//! The reader is our own, because no parser at hand gives what a linter of documents that are approved needs. rlsp-yaml-parser
//! is fast, but reads `owners: @acme/team` as null without a word, takes a `- item` among the keys of a mapping for a key, and
//! gives a quoted scalar of several lines a span that swallows the comment behind it; where approvals cover what a file says,
//! text that disappears is disqualifying. granit-parser reads right, but takes three times as long, and as every event parser
//! it ends at the first thing that is no YAML, where a reader of diagnostics wants the rest of the file checked. What we
//! refuse of YAML on purpose (aliases, tags, `?` keys, pairs without braces in a list, several documents) is what makes a
//! YAML parser large; what remains is held by tests to read exactly as libyaml and granit-parser do.

mod bytes;
mod node;
mod place;
mod problem;
mod reader;
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

/// Reads `source`; one pass, bounded time and memory, no panic whatever the text.
pub fn parse(source: &Arc<SourceFile>) -> Parsed {
    let mut parsed = Parsed::default();
    if bytes::check_text(source, &mut parsed.problems) {
        reader::read(source, &mut parsed);
    }
    parsed.problems.sort_by_key(|problem| problem.span);
    parsed
}

#[cfg(test)]
mod tests;
