//! Literal (`|`) and folded (`>`) scalars.

use std::ops::Range;

use super::{Decoder, ScalarMap};

/// The widest indentation that is tried for a scalar that says its indentation: far beyond what nesting allows.
const WIDEST: usize = 400;

/// What is done with the line breaks at the end.
#[derive(Clone, Copy, PartialEq)]
enum Chomping {
    Strip,
    Clip,
    Keep,
}

/// A line of the scalar: its text behind the indentation, and its line break, which the file's last line may lack.
struct Line {
    text: Range<usize>,
    line_break: Range<usize>,
    /// Begins with a blank behind the indentation, which keeps a folded scalar from folding around it.
    spaced: bool,
}

/// The map of the scalar whose header stands at `start`.
pub(super) fn block(file: &str, start: usize, expected: &str, folded: bool) -> Option<ScalarMap> {
    let header_length = file.get(start..)?.find('\n').map_or(file.len() - start, |at| at + 1);
    let header = file.get(start..start + header_length)?;
    let indicators: &str = header.get(1..)?.split([' ', '\t', '\r', '\n']).next()?;
    let chomping = match (indicators.contains('-'), indicators.contains('+')) {
        (true, _) => Chomping::Strip,
        (_, true) => Chomping::Keep,
        _ => Chomping::Clip,
    };
    let body = start + header_length;
    let explicit = indicators.contains(|c: char| c.is_ascii_digit());
    let leading = |line: &str| line.len() - line.trim_start_matches(' ').len();
    let blank = |line: &str| line.bytes().all(|byte| byte == b' ');
    let text = file.get(body..)?;
    let blanks = text.lines().take_while(|line| blank(line)).map(leading).max().unwrap_or(0);
    let spaces = text.lines().find(|line| !blank(line)).map_or(0, leading);
    // An explicit indentation counts from the parent's, which the scalar alone does not tell: the right one is the one that
    // gives the text. One wider than the first line with text leaves that line out: the scalar has none.
    let candidates = if explicit { 0..=(spaces.max(blanks) + 1).min(WIDEST) } else { spaces..=spaces + 1 };
    candidates.rev().find_map(|indent| {
        let lines = lines(file, body, indent);
        let mut decoder = Decoder::new(file);
        let end = decode(&mut decoder, &lines, chomping, folded, body)?;
        decoder.accept(expected, end)
    })
}

/// The lines of the scalar: up to one that is not blank and indented less.
fn lines(file: &str, body: usize, indent: usize) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut at = body;
    while at < file.len() {
        let Some(rest) = file.get(at..) else { break };
        let length = rest.find('\n').unwrap_or(rest.len());
        let next = (at + length + 1).min(file.len());
        let text_end =
            if rest.get(..length).is_some_and(|line| line.ends_with('\r')) { at + length - 1 } else { at + length };
        let spaces = rest.bytes().take_while(|byte| *byte == b' ').count().min(text_end - at);
        let blank = at + spaces == text_end;
        if spaces < indent && !blank {
            break;
        }
        let text = (at + indent.min(spaces))..text_end;
        let spaced =
            file.as_bytes().get(text.start).is_some_and(|byte| matches!(byte, b' ' | b'\t')) && !text.is_empty();
        lines.push(Line { text, line_break: text_end..next, spaced });
        at = next;
    }
    lines
}

/// Gives where text behind the end would stand.
fn decode(decoder: &mut Decoder<'_>, lines: &[Line], chomping: Chomping, folded: bool, body: usize) -> Option<usize> {
    let content = lines.iter().rposition(|line| !line.text.is_empty()).map_or(0, |last| last + 1);
    let (content, trailing) = lines.split_at(content);
    let mut previous: Option<&Line> = None;
    // Line breaks since the last line with text.
    let mut blanks: Vec<Range<usize>> = Vec::new();
    for line in content {
        if line.text.is_empty() {
            blanks.push(line.line_break.clone());
            continue;
        }
        match previous {
            Some(before) if folded && !before.spaced && !line.spaced && blanks.is_empty() => {
                decoder.stands_for(' ', before.line_break.start..line.text.start);
            }
            Some(before) if !folded || before.spaced || line.spaced => decoder.line_break(before.line_break.clone())?,
            _ => {}
        }
        for written in blanks.drain(..) {
            decoder.line_break(written)?;
        }
        decoder.verbatim(line.text.clone())?;
        previous = Some(line);
    }
    let end = previous.map_or(body, |line| line.text.end);
    if let Some(last) = previous.filter(|line| chomping != Chomping::Strip && !line.line_break.is_empty()) {
        decoder.line_break(last.line_break.clone())?;
    }
    if chomping == Chomping::Keep {
        for line in trailing.iter().filter(|line| !line.line_break.is_empty()) {
            decoder.line_break(line.line_break.clone())?;
        }
    }
    Some(end)
}
