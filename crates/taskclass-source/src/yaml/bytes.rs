//! What is refused before a parser sees the text: encoding, line endings, control characters, size.

use std::borrow::Cow;
use std::sync::Arc;

use super::lines::BYTE_ORDER_MARK;
use super::problem::{Problem, ProblemKind};
use super::{MAX_FILE_BYTES, Parsed, parse};
use crate::finding::{Edit, Fix};
use crate::text::kilobytes;
use crate::{SourceFile, Span};

/// Reads the bytes of the file named `path`. What is no UTF-8 becomes a problem, and the text then has U+FFFD in its place so
/// that the problem has something to point at; nothing else is changed.
pub fn parse_bytes(path: &str, bytes: Vec<u8>) -> (Arc<SourceFile>, Parsed) {
    if bytes.len() > MAX_FILE_BYTES {
        // What is shown of it needs no more than its head, and keeping all would keep what was refused for its size.
        let head = String::from_utf8_lossy(&bytes[..200]).into_owned();
        let source = SourceFile::new(path, head);
        let problem = too_large(bytes.len(), first_line(&source));
        return (source, Parsed { problems: vec![problem], ..Parsed::default() });
    }
    match String::from_utf8(bytes) {
        Ok(text) => {
            let source = SourceFile::new(path, text);
            let parsed = parse(&source);
            (source, parsed)
        }
        Err(error) => {
            let offset = error.utf8_error().valid_up_to();
            let byte = error.as_bytes().get(offset).copied().unwrap_or_default();
            let source = SourceFile::new(path, String::from_utf8_lossy(error.as_bytes()).into_owned());
            let span = Span::new(offset, offset + char::REPLACEMENT_CHARACTER.len_utf8());
            let problem = Problem::new(ProblemKind::NotUtf8 { offset }, span, "the file is not UTF-8")
                .label(format!("the byte 0x{byte:02X} begins no character"))
                .help("save the file as UTF-8 without a byte-order mark");
            (source, Parsed { problems: vec![problem], ..Parsed::default() })
        }
    }
}

fn first_line(source: &SourceFile) -> Span {
    source.line_span(1).unwrap_or_default()
}

fn too_large(bytes: usize, span: Span) -> Problem {
    let message = format!("the file has {}; at most {} are read", kilobytes(bytes), kilobytes(MAX_FILE_BYTES));
    Problem::new(ProblemKind::FileTooLarge { bytes }, span, message)
        .help("a long prompt can stand in a file of its own: `prompt: {file: prompts/NAME.md}`")
}

/// Adds what is wrong with the text as text; gives it as it can be read as YAML all the same, if it can.
pub(super) fn check_text<'a>(source: &'a Arc<SourceFile>, problems: &mut Vec<Problem>) -> Option<Cow<'a, str>> {
    let text = source.text();
    if text.len() > MAX_FILE_BYTES {
        problems.push(too_large(text.len(), first_line(source)));
        return None;
    }
    if text.starts_with(BYTE_ORDER_MARK) {
        let span = Span::new(0, BYTE_ORDER_MARK.len_utf8());
        let fix = Fix::safe("delete the byte-order mark", vec![Edit::new(source, span, "")]);
        let problem = Problem::new(ProblemKind::ByteOrderMark, span, "the file begins with a byte-order mark");
        problems.push(problem.help("save the file as UTF-8 without a byte-order mark").fix(Some(fix)));
    }
    if !is_suspicious(text.as_bytes()) {
        return Some(Cow::Borrowed(text));
    }
    carriage_returns(source, problems);
    let body = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text);
    let mut forbidden = body.char_indices().filter(|(_, c)| is_forbidden(*c));
    if let Some((at, c)) = forbidden.next() {
        let at = at + (text.len() - body.len());
        problems.push(forbidden_character(c, Span::new(at, at + c.len_utf8()), forbidden.count()));
    }
    (!body.contains('\0')).then(|| readable(text))
}

/// One look at the bytes, which in nearly every file tells that there is nothing to say: whether there are controls, carriage
/// returns, or first bytes of U+0085, of U+2028 and of U+FEFF.
fn is_suspicious(bytes: &[u8]) -> bool {
    // Without a way out in the middle of a chunk the compiler looks at many bytes at once.
    bytes.chunks(128).any(|chunk| {
        let suspicious =
            |byte: u8| (byte < b' ' && byte != b'\n' && byte != b'\t') || matches!(byte, 0x7f | 0xc2 | 0xe2 | 0xef);
        chunk.iter().fold(false, |any, byte| any | suspicious(*byte))
    })
}

/// Whether a character must not stand in a file as it is: what YAML does not allow, and what older readers take for the end
/// of a line.
fn is_forbidden(c: char) -> bool {
    let control = c.is_control() && !matches!(c, '\t' | '\n' | '\r');
    control || matches!(c, '\u{2028}' | '\u{2029}' | '\u{fffe}' | '\u{ffff}' | BYTE_ORDER_MARK)
}

/// The text with `_` for each byte of a character that no parser takes, so that what is around it can be read.
fn readable(text: &str) -> Cow<'_, str> {
    let mark = text.len() - text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text).len();
    let unreadable = |c: char| is_forbidden(c) && !matches!(c, '\u{85}' | '\u{2028}' | '\u{2029}');
    if !text[mark..].contains(unreadable) {
        return Cow::Borrowed(text);
    }
    let mut out = text[..mark].to_owned();
    for c in text[mark..].chars() {
        match unreadable(c) {
            true => out.extend(std::iter::repeat_n('_', c.len_utf8())),
            false => out.push(c),
        }
    }
    Cow::Owned(out)
}

fn forbidden_character(c: char, span: Span, more: usize) -> Problem {
    let code = u32::from(c);
    let message = match c {
        '\u{85}' | '\u{2028}' | '\u{2029}' => {
            format!("U+{code:04X} ends a line for some readers and is text for others")
        }
        _ => format!("the character U+{code:04X} is not allowed in YAML"),
    };
    let problem = Problem::new(ProblemKind::ControlCharacter(c), span, message);
    let problem = if more > 0 { problem.note(format!("{more} more such characters follow")) } else { problem };
    problem.help(format!("in text in double quotes it is written `\\u{code:04X}`"))
}

fn carriage_returns(source: &Arc<SourceFile>, problems: &mut Vec<Problem>) {
    let text = source.text();
    let Some(first) = text.find('\r') else { return };
    let count = text.matches('\r').count();
    let many = if count == 1 { "one carriage return".to_owned() } else { format!("{count} carriage returns") };
    let message = format!("the file has {many}; lines end with a line feed alone");
    let problem = Problem::new(ProblemKind::LineEndings { count }, Span::new(first, first + 1), message);
    problems.push(
        problem
            .help("save the file with Unix line endings")
            .note("the digest covers the text as it is, so two line endings would be two documents")
            .fix(Fix::line_feeds(source)),
    );
}
