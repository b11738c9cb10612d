//! A span as a SARIF region.
//!
//! The standard's rules (§3.30): columns are in code points; no line or column depends on a byte-order mark; the end of a
//! file whose last line has a line break is behind that line break, not on a line of its own; what is given in bytes means
//! the same bytes of the file as what is given in lines and columns.

use serde::Serialize;
use taskclass_source::{SourceFile, Span};

use super::log::Content;

/// The byte-order mark.
const MARK: char = '\u{feff}';

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Region {
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    lines: Option<Lines>,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    bytes: Option<Bytes>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) snippet: Option<Content>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Lines {
    start_line: u32,
    start_column: u32,
    end_line: u32,
    end_column: u32,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Bytes {
    byte_offset: u32,
    byte_length: usize,
}

/// The span in lines and columns, and in bytes where they mean the same.
pub(super) fn of(file: &SourceFile, span: Span) -> Region {
    let bytes =
        (exact(file, span) && !on_mark(file, span)).then(|| Bytes { byte_offset: span.start, byte_length: span.len() });
    Region { lines: Some(lines(file, span)), bytes, snippet: None }
}

/// The same for text to be replaced. A byte-order mark has bytes and no column.
pub(super) fn to_replace(file: &SourceFile, span: Span) -> Region {
    if on_mark(file, span) && exact(file, span) {
        let bytes = Bytes { byte_offset: span.start, byte_length: span.len() };
        return Region { lines: None, bytes: Some(bytes), snippet: None };
    }
    of(file, span)
}

/// The text of the region: of a byte-order mark nothing.
pub(super) fn text(file: &SourceFile, span: Span) -> &str {
    let text = file.slice(span);
    if on_mark(file, span) { text.strip_prefix(MARK).unwrap_or(text) } else { text }
}

/// Whether offsets in the text are offsets in the file: bytes that are no UTF-8 are read as U+FFFD, of another length.
fn exact(file: &SourceFile, span: Span) -> bool {
    file.text().get(..span.end as usize).is_some_and(|before| !before.contains(char::REPLACEMENT_CHARACTER))
}

/// Whether the span has a byte-order mark, or a part of one, in it.
fn on_mark(file: &SourceFile, span: Span) -> bool {
    file.text().starts_with(MARK) && (span.start as usize) < MARK.len_utf8() && span.end > 0
}

fn lines(file: &SourceFile, span: Span) -> Lines {
    let (start_line, start_column) = position(file, span.start);
    let (end_line, end_column) = position(file, span.end);
    Lines { start_line, start_column, end_line, end_column }
}

fn position(file: &SourceFile, offset: u32) -> (u32, u32) {
    let at = file.position(offset);
    let (mut line, mut column) = (at.line, at.char_column);
    if line > file.line_count() {
        line = file.line_count();
        let start = file.line_span(line).map_or(0, |span| span.start);
        let whole = file.slice(Span { start, end: file.whole().end });
        column = u32::try_from(whole.chars().count()).unwrap_or(u32::MAX).saturating_add(1);
    }
    if line == 1 && file.text().starts_with(MARK) {
        column = column.saturating_sub(1).max(1);
    }
    (line, column)
}
