//! From the place where the parser gave up to what is wrong there, and what to take out so that the rest can be read.

mod structure;

use std::sync::Arc;

use granit_parser::ErrorKind;

use super::build::Broken;
use super::cut::Cut;
use super::node::Style;
use super::problem::Problem;
use super::{conflict, indent, lines, scalar_map, syntax};
use crate::{SourceFile, Span};

/// What makes the text readable.
pub(super) enum Repair {
    Cut(Cut),
    /// One tab that stands where only spaces can.
    Tab(Span),
    /// All tabs that indent lines.
    Indentation,
    /// These lines.
    Lines(Vec<Span>),
    /// Nothing does.
    Nothing,
}

/// What is wrong, and the way on.
pub(super) fn diagnose(source: &Arc<SourceFile>, text: &str, broken: &Broken) -> (Problem, Repair) {
    let at = broken.at;
    if broken.kind == ErrorKind::RecursionLimitExceeded {
        return (syntax::too_deep(text, at), Repair::Nothing);
    }
    if let Some(found) = conflict::find(text) {
        return (found.problem, Repair::Lines(found.gone));
    }
    if let Some((problem, cut)) = broken.block.and_then(|block| indent::of_block(text, block, broken.at)) {
        return (problem, Repair::Cut(cut));
    }
    if let Some((tab, repair)) = tab(text, broken) {
        return (syntax::tab(tab), repair);
    }
    if let Some(open) = lost_quote(text, broken).filter(|_| !is_quote(&broken.kind)) {
        return (syntax::unclosed_quote(text, open, None), Repair::Cut(cut_line(text, open)));
    }
    let start = start_of(text, broken);
    let cut = Cut::at(text, start);
    let line = Span::new(at, lines::rest(text, at).max(at));
    let problem = match &broken.kind {
        ErrorKind::DirectiveDisallowed => syntax::directive(line),
        ErrorKind::InvalidTrailingSingleQuotedScalar
        | ErrorKind::InvalidTrailingDoubleQuotedScalar
        | ErrorKind::InvalidDocumentEnd => syntax::behind_the_value(line),
        kind if is_quote(kind) => {
            let stops = !line.is_empty() && lines::start(text, at) > start;
            syntax::unclosed_quote(text, quote(text, broken), stops.then_some(line))
        }
        kind if is_escape(kind) => escape(text, quote(text, broken)),
        ErrorKind::InvalidBlockScalarHeader | ErrorKind::ZeroBlockScalarIndent => {
            syntax::block_header(Span::new(start, lines::rest(text, start)))
        }
        ErrorKind::InvalidBlockScalarIndent => {
            syntax::deep_blank_line(deepest_blanks(text, lines::end(text, start), at), line)
        }
        ErrorKind::UnexpectedCharacter { .. }
        | ErrorKind::MissingDocumentEndBeforeDirective
        | ErrorKind::MissingAnchorOrAliasName => syntax::plain_start(source, at, broken.flow.is_some()),
        _ => return structure::diagnose(source, text, broken, cut),
    };
    (problem, Repair::Cut(cut))
}

/// A `"` that opens on a line before and has nothing on that line to close it: it went on to the next `"`, lines below, and
/// what the parser then stumbles over is the text between.
fn lost_quote(text: &str, broken: &Broken) -> Option<usize> {
    let here = lines::start(text, broken.at);
    let mut at = lines::start(text, broken.last_end.min(broken.at));
    if let Some((span, Style::DoubleQuoted)) = broken.last {
        at = at.min(lines::start(text, span.start as usize));
    }
    while at < here {
        let line = text.get(at..lines::end(text, at)).unwrap_or_default();
        let line = line.find(" #").map_or(line, |comment| &line[..comment]);
        let quotes: Vec<usize> =
            line.match_indices('"').map(|(quote, _)| quote).filter(|quote| !line[..*quote].ends_with('\\')).collect();
        let open = quotes.last().filter(|_| quotes.len() % 2 == 1);
        if let Some(open) = open.filter(|open| line[..**open].ends_with(['[', ',', ' ', '{', ':'])) {
            return Some(at + open);
        }
        at = lines::end(text, at) + 1;
    }
    None
}

/// The value on the line of `place` alone, or all of the line where it has no key.
fn cut_line(text: &str, place: usize) -> Cut {
    let cut = Cut::at(text, place);
    // What stands below is not part of it, however deep.
    Cut { column: usize::MAX, ..cut }
}

fn is_quote(kind: &ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::UnclosedQuotedScalar
            | ErrorKind::InvalidQuotedScalarIndent
            | ErrorKind::DocumentIndicatorInQuotedScalar
    )
}

fn is_escape(kind: &ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::UnknownQuotedScalarEscape
            | ErrorKind::InvalidQuotedScalarHexEscape
            | ErrorKind::InvalidLowSurrogateHexEscape
            | ErrorKind::InvalidLowSurrogate
            | ErrorKind::MissingLowSurrogate
            | ErrorKind::UnpairedLowSurrogate
            | ErrorKind::InvalidUnicodeEscape
    )
}

/// The quote that opens the text in which the parser gave up.
fn quote(text: &str, broken: &Broken) -> usize {
    let limit = (broken.at + 1).min(text.len());
    let open = lines::indicator(text, broken.last_end, limit, |byte| matches!(byte, b'"' | b'\''));
    if open < limit { open } else { broken.at }
}

/// The first escape of the text in double quotes from `open` that is none.
fn escape(text: &str, open: usize) -> Problem {
    let close = lines::closing_quote(text, open, b'"');
    let read = close.map(|close| scalar_map::decode_quoted(text, Span::new(open, close + 1), Style::DoubleQuoted));
    syntax::escape(text, read.and_then(Result::err).unwrap_or(open))
}

/// Where the construct begins in which the parser gave up.
fn start_of(text: &str, broken: &Broken) -> usize {
    let at = broken.at;
    if let Some((outermost, _)) = broken.flow {
        return outermost;
    }
    let found = match &broken.kind {
        kind if is_quote(kind) || is_escape(kind) => quote(text, broken),
        ErrorKind::InvalidTrailingSingleQuotedScalar | ErrorKind::InvalidTrailingDoubleQuotedScalar => {
            quote(text, broken)
        }
        ErrorKind::InvalidBlockScalarIndent => {
            lines::indicator(text, broken.last_end, at, |byte| matches!(byte, b'|' | b'>'))
        }
        ErrorKind::InvalidIndentation | ErrorKind::UnclosedFlowCollection { .. } => {
            lines::indicator(text, broken.last_end, at, |byte| matches!(byte, b'[' | b'{'))
        }
        _ => at,
    };
    // What goes over several lines and has something behind it on the last of them.
    match broken.last.filter(|(_, style)| matches!(style, Style::Flow | Style::SingleQuoted | Style::DoubleQuoted)) {
        Some((span, _)) if found == at => {
            let line = lines::start(text, at);
            let goes_over = (span.start as usize) < line && line <= span.end as usize;
            if goes_over { span.start as usize } else { found }
        }
        _ => found,
    }
}

/// The deepest line of blanks between two places.
fn deepest_blanks(text: &str, from: usize, to: usize) -> Span {
    let mut at = from + 1;
    let mut deepest = Span::at(from);
    while at < lines::start(text, to) {
        let end = lines::end(text, at);
        if end - at > deepest.len() {
            deepest = Span::new(at, end);
        }
        at = end + 1;
    }
    deepest
}

/// A tab that is to blame, and what to do about it.
fn tab(text: &str, broken: &Broken) -> Option<(Span, Repair)> {
    let at = match broken.kind {
        ErrorKind::TabAtBlockScalarStart => {
            let body = lines::end(text, broken.at);
            let rest = text.get(body..).unwrap_or_default();
            body + (rest.len() - rest.trim_start().len())
        }
        _ => broken.at,
    };
    let line = lines::start(text, at);
    let indentation = text.get(line..lines::first(text, at)).unwrap_or_default();
    if let Some(tab) = indentation.find('\t') {
        return Some((Span::new(line + tab, line + tab + 1), Repair::Indentation));
    }
    let kind = matches!(
        broken.kind,
        ErrorKind::TabNotAllowed
            | ErrorKind::TabInBlockIndentation
            | ErrorKind::TabInIndentation
            | ErrorKind::InvalidBlockEntryWhitespace
            | ErrorKind::InvalidMappingValueWhitespace
    );
    let before = text.get(line..at).unwrap_or_default();
    let behind = text.get(at..lines::end(text, at)).unwrap_or_default();
    let tab = before.rfind('\t').map(|tab| line + tab).or_else(|| behind.find('\t').map(|tab| at + tab));
    let span = tab.filter(|_| kind).map(|tab| Span::new(tab, tab + 1))?;
    Some((span, Repair::Tab(span)))
}
