//! One thing to write, before it is worded for the protocol.

use taskclass_source::Span;

/// What kind of thing it is, for the editor's icon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Field,
    Value,
    Name,
    Function,
    Keyword,
    File,
}

/// One thing to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Item {
    pub(crate) label: String,
    pub(crate) kind: Kind,
    /// What is replaced.
    pub(crate) replace: Span,
    /// By what.
    pub(crate) text: String,
    /// The same with stops, for editors that have them.
    pub(crate) snippet: Option<String>,
    /// One line beside the label.
    pub(crate) detail: String,
    /// Markdown.
    pub(crate) documentation: String,
    /// Earlier ranks come first; within one the order in which they are given.
    pub(crate) rank: u8,
    /// Whether it is on its way out.
    pub(crate) deprecated: bool,
}

impl Item {
    pub(crate) fn new(label: impl Into<String>, kind: Kind, replace: Span) -> Self {
        let label = label.into();
        Self {
            text: label.clone(),
            label,
            kind,
            replace,
            snippet: None,
            detail: String::new(),
            documentation: String::new(),
            rank: 1,
            deprecated: false,
        }
    }

    pub(crate) fn text(self, text: impl Into<String>) -> Self {
        Self { text: text.into(), ..self }
    }

    pub(crate) fn detail(self, detail: impl Into<String>) -> Self {
        Self { detail: detail.into(), ..self }
    }

    pub(crate) fn documentation(self, documentation: impl Into<String>) -> Self {
        Self { documentation: documentation.into(), ..self }
    }

    pub(crate) fn rank(self, rank: u8) -> Self {
        Self { rank, ..self }
    }
}
