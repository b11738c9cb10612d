//! The words for what is wrong in a tree: one function a problem.

use std::sync::Arc;

use super::MAX_PROBLEMS;
use super::node::{Entry, Node, Style, Value};
use super::problem::{Problem, ProblemKind};
use super::scalar::{self, Ambiguity, MAX_INTEGER, Meaning};
use crate::finding::{Edit, Fix};
use crate::path::Path;
use crate::text::quoted;
use crate::{SourceFile, Span, Str};

/// Adds a problem, or says that there are too many.
pub(super) fn add(problems: &mut Vec<Problem>, problem: Problem) {
    match problems.len() {
        count if count < MAX_PROBLEMS => problems.push(problem),
        MAX_PROBLEMS => {
            let message = format!("more than {MAX_PROBLEMS} problems in this file; the others are not listed");
            problems.push(Problem::new(ProblemKind::TooManyProblems, problem.span, message));
        }
        _ => {}
    }
}

/// The value of a scalar without quotes, and what is wrong with it.
pub(super) fn value(source: &Arc<SourceFile>, text: Str, span: Span) -> (Value, Option<Problem>) {
    let (meaning, ambiguity) = scalar::resolve(&text);
    let problem = match (&ambiguity, meaning) {
        (Some(ambiguity), _) => Some(ambiguous(source, &text, span, meaning, ambiguity)),
        (None, Meaning::Int(number)) if number.unsigned_abs() > MAX_INTEGER.unsigned_abs() => {
            Some(too_large(&text, span))
        }
        (None, Meaning::Float(_)) if text.bytes().all(|b| b.is_ascii_digit() || b == b'-' || b == b'+') => {
            Some(too_large(&text, span))
        }
        (None, Meaning::Float(number)) => Some(float(&text, number, span)),
        _ => None,
    };
    (meaning.value(|| text), problem)
}

pub(super) fn in_quotes(source: &Arc<SourceFile>, span: Span, text: &str) -> Fix {
    let quoted = serde_json::Value::from(text).to_string();
    Fix::safe(format!("write it as text: `{quoted}`"), vec![Edit::new(source, span, quoted)])
}

fn ambiguous(source: &Arc<SourceFile>, text: &str, span: Span, meaning: Meaning, ambiguity: &Ambiguity) -> Problem {
    let shown = quoted(text);
    let message = format!("{shown} does not mean the same to every reader");
    let here = match meaning {
        Meaning::Null => "null here",
        Meaning::Bool(true) => "true here",
        Meaning::Bool(false) => "false here",
        Meaning::Int(_) | Meaning::Float(_) => "a number here",
        Meaning::Text => "text here",
    };
    let quotes = serde_json::Value::from(text);
    let help = match (&ambiguity.plain, ambiguity.other) {
        (Some(plain), _) => format!("write `{plain}`, or `{quotes}` if text is meant"),
        (None, Some(other)) => format!("write `{quotes}`, or `{other}` if that is meant"),
        (None, None) => format!("write `{quotes}` if text is meant"),
    };
    let fix = match (&ambiguity.plain, meaning) {
        (_, Meaning::Text) => Some(in_quotes(source, span, text)),
        (Some(plain), Meaning::Null | Meaning::Bool(_)) => {
            Some(Fix::safe(format!("write `{plain}`"), vec![Edit::new(source, span, plain.as_str())]))
        }
        // Digits that begin with 0 may well be meant as digits.
        (Some(plain), _) => {
            Some(Fix::unsafe_(format!("write `{plain}`"), vec![Edit::new(source, span, plain.as_str())]))
        }
        (None, _) => None,
    };
    Problem::new(ProblemKind::AmbiguousScalar, span, message)
        .label(format!("{here}, but {}", ambiguity.why))
        .help(help)
        .fix(fix)
        .spellings(
            ambiguity
                .plain
                .clone()
                .into_iter()
                .chain(ambiguity.other.map(str::to_owned))
                .chain(grouped(text))
                .chain([quotes.to_string()]),
        )
}

/// The digits of `1_200`, which YAML 1.1 reads as a number.
fn grouped(text: &str) -> Option<String> {
    let digits: String = text.chars().filter(|c| *c != '_').collect();
    (digits.len() < text.len() && digits.parse::<i64>().is_ok()).then_some(digits)
}

fn float(text: &str, number: f64, span: Span) -> Problem {
    let mut whole: Vec<String> =
        scalar::whole(number.floor()).into_iter().chain(scalar::whole(number.ceil())).collect();
    whole.dedup();
    // A share of one is written as a percentage.
    let share = (0.0..1.0).contains(&number).then(|| scalar::whole(number * 100.0)).flatten();
    whole.extend(share.map(|share| format!("\"{share}%\"")));
    Problem::new(ProblemKind::FloatValue, span, format!("{} is not a whole number", quoted(text)))
        .help(format!("use whole numbers, a percentage for a rate (`20%`), or `\"{text}\"` if text is meant"))
        .spellings(whole.into_iter().chain([format!("\"{text}\"")]))
        .note("a number with a fraction has no one spelling, and a digest would depend on who computes it")
}

fn too_large(text: &str, span: Span) -> Problem {
    let message = format!("{} is beyond 2^53 - 1", quoted(text));
    Problem::new(ProblemKind::IntegerTooLarge, span, message)
        .label("readers of JSON round it")
        .help(format!("write `\"{text}\"` if it is a name or an identifier"))
        .spellings([format!("\"{text}\"")])
}

/// What is wrong with a scalar as a key.
pub(super) fn key(source: &Arc<SourceFile>, text: &str, style: Style, span: Span) -> Option<Problem> {
    if style != Style::Plain {
        return None;
    }
    if text == "<<" {
        let problem = Problem::new(ProblemKind::MergeKey, span, "merge keys are not allowed");
        return Some(problem.label("nothing is merged").help("write the fields out where they apply"));
    }
    // `on`, `yes` and their like are keys here (`escalation.on` is one): a key is always text, no reader that knows the
    // schema takes it for anything else, and quoting the names of fields would be noise.
    match scalar::resolve(text).0 {
        Meaning::Text => None,
        meaning => {
            let what = match meaning {
                Meaning::Null => "null",
                Meaning::Bool(_) => "true or false",
                _ => "a number",
            };
            let problem = key_is_no_text(span, what).help("put it in quotes if it is meant as text");
            Some(problem.fix(Some(in_quotes(source, span, text))))
        }
    }
}

fn key_is_no_text(span: Span, what: &str) -> Problem {
    Problem::new(ProblemKind::NonStringKey, span, format!("this key is {what}, and keys are text"))
}

/// A list or a mapping where a key stands.
pub(super) fn compound_key(span: Span) -> Problem {
    key_is_no_text(span, "a list or a mapping").help("a key is a word, or text in quotes")
}

/// A `:` without a key before it.
pub(super) fn missing_key(span: Span) -> Problem {
    let problem = Problem::new(ProblemKind::NonStringKey, span, "a key is missing before this `:`");
    problem.help("write `key: value`; put text that begins with `:` in quotes")
}

pub(super) fn tag(tag: &str, span: Span) -> Problem {
    let kind = ProblemKind::Tag { tag: tag.to_owned() };
    Problem::new(kind, span, format!("the tag {} is not allowed", quoted(tag)))
        .help("leave it out; put the value in quotes if it is text")
        .note("a tag can make every reader see something else in the same value")
}

pub(super) fn alias(source: &Arc<SourceFile>, text: &str, span: Span, anchor: Option<Span>) -> Problem {
    // `**/Cargo.toml` is a pattern that somebody left without quotes.
    if anchor.is_none() && text.get(1..).is_some_and(|rest| rest.contains(['*', '/', '.'])) {
        let kind = ProblemKind::Alias { name: text.trim_start_matches('*').to_owned() };
        let message = format!("a value without quotes cannot begin with `*`: {} is read as an alias", quoted(text));
        return Problem::new(kind, span, message).fix(Some(in_quotes(source, span, text)));
    }
    let name = text.trim_start_matches('*').to_owned();
    let problem = Problem::new(ProblemKind::Alias { name }, span, format!("the alias {} is not allowed", quoted(text)));
    let problem = match anchor {
        Some(anchor) => problem.related(anchor, "it stands for this"),
        None => problem.label("nothing has this name"),
    };
    problem.help("write the value out, so that who reviews this place sees it; put it in quotes if text is meant")
}

pub(super) fn anchor(name: &str, span: Span) -> Problem {
    let kind = ProblemKind::Anchor { name: name.to_owned() };
    Problem::new(kind, span, format!("the anchor {} is not allowed", quoted(&format!("&{name}"))))
        .help("leave it out; put the value in quotes if text is meant")
}

/// The file ends with the text of a block scalar, in the line that `span` ends.
pub(super) fn no_final_line_feed(source: &Arc<SourceFile>, span: Span) -> Problem {
    let fix = Fix::safe("end the file with a line feed", vec![Edit::new(source, Span::at(source.text().len()), "\n")]);
    Problem::new(ProblemKind::NoFinalLineFeed, span, "the file ends within this text, without a line feed")
        .label("to some readers the text ends with a line feed, to others not")
        .help("end the file with a line feed, or begin the text with `|-` if it should have none")
        .fix(Some(fix))
}

/// A second document begins at `place`.
pub(super) fn second_document(place: Span, first: Span) -> Problem {
    Problem::new(ProblemKind::MultipleDocuments, place, "a second document begins in this file")
        .label("nothing from here on was read")
        .related(first, "the first begins here")
        .help("one file holds one document: move this one to a file of its own")
}

/// The second time of a key in the mapping at `path`. `whole_lines` tells of block style, where an entry can be deleted by
/// its lines.
pub(super) fn duplicate(
    source: &Arc<SourceFile>,
    first: &Entry,
    second: &Entry,
    whole_lines: bool,
    path: Path,
) -> Problem {
    let same = first.value.same_value(&second.value);
    let label = |word: &str, node: &Node| match summary(source, node) {
        Some(value) => format!("{word}, to {value}"),
        None => word.to_owned(),
    };
    let (first_label, second_label) = (label("first set here", &first.value), label("set again", &second.value));
    let (first_span, span, key) = (first.key.span, second.key.span, second.key.text.to_string());
    let help = match same {
        true => "delete one; the values are the same",
        false => "keep one (no automatic fix: the values differ)",
    };
    let lines = if same && whole_lines { lines_of(source, second.key.span.to(second.value.span)) } else { None };
    let fix = lines.map(|lines| Fix::safe("delete the second one", vec![Edit::new(source, lines, "")]));
    let place = if path.is_root() { String::new() } else { format!(" in {}", quoted(&path.to_string())) };
    let message = format!("{} is set twice{place}", quoted(&key));
    Problem::new(ProblemKind::DuplicateKey { key, first: first_span, path }, span, message)
        .label(second_label)
        .related(first_span, first_label)
        .help(help)
        .fix(fix)
}

/// A short value as it is written.
fn summary(source: &SourceFile, node: &Node) -> Option<String> {
    let written = source.slice(node.span);
    let short = !written.is_empty() && written.len() <= 40 && !written.contains('\n');
    (short && node.style != Style::Block).then(|| crate::text::visible(written).into_owned())
}

/// The whole lines that `span` stands on, if nothing else stands there.
fn lines_of(source: &SourceFile, span: Span) -> Option<Span> {
    let text = source.text();
    let start = text.get(..span.start as usize)?.rfind('\n').map_or(0, |at| at + 1);
    let rest = text.get(span.end as usize..)?;
    let end = span.end as usize + rest.find('\n').map_or(rest.len(), |at| at + 1);
    let alone = text.get(start..span.start as usize)?.bytes().all(|b| b == b' ');
    let nothing_behind = text.get(span.end as usize..end)?.trim().is_empty();
    (alone && nothing_behind).then(|| Span::new(start, end))
}
