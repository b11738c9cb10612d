//! From a place in the decoded text of a scalar back to the place in the file.
//!
//! A template error knows its offset in the prompt; the reader must see it in the YAML. The map decodes the scalar a second
//! time, noting where each piece came from, and is accepted only if that gives exactly the text that the tree has. So a map
//! is right or there is none, and then the whole scalar is labelled.

mod block;
mod flow;

use std::ops::Range;

use super::node::{Node, Style, Value};
use crate::{SourceFile, Span};

/// Where the decoded text of one scalar stands in the file.
#[derive(Clone, Debug)]
pub struct ScalarMap {
    pieces: Vec<Piece>,
    /// Length of the decoded text.
    length: usize,
    /// Where text behind the last character would stand.
    end: usize,
}

/// A run of decoded text and the bytes of the file that it came from.
#[derive(Clone, Debug)]
struct Piece {
    decoded: Range<usize>,
    written: Range<usize>,
    /// Byte for byte the same; else the piece, such as an escape, can only be named as a whole.
    verbatim: bool,
}

impl ScalarMap {
    /// The bytes of the file that say the bytes `range` of the decoded text. A part of an escape gives the whole escape, an
    /// empty range the place between; what lies behind the end gives the end.
    pub fn span(&self, range: Range<usize>) -> Span {
        let start = self.start_of(range.start);
        if range.is_empty() {
            return Span::at(start);
        }
        Span::new(start, self.end_of(range.end).max(start))
    }

    /// The decoded text's length in bytes.
    pub fn decoded_len(&self) -> usize {
        self.length
    }

    fn piece_of(&self, offset: usize) -> Option<&Piece> {
        let index = self.pieces.partition_point(|piece| piece.decoded.end <= offset);
        self.pieces.get(index)
    }

    fn start_of(&self, offset: usize) -> usize {
        match self.piece_of(offset) {
            None => self.end,
            Some(piece) if piece.verbatim => piece.written.start + (offset - piece.decoded.start),
            Some(piece) => piece.written.start,
        }
    }

    fn end_of(&self, offset: usize) -> usize {
        let offset = offset.min(self.length);
        match offset.checked_sub(1).and_then(|last| self.piece_of(last)) {
            None => self.end,
            Some(piece) if piece.verbatim => piece.written.start + (offset - piece.decoded.start),
            Some(piece) => piece.written.end,
        }
    }
}

/// Decodes a scalar, noting where each piece came from.
struct Decoder<'a> {
    file: &'a str,
    text: String,
    pieces: Vec<Piece>,
    /// Where the escape stands that was read last.
    fault: usize,
}

impl<'a> Decoder<'a> {
    fn new(file: &'a str) -> Self {
        Self { file, text: String::new(), pieces: Vec::new(), fault: 0 }
    }

    /// The bytes `written` of the file, as they are.
    fn verbatim(&mut self, written: Range<usize>) -> Option<()> {
        let text = self.file.get(written.clone())?;
        if text.is_empty() {
            return Some(());
        }
        let start = self.text.len();
        self.text.push_str(text);
        let end = self.text.len();
        match self.pieces.last_mut() {
            Some(last) if last.verbatim && last.written.end == written.start => {
                last.decoded.end = end;
                last.written.end = written.end;
            }
            _ => self.pieces.push(Piece { decoded: start..end, written, verbatim: true }),
        }
        Some(())
    }

    /// One character that the bytes `written` of the file stand for.
    fn stands_for(&mut self, c: char, written: Range<usize>) {
        let start = self.text.len();
        self.text.push(c);
        self.pieces.push(Piece { decoded: start..self.text.len(), written, verbatim: false });
    }

    /// A line break at `written`, which is `\n` in the decoded text however it is written.
    fn line_break(&mut self, written: Range<usize>) -> Option<()> {
        if self.file.get(written.clone())? == "\n" {
            return self.verbatim(written);
        }
        self.stands_for('\n', written);
        Some(())
    }

    /// The map, if the text came out as `expected`.
    fn accept(self, expected: &str, end: usize) -> Option<ScalarMap> {
        (self.text == expected).then_some(ScalarMap { length: self.text.len(), pieces: self.pieces, end })
    }
}

/// Decodes the scalar in quotes at `span`; else the offset of the first escape that is none.
pub(super) fn decode_quoted(file: &str, span: Span, style: Style) -> Result<String, usize> {
    let mut decoder = Decoder::new(file);
    match flow::decode_quoted(&mut decoder, span.range(), style) {
        Some(_) => Ok(decoder.text),
        None => Err(decoder.fault),
    }
}

impl Node {
    /// The map of a text scalar of `source`; `None` if it is no text or the map cannot be made exactly.
    pub fn scalar_map(&self, source: &SourceFile) -> Option<ScalarMap> {
        let Value::Str(text) = &self.value else { return None };
        let file = source.text();
        match self.style {
            Style::Plain => flow::plain(file, self.span.range(), text),
            Style::SingleQuoted | Style::DoubleQuoted => {
                let mut decoder = Decoder::new(file);
                let end = flow::decode_quoted(&mut decoder, self.span.range(), self.style)?;
                decoder.accept(text, end)
            }
            Style::Literal => block::block(file, self.span.start as usize, text, false),
            Style::Folded => block::block(file, self.span.start as usize, text, true),
            Style::Block | Style::Flow => None,
        }
    }
}

#[cfg(test)]
mod tests;
