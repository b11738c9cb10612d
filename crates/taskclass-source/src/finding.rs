//! What a reader is told, as data: one finding a cause, every place that matters labelled, the way out beside it.
//!
//! Linter, approvals and program share it; who renders it chooses the format.

use std::borrow::Cow;
use std::sync::Arc;

use crate::text::said;
use crate::{SourceFile, Span};

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Worth knowing.
    Note,
    /// Probably not what was meant.
    Warning,
    /// Wrong: the thing cannot be used as it is.
    Error,
}

impl Level {
    /// The word that reports print.
    pub fn name(self) -> &'static str {
        match self {
            Level::Note => "note",
            Level::Warning => "warning",
            Level::Error => "error",
        }
    }
}

/// A place in a file and what is said about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The file.
    pub source: Arc<SourceFile>,
    /// The place in it.
    pub span: Span,
    /// What is said there; empty where the mark alone says it.
    pub text: String,
}

impl Label {
    /// Marks `span` of `source` and says `text` there.
    pub fn new(source: &Arc<SourceFile>, span: Span, text: impl Into<String>) -> Self {
        Self { source: Arc::clone(source), span, text: said(text) }
    }

    /// Marks `span` without a word.
    pub fn mark(source: &Arc<SourceFile>, span: Span) -> Self {
        Self::new(source, span, String::new())
    }
}

/// Whether a fix may be applied unasked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Safety {
    /// The file means afterwards what its writer plainly meant; `--fix` applies it.
    Safe,
    /// It may change what is meant; only `--unsafe-fixes` applies it.
    Unsafe,
}

/// Replaces `span` of one file. An empty span inserts, an empty replacement deletes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// The file.
    pub source: Arc<SourceFile>,
    /// What is replaced.
    pub span: Span,
    /// By what.
    pub replacement: String,
}

impl Edit {
    /// Replaces `span` of `source` by `replacement`.
    pub fn new(source: &Arc<SourceFile>, span: Span, replacement: impl Into<String>) -> Self {
        Self { source: Arc::clone(source), span, replacement: replacement.into() }
    }
}

impl Edit {
    /// Replaces the scalar at `span` by `value`, in the quotes that it has; `None` where it is a block of text, a list or a
    /// mapping.
    pub fn of_scalar(source: &Arc<SourceFile>, span: Span, value: &str) -> Option<Self> {
        let text = match source.slice(span).chars().next()? {
            quote @ ('"' | '\'') => format!("{quote}{value}{quote}"),
            '|' | '>' | '[' | '{' => return None,
            _ => value.to_owned(),
        };
        Some(Self::new(source, span, text))
    }
}

/// Edits that remove the cause of a finding. They do not overlap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What they do, as an imperative: "write `inputs.package`".
    pub title: String,
    /// Whether they may be applied unasked.
    pub safety: Safety,
    /// The edits.
    pub edits: Vec<Edit>,
}

impl Fix {
    /// A fix that keeps or restores what was plainly meant.
    pub fn safe(title: impl Into<String>, edits: Vec<Edit>) -> Self {
        Self { title: said(title), safety: Safety::Safe, edits }
    }

    /// Ends every line of a file with a line feed alone, also one that a carriage return by itself ended; `None` where all do.
    pub fn line_feeds(source: &Arc<SourceFile>) -> Option<Self> {
        let text = source.text();
        let edits: Vec<Edit> = text
            .match_indices('\r')
            .map(|(at, _)| {
                let lone = text.as_bytes().get(at + 1) != Some(&b'\n');
                Edit::new(source, Span::new(at, at + 1), if lone { "\n" } else { "" })
            })
            .collect();
        (!edits.is_empty()).then(|| Self::safe("end every line with a line feed alone", edits))
    }

    /// A fix that may change what is meant.
    pub fn unsafe_(title: impl Into<String>, edits: Vec<Edit>) -> Self {
        Self { title: said(title), safety: Safety::Unsafe, edits }
    }
}

/// One thing that a reader is told.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct Finding {
    /// The rule's name in kebab-case.
    pub rule: Cow<'static, str>,
    /// How much it weighs.
    pub level: Level,
    /// What is wrong, in the reader's words; one line.
    pub message: String,
    /// The place that has to change.
    pub primary: Label,
    /// The other places involved.
    pub secondary: Vec<Label>,
    /// What to write instead, most useful first.
    pub help: Vec<String>,
    /// Why, or what else is possible.
    pub notes: Vec<String>,
    /// A machine's way out.
    pub fix: Option<Fix>,
}

impl Finding {
    /// A finding of `rule` at `primary`.
    pub fn new(rule: impl Into<Cow<'static, str>>, level: Level, message: impl Into<String>, primary: Label) -> Self {
        Self {
            rule: rule.into(),
            level,
            message: said(message),
            primary,
            secondary: Vec::new(),
            help: Vec::new(),
            notes: Vec::new(),
            fix: None,
        }
    }

    /// A finding at level error.
    pub fn error(rule: impl Into<Cow<'static, str>>, message: impl Into<String>, primary: Label) -> Self {
        Self::new(rule, Level::Error, message, primary)
    }

    /// A finding at level warning.
    pub fn warning(rule: impl Into<Cow<'static, str>>, message: impl Into<String>, primary: Label) -> Self {
        Self::new(rule, Level::Warning, message, primary)
    }

    /// A finding at level note.
    pub fn note(rule: impl Into<Cow<'static, str>>, message: impl Into<String>, primary: Label) -> Self {
        Self::new(rule, Level::Note, message, primary)
    }

    /// Adds another place that matters.
    pub fn with_label(mut self, label: Label) -> Self {
        self.secondary.push(label);
        self
    }

    /// Adds what to write instead.
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help.push(said(help));
        self
    }

    /// Adds why, or what else is possible.
    pub fn with_note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(said(note));
        self
    }

    /// Sets the machine's way out.
    pub fn with_fix(mut self, fix: Fix) -> Self {
        self.fix = Some(fix);
        self
    }

    /// What findings are sorted by: file, place, rule, then message, so that a run says the same in the same order.
    pub fn sort_key(&self) -> (&str, Span, &str, &str) {
        (self.primary.source.path(), self.primary.span, &self.rule, &self.message)
    }
}

/// Sorts findings into the order of every report: by file, place, rule, message.
pub fn sort(findings: &mut [Finding]) {
    findings.sort_by(|a, b| a.sort_key().cmp(&b.sort_key()));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn findings_are_ordered_by_file_place_and_rule_whatever_the_order_found() {
        let a = SourceFile::new("a.yaml", "0123456789");
        let b = SourceFile::new("b.yaml", "0123456789");
        let at = |file: &Arc<SourceFile>, start, rule: &'static str| {
            Finding::error(rule, "m", Label::mark(file, Span::new(start, start + 1)))
        };
        let mut findings = vec![at(&b, 0, "a"), at(&a, 5, "b"), at(&a, 5, "a"), at(&a, 1, "z")];
        sort(&mut findings);
        let order: Vec<_> =
            findings.iter().map(|f| (f.primary.source.path(), f.primary.span.start, &*f.rule)).collect();
        assert_eq!(order, [("a.yaml", 1, "z"), ("a.yaml", 5, "a"), ("a.yaml", 5, "b"), ("b.yaml", 0, "a")]);
        assert!(Level::Error > Level::Warning && Level::Warning > Level::Note);
    }

    #[test]
    fn every_line_ends_with_a_line_feed_and_none_is_joined_to_the_next() {
        let source = SourceFile::new("a.md", "a\r\nb\rc\n\r\r\nd\r");
        let fix = Fix::line_feeds(&source).unwrap();
        let mut text = source.text().to_owned();
        for edit in fix.edits.iter().rev() {
            text.replace_range(edit.span.range(), &edit.replacement);
        }
        assert_eq!(text, "a\nb\nc\n\n\nd\n");
        assert_eq!(Fix::line_feeds(&SourceFile::new("a.md", "a\nb")), None);
    }
}
