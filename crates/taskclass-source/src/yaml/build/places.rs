//! Where a value stands, where the parser says it otherwise or not at all.

use crate::yaml::lines;
use crate::{SourceFile, Span};

/// A block scalar's span with its header, which the parser leaves out, and without what is only line breaks at its end.
/// `from` is where the key or indicator before it ends.
pub(super) fn block_scalar(source: &SourceFile, from: usize, content: Span, text: &str) -> Span {
    let end = content.end as usize;
    let start = lines::indicator(source.text(), from, end, |byte| matches!(byte, b'|' | b'>'));
    let whole = source.slice(Span::new(start, end));
    let (head, body) = whole.split_at(whole.find(['\n', '\r']).unwrap_or(whole.len()));
    let blanks_count = text.trim_end_matches('\n').ends_with([' ', '\t']);
    let ends: &[char] = if blanks_count { &['\n', '\r'] } else { &['\n', '\r', ' ', '\t'] };
    let length = match body.trim_end_matches(ends) {
        "" => head.find([' ', '\t']).unwrap_or(head.len()).max(1),
        body => head.len() + body.len(),
    };
    Span::new(start, start + length)
}

/// Where the header of the block scalar ends that begins at `start`, and whether it says that the text ends without a line
/// break.
pub(super) fn block_header(source: &SourceFile, start: usize) -> (Span, bool) {
    let line = source.slice(Span::new(start, lines::end(source.text(), start)));
    let header = line.split([' ', '\t']).next().unwrap_or_default();
    (Span::new(start, start + header.len()), header.contains('-'))
}

/// An absent value's place: right behind the `:` of its key or the `-` of its item, where there is one.
pub(super) fn absent(text: &str, at: usize, is_key: bool) -> Span {
    let ahead = lines::behind_blanks(text, at);
    if !is_key && text.as_bytes().get(ahead) == Some(&b':') {
        return Span::at(ahead + 1);
    }
    let before = text.get(..at).unwrap_or_default();
    Span::at(before.trim_end_matches([' ', '\t']).len())
}
