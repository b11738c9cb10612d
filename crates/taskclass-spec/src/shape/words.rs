//! What a schema asks for, in words.

use serde_json::Value;

use super::ShapeErrorKind;
use crate::suggest;

pub(super) fn choice(written: &str, values: &[&str]) -> ShapeErrorKind {
    let quoted = values.iter().map(|value| format!("`{value}`")).collect::<Vec<_>>();
    let expected = match quoted.as_slice() {
        [only] => only.clone(),
        [rest @ .., last] => format!("{} or {last}", rest.join(", ")),
        [] => "another value".to_owned(),
    };
    ShapeErrorKind::InvalidValue {
        expected,
        allowed: values.iter().map(|value| (*value).to_owned()).collect(),
        suggestion: suggest::closest(written, values.iter().copied()).map(str::to_owned),
    }
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

pub(super) fn type_words(schema: Option<&Value>) -> String {
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
    if let Some(words) = schema.and_then(|schema| schema.get("x-expected")).and_then(Value::as_str) {
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
