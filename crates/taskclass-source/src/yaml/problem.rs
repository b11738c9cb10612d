//! What is wrong with a file as YAML, as data.

use std::sync::Arc;

use crate::finding::{Finding, Fix, Label};
use crate::path::Path;
use crate::text::said;
use crate::{SourceFile, Span};

/// What is wrong, for who branches on it.
#[derive(Clone, Debug, PartialEq)]
pub enum ProblemKind {
    /// A byte that is no UTF-8.
    NotUtf8 {
        /// Its offset in the file.
        offset: usize,
    },
    /// A byte-order mark at the start.
    ByteOrderMark,
    /// Carriage returns: Windows line endings, or old ones.
    LineEndings {
        /// How many.
        count: usize,
    },
    /// The file ends within a block of text without a line feed.
    NoFinalLineFeed,
    /// A character that must not stand in a file as it is, such as NUL or U+2028.
    ControlCharacter(char),
    /// More bytes than [`super::MAX_FILE_BYTES`].
    FileTooLarge {
        /// How many.
        bytes: usize,
    },
    /// Deeper than [`super::MAX_DEPTH`].
    TooDeep,
    /// More values than [`super::MAX_NODES`].
    TooManyNodes,
    /// More problems than [`super::MAX_PROBLEMS`]; the rest is not listed.
    TooManyProblems,
    /// Not YAML. What it is about stands in the tree as a flagged null or not at all; the rest is read.
    Syntax,
    /// A `%` directive.
    Directive,
    /// A second document in the file; nothing behind it was read.
    MultipleDocuments,
    /// A key set twice in one mapping; the first stays.
    DuplicateKey {
        /// The key.
        key: String,
        /// Where it is set first.
        first: Span,
        /// The mapping's path.
        path: Path,
    },
    /// `*name`; null stands in its place.
    Alias {
        /// The name.
        name: String,
    },
    /// `&name` that no alias uses.
    Anchor {
        /// The name.
        name: String,
    },
    /// `!tag`; the value is read as if it were not there.
    Tag {
        /// As written, with the `!`.
        tag: String,
    },
    /// `<<`; the entry is left out.
    MergeKey,
    /// A key that is no text; the entry is left out.
    NonStringKey,
    /// A plain scalar that YAML 1.1 and 1.2, or a person and YAML, read as different things.
    AmbiguousScalar,
    /// A number that is not whole.
    FloatValue,
    /// A whole number beyond 2^53 − 1, which JSON readers round.
    IntegerTooLarge,
}

impl ProblemKind {
    /// The name of the lint rule that reports it.
    pub fn rule(&self) -> &'static str {
        match self {
            Self::NotUtf8 { .. } | Self::ByteOrderMark => "not-utf8",
            Self::LineEndings { .. } | Self::NoFinalLineFeed => "line-endings",
            Self::FileTooLarge { .. } | Self::TooDeep | Self::TooManyNodes => "file-too-large",
            Self::ControlCharacter(_) | Self::Syntax | Self::Directive | Self::NonStringKey | Self::TooManyProblems => {
                "yaml-syntax"
            }
            Self::MultipleDocuments => "multiple-documents",
            Self::DuplicateKey { .. } => "duplicate-key",
            Self::Alias { .. } | Self::Anchor { .. } | Self::MergeKey => "yaml-alias",
            Self::Tag { .. } => "yaml-tag",
            Self::AmbiguousScalar => "ambiguous-scalar",
            Self::FloatValue => "float-value",
            Self::IntegerTooLarge => "out-of-range",
        }
    }
}

/// One thing that is wrong with a file as YAML. Each is an error: a file with a problem has no digest.
#[derive(Clone, Debug, PartialEq)]
pub struct Problem {
    /// What, for who branches on it.
    pub kind: ProblemKind,
    /// The place that has to change.
    pub span: Span,
    /// What is wrong, in the reader's words; one line.
    pub message: String,
    /// What is said at the place; empty where the mark says it.
    pub label: String,
    /// The other places involved.
    pub related: Vec<(Span, String)>,
    /// What to write instead.
    pub help: Option<String>,
    /// Why.
    pub note: Option<String>,
    /// A machine's way out.
    pub fix: Option<Fix>,
    /// The values that may be meant, each as JSON spells it: who knows the field knows which of them it takes.
    pub spellings: Vec<String>,
}

impl Problem {
    pub(super) fn new(kind: ProblemKind, span: Span, message: impl Into<String>) -> Self {
        Self {
            kind,
            span,
            message: message.into(),
            label: String::new(),
            related: Vec::new(),
            help: None,
            note: None,
            fix: None,
            spellings: Vec::new(),
        }
    }

    /// Widens its places to whole characters of `text`: in the text that is read a character that no parser takes is several.
    pub(super) fn widen(&mut self, text: &str) {
        for span in std::iter::once(&mut self.span).chain(self.related.iter_mut().map(|(span, _)| span)) {
            while !text.is_char_boundary(span.start as usize) {
                span.start -= 1;
            }
            while (span.end as usize) < text.len() && !text.is_char_boundary(span.end as usize) {
                span.end += 1;
            }
        }
    }

    pub(super) fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    pub(super) fn related(mut self, span: Span, text: impl Into<String>) -> Self {
        self.related.push((span, text.into()));
        self
    }

    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    pub(super) fn note(mut self, note: impl Into<String>) -> Self {
        self.note = Some(note.into());
        self
    }

    pub(super) fn fix(mut self, fix: Option<Fix>) -> Self {
        self.fix = fix;
        self
    }

    pub(super) fn spellings(mut self, spellings: impl IntoIterator<Item = String>) -> Self {
        self.spellings = spellings.into_iter().collect();
        self
    }

    /// The finding that tells of it, at level error, under the rule that [`ProblemKind::rule`] names.
    pub fn to_finding(&self, source: &Arc<SourceFile>) -> Finding {
        let mut finding =
            Finding::error(self.kind.rule(), self.message.clone(), Label::new(source, self.span, self.label.clone()));
        finding.secondary = self.related.iter().map(|(span, text)| Label::new(source, *span, text.clone())).collect();
        finding.help = self.help.iter().map(said).collect();
        finding.notes = self.note.iter().map(said).collect();
        finding.fix = self.fix.clone();
        finding
    }
}
