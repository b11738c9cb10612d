//! Lines that are indented otherwise than what they belong to, once the parser has refused one of them.

use std::sync::Arc;

use super::cut::Cut;
use super::problem::Problem;
use super::{lines, syntax};
use crate::{SourceFile, Span};

/// The line at `first` does not stand where its neighbours do. `sibling` is a key of the mapping, or the first sign of the
/// list, that the parser was in.
pub(super) fn of_line(
    source: &Arc<SourceFile>,
    text: &str,
    sibling: Option<(Span, bool)>,
    first: usize,
) -> Option<(Problem, Cut)> {
    if text.get(first..)?.starts_with('\u{a0}') {
        return Some(no_break_space(source, text, first));
    }
    if lines::is_sign(text, first, b'-') || lines::colon(text, first, lines::end(text, first)).is_none() {
        return None;
    }
    let column = lines::column(text, first);
    let key = sibling.filter(|(key, list)| !list && lines::column(text, key.start as usize) < column);
    if let Some(deeper) = deeper_above(text, first) {
        let next = following(text, lines::end(text, first)).next().map(|next| lines::column(text, next));
        return match key {
            Some((key, _)) if next != Some(lines::column(text, deeper)) => {
                let problem = syntax::between_lines(text, line(text, first), key, line(text, deeper));
                Some((problem, Cut::new(text, first, column)))
            }
            _ => Some(shallow(source, text, first, deeper)),
        };
    }
    let key = key?.0;
    let at = key.start as usize;
    if is_shallow(text, at, first) {
        return Some(shallow(source, text, at, first));
    }
    let problem = syntax::stray_line(text, line(text, first), key, "the keys of the mapping");
    // Those that follow and are indented like it stand there for the same reason.
    Some((problem, Cut::new(text, first, column - 1)))
}

/// A key that begins at `at` with a blank which is none.
pub(super) fn no_break_space(source: &Arc<SourceFile>, text: &str, at: usize) -> (Problem, Cut) {
    let rest = text.get(at..).unwrap_or_default();
    let blanks = Span::new(at, at + rest.len() - rest.trim_start_matches(['\u{a0}', ' ']).len());
    let column = lines::column(text, at) + source.slice(blanks).chars().count();
    let cut = Cut { stands: column, ..Cut::new(text, at, column) };
    (syntax::no_break_space(source, blanks), cut)
}

/// What is wrong with the indentation of a block of text in whose lines the parser gave up at `at`; `block` is what the parser
/// took for it.
pub(super) fn of_block(text: &str, block: Span, at: usize) -> Option<(Problem, Cut)> {
    let header = block.start as usize;
    let header_end = lines::end(text, header);
    let cut = Cut::at(text, header);
    let here = lines::first(text, at);
    let mut below = following(text, header_end);
    if block.end as usize > header_end {
        let first = below.next()?;
        let mut rest = below.skip_while(|line| *line < block.end as usize);
        let other = rest.next().filter(|other| *other <= here)?;
        let deep = |line: usize| lines::column(text, line) > cut.column;
        let whole = deep(other) && rest.take_while(|line| *line <= here).all(deep);
        return whole.then(|| (syntax::uneven_text(line(text, first), line(text, other)), cut));
    }
    let first = below.next().filter(|first| *first <= here)?;
    let column = lines::column(text, first);
    let ends = |place: &usize| lines::column(text, *place) < column || is_field(text, *place);
    let last =
        std::iter::once(first).chain(below).take_while(|place| !ends(place)).last().filter(|last| here <= *last)?;
    let cut = Cut { until: lines::end(text, last), ..cut };
    Some((syntax::shallow_text(Span::new(header, lines::rest(text, header)), line(text, first)), cut))
}

/// The line at `culprit` taken out for being less deep than `deeper`.
fn shallow(source: &Arc<SourceFile>, text: &str, culprit: usize, deeper: usize) -> (Problem, Cut) {
    let stands = lines::column(text, deeper);
    let by = stands - lines::column(text, culprit);
    let problem = syntax::shallow_line(source, line(text, culprit), line(text, deeper), by);
    (problem, Cut { stands, ..Cut::new(text, culprit, stands) })
}

/// A key above the line at `first`, of the block that ends before it and is deeper.
fn deeper_above(text: &str, first: usize) -> Option<usize> {
    let column = lines::column(text, first);
    let mut found = None;
    for above in preceding(text, first) {
        let content = behind_dashes(text, above);
        let is_key = lines::colon(text, content, lines::end(text, content)).is_some();
        if is_key && lines::column(text, content) > column {
            found = Some(content);
        }
        if lines::column(text, above) <= column {
            break;
        }
    }
    found
}

/// Whether the key at `key` is to blame for the deeper line at `first` below it: it stands between lines of that depth, or is
/// the first below a key that has no value.
fn is_shallow(text: &str, key: usize, first: usize) -> bool {
    let nearest = preceding(text, first).next();
    let Some(above) = preceding(text, key).next().filter(|_| nearest == Some(key)) else { return false };
    let gap = text.get(lines::end(text, above)..lines::start(text, key)).unwrap_or_default();
    let apart = gap.trim_start_matches('\r').matches('\n').count() > 1;
    let beside = lines::column(text, behind_dashes(text, above)) == lines::column(text, first);
    let bare = text.get(above..lines::rest(text, above)).is_some_and(|line| line.ends_with(':'));
    (beside && !apart) || (bare && lines::column(text, above) == lines::column(text, key))
}

/// Whether a line begins like a field of a document, which text seldom does: `lower_case: `.
fn is_field(text: &str, first: usize) -> bool {
    let name = lines::colon(text, first, lines::end(text, first)).and_then(|colon| text.get(first..colon));
    name.is_some_and(|name| name.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_')))
}

fn behind_dashes(text: &str, first: usize) -> usize {
    let mut at = first;
    while lines::is_sign(text, at, b'-') && lines::behind_blanks(text, at + 1) < lines::end(text, at) {
        at = lines::behind_blanks(text, at + 1);
    }
    at
}

fn line(text: &str, first: usize) -> Span {
    Span::new(first, lines::rest(text, first))
}

/// Where the lines below the one that ends at `end` begin, without blank ones.
fn following(text: &str, end: usize) -> impl Iterator<Item = usize> {
    let mut next = end;
    std::iter::from_fn(move || {
        let rest = text.get(next..)?;
        let first = next + rest.find(|c| !matches!(c, ' ' | '\t' | '\n' | '\r'))?;
        next = lines::end(text, first);
        Some(first)
    })
}

/// Where the lines above that of `at` begin, the nearest first, without blank ones and comments.
fn preceding(text: &str, at: usize) -> impl Iterator<Item = usize> {
    let mut here = lines::start(text, at);
    std::iter::from_fn(move || {
        loop {
            let before = text.get(..here)?.trim_end_matches(['\n', '\r', ' ', '\t']);
            if before.is_empty() {
                return None;
            }
            let first = lines::first(text, before.len());
            here = lines::start(text, first);
            if text.as_bytes().get(first) != Some(&b'#') {
                return Some(first);
            }
        }
    })
}
