//! The reader: text → tree, in one pass, going on after whatever it can go on after.
//!
//! It reads the part of YAML 1.2 that means one thing to every reader, and says of the rest what it is and where. Each
//! method reads one construct and leaves the cursor behind it. A construct that cannot be read is reported once, stands in
//! the tree as a flagged null, and reading goes on with the next line that is not indented deeper: a missing quote does not
//! hide what is wrong further down.

mod block;
mod cursor;
mod entries;
mod flow;
mod literal;
mod node;
mod properties;
mod quoted;

use std::sync::Arc;

use super::node::{Node, Style, Value};
use super::problem::Problem;
use super::{MAX_DEPTH, MAX_NODES, Parsed, report, syntax};
use crate::path::Path;
use crate::{SourceFile, Span, Str};

/// The way to the value being read, on the stack: naming it costs only when there is something to say.
#[derive(Clone, Copy)]
enum Trail<'t> {
    Root,
    Key(&'t Trail<'t>, &'t Str),
    Index(&'t Trail<'t>, usize),
}

impl Trail<'_> {
    fn path(&self) -> Path {
        match self {
            Trail::Root => Path::root(),
            Trail::Key(parent, key) => parent.path().key(&***key),
            Trail::Index(parent, index) => parent.path().index(*index),
        }
    }
}

/// What was being read cannot be read on, and that is reported.
struct Broken;

struct Reader<'a> {
    source: &'a Arc<SourceFile>,
    parsed: &'a mut Parsed,
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    /// Where the line of the cursor begins.
    line: usize,
    depth: usize,
    nodes: usize,
    /// Nothing more is to be read: a bound is reached.
    stopped: bool,
    /// How often something could not be read.
    faults: usize,
    /// A tab in the indentation is reported.
    tabs: bool,
    /// A `?` was reported last whose `:` is still to come.
    explicit_key: bool,
    anchors: Vec<properties::Anchor<'a>>,
}

/// Reads the whole of `source` into `parsed`.
pub(super) fn read(source: &Arc<SourceFile>, parsed: &mut Parsed) {
    let text = source.text();
    let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let mut reader = Reader {
        source,
        parsed,
        text,
        bytes: text.as_bytes(),
        at: start,
        line: start,
        depth: 0,
        nodes: 0,
        stopped: false,
        faults: 0,
        tabs: false,
        explicit_key: false,
        anchors: Vec::new(),
    };
    reader.document();
    reader.unused_anchors();
    reader.parsed.complete = reader.faults == 0 && !reader.stopped;
}

impl Reader<'_> {
    fn document(&mut self) {
        let first = self.document_start();
        if self.next_content().is_some() {
            let root = self.node(-1, Trail::Root);
            self.parsed.root = Some(root);
            if self.next_content().is_some() && !self.stopped {
                self.syntax(syntax::behind_the_document(self.rest_of_line()));
                return;
            }
        }
        self.document_end(first);
    }

    /// Passes over directives, which are reported, and the `---` of the first document.
    fn document_start(&mut self) -> Span {
        loop {
            self.next_content();
            if self.byte(0) == b'%' && self.column() == 0 {
                let span = self.rest_of_line();
                self.report(syntax::directive(span));
                self.at = span.end as usize;
                continue;
            }
            let here = Span::new(self.at, self.at + self.text[self.at..].chars().next().map_or(0, char::len_utf8));
            if !self.at_marker(b"---") {
                return here;
            }
            let marker = Span::new(self.at, self.at + 3);
            self.at += 3;
            if !self.line_is_over() {
                self.syntax(syntax::behind_marker(self.rest_of_line()));
                self.at = self.line_end(self.at);
            }
            self.line_break();
            return marker;
        }
    }

    /// Passes over the `...` of the document; what comes behind it is refused.
    fn document_end(&mut self, first: Span) {
        while self.at_marker(b"...") {
            self.at += 3;
            self.end_of_line();
            self.next_content();
        }
        if self.byte(0) != 0 && !self.stopped {
            let marker = self.at_marker(b"---");
            let span = if marker { Span::new(self.at, self.at + 3) } else { self.rest_of_line() };
            self.report(report::second_document(span, first));
            self.stopped = true;
        }
    }

    fn report(&mut self, problem: Problem) {
        report::add(&mut self.parsed.problems, problem);
    }

    /// Reports that something is no YAML.
    fn syntax(&mut self, problem: Problem) {
        self.faults += 1;
        self.report(problem);
    }

    /// Reports, and reads nothing more.
    fn stop(&mut self, problem: Problem) {
        self.report(problem);
        self.stopped = true;
        self.at = self.bytes.len();
        self.line = self.at;
    }

    /// Counts a value or key that begins at the cursor.
    fn count(&mut self) {
        self.nodes += 1;
        if self.nodes == MAX_NODES + 1 {
            self.stop(syntax::too_many(self.at));
        }
    }

    /// Goes into a list or mapping that begins at the cursor; not if it is too deep.
    fn enter(&mut self) -> Result<(), Broken> {
        if self.depth == MAX_DEPTH {
            self.stop(syntax::too_deep(self.at));
            return Err(Broken);
        }
        self.depth += 1;
        Ok(())
    }

    /// What stands in the tree for what could not be read.
    fn nothing(&self, span: Span) -> Node {
        Node { span, value: Value::Null, style: Style::Plain, flagged: true }
    }

    /// The value of a scalar without quotes, in which whatever is wrong with it is reported.
    fn plain_value(&mut self, text: Str, span: Span) -> Node {
        let (value, problem) = report::value(self.source, text, span);
        let flagged = problem.is_some();
        if let Some(problem) = problem {
            self.report(problem);
        }
        Node { span, value, style: Style::Plain, flagged }
    }
}
