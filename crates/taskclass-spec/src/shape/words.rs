//! What a schema asks for, in words.

use serde_json::Value;

use super::ShapeErrorKind;
use crate::suggest;

pub(super) fn choice(written: &str, values: &[&str]) -> ShapeErrorKind {
    ShapeErrorKind::InvalidValue {
        expected: listed(values, "or"),
        allowed: values.iter().map(|value| (*value).to_owned()).collect(),
        suggestion: suggest::closest(written, values.iter().copied()).map(str::to_owned),
    }
}

/// `a`, `b` and `c`, each in backticks, with `word` before the last.
pub(super) fn listed(items: &[&str], word: &str) -> String {
    let quoted = items.iter().map(|item| format!("`{item}`")).collect::<Vec<_>>();
    match quoted.as_slice() {
        [only] => only.clone(),
        [rest @ .., last] => format!("{} {word} {last}", rest.join(", ")),
        [] => "another value".to_owned(),
    }
}

/// What a scalar's schema asks for: its own words, its few values, its bounds, else its type.
pub(super) fn expected(schema: &Value) -> String {
    let values: Vec<&str> = values(schema);
    if own_words(Some(schema)).is_none() && !values.is_empty() {
        return listed(&values, "or");
    }
    let bound = |name: &str| schema.get(name).and_then(Value::as_u64);
    let words = type_words(Some(schema));
    match (bound("minimum"), bound("maximum")) {
        (Some(least), Some(most)) => format!("{words} from {least} to {most}"),
        (Some(least), None) => format!("{words}, at least {least}"),
        (None, Some(most)) => format!("{words}, at most {most}"),
        (None, None) => words,
    }
}

/// The only values of a scalar, if they can be listed: an enumeration, or its form with a description for each.
fn values(schema: &Value) -> Vec<&str> {
    let plain = schema.get("enum").and_then(Value::as_array).into_iter().flatten();
    let described = schema.get("oneOf").and_then(Value::as_array).into_iter().flatten().filter_map(|b| b.get("const"));
    plain.chain(described).filter_map(Value::as_str).collect()
}

/// The pattern of the keys of a mapping whose keys are free names.
pub(super) fn key_pattern(schema: &Value) -> Option<&str> {
    schema.get("patternProperties")?.as_object()?.keys().next().map(String::as_str)
}

/// The fields of which a `oneOf` asks for exactly one.
pub(super) fn required_alternatives(schema: &Value) -> Vec<String> {
    let branches = schema.get("oneOf").and_then(Value::as_array);
    let names =
        branches.into_iter().flatten().filter_map(|branch| branch.get("required")?.as_array()?.first()?.as_str());
    names.map(str::to_owned).collect()
}

/// What a value's own type says that it expects.
fn own_words(schema: Option<&Value>) -> Option<&str> {
    schema?.get("x-expected")?.as_str()
}

pub(super) fn type_words(schema: Option<&Value>) -> String {
    if let Some(words) = own_words(schema) {
        return words.to_owned();
    }
    let word = |name: &str| match name {
        "string" => "text",
        "integer" => "a whole number",
        "number" => "a number",
        "boolean" => "`true` or `false`",
        "array" => "a list",
        "object" => "a mapping",
        _ => "another type",
    };
    match schema.and_then(|schema| schema.get("type")) {
        Some(Value::String(name)) => word(name).to_owned(),
        Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).map(word).collect::<Vec<_>>().join(" or "),
        _ => "of another type".to_owned(),
    }
}

/// A pattern's words: what its type says it expects, else its examples, else the pattern.
pub(super) fn pattern_words(schema: Option<&Value>, pattern: &str) -> String {
    if let Some(words) = own_words(schema) {
        return words.to_owned();
    }
    let examples: Vec<String> = schema
        .and_then(|schema| schema.get("examples")?.as_array())
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .map(|example| format!("`{example}`"))
        .collect();
    if examples.is_empty() {
        format!("text that matches `{pattern}`")
    } else {
        format!("text such as {}", examples.join(" or "))
    }
}
