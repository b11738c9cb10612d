//! Reading on behind a tag that the engine cannot read.
//!
//! The engine ends at the first one. That one is reported, its bytes replaced by others that say nothing, so that all else
//! keeps its place, and the text is read again: what is wrong with the other tags is found in the same pass.

use std::ops::Range;

use minijinja::machinery::parse;

use super::problem::ProblemKind;
use super::scan::{Found, scan, syntax};

/// How often a text is read at most.
const MAX_ROUNDS: usize = 24;

/// A text as far as the engine can read it.
pub(super) struct Readable {
    /// As long as the text itself; `None` where nothing of it can be read.
    pub(super) text: Option<String>,
    /// What is wrong with the tags that are gone.
    pub(super) found: Vec<Found>,
    /// Where they stood: what the text says there is not its writer's.
    pub(super) gone: Vec<Range<usize>>,
    /// Whether block statements are gone, and with them the names that loops give.
    pub(super) without_blocks: bool,
}

/// What can be read of a text that is not sound.
pub(super) fn readable(text: &str) -> Readable {
    let mut read = Readable { text: None, found: Vec::new(), gone: Vec::new(), without_blocks: false };
    let mut now = text.to_owned();
    for _ in 0..MAX_ROUNDS {
        let mut faults = scan(&now);
        let at_token = faults.pop_if(|fault| matches!(fault.kind, ProblemKind::Syntax { .. }));
        let fault = match at_token {
            Some(fault) => fault,
            None if faults.iter().any(|fault| matches!(fault.kind, ProblemKind::TooComplex { .. })) => {
                read.found.append(&mut faults);
                return read;
            }
            None if !faults.is_empty() => {
                // What does not pair up is told of at once; the tags that put values out are read without it.
                read.found.append(&mut faults);
                read.without_blocks = true;
                without_blocks(&mut now);
                continue;
            }
            None => match parse(&now, "", Default::default()) {
                Ok(_) => {
                    read.text = Some(now);
                    return read;
                }
                Err(error) => syntax(&error, &now),
            },
        };
        if let (ProblemKind::Syntax { reason }, Some(start)) = (&fault.kind, open_comment(&now))
            && reason.contains("end of comment")
        {
            // What stands behind it may be meant as text or as comment.
            let (kind, all) = (ProblemKind::Unclosed { statement: "{#" }, start..now.len());
            read.found.push(Found { kind, range: start..start + 2, other: None });
            blank(&mut now, &all);
            read.gone.push(all);
            read.without_blocks = true;
            without_blocks(&mut now);
            continue;
        }
        let Some(tag) = enclosing(&now, fault.range.start) else {
            read.found.push(fault);
            return read;
        };
        let ends_a_block = is_end(&now[tag.range.clone()]);
        read.found.push(if tag.closed { fault } else { unclosed(&now, &tag.range) });
        blank(&mut now, &tag.range);
        read.gone.push(tag.range);
        if ends_a_block {
            // Without it what it was to end is open, which follows from it.
            read.without_blocks = true;
            without_blocks(&mut now);
        }
    }
    read
}

/// Whether a tag that cannot be read was to end a block: `{% end if %}`.
fn is_end(tag: &str) -> bool {
    tag.strip_prefix("{%").is_some_and(|word| word.trim_start_matches(['-', '+', ' ']).starts_with("end"))
}

struct Tag {
    range: Range<usize>,
    closed: bool,
}

fn unclosed(text: &str, tag: &Range<usize>) -> Found {
    let statement = if text[tag.start..].starts_with("{%") { "{%" } else { "{{" };
    Found { kind: ProblemKind::Unclosed { statement }, range: tag.start..tag.start + statement.len(), other: None }
}

fn opening(text: &str) -> Option<usize> {
    [text.find("{{"), text.find("{%")].into_iter().flatten().min()
}

/// The tag in which the engine gave up at `at`.
fn enclosing(text: &str, at: usize) -> Option<Tag> {
    let mut found = None;
    let mut from = 0;
    while let Some(start) = text.get(from..).and_then(opening).map(|start| from + start) {
        if start > at {
            break;
        }
        let tag = tag_at(text, start);
        let ends = tag.range.end;
        // The engine may name the place right behind a tag, or the next opening where one was not closed.
        let holds = at < ends || (at == ends && found.is_none()) || !tag.closed;
        if holds {
            found = Some(tag);
        }
        if at < ends {
            break;
        }
        from = ends.max(start + 2);
    }
    found
}

/// Where a comment begins that is not closed.
fn open_comment(text: &str) -> Option<usize> {
    let mut from = 0;
    loop {
        let rest = text.get(from..)?;
        let (at, close) = [("{{", "}}"), ("{%", "%}"), ("{#", "#}")]
            .into_iter()
            .filter_map(|(open, close)| Some((rest.find(open)?, close)))
            .min()?;
        match rest.get(at + 2..)?.find(close) {
            Some(end) => from += at + 2 + end + close.len(),
            None if close == "#}" => return Some(from + at),
            None => from += at + 2,
        }
    }
}

fn tag_at(text: &str, start: usize) -> Tag {
    let inner = start + 2;
    let rest = text.get(inner..).unwrap_or_default();
    let close = if text[start..].starts_with("{%") { "%}" } else { "}}" };
    let next = opening(rest).map_or(text.len(), |next| inner + next);
    match rest.find(close).map(|end| inner + end + close.len()) {
        Some(end) if end <= next => Tag { range: start..end, closed: true },
        _ => {
            let line = rest.find('\n').map_or(text.len(), |end| inner + end);
            Tag { range: start..line.min(next), closed: false }
        }
    }
}

/// Replaces a tag by one that opens or goes on with the same block, or by blanks.
fn blank(text: &mut String, tag: &Range<usize>) {
    let Some(written) = text.get(tag.clone()) else { return };
    let inner = written.trim_start_matches("{%").trim_start_matches(['-', '+']).trim_start();
    let mut words = inner.split_whitespace();
    let is_name = |word: &&str| word.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let stand_in = match (written.starts_with("{%"), words.next()) {
        (true, Some("if")) => Some("{% if 1".to_owned()),
        (true, Some("elif")) => Some("{% elif 1".to_owned()),
        (true, Some("for")) => words.next().filter(is_name).map(|name| format!("{{% for {name} in 0")),
        _ => None,
    };
    let length = tag.len();
    let spaced = |head: String| (head.len() + 3 <= length).then(|| format!("{head:width$}%}}", width = length - 2));
    // Line breaks stay, so that lines do.
    let blanks =
        || written.chars().map(|c| if c == '\n' { "\n".to_owned() } else { " ".repeat(c.len_utf8()) }).collect();
    let instead: String = stand_in.and_then(spaced).unwrap_or_else(blanks);
    text.replace_range(tag.clone(), &instead);
}

/// Takes out every block statement.
fn without_blocks(text: &mut String) {
    let mut from = 0;
    while let Some(start) = text.get(from..).and_then(|rest| rest.find("{%")).map(|start| from + start) {
        let tag = tag_at(text, start).range;
        let word = text.get(start + 2..tag.end).unwrap_or_default().trim_start_matches(['-', '+', ' ']);
        if !word.starts_with("include") {
            text.replace_range(tag.clone(), &" ".repeat(tag.len()));
        }
        from = tag.end.max(start + 2);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_bad_tag_is_found_and_all_else_keeps_its_place() {
        let text = "a {{ x. }} b {% if y and %} c {{ z | }} d {% endif %} e {{ open\nf {{ fine }}";
        let read = readable(text);
        let now = read.text.unwrap();
        assert_eq!(now.len(), text.len());
        assert!(now.ends_with("\nf {{ fine }}") && now.contains("{% endif %}"), "{now}");
        assert_eq!(read.found.len(), 4, "{now}");
        assert!(matches!(read.found[3].kind, ProblemKind::Unclosed { statement: "{{" }));
    }

    #[test]
    fn a_comment_without_an_end_is_found_where_it_begins() {
        let text = "{# one #} {% if x %}a {{ y }} {# two\n{{ z }}\n{% endif %}";
        let read = readable(text);
        assert_eq!(read.found.len(), 1);
        assert!(matches!(read.found[0].kind, ProblemKind::Unclosed { statement: "{#" }));
        assert_eq!(read.found[0].range, 30..32);
        assert_eq!(read.text.unwrap().len(), text.len());
    }

    #[test]
    fn an_end_that_cannot_be_read_is_one_fault() {
        let read = readable("{% if a %}b{% end if %} c {{ d }}");
        assert_eq!(read.found.len(), 1);
        assert!(matches!(&read.found[0].kind, ProblemKind::Syntax { reason } if reason.contains("`endif`")));
    }

    #[test]
    fn what_does_not_pair_up_hides_nothing() {
        let text = "{% for a in b %}{{ a }}{% endif %}{{ inputs. }}";
        let read = readable(text);
        assert!(read.without_blocks && read.text.is_some() && read.found.len() >= 2);
    }
}
