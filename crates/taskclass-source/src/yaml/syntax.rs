//! The words for what is no YAML, or no YAML that every reader reads alike: one function a fault.

use std::sync::Arc;

use super::problem::{Problem, ProblemKind};
use super::report::in_quotes;
use super::{MAX_DEPTH, MAX_NODES};
use crate::finding::{Edit, Fix};
use crate::text::quoted;
use crate::{SourceFile, Span};

fn syntax(span: Span, message: impl Into<String>) -> Problem {
    Problem::new(ProblemKind::Syntax, span, message)
}

/// The text from `start` to the end of its line, without blanks and a comment at its end.
pub(super) fn value_on_line(source: &SourceFile, start: usize) -> Span {
    let line = source.text().get(start..).and_then(|rest| rest.lines().next()).unwrap_or_default();
    let value = line.find(" #").map_or(line, |comment| &line[..comment]).trim_end_matches([' ', '\t']);
    Span::new(start, start + value.len())
}

/// Quotes around the value from `start` to the end of its line, if it plainly is one value.
fn quotes_around(source: &Arc<SourceFile>, start: usize) -> Option<Fix> {
    let span = value_on_line(source, start);
    let value = source.slice(span);
    let simple = value.len() > 1
        && !value.starts_with('\'')
        && !value.contains(['"', '\\', '\t'])
        && !value.chars().any(char::is_control);
    simple.then(|| in_quotes(source, span, without_backticks(value)))
}

/// What stands between two backticks, which mark it as a name in Markdown and nothing in YAML.
fn without_backticks(value: &str) -> &str {
    let inner = value.strip_prefix('`').and_then(|rest| rest.strip_suffix('`'));
    inner.filter(|inner| !inner.is_empty() && !inner.contains('`')).unwrap_or(value)
}

/// Quotes around one value of a list in brackets.
fn quotes_around_item(source: &Arc<SourceFile>, start: usize) -> Option<Fix> {
    let rest = source.slice(value_on_line(source, start));
    let value = rest.split([',', ']', '}']).next()?.trim_end();
    let simple = value.len() > 1 && value.len() < rest.len() && !value.contains(['"', '\'', '\\', ' ', '\t']);
    simple.then(|| in_quotes(source, Span::new(start, start + value.len()), without_backticks(value)))
}

/// The character at `at`.
fn character(text: &str, at: usize) -> Span {
    Span::new(at, at + text.get(at..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8))
}

/// What the parser has its own words for.
pub(super) fn other(text: &str, at: usize, words: &str) -> Problem {
    syntax(character(text, at), format!("this cannot be read: {words}")).help("put text in quotes")
}

pub(super) fn too_deep(text: &str, at: usize) -> Problem {
    let message = format!("lists and mappings lie more than {MAX_DEPTH} deep in each other");
    Problem::new(ProblemKind::TooDeep, character(text, at), message).label("nothing from here on was read")
}

pub(super) fn too_many(at: usize) -> Problem {
    let message = format!("the file has more than {MAX_NODES} keys and values");
    Problem::new(ProblemKind::TooManyNodes, Span::at(at), message).label("nothing from here on was read")
}

pub(super) fn directive(span: Span) -> Problem {
    Problem::new(ProblemKind::Directive, span, "directives (`%…`) are not allowed")
        .help("delete the line; the file is read as YAML 1.2")
}

pub(super) fn behind_marker(span: Span) -> Problem {
    syntax(span, "nothing can stand behind `---`").help("begin the document on the next line")
}

pub(super) fn behind_the_document(span: Span) -> Problem {
    syntax(span, "this line belongs to nothing above it")
        .label("nothing from here on was read")
        .help("indent it as the line that it continues, or align it with the first line of the document")
}

pub(super) fn behind_the_value(span: Span) -> Problem {
    syntax(span, "the value ends before this, and nothing more can stand on its line")
        .help("put the whole value in one pair of quotes, or begin a comment with ` #`")
}

pub(super) fn tab(span: Span) -> Problem {
    syntax(span, "a tab cannot indent").label("here, and perhaps further down").help("indent with spaces")
}

pub(super) fn escape(text: &str, at: usize) -> Problem {
    let length = text.get(at + 1..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
    let span = Span::new(at, at + 1 + length);
    let escape = text.get(span.range()).unwrap_or_default();
    syntax(span, format!("{} is no escape that text in double quotes knows", quoted(escape)))
        .help("write `\\\\` for a backslash, or put the text in single quotes, where a backslash is only itself")
}

pub(super) fn unclosed_quote(text: &str, open: usize, stops: Option<Span>) -> Problem {
    let quote = text.get(open..open + 1).unwrap_or_default();
    let problem = syntax(Span::new(open, open + 1), format!("the quote {} opened here is not closed", quoted(quote)));
    let problem = match stops {
        Some(stops) => problem.related(stops, "this line is not indented as a part of the text"),
        None => problem,
    };
    problem.help("close it; a quote within the text is written twice in '…' and as `\\\"` in \"…\"")
}

pub(super) fn unclosed_bracket(text: &str, open: usize, here: Option<Span>) -> Problem {
    let bracket = text.get(open..open + 1).unwrap_or_default();
    let close = if bracket == "[" { "]" } else { "}" };
    let problem = syntax(Span::new(open, open + 1), format!("{} is not closed", quoted(bracket)));
    let problem = match here {
        Some(here) => problem.related(here, "this line is not indented as a part of it"),
        None => problem,
    };
    problem.help(format!("close it with `{close}`; its further lines are indented deeper than its key"))
}

pub(super) fn block_header(span: Span) -> Problem {
    syntax(span, "only `-` or `+` and one digit can stand behind `|` or `>`")
        .help("begin the text on the next line, indented deeper than its key")
}

pub(super) fn text_document(span: Span) -> Problem {
    syntax(span, "a document cannot be one block of text").help("a document is a mapping: it begins with `schema: …`")
}

pub(super) fn deep_blank_line(blank: Span, first: Span) -> Problem {
    syntax(first, "the text begins less deep than the blank lines before it")
        .related(blank, "these blanks are deeper")
        .help("delete the blanks, or say the indentation: `|2`")
}

pub(super) fn missing_item(span: Span) -> Problem {
    syntax(span, "an item is missing before this `,`").help("write the item, or delete the `,`")
}

pub(super) fn missing_entry(span: Span) -> Problem {
    syntax(span, "a field is missing before this `,`").help("write the field, or delete the `,`")
}

pub(super) fn list_separator(span: Span) -> Problem {
    syntax(span, "`,` or `]` is expected here").help("separate the items by `,` and close the list with `]`")
}

pub(super) fn mapping_separator(span: Span) -> Problem {
    syntax(span, "`,` or `}` is expected here").help("write `{key: value, key: value}`, with a space behind each colon")
}

pub(super) fn pair_in_list(span: Span) -> Problem {
    syntax(span, "a key without braces cannot stand in a list in brackets")
        .help("write `{key: value}`, or put quotes around text that has a colon")
}

pub(super) fn long_key(span: Span) -> Problem {
    syntax(span, "a key stands on one line and has at most 1000 bytes")
}

pub(super) fn list_behind_key(span: Span) -> Problem {
    syntax(span, "a list with `-` cannot begin on the line of its key")
        .help("begin it on the next line, or write it in brackets: `[a, b]`")
}

pub(super) fn explicit_key(span: Span) -> Problem {
    syntax(span, "keys with `? ` are not allowed").help("write `key: value`")
}

/// A second `: ` at `colon`, in what begins at the start of `span`.
pub(super) fn mapping_behind_key(source: &Arc<SourceFile>, span: Span, colon: usize) -> Problem {
    syntax(Span::new(colon, colon + 1), "a second `: ` cannot stand on the line of a key")
        .help("put the value in quotes, or begin the mapping on the next line, indented deeper")
        .fix(quotes_around(source, span.start as usize))
}

pub(super) fn plain_start(source: &Arc<SourceFile>, at: usize, flow: bool) -> Problem {
    let first = source.text().get(at..).and_then(|rest| rest.chars().next()).unwrap_or_default();
    let span = Span::new(at, at + first.len_utf8());
    let sign = if first == '`' { "a backtick".to_owned() } else { quoted(first.encode_utf8(&mut [0; 4])) };
    let message = format!("a value without quotes cannot begin with {sign}");
    let fix = if flow { quotes_around_item(source, at) } else { quotes_around(source, at) };
    syntax(span, message).help("put the value in quotes").fix(fix)
}

/// The key of a line, or all of a line without one.
fn key_of(text: &str, line: Span) -> Span {
    let written = text.get(line.range()).unwrap_or_default();
    let key = written.split(": ").next().filter(|key| key.len() < written.len()).or_else(|| written.strip_suffix(':'));
    key.map_or(line, |key| Span::new(line.start as usize, line.start as usize + key.len()))
}

pub(super) fn stray_line(text: &str, line: Span, sibling: Span, siblings: &str) -> Problem {
    syntax(key_of(text, line), "this line is indented deeper than what it stands among")
        .related(sibling, format!("{siblings} are indented like this"))
        .help("align it, or indent it below the line that it belongs to")
}

pub(super) fn item_among_keys(span: Span, key: Span) -> Problem {
    syntax(span, "an item of a list stands among the keys of a mapping")
        .related(key, "a key of the mapping")
        .help("a list stands below the key that it belongs to; that key has a value already")
}

/// Blanks in front of a key of which some are none.
pub(super) fn no_break_space(source: &Arc<SourceFile>, blanks: Span) -> Problem {
    let count = source.slice(blanks).chars().count();
    let title = if count == 1 { "write a space" } else { "write spaces" };
    syntax(blanks, "this line begins with U+00A0, a no-break space, which is a letter to YAML and does not indent")
        .fix(Some(Fix::safe(title, vec![Edit::new(source, blanks, " ".repeat(count))])))
}

/// A line with less indentation than its neighbours have; `deeper` is one of them, and `by` what is wanting.
pub(super) fn shallow_line(source: &Arc<SourceFile>, line: Span, deeper: Span, by: usize) -> Problem {
    let start = Span { end: line.start, ..line };
    syntax(key_of(source.text(), line), "this line is indented less than what it stands among")
        .related(key_of(source.text(), deeper), "its neighbours are indented like this")
        .help("indent it as they are, or align with it what stands below and belongs to it")
        .fix(Some(Fix::unsafe_("indent it as they are", vec![Edit::new(source, start, " ".repeat(by))])))
}

/// A line that is indented deeper than `shallow` and less than `deep`, and may belong to either.
pub(super) fn between_lines(text: &str, line: Span, shallow: Span, deep: Span) -> Problem {
    syntax(key_of(text, line), "this line stands between two depths of indentation")
        .related(shallow, "these lines are indented like this")
        .related(key_of(text, deep), "and these like this")
        .help("align it with the lines that it belongs to")
}

/// A bracket that closes what `open` opens, and is indented like its key.
pub(super) fn shallow_bracket(source: &Arc<SourceFile>, open: usize, close: Span) -> Problem {
    let bracket = source.slice(close);
    let start = Span { end: close.start, ..close };
    syntax(
        close,
        format!("{} is not indented deeper than the key that its list or mapping belongs to", quoted(bracket)),
    )
    .related(Span::new(open, open + 1), "it closes this")
    .help("indent it by two spaces, or put it at the end of the line before")
    .fix(Some(Fix::safe("indent it", vec![Edit::new(source, start, "  ")])))
}

/// Text below `header` that begins at `line`, no deeper than the key of the header.
pub(super) fn shallow_text(header: Span, line: Span) -> Problem {
    syntax(line, "this text is not indented deeper than the key that it belongs to")
        .related(header, "the text of this key, as it seems")
        .help("indent all of the text below its key, by two spaces more than the key")
}

/// A text whose `first` line is indented deeper than `line`.
pub(super) fn uneven_text(first: Span, line: Span) -> Problem {
    syntax(line, "this line is indented less than the first line of the text that it goes on with")
        .related(first, "the first line says how deep all lines are")
        .help("indent the first line as the others; where it is to begin with blanks, say the indentation: `|2`")
}

/// A line on which a key is expected and no `: ` is found.
pub(super) fn no_colon(source: &Arc<SourceFile>, span: Span) -> Problem {
    let problem = syntax(span, "a key is expected here, and a `: ` behind it");
    match source.slice(span).split_once(':') {
        Some((key, value)) if value.starts_with(" {{") => {
            let value = Span { start: span.start + Span::at(key.len() + 2).start, end: span.end };
            syntax(value, "a value without quotes cannot begin with `{{`: to YAML it is a mapping")
                .help(format!("write `{key}: |`, and the text on the next lines, indented deeper"))
        }
        Some((key, value)) if value.starts_with('\u{a0}') => {
            let at = span.start as usize + key.len() + 1;
            let blank = Span::new(at, at + '\u{a0}'.len_utf8());
            syntax(blank, "the blank behind this colon is U+00A0, a no-break space, which is a letter to YAML")
                .fix(Some(Fix::safe("write a space", vec![Edit::new(source, blank, " ")])))
        }
        Some((key, value)) if !key.is_empty() && !value.is_empty() && !key.contains([' ', '/']) => {
            problem.help(format!("write `{key}: {value}`, with a space behind the colon"))
        }
        _ => problem.help("write `key: value`; text that goes on from the line above is indented deeper"),
    }
}
