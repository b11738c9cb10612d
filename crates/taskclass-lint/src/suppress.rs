//! Suppressions: `# taskclass: allow(rule-name): the reason` on the line above, in a template `{# taskclass: allow(…): … #}`.
//!
//! A comment covers the next line that is neither empty nor a comment. If a text of several lines (a template) begins
//! there, it covers the whole text.

use std::ops::Range;
use std::sync::Arc;

use taskclass_source::yaml::{Style, Value};
use taskclass_source::{Finding, Label, Node, SourceFile, Span};
use taskclass_spec::prompt::{PromptSource, comments};

use crate::context::Document;

const WORD: &str = "taskclass:";
/// The most suppressions of one file that are heeded; what lies beyond suppresses nothing.
const MAX_IN_FILE: usize = 200;

/// Why a comment does not suppress anything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Flaw {
    /// It is not of the form `allow(rule): reason`.
    Malformed,
    /// It gives no reason.
    NoReason,
    /// There is no such rule.
    UnknownRule,
    /// It stands behind something, not on a line of its own.
    NotAlone,
}

/// One comment to the linter.
#[derive(Clone, Debug)]
pub(crate) struct Suppression {
    source: Arc<SourceFile>,
    /// The whole comment.
    span: Span,
    /// The rule's name as written, and its place.
    pub(crate) rule: String,
    rule_span: Span,
    /// What keeps it from working, if anything.
    pub(crate) flaw: Option<Flaw>,
    /// The bytes that it covers.
    covers: Span,
    /// Whether a finding was suppressed by it, or would have been if the rule could be, or might have been if the rule had all
    /// before it that it goes by.
    pub(crate) used: bool,
    /// A finding that it cannot suppress: the first by its place, whoever came upon it first.
    pub(crate) refused: Option<Label>,
}

impl Suppression {
    /// Its file and place: what suppressions are sorted by, and the same for the same comment.
    pub(crate) fn place(&self) -> (&str, Span) {
        (self.source.path(), self.span)
    }

    /// Labels the comment.
    pub(crate) fn comment(&self, text: impl Into<String>) -> Label {
        Label::new(&self.source, self.span, text)
    }

    /// Labels the rule's name.
    pub(crate) fn name(&self, text: impl Into<String>) -> Label {
        Label::new(&self.source, self.rule_span, text)
    }

    /// The whole lines of the comment, to delete it.
    pub(crate) fn lines(&self) -> (Arc<SourceFile>, Span) {
        let text = self.source.text();
        let start = text.get(..self.span.start as usize).and_then(|t| t.rfind('\n')).map_or(0, |at| at + 1);
        let end =
            text.get(self.span.end as usize..).and_then(|t| t.find('\n')).map(|at| self.span.end as usize + at + 1);
        (Arc::clone(&self.source), Span::new(start, end.unwrap_or(text.len())))
    }

    /// Takes over what became of the same comment elsewhere.
    pub(crate) fn absorb(&mut self, other: Self) {
        self.used |= other.used;
        other.refused.into_iter().for_each(|label| self.refuse(label));
    }

    fn refuse(&mut self, label: Label) {
        let order = |label: &Label| (label.source.path().to_owned(), label.span, label.text.to_string());
        if self.refused.as_ref().is_none_or(|known| order(&label) < order(known)) {
            self.refused = Some(label);
        }
    }

    fn matches(&self, finding: &Finding) -> bool {
        self.flaw.is_none()
            && self.rule == finding.rule
            && self.source.path() == finding.primary.source.path()
            && self.covers.start <= finding.primary.span.start
            && finding.primary.span.start <= self.covers.end
    }
}

/// Takes the findings out that a suppression covers; gives how many. Those of rules that are not `free` stay.
pub(crate) fn apply(
    findings: &mut Vec<Finding>,
    suppressions: &mut [Suppression],
    free: impl Fn(&str) -> bool,
) -> usize {
    if suppressions.is_empty() {
        return 0;
    }
    let before = findings.len();
    findings.retain(|finding| {
        let free = free(&finding.rule);
        let mut keep = true;
        for suppression in suppressions.iter_mut().filter(|suppression| suppression.matches(finding)) {
            suppression.used = true;
            if free {
                keep = false;
            } else {
                suppression.refuse(finding.primary.clone());
            }
        }
        keep
    });
    before - findings.len()
}

/// The suppressions among a document's comments; `known` tells which rules there are.
pub(crate) fn of_document(document: &Document<'_>, known: fn(&str) -> bool, out: &mut Vec<Suppression>) {
    let speaking = document.comments.iter().filter(|comment| comment.text.trim_start().starts_with(WORD));
    for comment in speaking.take(MAX_IN_FILE) {
        let trimmed = comment.text.trim_start();
        if let Some(rest) = trimmed.strip_prefix(WORD) {
            let at = comment.span.start as usize + 1 + (comment.text.len() - trimmed.len()) + WORD.len();
            let mut found =
                read(document.source, comment.span, rest, known, |range| Span::new(at + range.start, at + range.end));
            found.covers = covered(document.source, comment.span.end, |line| line.starts_with('#'));
            if let Some(block) = document.root.and_then(|root| text_from(root, found.covers)) {
                found.covers = found.covers.to(block);
            }
            out.push(found);
        }
    }
}

/// The suppressions among the comments of the template `text`. What the engine does not take for a comment reaches the model,
/// and is none.
pub(crate) fn of_template(text: &PromptSource, known: fn(&str) -> bool, out: &mut Vec<Suppression>) {
    let speaking = comments(text.text()).into_iter().filter_map(|range| {
        let inner = text.text().get(range.start + 2..range.end - 2)?;
        let trimmed = inner.trim_start_matches(['-', '+']).trim_start();
        let rest = trimmed.strip_prefix(WORD)?;
        let at = range.start + 2 + (inner.len() - rest.len());
        Some((range, rest.trim_end_matches(['-', '+']), at))
    });
    for (range, rest, at) in speaking.take(MAX_IN_FILE) {
        let place = text.place(range);
        // Where it cannot be said where it stands, it cannot be said either what stands below.
        if place.exact {
            let mut found =
                read(text.source(), place.span, rest, known, |range| text.place(at + range.start..at + range.end).span);
            found.covers =
                covered(text.source(), place.span.end, |line| line.starts_with("{#") && line.ends_with("#}"));
            out.push(found);
        }
    }
}

/// Reads the `text` behind the word; `place` tells where a part of it stands.
fn read(
    source: &Arc<SourceFile>,
    span: Span,
    text: &str,
    known: fn(&str) -> bool,
    place: impl Fn(Range<usize>) -> Span,
) -> Suppression {
    let before = source.text().get(..span.start as usize).unwrap_or_default();
    let alone = before.rsplit('\n').next().unwrap_or_default().trim().is_empty();
    let inner = text.trim_start();
    let parsed = inner.strip_prefix("allow(").and_then(|rest| {
        let (name, reason) = rest.split_once(')')?;
        let start = text.len() - inner.len() + "allow(".len();
        Some((name, place(start..start + name.len()), reason))
    });
    let (rule, rule_span, flaw) = match parsed {
        None => ("", span, Some(Flaw::Malformed)),
        Some((name, place, reason)) => {
            let name = name.trim();
            let reason = reason.trim_start().strip_prefix(':').map(str::trim);
            let flaw = match reason {
                _ if name.is_empty() || name.contains(',') => Some(Flaw::Malformed),
                _ if !known(name) => Some(Flaw::UnknownRule),
                None | Some("") => Some(Flaw::NoReason),
                _ if !alone => Some(Flaw::NotAlone),
                _ => None,
            };
            (name, place, flaw)
        }
    };
    Suppression {
        source: Arc::clone(source),
        span,
        rule: rule.to_owned(),
        rule_span,
        flaw,
        covers: Span::default(),
        used: false,
        refused: None,
    }
}

/// The first line behind `offset` that is neither empty nor a comment.
fn covered(source: &SourceFile, offset: u32, is_comment: impl Fn(&str) -> bool) -> Span {
    let first = source.position(offset).line + 1;
    let lines = (first..).map_while(|line| source.line_span(line));
    let content = lines.into_iter().find(|span| {
        let line = source.slice(*span).trim();
        !line.is_empty() && !is_comment(line)
    });
    content.unwrap_or(Span { start: offset, end: offset })
}

/// The text of several lines that begins within `line`.
fn text_from(node: &Node, line: Span) -> Option<Span> {
    match &node.value {
        Value::Str(_) => {
            let several = matches!(node.style, Style::Literal | Style::Folded) || node.span.end > line.end;
            (several && line.start <= node.span.start && node.span.start <= line.end).then_some(node.span)
        }
        Value::Seq(items) => items.iter().find_map(|item| text_from(item, line)),
        Value::Map(map) => map.iter().find_map(|entry| text_from(&entry.value, line)),
        _ => None,
    }
}
