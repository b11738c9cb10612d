//! Lines and parts of lists and mappings that are not where they can be.

use std::sync::Arc;

use granit_parser::ErrorKind;

use super::Repair;
use crate::yaml::build::Broken;
use crate::yaml::cut::Cut;
use crate::yaml::node::Style;
use crate::yaml::problem::Problem;
use crate::yaml::{indent, lines, syntax};
use crate::{SourceFile, Span};

/// What is wrong, and what is to be taken out: `cut`, unless something else is to blame.
pub(super) fn diagnose(source: &Arc<SourceFile>, text: &str, broken: &Broken, cut: Cut) -> (Problem, Repair) {
    let at = broken.at;
    let first = lines::first(text, at);
    let with = |problem: Problem| (problem, Repair::Cut(cut));
    let line_cut = || Repair::Cut(Cut::new(text, first, lines::column(text, first)));
    if let ErrorKind::MismatchedFlowCollectionEnd { open, close } = broken.kind {
        let from = broken.last_end.max(at);
        let place = text.get(from..).and_then(|rest| rest.find(close)).map_or(at, |length| from + length);
        return with(separator(open == '[', Span::new(place, place + 1)));
    }
    let unclosed = matches!(broken.kind, ErrorKind::InvalidIndentation | ErrorKind::UnclosedFlowCollection { .. });
    if let Some(open) = innermost(text, broken).filter(|_| broken.flow.is_some() || unclosed) {
        return with(in_brackets(source, text, broken, open, unclosed));
    }
    if let Some(start) = alone(text, broken).filter(|_| broken.kind == ErrorKind::ExpectedDocumentStart) {
        let cut = Cut::new(text, start, lines::column(text, start));
        return (syntax::no_colon(source, syntax::value_on_line(source, start)), Repair::Cut(cut));
    }
    match &broken.kind {
        ErrorKind::MisplacedFlowCollectionEnd if cut.span.start as usize != at => {
            with(syntax::behind_the_value(Span::new(at, lines::rest(text, at))))
        }
        ErrorKind::MisplacedFlowCollectionEnd => with(syntax::plain_start(source, at, false)),
        ErrorKind::BlockSequenceEntryNotAllowed if first < at => with(syntax::list_behind_key(Span::new(at, at + 1))),
        ErrorKind::MappingValueNotAllowed => value_not_allowed(source, text, broken, cut),
        ErrorKind::ExpectedDocumentStart | ErrorKind::ExpectedBlockSequenceEntry if broken.depth <= 1 => {
            let line = Span::new(first, lines::rest(text, first));
            (syntax::behind_the_document(line), Repair::Cut(Cut::all_from(text, first)))
        }
        ErrorKind::ExpectedBlockMappingKey
        | ErrorKind::ExpectedBlockSequenceEntry
        | ErrorKind::BlockSequenceEntryNotAllowed
        | ErrorKind::InvalidIndentation => indent::of_line(source, text, broken.sibling, first)
            .map_or_else(|| (out_of_place(source, text, broken, first), line_cut()), |(p, cut)| (p, Repair::Cut(cut))),
        ErrorKind::SimpleKeyExpected | ErrorKind::InvalidSimpleKey => {
            with(syntax::no_colon(source, syntax::value_on_line(source, at)))
        }
        kind => with(syntax::other(text, at, &kind.to_string())),
    }
}

/// A second `:` on the line of a key, or the first line of a mapping below a line that is none of its own.
fn value_not_allowed(source: &Arc<SourceFile>, text: &str, broken: &Broken, cut: Cut) -> (Problem, Repair) {
    let at = broken.at;
    let first = lines::first(text, at);
    if cut.at > first && text.as_bytes().get(cut.at - 1) == Some(&b':') {
        let value = Span::new(cut.span.start as usize, lines::rest(text, at));
        return (syntax::mapping_behind_key(source, value, at), Repair::Cut(cut));
    }
    if let Some((span, Style::Plain)) = broken.last {
        let start = span.start as usize;
        let beside = lines::column(text, start) == lines::column(text, first);
        let alone = lines::colon(text, lines::first(text, start), start).is_none();
        if start < first && first < span.end as usize && beside && alone {
            let line = Span::new(start, lines::rest(text, start));
            let cut = Cut::new(text, start, lines::column(text, start));
            return (syntax::no_colon(source, line), Repair::Cut(cut));
        }
    }
    let (problem, cut) = indent::of_line(source, text, broken.sibling, first)
        .unwrap_or_else(|| (out_of_place(source, text, broken, first), cut));
    (problem, Repair::Cut(cut))
}

/// The beginning of the value that stands alone on the lines before, indented like this one: a line without a key.
fn alone(text: &str, broken: &Broken) -> Option<usize> {
    let start = broken.last?.0.start as usize;
    let first = lines::first(text, broken.at);
    let beside = start < first && lines::column(text, start) == lines::column(text, first);
    (beside && lines::first(text, start) == start).then_some(start)
}

/// A line that does not stand where its neighbours do.
fn out_of_place(source: &Arc<SourceFile>, text: &str, broken: &Broken, first: usize) -> Problem {
    let line = Span::new(first, lines::rest(text, first));
    match broken.sibling {
        Some((key, false)) if lines::is_sign(text, first, b'-') => {
            syntax::item_among_keys(Span::new(first, first + 1), key)
        }
        Some((dash, true)) => syntax::stray_line(text, line, dash, "the items of the list"),
        _ => syntax::no_colon(source, syntax::value_on_line(source, first)),
    }
}

/// The innermost bracket that is open where the parser gave up.
fn innermost(text: &str, broken: &Broken) -> Option<usize> {
    let mut open: Vec<usize> = broken.flow.iter().map(|(_, innermost)| *innermost).collect();
    let mut at = broken.last_end;
    loop {
        at = lines::indicator(text, at, broken.at, |byte| matches!(byte, b'[' | b'{' | b']' | b'}'));
        if at >= broken.at {
            return open.pop();
        }
        match text.as_bytes().get(at) {
            Some(b'[' | b'{') if open.last() != Some(&at) => open.push(at),
            Some(b']' | b'}') => drop(open.pop()),
            _ => {}
        }
        at += 1;
    }
}

fn in_brackets(source: &Arc<SourceFile>, text: &str, broken: &Broken, open: usize, unclosed: bool) -> Problem {
    let at = broken.at;
    let bracket = text.get(open..open + 1).unwrap_or_default();
    let rest = text.get(at..).unwrap_or_default();
    let span = Span::new(at, at + rest.chars().next().map_or(0, char::len_utf8));
    if unclosed && rest.starts_with(if bracket == "[" { ']' } else { '}' }) {
        return syntax::shallow_bracket(source, open, span);
    }
    if unclosed || rest.trim_end().is_empty() {
        let line = Span::new(at, lines::rest(text, at).max(at));
        return syntax::unclosed_bracket(
            text,
            open,
            (!line.is_empty() && lines::start(text, at) > open).then_some(line),
        );
    }
    match (rest.starts_with(','), bracket) {
        (true, "[") => syntax::missing_item(span),
        (true, _) => syntax::missing_entry(span),
        _ => separator(bracket == "[", span),
    }
}

fn separator(list: bool, span: Span) -> Problem {
    if list { syntax::list_separator(span) } else { syntax::mapping_separator(span) }
}
