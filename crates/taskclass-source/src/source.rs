//! A file's text, its name, and how an offset becomes a line and a column in each of the units that formats want.

use std::sync::{Arc, OnceLock};

use crate::Span;
use crate::text::display_width;

/// One file: its path as people and reports name it (relative to the registry, forward slashes) and its text.
pub struct SourceFile {
    path: Arc<str>,
    text: Arc<str>,
    lines: OnceLock<LineIndex>,
}

/// A place in a file, in every unit at once. All numbers count from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
pub struct Position {
    /// The line. Lines end at `\n`; a `\r` before it belongs to the line.
    pub line: u32,
    /// Column in bytes of UTF-8.
    pub byte_column: u32,
    /// Column in Unicode code points (SARIF's `unicodeCodePoints`).
    pub char_column: u32,
    /// Column in UTF-16 code units (LSP's default).
    pub utf16_column: u32,
    /// Column as a person sees it: East Asian wide characters count two, combining and zero-width characters none, and a
    /// tab or another control character one.
    pub display_column: u32,
}

/// Where each line begins.
#[derive(Debug)]
struct LineIndex {
    starts: Vec<u32>,
}

impl LineIndex {
    fn new(text: &str) -> Self {
        let after_breaks =
            text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| Span::at(at + 1).start);
        Self { starts: std::iter::once(0).chain(after_breaks).collect() }
    }

    /// Index of the line that holds the byte at `offset`.
    fn line_of(&self, offset: usize) -> usize {
        self.starts.partition_point(|start| *start as usize <= offset).saturating_sub(1)
    }
}

impl SourceFile {
    /// A file named `path` that holds `text`.
    pub fn new(path: impl Into<Arc<str>>, text: impl Into<Arc<str>>) -> Arc<Self> {
        Arc::new(Self { path: path.into(), text: text.into(), lines: OnceLock::new() })
    }

    /// Its name: relative to the registry, with forward slashes.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        &self.text
    }

    pub(crate) fn shared_text(&self) -> &Arc<str> {
        &self.text
    }

    /// The text of `span`; the empty text where the span lies outside or cuts a character.
    pub fn slice(&self, span: Span) -> &str {
        self.text.get(span.range()).unwrap_or_default()
    }

    /// The span of the whole text.
    pub fn whole(&self) -> Span {
        Span::new(0, self.text.len())
    }

    fn lines(&self) -> &LineIndex {
        self.lines.get_or_init(|| LineIndex::new(&self.text))
    }

    /// How many lines there are; a final line break opens no further one, and an empty file has one line.
    pub fn line_count(&self) -> u32 {
        let starts = &self.lines().starts;
        let last_is_empty = starts.len() > 1 && starts.last().is_some_and(|start| *start as usize == self.text.len());
        Span::at(starts.len() - usize::from(last_is_empty)).start
    }

    /// The span of line `line` (from 1) without its line break; `None` behind the last line.
    pub fn line_span(&self, line: u32) -> Option<Span> {
        let index = (line as usize).checked_sub(1)?;
        let starts = &self.lines().starts;
        let start = *starts.get(index)? as usize;
        let end = starts.get(index + 1).map_or(self.text.len(), |next| *next as usize - 1);
        let end = if self.text.get(start..end).is_some_and(|line| line.ends_with('\r')) { end - 1 } else { end };
        Some(Span::new(start, end))
    }

    /// The line and the columns of the byte at `offset`; an offset behind the end means the end, one within a character
    /// means the character's start.
    pub fn position(&self, offset: u32) -> Position {
        let mut offset = (offset as usize).min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        let line = self.lines().line_of(offset);
        let start = self.lines().starts.get(line).map_or(0, |start| *start as usize);
        let before = self.text.get(start..offset).unwrap_or_default();
        let column = |count: usize| Span::at(count + 1).start;
        let (chars, utf16, display) = if before.is_ascii() {
            (before.len(), before.len(), before.len())
        } else {
            (before.chars().count(), before.encode_utf16().count(), display_width(before))
        };
        Position {
            line: Span::at(line + 1).start,
            byte_column: column(before.len()),
            char_column: column(chars),
            utf16_column: column(utf16),
            display_column: column(display),
        }
    }

    /// The offset of a line (from 1) and a column in UTF-16 units (from 1), as an editor names it. A column behind the
    /// line's end means its end, as LSP asks; a column inside a surrogate pair means the character's start. `None` where
    /// there is no such line.
    pub fn offset_of_utf16(&self, line: u32, column: u32) -> Option<u32> {
        let start = *self.lines().starts.get((line as usize).checked_sub(1)?)?;
        let span = self.line_span(line)?;
        let mut left = (column as usize).saturating_sub(1);
        let mut offset = start as usize;
        for c in self.slice(span).chars() {
            if left < c.len_utf16() {
                break;
            }
            left -= c.len_utf16();
            offset += c.len_utf8();
        }
        Some(Span::at(offset).start)
    }
}

impl std::fmt::Debug for SourceFile {
    /// Names the file and its size; a dump of the text would drown whatever the value stands in.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SourceFile").field("path", &self.path).field("bytes", &self.text.len()).finish()
    }
}

impl PartialEq for SourceFile {
    fn eq(&self, other: &Self) -> bool {
        self.path == other.path && self.text == other.text
    }
}

impl Eq for SourceFile {}

#[cfg(test)]
mod tests;
