//! An input in words: its type, its bounds, where it is declared.

use taskclass_spec::written::{Input, InputValue, ItemType};

use crate::markdown::{code, escaped, listed};
use crate::view::{Declared, View};

/// The most values of a choice that are listed.
const MAX_VALUES: usize = 20;

/// Its type, with an article where it needs one.
pub(crate) fn kind(input: &Input) -> &'static str {
    match input {
        Input::String { .. } => "text",
        Input::Integer { .. } => "a whole number",
        Input::Boolean { .. } => "true or false",
        Input::Choice { .. } => "one of a few texts",
        Input::List { .. } => "a list",
    }
}

/// All that there is to say of an input of `class`, as Markdown.
pub(crate) fn describe(class: &View<'_>, name: &str, declared: &Declared<'_>) -> String {
    let mut text = format!("**input** {}", code(name));
    let Some(input) = &declared.input else {
        text.push_str(": its declaration cannot be read yet");
        return text;
    };
    text.push_str(&format!(": {}", kind(input)));
    if let Some(description) = declared.entry.value.get("description").and_then(|node| node.as_str()) {
        text.push_str(&format!("\n\n{}", escaped(description)));
    }
    for line in bounds(input) {
        text.push_str(&format!("\n- {line}"));
    }
    text.push_str(&match default(input) {
        Some(default) => format!("\n- left out, it is {}", code(&default)),
        None => "\n- must be given".to_owned(),
    });
    let line = class.source.position(declared.entry.key.span.start).line;
    text.push_str(&format!("\n\ndeclared in {} on line {line}", code(class.path.as_str())));
    text
}

/// What bounds its values.
fn bounds(input: &Input) -> Vec<String> {
    match input {
        Input::String { pattern, min_length, max_length, .. } => texts(pattern.as_deref(), *min_length, *max_length),
        Input::Integer { minimum, maximum, .. } => numbers(*minimum, *maximum),
        Input::Boolean { .. } => Vec::new(),
        Input::Choice { values, .. } => vec![format!("one of {}", listed(values, MAX_VALUES))],
        Input::List { of, max_items, .. } => {
            let (what, mut lines) = match of {
                ItemType::String { pattern, min_length, max_length } => {
                    ("text", texts(pattern.as_deref(), *min_length, *max_length))
                }
                ItemType::Integer { minimum, maximum } => ("whole numbers", numbers(*minimum, *maximum)),
                ItemType::Boolean {} => ("true or false", Vec::new()),
                ItemType::Choice { values } => ("texts", vec![format!("each one of {}", listed(values, MAX_VALUES))]),
            };
            let most = max_items.map(|most| format!("at most {most} values: {what}"));
            lines.insert(0, most.unwrap_or_else(|| format!("values: {what}")));
            lines
        }
    }
}

fn texts(pattern: Option<&str>, low: Option<u32>, high: Option<u32>) -> Vec<String> {
    let pattern = pattern.map(|pattern| format!("matches {}", code(pattern)));
    pattern.into_iter().chain(range(low.map(i64::from), high.map(i64::from), " characters")).collect()
}

fn numbers(low: Option<i64>, high: Option<i64>) -> Vec<String> {
    range(low, high, "").into_iter().collect()
}

fn range(low: Option<i64>, high: Option<i64>, unit: &str) -> Option<String> {
    match (low, high) {
        (Some(low), Some(high)) => Some(format!("{low} to {high}{unit}")),
        (Some(low), None) => Some(format!("at least {low}{unit}")),
        (None, Some(high)) => Some(format!("at most {high}{unit}")),
        (None, None) => None,
    }
}

fn default(input: &Input) -> Option<String> {
    match input {
        Input::String { default, .. } | Input::Choice { default, .. } => {
            default.as_ref().map(|text| format!("{text:?}"))
        }
        Input::Integer { default, .. } => default.map(|number| number.to_string()),
        Input::Boolean { default, .. } => default.map(|value| value.to_string()),
        Input::List { default, .. } => default.as_ref().map(|values| {
            let values: Vec<String> = values.iter().map(written).collect();
            format!("[{}]", values.join(", "))
        }),
    }
}

fn written(value: &InputValue) -> String {
    match value {
        InputValue::Boolean(value) => value.to_string(),
        InputValue::Integer(number) => number.to_string(),
        InputValue::String(text) => text.clone(),
        InputValue::List(values) => values.iter().map(written).collect::<Vec<_>>().join(", "),
    }
}

/// What a field of `run` holds.
pub(crate) fn run_field(name: &str) -> &'static str {
    match name {
        "repository" => "the target as `owner/name`",
        "owner" => "the target's owner",
        "name" => "the target's name without its owner",
        "base_ref" => "the branch that the task starts from",
        "class" => "the class's name",
        "version" => "the class's version",
        "stage" => "the rollout's stage; empty outside a rollout",
        _ => "a fact of the run",
    }
}
