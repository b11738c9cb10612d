//! One YAML document, and the places in it.

use std::sync::Arc;

use taskclass_source::text::is_hidden;
use taskclass_source::yaml::{Comment, Place, Problem, ProblemKind};
use taskclass_source::{Finding, Label, Node, Path, SourceFile, Span};
use taskclass_spec::shape::{self, Explainer, ShapeError, ShapeErrorKind};
use taskclass_spec::{Loaded, SchemaKind};

/// One YAML document: its text, its tree, and what was already found wrong with either.
#[derive(Clone)]
pub(crate) struct Document<'a> {
    pub(crate) source: &'a Arc<SourceFile>,
    pub(crate) root: Option<&'a Node>,
    pub(crate) comments: &'a [Comment],
    pub(crate) problems: &'a [Problem],
    shape: Arc<[&'a ShapeError]>,
    /// Which schema it is held to.
    pub(crate) kind: SchemaKind,
    /// The file was not read to its end: what is missing may only not have been reached.
    pub(crate) cut_short: bool,
}

impl<'a> Document<'a> {
    pub(crate) fn of<T>(loaded: &'a Loaded<T>) -> Self {
        let cut_short = shape::cut_short(&loaded.problems);
        Self {
            source: &loaded.source,
            root: loaded.root.as_ref(),
            comments: &loaded.comments,
            problems: &loaded.problems,
            shape: shape::causes(&loaded.shape, cut_short, loaded.root.as_ref())
                .into_iter()
                .filter(|error| !(cut_short && lost_its_value(&loaded.source, &loaded.problems, error)))
                .filter(|error| !hides_something(&loaded.source, error))
                .collect(),
            kind: loaded.kind,
            cut_short,
        }
    }

    /// Where the document departs from its schema, each cause once, see [`shape::causes`].
    pub(crate) fn shape(&self) -> impl Iterator<Item = &'a ShapeError> {
        self.shape.iter().copied()
    }

    /// What is wrong with text and shape that the rule `name` reports, in the words that every command shares.
    pub(crate) fn faults(&self, name: &str) -> Vec<Finding> {
        if self.problems.is_empty() && self.shape.is_empty() {
            return Vec::new();
        }
        let explainer = Explainer::new(self.kind, self.source, self.root);
        let problems = self.problems.iter().filter(|problem| problem.kind.rule() == name);
        let mut findings: Vec<Finding> = problems.map(|problem| explainer.problem(problem)).collect();
        findings.extend(explainer.departures(self.shape().filter(|error| explainer.rule(error) == name)));
        findings
    }

    /// Whether a field that does not exist stands in `section` in the place of `name`.
    pub(crate) fn misspells(&self, section: &Path, name: &str) -> bool {
        self.shape.iter().any(|error| error.misspells(section, name))
    }

    /// The place that `path` names, or the nearest that the document has.
    pub(crate) fn at(&self, path: &str) -> At<'a> {
        let path: Path = path.parse().unwrap_or_default();
        self.at_path(&path)
    }

    /// The same for a path at hand.
    pub(crate) fn at_path(&self, path: &Path) -> At<'a> {
        let nowhere = Place { exact: false, key_span: None, value_span: Span::at(0), head: Span::at(0) };
        At { source: self.source, place: self.root.map_or(nowhere, |root| root.locate(path)) }
    }

    /// The value at `path`, if the document has it.
    pub(crate) fn node(&self, path: &str) -> Option<&'a Node> {
        Some(self.root?.at(path)?.value)
    }
}

/// Whether what makes a field empty is that its value could not be read: nothing stands between the two.
fn lost_its_value(source: &SourceFile, problems: &[Problem], error: &ShapeError) -> bool {
    let behind = |problem: &Problem| {
        let between = Span { start: error.span.end, end: problem.span.start.max(error.span.end) };
        problem.kind == ProblemKind::Syntax
            && problem.span.start >= error.span.end
            && is_no_more_than_a_key(source.slice(between))
    };
    error.span.is_empty() && matches!(error.kind, ShapeErrorKind::WrongType { .. }) && problems.iter().any(behind)
}

fn is_no_more_than_a_key(text: &str) -> bool {
    let text = text.trim_matches([' ', '\t', '\n', '\r', '-']);
    let key = text.strip_suffix(':').unwrap_or(text);
    key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') && (text.is_empty() || key.len() < text.len())
}

/// Whether a value is not accepted because of a character that nobody sees: `hidden-character` tells of that.
fn hides_something(source: &SourceFile, error: &ShapeError) -> bool {
    let hidden = |c: char| is_hidden(c) && !c.is_ascii();
    matches!(error.kind, ShapeErrorKind::InvalidValue { .. }) && source.slice(error.span).contains(hidden)
}

/// A place in a document.
#[derive(Clone, Copy)]
pub(crate) struct At<'a> {
    pub(crate) source: &'a Arc<SourceFile>,
    place: Place,
}

impl At<'_> {
    /// Labels the value.
    pub(crate) fn value(&self, text: impl Into<String>) -> Label {
        Label::new(self.source, self.place.value_span, text)
    }

    /// Labels the key, or the value where there is none.
    pub(crate) fn key(&self, text: impl Into<String>) -> Label {
        Label::new(self.source, self.place.head, text)
    }

    /// The value's span.
    pub(crate) fn span(&self) -> Span {
        self.place.value_span
    }
}

/// `path:line:column` of a span's begin, in columns as editors count them: by characters.
pub(crate) fn position(source: &SourceFile, span: Span) -> String {
    let at = source.position(span.start);
    format!("{}:{}:{}", source.path(), at.line, at.char_column)
}
