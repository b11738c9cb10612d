//! Block scalars: literal (`|`) and folded (`>`).

use std::ops::Range;

use super::cursor::is_blank;
use super::{Broken, Reader};
use crate::yaml::node::{Node, Style, Value};
use crate::yaml::{report, syntax};
use crate::{Span, Str};

/// The signs behind `|` or `>`.
#[derive(Clone, Copy)]
struct Header {
    folded: bool,
    /// What is done with the line breaks at the end: `-` none stays, nothing one, `+` all.
    chomping: u8,
    /// How much deeper than the parent the text is indented, where it is said.
    indent: Option<usize>,
}

impl Reader<'_> {
    /// The scalar whose `|` or `>` stands at the cursor. Its text is indented deeper than `parent`.
    pub(super) fn block_scalar(&mut self, parent: isize) -> Result<Node, Broken> {
        let start = self.at;
        let header = self.header()?;
        let header_end = self.at;
        self.end_of_line();
        let Ok(parent) = usize::try_from(parent) else {
            // Readers do not agree where such a text begins and ends.
            self.syntax(syntax::text_document(Span::new(start, header_end)));
            return Err(Broken);
        };
        let indent = match header.indent {
            Some(more) => parent + more,
            None => self.detect_indent(parent + 1)?,
        };
        let (text, end) = self.block_text(indent, header);
        let ends_in_it = self.at == self.bytes.len() && self.at > header_end && !self.text.ends_with(['\n', '\r']);
        let flagged = ends_in_it && header.chomping != b'-';
        if flagged {
            self.report(report::no_final_line_feed(self.source, Span::new(start, header_end)));
        }
        let style = if header.folded { Style::Folded } else { Style::Literal };
        let span = Span::new(start, end.unwrap_or(header_end));
        Ok(Node { span, value: Value::Str(Str::from(text)), style, flagged })
    }

    fn header(&mut self) -> Result<Header, Broken> {
        let start = self.at;
        let mut header = Header { folded: self.byte(0) == b'>', chomping: 0, indent: None };
        self.at += 1;
        loop {
            match self.byte(0) {
                sign @ (b'-' | b'+') if header.chomping == 0 => header.chomping = sign,
                digit @ b'1'..=b'9' if header.indent.is_none() => header.indent = Some(usize::from(digit - b'0')),
                _ if self.separated(0) => return Ok(header),
                _ => {
                    self.syntax(syntax::block_header(Span { start: Span::at(start).start, ..self.rest_of_line() }));
                    return Err(Broken);
                }
            }
            self.at += 1;
        }
    }

    /// The indentation of the first line with text, if that is at least `least`.
    fn detect_indent(&mut self, least: usize) -> Result<usize, Broken> {
        let mut deepest = Span::default();
        let mut at = self.at;
        loop {
            let line = at;
            while self.byte_at(at) == b' ' {
                at += 1;
            }
            let indent = at - line;
            match self.byte_at(at) {
                b'\n' | b'\r' => {
                    if indent > deepest.len() {
                        deepest = Span::new(line, at);
                    }
                    at = self.behind_break(at);
                }
                0 => return Ok(least.max(deepest.len())),
                // A tab here is an indentation to some readers and text to others.
                b'\t' => {
                    self.tab(Span::new(at, at + 1));
                    return Err(Broken);
                }
                _ if indent < least => return Ok(least.max(deepest.len())),
                _ if deepest.len() > indent => {
                    self.syntax(syntax::deep_blank_line(deepest, Span::new(at, self.line_end(at))));
                    return Err(Broken);
                }
                _ => return Ok(indent),
            }
        }
    }

    /// The text of the next line of the scalar, behind its indentation, and whether a line break follows it; the cursor is
    /// left behind the line. `None` if the scalar is over. A blank line may be indented less.
    fn text_line(&mut self, indent: usize) -> Option<(Range<usize>, bool)> {
        if self.at >= self.bytes.len() {
            return None;
        }
        let start = self.at;
        let mut at = start;
        while self.byte_at(at) == b' ' && at - start < indent {
            at += 1;
        }
        let end = self.line_end(at);
        let short = at - start < indent;
        if short && at < end {
            return None;
        }
        self.at = self.behind_break(end);
        self.line = self.at;
        Some((at..end, self.at > end))
    }

    /// The decoded text, and where it ends in the file if there is any. In a folded one a line break between two lines that
    /// do not begin with a blank is a space, or nothing where blank lines follow it.
    fn block_text(&mut self, indent: usize, header: Header) -> (String, Option<usize>) {
        let mut text = String::new();
        let (mut end, mut had_break, mut blanks, mut spaced) = (None, false, 0, false);
        while let Some((line, breaks)) = self.text_line(indent) {
            if line.is_empty() {
                blanks += usize::from(breaks);
                continue;
            }
            let this_spaced = is_blank(self.byte_at(line.start));
            let folds = header.folded && !spaced && !this_spaced;
            match (end.is_some(), folds, blanks) {
                (true, true, 0) => text.push(' '),
                (true, false, _) => text.push('\n'),
                _ => {}
            }
            text.extend(std::iter::repeat_n('\n', blanks));
            end = Some(line.end);
            text.push_str(self.text.get(line).unwrap_or_default());
            (had_break, blanks, spaced) = (breaks, 0, this_spaced);
        }
        let last = usize::from(end.is_some() && had_break);
        let kept = match header.chomping {
            b'-' => 0,
            b'+' => last + blanks,
            _ => last,
        };
        text.extend(std::iter::repeat_n('\n', kept));
        (text, end)
    }
}
