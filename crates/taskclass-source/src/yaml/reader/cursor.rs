//! The cursor: bytes, blanks, comments, lines.

use super::Reader;
use crate::yaml::{Comment, syntax};
use crate::{Span, Str};

pub(super) fn is_blank(byte: u8) -> bool {
    byte == b' ' || byte == b'\t'
}

/// The end of a line or of the text, which reads as 0: text with NUL does not come here.
pub(super) fn is_end(byte: u8) -> bool {
    matches!(byte, b'\n' | b'\r' | 0)
}

pub(super) fn is_flow_indicator(byte: u8) -> bool {
    matches!(byte, b',' | b'[' | b']' | b'{' | b'}')
}

impl Reader<'_> {
    /// The byte `ahead` of the cursor; 0 behind the end.
    pub(super) fn byte(&self, ahead: usize) -> u8 {
        self.byte_at(self.at + ahead)
    }

    pub(super) fn byte_at(&self, at: usize) -> u8 {
        self.bytes.get(at).copied().unwrap_or(0)
    }

    /// How far the cursor is from the beginning of its line, in bytes.
    pub(super) fn column(&self) -> usize {
        self.at - self.line
    }

    /// Whether the byte ahead ends a token: a blank, or the end of the line.
    pub(super) fn separated(&self, ahead: usize) -> bool {
        let byte = self.byte(ahead);
        is_blank(byte) || is_end(byte)
    }

    pub(super) fn slice(&self, span: Span) -> Str {
        Str::slice(self.source.shared_text(), span)
    }

    pub(super) fn skip_blanks(&mut self) {
        while is_blank(self.byte(0)) {
            self.at += 1;
        }
    }

    /// Passes over a line break, if there is one.
    pub(super) fn line_break(&mut self) {
        self.at = self.behind_break(self.at);
        self.line = self.at;
    }

    /// The place behind the line break at `at`, or `at`.
    pub(super) fn behind_break(&self, at: usize) -> usize {
        match (self.byte_at(at), self.byte_at(at + 1)) {
            (b'\r', b'\n') => at + 2,
            (b'\r' | b'\n', _) => at + 1,
            _ => at,
        }
    }

    /// The end of the line of `at`, before its break.
    pub(super) fn line_end(&self, at: usize) -> usize {
        let rest = self.bytes.get(at..).unwrap_or_default();
        at + rest.iter().position(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(rest.len())
    }

    /// From the cursor to the end of the line, without blanks at the end.
    pub(super) fn rest_of_line(&self) -> Span {
        let end = self.line_end(self.at);
        let line = self.text.get(self.at..end).unwrap_or_default();
        Span::new(self.at, self.at + line.trim_end_matches([' ', '\t']).len())
    }

    /// Whether the marker of a document's start or end stands at the cursor.
    pub(super) fn at_marker(&self, marker: &[u8]) -> bool {
        self.marker_at(self.at, self.line, marker)
    }

    pub(super) fn marker_at(&self, at: usize, line: usize, marker: &[u8]) -> bool {
        let behind = self.byte_at(at + 3);
        at == line && self.bytes.get(at..at + 3) == Some(marker) && (is_blank(behind) || is_end(behind))
    }

    /// Whether any marker stands at the cursor.
    pub(super) fn at_any_marker(&self) -> bool {
        self.at_marker(b"---") || self.at_marker(b"...")
    }

    /// Takes the comment at the cursor.
    pub(super) fn comment(&mut self) {
        let span = Span::new(self.at, self.line_end(self.at));
        let text = self.slice(Span { start: span.start + 1, end: span.end });
        self.parsed.comments.push(Comment { span, text });
        self.at = span.end as usize;
    }

    /// Whether a comment begins at the cursor: `#` at the beginning of a line or behind a blank.
    pub(super) fn at_comment(&self) -> bool {
        self.byte(0) == b'#' && (self.at == self.line || is_blank(self.byte_at(self.at - 1)))
    }

    /// Whether nothing but blanks and a comment is left on the line; takes them if so.
    pub(super) fn line_is_over(&mut self) -> bool {
        self.skip_blanks();
        if self.at_comment() {
            self.comment();
        }
        is_end(self.byte(0))
    }

    /// Takes the rest of a line on which nothing more may stand, and its line break. Nothing is taken at the beginning of a
    /// line: what was read took its last line as a whole.
    pub(super) fn end_of_line(&mut self) {
        if self.at == self.line {
            return;
        }
        if !self.line_is_over() {
            let rest = self.rest_of_line();
            self.syntax(syntax::behind_the_value(rest));
            self.at = self.line_end(self.at);
        }
        self.line_break();
    }

    /// Goes to the next content on this or a later line, over blanks and comments; gives its column. `None` at the end of the
    /// document.
    pub(super) fn next_content(&mut self) -> Option<usize> {
        loop {
            while self.byte(0) == b' ' {
                self.at += 1;
            }
            match self.byte(0) {
                b'\t' => {
                    self.tab(Span::new(self.at, self.at + 1));
                    if !self.line_is_over() {
                        return Some(self.column());
                    }
                }
                b'#' if self.at_comment() => self.comment(),
                b'\n' | b'\r' => self.line_break(),
                0 => return None,
                _ if self.at_any_marker() => return None,
                _ => return Some(self.column()),
            }
        }
    }

    /// Reports a tab where only spaces can stand; once, as who indents with tabs does so everywhere.
    pub(super) fn tab(&mut self, tab: Span) {
        if !std::mem::replace(&mut self.tabs, true) {
            self.syntax(syntax::tab(tab));
        }
        self.faults += 1;
    }

    /// Passes over the rest of the line and over all lines that are indented deeper than `column`.
    pub(super) fn skip_deeper(&mut self, column: isize) {
        loop {
            self.at = self.line_end(self.at);
            self.line_break();
            self.skip_blanks();
            let over = self.byte(0) == 0 || self.at_any_marker();
            let blank = is_end(self.byte(0)) && !over;
            if !blank && (over || self.column() as isize <= column) {
                self.at = self.line;
                return;
            }
        }
    }
}
