//! Plain, single-quoted and double-quoted scalars.

use std::ops::Range;

use super::{Decoder, ScalarMap};
use crate::yaml::node::Style;

fn is_blank(byte: u8) -> bool {
    byte == b' ' || byte == b'\t'
}

/// Folds the line breaks that begin at or behind the blanks at `at`: one is a space, of several all but the first count.
/// `kept` is where the text on this line ends: the blanks behind it are no part of it. Gives where the text goes on.
fn fold(decoder: &mut Decoder<'_>, kept: usize, at: usize, limit: usize, joined: bool) -> Option<usize> {
    let bytes = decoder.file.as_bytes();
    let mut breaks = Vec::new();
    let mut next = at;
    while next < limit {
        match bytes.get(next)? {
            b'\n' => {
                breaks.push(next..next + 1);
                next += 1;
            }
            b'\r' => {
                let length = if bytes.get(next + 1) == Some(&b'\n') { 2 } else { 1 };
                breaks.push(next..next + length);
                next += length;
            }
            byte if is_blank(*byte) => next += 1,
            _ => break,
        }
    }
    let mut kept_breaks = breaks.into_iter();
    kept_breaks.next()?;
    let mut folded = true;
    for written in kept_breaks {
        folded = false;
        decoder.line_break(written)?;
    }
    if folded && !joined {
        decoder.stands_for(' ', kept..next);
    }
    Some(next)
}

/// The end of the blanks before `at`, not before `from`.
fn trim_blanks(file: &str, from: usize, at: usize) -> usize {
    let blanks =
        file.as_bytes().get(from..at).unwrap_or_default().iter().rev().take_while(|byte| is_blank(**byte)).count();
    at - blanks
}

pub(super) fn plain(file: &str, range: Range<usize>, expected: &str) -> Option<ScalarMap> {
    let mut decoder = Decoder::new(file);
    let end = range.end;
    let mut at = range.start;
    while at < end {
        let line_end = file.get(at..end)?.find(['\n', '\r']).map_or(end, |length| at + length);
        let kept = if line_end < end { trim_blanks(file, at, line_end) } else { line_end };
        decoder.verbatim(at..kept)?;
        at = if line_end < end { fold(&mut decoder, kept, line_end, end, false)? } else { end };
    }
    decoder.accept(expected, end)
}

/// Decodes a scalar in quotes; gives where its text ends.
pub(super) fn decode_quoted(decoder: &mut Decoder<'_>, range: Range<usize>, style: Style) -> Option<usize> {
    if style == Style::DoubleQuoted { double_quoted(decoder, range) } else { single_quoted(decoder, range) }
}

fn single_quoted(decoder: &mut Decoder<'_>, range: Range<usize>) -> Option<usize> {
    let file = decoder.file;
    let (start, end) = inside(file, &range, '\'')?;
    let mut at = start;
    while at < end {
        let run_end = file.get(at..end)?.find(['\n', '\r', '\'']).map_or(end, |length| at + length);
        match file.as_bytes().get(run_end).filter(|_| run_end < end) {
            Some(b'\'') => {
                decoder.verbatim(at..run_end)?;
                decoder.stands_for('\'', run_end..run_end + 2);
                at = run_end + 2;
            }
            Some(_) => {
                let kept = trim_blanks(file, at, run_end);
                decoder.verbatim(at..kept)?;
                at = fold(decoder, kept, run_end, end, false)?;
            }
            None => {
                decoder.verbatim(at..end)?;
                at = end;
            }
        }
    }
    Some(end)
}

/// The bytes between the quotes.
fn inside(file: &str, range: &Range<usize>, quote: char) -> Option<(usize, usize)> {
    let written = file.get(range.clone())?;
    let inner = written.strip_prefix(quote)?.strip_suffix(quote)?;
    Some((range.start + 1, range.start + 1 + inner.len()))
}

fn double_quoted(decoder: &mut Decoder<'_>, range: Range<usize>) -> Option<usize> {
    let file = decoder.file;
    let (start, end) = inside(file, &range, '"')?;
    let mut at = start;
    // Blanks before this place were escaped, so a line break behind them does not take them away.
    let mut trim_from = start;
    while at < end {
        let run_end = file.get(at..end)?.find(['\n', '\r', '\\']).map_or(end, |length| at + length);
        match file.as_bytes().get(run_end).filter(|_| run_end < end) {
            Some(b'\\') => {
                decoder.verbatim(at..run_end)?;
                at = escape(decoder, run_end, end)?;
                trim_from = at;
            }
            Some(_) => {
                let kept = trim_blanks(file, at.max(trim_from), run_end);
                decoder.verbatim(at..kept)?;
                at = fold(decoder, kept, run_end, end, false)?;
                trim_from = at;
            }
            None => {
                decoder.verbatim(at..end)?;
                at = end;
            }
        }
    }
    Some(end)
}

/// The escape at `at`; gives where the text goes on.
fn escape(decoder: &mut Decoder<'_>, at: usize, end: usize) -> Option<usize> {
    let file = decoder.file;
    decoder.fault = at;
    let c = file.get(at + 1..end)?.chars().next()?;
    let simple = match c {
        '0' => '\0',
        'a' => '\u{7}',
        'b' => '\u{8}',
        't' | '\t' => '\t',
        'n' => '\n',
        'v' => '\u{b}',
        'f' => '\u{c}',
        'r' => '\r',
        'e' => '\u{1b}',
        'N' => '\u{85}',
        '_' => '\u{a0}',
        'L' => '\u{2028}',
        'P' => '\u{2029}',
        ' ' | '"' | '/' | '\\' => c,
        '\n' | '\r' => return fold(decoder, at, at + 1, end, true),
        'x' | 'u' | 'U' => return hexadecimal(decoder, at, c),
        _ => return None,
    };
    let next = at + 1 + c.len_utf8();
    decoder.stands_for(simple, at..next);
    Some(next)
}

fn hexadecimal(decoder: &mut Decoder<'_>, at: usize, kind: char) -> Option<usize> {
    let digits = match kind {
        'x' => 2,
        'u' => 4,
        _ => 8,
    };
    let read = |at: usize, digits: usize| u32::from_str_radix(decoder.file.get(at..at + digits)?, 16).ok();
    let code = read(at + 2, digits)?;
    let mut next = at + 2 + digits;
    let c = match char::from_u32(code) {
        Some(c) => c,
        // Two escapes of a surrogate pair, as JSON writes characters beyond U+FFFF.
        None => {
            let low = decoder.file.get(next..)?.strip_prefix("\\u").and_then(|_| read(next + 2, 4))?;
            next += 6;
            let low = low.checked_sub(0xdc00).filter(|low| *low < 0x400)?;
            char::from_u32(0x10000 + (code.checked_sub(0xd800)? << 10) + low)?
        }
    };
    decoder.stands_for(c, at..next);
    Some(next)
}
