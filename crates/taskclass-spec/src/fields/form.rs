//! The form and the bounds of a value, in words.

use serde_json::Value;

use super::FieldValue;
use crate::{
    InputName, NotifierName, StageName,
    schema::{discriminator, resolve},
};

/// What kind of value it is.
pub(super) fn form(root: &Value, schema: &Value) -> String {
    let schema = resolve(root, schema).unwrap_or(schema);
    if let Some(words) = schema.get("x-expected").and_then(Value::as_str) {
        return words.to_owned();
    }
    if !values(root, schema).is_empty() && schema.get("items").is_none() {
        return "one of the words below".to_owned();
    }
    let types: Vec<&str> = match schema.get("type") {
        Some(Value::String(one)) => vec![one],
        Some(Value::Array(several)) => several.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    match types.as_slice() {
        [] if discriminator(root, schema).is_some() || fields_of_alternatives(root, schema).is_empty() => {
            "a section".to_owned()
        }
        [] => {
            let alternatives = fields_of_alternatives(root, schema);
            format!("one of {}", alternatives.join(", "))
        }
        ["array"] => match schema.get("items").map(|items| (items, form(root, items))) {
            Some((items, _)) if !values(root, items).is_empty() => "a list of the words below".to_owned(),
            Some((_, items)) => format!("a list, each entry {items}"),
            None => "a list".to_owned(),
        },
        ["object"] => match named(schema) {
            Some((keys, value)) => {
                let value = resolve(root, value).unwrap_or(value);
                let plain = value.get("description").is_none() || value.get("oneOf").is_none();
                match values(root, value).is_empty() && plain && value.get("properties").is_none() {
                    true => format!("a mapping, each key {keys}, each value {}", form(root, value)),
                    false => format!("a mapping, each key {keys}"),
                }
            }
            None => "a section".to_owned(),
        },
        several => several.iter().map(|name| word(name, schema)).collect::<Vec<_>>().join(", or "),
    }
}

fn word(name: &str, schema: &Value) -> String {
    match (name, schema.get("format").and_then(Value::as_str)) {
        ("string", Some("date-time")) => "a time such as `2026-11-21T10:00:00Z`".to_owned(),
        ("string", Some("date")) => "a date such as `2026-11-21`".to_owned(),
        ("string", _) => "text".to_owned(),
        ("integer", _) => "a whole number".to_owned(),
        ("boolean", _) => "`true` or `false`".to_owned(),
        ("array", _) => "a list".to_owned(),
        _ => "a section".to_owned(),
    }
}

/// What the keys of a mapping from names are, and the schema of its values.
fn named(schema: &Value) -> Option<(&'static str, &Value)> {
    let known = [
        (InputName::PATTERN, InputName::EXPECTED),
        (StageName::PATTERN, StageName::EXPECTED),
        (NotifierName::PATTERN, NotifierName::EXPECTED),
    ];
    let words = |pattern: &str| known.iter().find(|(known, _)| *known == pattern).map_or("a name", |(_, words)| *words);
    if let Some((pattern, value)) = schema.get("patternProperties").and_then(|by| by.as_object()?.iter().next()) {
        return Some((words(pattern), value));
    }
    Some(("a name", schema.get("additionalProperties").filter(|value| value.is_object())?))
}

/// `{env: …}` and its like: alternatives that are told apart by their only field, and single words among them.
fn fields_of_alternatives(root: &Value, schema: &Value) -> Vec<String> {
    let branches = schema.get("oneOf").and_then(Value::as_array).into_iter().flatten();
    let one = |branch: &Value| {
        let branch = resolve(root, branch)?;
        if let Some(word) = branch.get("const").and_then(Value::as_str) {
            return Some(format!("`{word}`"));
        }
        let mut fields = branch.get("properties")?.as_object()?.keys();
        fields.next().filter(|_| fields.next().is_none()).map(|name| format!("`{{{name}: …}}`"))
    };
    branches.filter_map(one).collect()
}

/// The bounds of a value; of a list those of its entries as well.
pub(super) fn limits(root: &Value, schema: &Value) -> Vec<String> {
    let mut limits = Vec::new();
    let number = |name: &str| schema.get(name).and_then(Value::as_i64);
    for (low, high, unit) in [
        ("minimum", "maximum", ""),
        ("minLength", "maxLength", "character"),
        ("minItems", "maxItems", "entry"),
        ("minProperties", "maxProperties", "entry"),
    ] {
        let unit = |count: i64| match (unit, count) {
            ("", _) => String::new(),
            ("entry", 1) => " entry".to_owned(),
            ("entry", _) => " entries".to_owned(),
            (unit, 1) => format!(" {unit}"),
            (unit, _) => format!(" {unit}s"),
        };
        match (number(low), number(high)) {
            (Some(low), Some(high)) if low == high => limits.push(format!("exactly {low}{}", unit(low))),
            (Some(low), Some(high)) => limits.push(format!("{low} to {high}{}", unit(high))),
            (Some(low), None) => limits.push(format!("at least {low}{}", unit(low))),
            (None, Some(high)) => limits.push(format!("at most {high}{}", unit(high))),
            (None, None) => {}
        }
    }
    if schema.get("x-expected").is_none()
        && let Some(pattern) = schema.get("pattern").and_then(Value::as_str)
    {
        limits.push(format!("matches `{pattern}`"));
    }
    if let Some(items) = schema.get("items").and_then(|items| resolve(root, items))
        && items.get("properties").is_none()
    {
        limits.extend(self::limits(root, items).into_iter().map(|limit| format!("each entry: {limit}")));
    }
    limits
}

/// The only values, where they can be listed; of a list those of its entries.
pub(super) fn values(root: &Value, schema: &Value) -> Vec<FieldValue> {
    let schema = resolve(root, schema).unwrap_or(schema);
    if let Some(items) = schema.get("items") {
        return values(root, items);
    }
    let plain = |part: &Value| {
        let all = part.get("enum").and_then(Value::as_array).into_iter().flatten();
        let value = |value: &Value| Some(FieldValue { value: value.as_str()?.to_owned(), meaning: None });
        all.filter_map(value).collect::<Vec<_>>()
    };
    let mut found = plain(schema);
    let branches = schema.get("oneOf").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    if branches.iter().any(|branch| branch.get("const").is_none() && branch.get("enum").is_none()) {
        return found;
    }
    for branch in branches {
        found.extend(plain(branch));
        if let Some(value) = branch.get("const").and_then(Value::as_str) {
            let meaning = branch.get("description").and_then(Value::as_str).map(str::to_owned);
            found.push(FieldValue { value: value.to_owned(), meaning });
        }
    }
    found
}

/// A default worth telling: an empty list or section says only that nothing need be there.
pub(super) fn default(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(_) | Value::Number(_) => Some(value.to_string()),
        _ => None,
    }
}

/// A value that the schema itself names as an example.
pub(super) fn example(root: &Value, schema: &Value) -> Option<String> {
    let first = |schema: &Value| match schema.get("examples")?.get(0)? {
        Value::String(text) if text.starts_with(['@', '*', '`', '%', '&', '!']) || text.contains(": ") => {
            Some(Value::from(text.as_str()).to_string())
        }
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    };
    let of_entries = || Some(format!("[{}]", first(resolve(root, schema.get("items")?)?)?));
    let of_values = || values(root, schema).first().map(|first| first.value.clone());
    let of_lists = || schema.get("items").and_then(|_| Some(format!("[{}]", of_values()?)));
    first(schema).or_else(of_entries).or_else(of_lists).or_else(of_values)
}
