//! Scalars in quotes.

use super::{Broken, Reader};
use crate::yaml::node::Style;
use crate::yaml::{scalar_map, syntax};
use crate::{Span, Str};

/// A scalar in quotes.
pub(super) struct Quoted {
    pub(super) text: Str,
    pub(super) span: Span,
    pub(super) style: Style,
    /// It goes over several lines, which a key must not.
    pub(super) several_lines: bool,
}

impl Reader<'_> {
    /// The scalar whose quote stands at the cursor. Its further lines are indented deeper than `parent`.
    pub(super) fn quoted(&mut self, parent: isize) -> Result<Quoted, Broken> {
        let open = self.at;
        let quote = self.byte(0);
        let style = if quote == b'"' { Style::DoubleQuoted } else { Style::SingleQuoted };
        let (mut line, mut decoded, mut several_lines) = (self.line, false, false);
        let mut at = open + 1;
        let close = loop {
            match self.byte_at(at) {
                0 => return Err(self.unclosed(open, at, several_lines)),
                b'\'' if quote == b'\'' && self.byte_at(at + 1) == b'\'' => {
                    decoded = true;
                    at += 2;
                }
                byte if byte == quote => break at,
                // What is escaped may be the quote, but not a line break.
                b'\\' if quote == b'"' => {
                    decoded = true;
                    at += if matches!(self.byte_at(at + 1), b'\n' | b'\r' | 0) { 1 } else { 2 };
                }
                b'\n' | b'\r' => {
                    (decoded, several_lines) = (true, true);
                    at = self.behind_break(at);
                    line = at;
                    while self.byte_at(at) == b' ' {
                        at += 1;
                    }
                    let text_begins = !matches!(self.byte_at(at), b'\n' | b'\r');
                    let shallow = (at - line) as isize <= parent;
                    let marker = self.marker_at(at, line, b"---") || self.marker_at(at, line, b"...");
                    if text_begins && (shallow || marker) {
                        return Err(self.unclosed(open, at, several_lines));
                    }
                }
                _ => at += 1,
            }
        };
        let span = Span::new(open, close + 1);
        self.at = close + 1;
        self.line = line;
        let text = if decoded {
            match scalar_map::decode_quoted(self.text, span, style) {
                Ok(text) => Str::from(text),
                Err(bad) => {
                    self.syntax(syntax::escape(self.text, bad));
                    Str::from("")
                }
            }
        } else {
            self.slice(Span::new(open + 1, close))
        };
        Ok(Quoted { text, span, style, several_lines })
    }

    /// Says that a quote is not closed before `end`; the cursor stays on the quote's line.
    fn unclosed(&mut self, open: usize, end: usize, several_lines: bool) -> Broken {
        let stops = (several_lines && self.byte_at(end) != 0).then(|| Span::new(end, self.line_end(end)));
        self.syntax(syntax::unclosed_quote(self.text, open, stops));
        self.at = self.line_end(open);
        Broken
    }
}
