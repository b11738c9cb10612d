//! The lines of a text: where they begin and end, what indents them, which keys and dashes stand at their beginning.

pub(super) const BYTE_ORDER_MARK: char = '\u{feff}';

/// Where the line of `at` begins; a byte-order mark is no part of a line.
pub(super) fn start(text: &str, at: usize) -> usize {
    let before = text.get(..at).unwrap_or_default();
    let mark = if text.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len_utf8() } else { 0 };
    before.rfind(['\n', '\r']).map_or(mark.min(at), |end| end + 1)
}

/// Where the line of `at` ends, before its break.
pub(super) fn end(text: &str, at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    at + rest.find(['\n', '\r']).unwrap_or(rest.len())
}

/// From `at` to the end of its line, without the blanks at the end.
pub(super) fn rest(text: &str, at: usize) -> usize {
    at + text.get(at..end(text, at)).unwrap_or_default().trim_end_matches([' ', '\t']).len()
}

/// How far `at` is from the beginning of its line, in bytes.
pub(super) fn column(text: &str, at: usize) -> usize {
    at - start(text, at)
}

/// The first place from `at` on that is no blank.
pub(super) fn behind_blanks(text: &str, at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    at + (rest.len() - rest.trim_start_matches([' ', '\t']).len())
}

/// Where the first thing of the line of `at` stands.
pub(super) fn first(text: &str, at: usize) -> usize {
    behind_blanks(text, start(text, at))
}

/// Whether the byte at `at` is `sign` with a blank or the end of the line behind it.
pub(super) fn is_sign(text: &str, at: usize, sign: u8) -> bool {
    let bytes = text.as_bytes();
    bytes.get(at) == Some(&sign) && bytes.get(at + 1).is_none_or(|byte| byte.is_ascii_whitespace())
}

/// The place of the `:` of a key that begins at `at`, before `limit` and on its line.
pub(super) fn colon(text: &str, at: usize, limit: usize) -> Option<usize> {
    let line_end = end(text, at);
    let quote = text.as_bytes().get(at).copied().filter(|byte| matches!(byte, b'"' | b'\''));
    let from = match quote {
        Some(quote) => closing_quote(text, at, quote).filter(|close| *close < line_end)? + 1,
        None => at,
    };
    let from = if quote.is_some() { behind_blanks(text, from) } else { from };
    let found = (from..line_end.min(limit)).find(|place| is_sign(text, *place, b':'))?;
    (quote.is_none() || found == from).then_some(found)
}

/// The quote that ends the text whose first quote stands at `open`.
pub(super) fn closing_quote(text: &str, open: usize, quote: u8) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = open + 1;
    loop {
        at += match bytes.get(at)? {
            b'\\' if quote == b'"' => 2,
            b'\'' if quote == b'\'' && bytes.get(at + 1) == Some(&b'\'') => 2,
            byte if *byte == quote => return Some(at),
            _ => 1,
        };
    }
}

/// Where the next `indicator` stands from `from` on, over comments, tags and anchors; `limit` if there is none before it.
pub(super) fn indicator(text: &str, from: usize, limit: usize, indicator: fn(u8) -> bool) -> usize {
    let bytes = text.as_bytes();
    let mut at = from;
    while let Some(byte) = bytes.get(at).filter(|_| at < limit) {
        at += match byte {
            b'#' => end(text, at) - at,
            b'!' | b'&' => {
                let token = bytes.get(at..).unwrap_or_default();
                token.iter().position(u8::is_ascii_whitespace).unwrap_or(token.len())
            }
            byte if indicator(*byte) => return at,
            _ => 1,
        };
    }
    limit
}

/// Whether nothing opens on a line that does not close there, and the other way round.
pub(super) fn is_whole(line: &str) -> bool {
    let count = |sign: char| line.matches(sign).count();
    let even = |quote| count(quote) % 2 == 0;
    even('"')
        && even('\'')
        && count('[') == count(']')
        && count('{') == count('}')
        && !line.trim_end().ends_with(['|', '>'])
}
