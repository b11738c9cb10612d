//! One YAML document, and the places in it.

use std::sync::Arc;

use taskclass_source::yaml::{Comment, Place, Problem, ProblemKind};
use taskclass_source::{Label, Node, Path, SourceFile, Span};
use taskclass_spec::Loaded;
use taskclass_spec::shape::{ShapeError, ShapeErrorKind};

/// One YAML document: its text, its tree, and what was already found wrong with either.
#[derive(Clone, Copy)]
pub(crate) struct Document<'a> {
    pub(crate) source: &'a Arc<SourceFile>,
    pub(crate) root: Option<&'a Node>,
    pub(crate) comments: &'a [Comment],
    pub(crate) problems: &'a [Problem],
    shape: &'a [ShapeError],
    /// The file was not read to its end: what is missing may only not have been reached.
    pub(crate) cut_short: bool,
}

impl<'a> Document<'a> {
    pub(crate) fn of<T>(loaded: &'a Loaded<T>) -> Self {
        let cut_short = loaded.problems.iter().any(|problem| {
            matches!(
                problem.kind,
                ProblemKind::Syntax
                    | ProblemKind::ControlCharacter(_)
                    | ProblemKind::TooDeep
                    | ProblemKind::TooManyNodes
                    | ProblemKind::FileTooLarge { .. }
                    | ProblemKind::NotUtf8 { .. }
            )
        });
        Self {
            source: &loaded.source,
            root: loaded.root.as_ref(),
            comments: &loaded.comments,
            problems: &loaded.problems,
            shape: &loaded.shape,
            cut_short,
        }
    }

    /// Where the document departs from its schema, without what follows from another cause: in a file that was not read to
    /// its end nothing is missing and no field has its last word.
    pub(crate) fn shape(&self) -> impl Iterator<Item = &'a ShapeError> {
        let last =
            self.cut_short.then(|| self.root.and_then(Node::as_map)?.iter().last().map(|entry| entry.value.span));
        self.shape.iter().filter(move |error| match last {
            None => true,
            Some(last) => {
                !matches!(error.kind, ShapeErrorKind::MissingField { .. } | ShapeErrorKind::UnsupportedSchema { .. })
                    && last.is_some_and(|last| !last.contains(error.span))
            }
        })
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

    /// `path:line:column` of the key, for a sentence.
    pub(crate) fn key_position(&self) -> String {
        position(self.source, self.place.head)
    }
}

/// `path:line:column` of a span's begin, in columns as a person sees them.
pub(crate) fn position(source: &SourceFile, span: Span) -> String {
    let at = source.position(span.start);
    format!("{}:{}:{}", source.path(), at.line, at.display_column)
}
