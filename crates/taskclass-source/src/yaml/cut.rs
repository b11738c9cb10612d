//! What is taken out of a text so that the rest of it can be read.

use super::lines;
use crate::Span;

/// A part of the text that could not be read, replaced by spaces: from `at` to the end of its line, and the lines below that
/// are indented deeper than `column`, at least up to `until`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cut {
    pub(super) at: usize,
    pub(super) column: usize,
    pub(super) until: usize,
    /// The column at which it counts as standing: the block that has its lines there lacks it.
    pub(super) stands: usize,
    /// What was cut out of the first line, to stand as the span of what it would have been.
    pub(super) span: Span,
}

impl Cut {
    /// The rest of the line from `at`, and what is indented deeper than `column`.
    pub(super) fn new(text: &str, at: usize, column: usize) -> Self {
        let start = lines::behind_blanks(text, at);
        let span = Span::new(start, lines::rest(text, start).max(start));
        Self { at, column, until: at, stands: lines::column(text, at), span }
    }

    /// What has to go with what stands at `place`: behind the key that it is the value of, else all of its line behind dashes.
    pub(super) fn at(text: &str, place: usize) -> Self {
        let mut at = lines::first(text, place);
        while at < place && lines::is_sign(text, at, b'-') && lines::behind_blanks(text, at + 1) <= place {
            at = lines::behind_blanks(text, at + 1);
        }
        let column = lines::column(text, at);
        match lines::colon(text, at, place) {
            Some(colon) => Self::new(text, colon + 1, column),
            None => Self::new(text, at.min(place), column),
        }
    }

    /// Everything from `at` on.
    pub(super) fn all_from(text: &str, at: usize) -> Self {
        Self { until: text.len(), span: Span::new(at, text.len()), ..Self::new(text, at, 0) }
    }

    /// Takes it out of `text`, keeping the place of everything else; whether there was anything.
    pub(super) fn apply(self, text: &mut String) -> bool {
        let mut end = lines::end(text, self.at).max(self.until);
        loop {
            let next = end
                + text
                    .get(end..)
                    .map_or(0, |rest| rest.find(|c| !matches!(c, '\n' | '\r' | ' ' | '\t')).unwrap_or(rest.len()));
            let column = lines::column(text, next.min(text.len()));
            // The bracket that closes a list or mapping may be indented as its key is.
            let closes = column == self.column && text.get(next..).is_some_and(|rest| rest.starts_with([']', '}']));
            if next >= text.len() || lines::start(text, next) <= self.at || (column <= self.column && !closes) {
                break;
            }
            end = lines::end(text, next);
        }
        blank(text, Span::new(self.at, end))
    }
}

/// Replaces what `span` covers by spaces, but for line breaks; whether there was anything.
pub(super) fn blank(text: &mut String, span: Span) -> bool {
    let Some(part) = text.get(span.range()) else { return false };
    if part.bytes().all(|byte| matches!(byte, b' ' | b'\n' | b'\r')) {
        return false;
    }
    let spaces: String =
        part.bytes().map(|byte| if matches!(byte, b'\n' | b'\r') { char::from(byte) } else { ' ' }).collect();
    text.replace_range(span.range(), &spaces);
    true
}
