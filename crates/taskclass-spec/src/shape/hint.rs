//! What to write instead, where a value is of a wrong form and the right one can be told from it.

use std::sync::Arc;

use serde_json::{Value, json};
use taskclass_source::{Edit, Fix, Node, SourceFile, Span, path::Segment, text::said};

use super::field::accepts;
use crate::schema::SchemaKind;

/// What to write in a field, called `name`, of a document of `kind`, whose schema is `field`, where `value` stands.
pub(super) fn hint(kind: SchemaKind, field: &Value, name: Option<&Segment>, value: &Value) -> Option<String> {
    match value {
        Value::String(text) => match name {
            Some(Segment::Key(name)) => mapping(kind, field, name, text),
            _ => None,
        }
        .or_else(|| pattern(field, text)),
        Value::Number(number) => unit(kind, field, &number.to_string()),
        _ => None,
    }
}

/// `model: {default: gpt-5}` for `model: gpt-5`.
fn mapping(kind: SchemaKind, field: &Value, name: &str, text: &str) -> Option<String> {
    // What a file's name would be the text of is not what is meant.
    let fields = ["file", "template", "default"];
    let fields = fields.into_iter().filter(|one| *one != "file" || text.ends_with(".md"));
    let alone = |inner: &str| accepts(kind, field, &json!({ inner: text }));
    let beside = |inner: &str| accepts(kind, field, &json!({ inner: text, "allow": [text] }));
    let inner = fields.into_iter().find(|inner| alone(inner) || beside(inner))?;
    let plain = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'/' | b'-' | b'_'));
    let written = if plain && !text.starts_with('-') { text.to_owned() } else { Value::from(text).to_string() };
    let allow = if alone(inner) { String::new() } else { format!(", allow: [{written}]") };
    (written.len() <= 80).then(|| format!("write `{name}: {{{inner}: {written}{allow}}}`"))
}

/// The signs that other tools give a meaning in patterns.
fn pattern(field: &Value, text: &str) -> Option<String> {
    let words = field.get("x-expected")?.as_str().filter(|words| words.contains("pattern"))?;
    let path = words.contains("path");
    if text.contains(['[', ']', '{', '}', '?', '!']) || (!path && text.contains(['\\', '^'])) {
        let known = if words.contains("repository pattern") {
            "only `*` has a meaning"
        } else {
            "only `*` and `**` have a meaning"
        };
        return Some(format!("{known}; write one pattern for each case, without `[ ] {{ }} ? ! ^ \\`"));
    }
    if text.contains('\\') {
        return Some("separate folders by `/`".to_owned());
    }
    let dots = path && text.split('/').any(|part| matches!(part, "." | ".."));
    dots.then(|| "write the path from the repository's root, without `.` and `..`".to_owned())
}

/// Units for a number where a duration is wanted.
fn unit(kind: SchemaKind, field: &Value, number: &str) -> Option<String> {
    let ways: Vec<String> = ["m", "h", "d"].iter().map(|unit| format!("{number}{unit}")).collect();
    let all = ways.iter().all(|way| accepts(kind, field, &json!(way)));
    let [minutes, hours, days] = ways.as_slice() else { return None };
    all.then(|| format!("say the unit: `{minutes}`, `{hours}` or `{days}`"))
}

/// Makes a list of what a fix puts in quotes: in brackets, with the parts by themselves that commas separate, or behind a dash.
pub(super) fn as_list(fix: &mut Fix, same_line: bool) {
    let [edit] = fix.edits.as_mut_slice() else { return };
    if !edit.replacement.starts_with('"') {
        return;
    }
    edit.replacement = if same_line || edit.replacement.contains(", ") {
        format!("[{}]", edit.replacement.replace(", ", "\", \""))
    } else {
        format!("- {}", edit.replacement)
    };
    fix.title = said(format!("write it as a list: `{}`", edit.replacement));
}

/// Blanks behind the dashes of a list that lack them, `-"a"`, if the field then takes the list.
pub(super) fn dashes(kind: SchemaKind, field: &Value, source: &Arc<SourceFile>, span: Span) -> Option<Fix> {
    let (mut edits, mut items, mut at) = (Vec::new(), Vec::new(), span.start as usize);
    for line in source.slice(span).split_inclusive('\n') {
        let dash = at + line.len() - line.trim_start().len();
        let item = line.trim().strip_prefix('-').filter(|item| !item.is_empty() && !item.starts_with(['-', ' ']))?;
        edits.push(Edit::new(source, Span::new(dash + 1, dash + 1), " "));
        let inner = item.strip_prefix('"').and_then(|item| item.strip_suffix('"'));
        items.push(inner.unwrap_or(item));
        at += line.len();
    }
    accepts(kind, field, &json!(items)).then(|| Fix::safe("write a space behind `-`", edits))
}

/// A list that was put in braces, which make a mapping of it: `{build, test}`.
pub(super) fn in_braces(node: &Node, written: &str) -> Option<(&'static str, String, Value)> {
    let map =
        node.as_map().filter(|map| map.iter().all(|entry| entry.value.is_null() && entry.value.span.is_empty()))?;
    let inner = written.strip_prefix('{')?.strip_suffix('}')?;
    let items: Vec<&str> = map.iter().map(|entry| &*entry.key.text).collect();
    Some(("write it in brackets", format!("[{inner}]"), Value::from(items)))
}
