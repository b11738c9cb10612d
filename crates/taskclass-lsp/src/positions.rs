//! From places as an editor names them to offsets, and back.
//!
//! The protocol's lines end at `\n`, `\r\n` or a lone `\r`, unlike [`taskclass_source::SourceFile`]'s, so they are counted
//! here. A column behind a line's end means its end, one within a character the character's start, a line behind the last
//! the end of the text: whatever an editor sends names a place.

use gen_lsp_types as lsp;
use taskclass_source::Span;

/// What a column counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Encoding {
    /// Bytes.
    Utf8,
    /// UTF-16 code units, which every editor speaks.
    #[default]
    Utf16,
}

impl Encoding {
    fn width(self, c: char) -> usize {
        match self {
            Self::Utf8 => c.len_utf8(),
            Self::Utf16 => c.len_utf16(),
        }
    }
}

/// A text and where its lines are.
#[derive(Debug)]
pub(crate) struct Lines<'a> {
    text: &'a str,
    encoding: Encoding,
    /// Begin and end of each line, without its break.
    lines: Vec<(usize, usize)>,
}

impl<'a> Lines<'a> {
    pub(crate) fn new(text: &'a str, encoding: Encoding) -> Self {
        let mut lines = Vec::new();
        let mut start = 0;
        let mut at = 0;
        let bytes = text.as_bytes();
        while let Some(byte) = bytes.get(at) {
            let width = match byte {
                b'\n' => 1,
                b'\r' if bytes.get(at + 1) == Some(&b'\n') => 2,
                b'\r' => 1,
                _ => {
                    at += 1;
                    continue;
                }
            };
            lines.push((start, at));
            at += width;
            start = at;
        }
        lines.push((start, text.len()));
        Self { text, encoding, lines }
    }

    /// The offset of a place.
    pub(crate) fn offset(&self, place: lsp::Position) -> usize {
        let Some((start, end)) = self.lines.get(place.line as usize) else { return self.text.len() };
        let mut left = place.character as usize;
        let mut offset = *start;
        for c in self.text.get(*start..*end).unwrap_or_default().chars() {
            let width = self.encoding.width(c);
            if left < width {
                break;
            }
            left -= width;
            offset += c.len_utf8();
        }
        offset
    }

    /// The place of an offset; one within a line break means the line's end, one within a character its start.
    pub(crate) fn position(&self, offset: usize) -> lsp::Position {
        let line = self.lines.partition_point(|(start, _)| *start <= offset).saturating_sub(1);
        let (start, end) = self.lines.get(line).copied().unwrap_or_default();
        let mut offset = offset.clamp(start, end);
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        let before = self.text.get(start..offset).unwrap_or_default();
        let column: usize = before.chars().map(|c| self.encoding.width(c)).sum();
        lsp::Position { line: narrow(line), character: narrow(column) }
    }

    /// The range of a span.
    pub(crate) fn range(&self, span: Span) -> lsp::Range {
        lsp::Range { start: self.position(span.start as usize), end: self.position(span.end as usize) }
    }

    /// The range that an edit of `span` replaces, and the text for it. A place between the two characters of a line break has no
    /// name, so that an edit which begins or ends there takes in the whole break.
    pub(crate) fn edit(&self, span: Span, replacement: &str) -> (lsp::Range, String) {
        let cuts = |offset: u32| {
            let (before, behind) = self.text.split_at_checked(offset as usize).unwrap_or_default();
            before.ends_with('\r') && behind.starts_with('\n')
        };
        let (mut whole, mut text) = (span, replacement.to_owned());
        if cuts(span.start) {
            whole.start -= 1;
            text.insert(0, '\r');
        }
        if cuts(span.end) {
            whole.end += 1;
            text.push('\n');
        }
        (self.range(whole), text)
    }

    /// The span of a range; a range whose end lies before its start is empty.
    pub(crate) fn span(&self, range: lsp::Range) -> Span {
        let start = self.offset(range.start);
        Span::new(start, self.offset(range.end).max(start))
    }
}

fn narrow(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(line: u32, character: u32) -> lsp::Position {
        lsp::Position { line, character }
    }

    #[test]
    fn columns_count_utf16_units() {
        let lines = Lines::new("a😀語b\nx", Encoding::Utf16);
        assert_eq!(lines.offset(at(0, 1)), 1);
        assert_eq!(lines.offset(at(0, 2)), 1, "within a surrogate pair");
        assert_eq!(lines.offset(at(0, 3)), 5);
        assert_eq!(lines.offset(at(0, 4)), 8);
        assert_eq!(lines.offset(at(0, 99)), 9);
        assert_eq!(lines.offset(at(7, 0)), 11);
        assert_eq!(lines.position(8), at(0, 4));
        assert_eq!(lines.position(6), at(0, 3), "within a character");
        assert_eq!(Lines::new("a😀語b", Encoding::Utf8).position(8), at(0, 8));
    }

    #[test]
    fn every_kind_of_line_break_ends_a_line() {
        let lines = Lines::new("a\r\nb\rc\nd", Encoding::Utf16);
        assert_eq!([0, 3, 5, 7].map(|offset| lines.position(offset)), [at(0, 0), at(1, 0), at(2, 0), at(3, 0)]);
        assert_eq!(lines.position(2), at(0, 1), "between CR and LF");
        assert_eq!(lines.offset(at(0, 5)), 1);
    }

    proptest! {
        #[test]
        fn an_edit_says_the_same_in_ranges(text in "[ab\n\r]{0,12}", start in 0usize..13, end in 0usize..13, new in "[x\r\n]{0,2}") {
            let start = start.min(text.len());
            let end = end.clamp(start, text.len());
            let lines = Lines::new(&text, Encoding::Utf16);
            let (range, written) = lines.edit(Span::new(start, end), &new);
            let span = lines.span(range);
            let edited = |start: usize, end: usize, new: &str| format!("{}{new}{}", &text[..start], &text[end..]);
            prop_assert_eq!(edited(span.start as usize, span.end as usize, &written), edited(start, end, &new));
        }

        #[test]
        fn places_and_offsets_agree(text in "[a-c\n\r\u{e9}\u{8a9e}\u{1f600}]{0,40}", utf8 in any::<bool>()) {
            let lines = Lines::new(&text, if utf8 { Encoding::Utf8 } else { Encoding::Utf16 });
            for (offset, _) in text.char_indices().filter(|(at, _)| !text[..*at].ends_with('\r') || !text[*at..].starts_with('\n')) {
                prop_assert_eq!(lines.offset(lines.position(offset)), offset);
            }
            prop_assert_eq!(lines.offset(lines.position(text.len())), text.len());
        }
    }
}
