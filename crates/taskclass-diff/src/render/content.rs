//! All that a new document says, field by field: there is nothing to hold it against, and people sign it.

use serde_json::{Map, Value};
use taskclass_source::text::{display_width, fold, is_hidden, wrap};

use super::values::one_line;
use crate::Kind;

/// What is said elsewhere: the heading has the first, the template stands below, and the examples are shown as tasks are told
/// them.
const SKIPPED: [&str; 6] = ["schema", "name", "version", "risk", "prompt.template", "examples"];
/// The share of the columns that names take at most, in percent.
const NAMES: usize = 40;

/// A field and what it says, each on one line, nothing hidden in it.
type Field = (String, String);

/// The document in lines of at most `width` columns: the name with spaces behind it, and what stands beside it.
pub(super) fn lines(kind: Kind, content: &Value, width: usize) -> Vec<(String, String)> {
    let fields = fields(kind, content);
    let most = width * NAMES / 100;
    let fitting = fields.iter().map(|(name, _)| display_width(name)).filter(|width| *width <= most);
    let column = fitting.max().unwrap_or(0) + 2;
    let blank = || " ".repeat(column);
    let mut lines = Vec::new();
    for (name, value) in fields {
        let used = display_width(&name);
        let mut lead = format!("{name}{}", " ".repeat(column.saturating_sub(used)));
        if used > most {
            lines.extend(fold(&name, width).into_iter().map(|part| (part.to_owned(), String::new())));
            lead = blank();
        }
        let room = width.saturating_sub(column).max(12);
        for part in wrap(&value, room).iter().flat_map(|line| fold(line, room)) {
            lines.push((std::mem::replace(&mut lead, blank()), part.to_owned()));
        }
    }
    lines
}

/// The prompt that the document holds itself.
pub(super) fn template(content: &Value) -> Option<&str> {
    content.get("prompt")?.get("template")?.as_str()
}

/// The fields in the document's own order.
fn fields(kind: Kind, content: &Value) -> Vec<Field> {
    let mut fields = Vec::new();
    put("", content, &mut fields);
    if kind == Kind::TaskClass && content.get("callers").is_none() {
        fields.push(("callers".to_owned(), "none named: its owners may run it".to_owned()));
    }
    fields
}

fn put(path: &str, value: &Value, fields: &mut Vec<Field>) {
    if SKIPPED.contains(&path) {
        return;
    }
    match value {
        Value::Object(inputs) if path == "inputs" => {
            fields.extend(inputs.iter().map(|(name, written)| (below(path, name), input(written))));
        }
        Value::Object(section) if !["", "prompt"].contains(&path) && section.values().all(is_single) => {
            fields.push((path.to_owned(), pairs(section)));
        }
        Value::Object(section) => section.iter().for_each(|(name, value)| put(&below(path, name), value, fields)),
        Value::Array(items) if items.is_empty() => fields.push((path.to_owned(), "none".to_owned())),
        Value::Array(items) if items.iter().all(is_single) => {
            fields.push((path.to_owned(), items.iter().map(one_line).collect::<Vec<_>>().join(", ")));
        }
        Value::Array(items) => {
            let entry = |item: &Value| item.as_object().map_or_else(|| one_line(item), pairs);
            fields.extend(items.iter().enumerate().map(|(index, item)| (format!("{path}[{index}]"), entry(item))));
        }
        single => fields.push((path.to_owned(), alone(single))),
    }
}

fn below(path: &str, name: &str) -> String {
    let name = key(name);
    if path.is_empty() { name } else { format!("{path}.{name}") }
}

/// A field's name; in quotes where it could be something else.
fn key(name: &str) -> String {
    let is_word = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte));
    if is_word { name.to_owned() } else { one_line(&Value::from(name)) }
}

/// A value that stands alone: a sentence needs no quotes.
fn alone(value: &Value) -> String {
    let is_sentence = |text: &&str| {
        let parts: Vec<&str> = text.split(' ').collect();
        parts.len() > 1
            && parts.iter().all(|part| !part.is_empty())
            && text.starts_with(char::is_alphabetic)
            && !text.contains(is_hidden)
    };
    value.as_str().filter(is_sentence).map_or_else(|| one_line(value), str::to_owned)
}

fn is_single(value: &Value) -> bool {
    !value.is_array() && !value.is_object()
}

/// `total 20, per_repository 1`.
fn pairs(section: &Map<String, Value>) -> String {
    if section.is_empty() {
        return "none".to_owned();
    }
    let pair = |(name, value): (&String, &Value)| format!("{} {}", key(name), one_line(value));
    section.iter().map(pair).collect::<Vec<_>>().join(", ")
}

/// Its type, whether a caller has to give it, and its bounds.
fn input(written: &Value) -> String {
    let Some(section) = written.as_object() else { return one_line(written) };
    let mut bounds = section.clone();
    let kind = bounds.shift_remove("type").map(|kind| one_line(&kind));
    // It permits nothing, and the prompt shows what it is for.
    bounds.shift_remove("description");
    let given = match bounds.shift_remove("default") {
        None => "required".to_owned(),
        Some(default) => format!("default {}", one_line(&default)),
    };
    let bounds = Some(bounds).filter(|bounds| !bounds.is_empty()).map(|bounds| pairs(&bounds));
    kind.into_iter().chain([given]).chain(bounds).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_field_is_there_but_what_is_said_elsewhere() {
        let content = json!({
            "schema": "task-class/v1", "name": "x", "version": 1, "risk": "low",
            "model": {"default": "m", "allowed": [], "overrides": [{"repositories": ["acme/*"], "default": "n"}]},
            "inputs": {
                "a": {"type": "string", "max_length": 3, "description": "words"},
                "b": {"type": "boolean", "default": true},
            },
            "prompt": {"template": "long\ntext"},
            "examples": [{"name": "e"}],
            "budget": {"per_task": 40, "per_day": 1200},
            "title": "a, b", "escalation": {"on": ["failed"], "@x": []},
            "owners": ["@acme/a", "b\u{202e}c"],
        });
        let expected = [
            ("model.default", "m"),
            ("model.allowed", "none"),
            ("model.overrides[0]", "repositories [acme/*], default n"),
            ("inputs.a", "string, required, max_length 3"),
            ("inputs.b", "boolean, default true"),
            ("budget", "per_task 40, per_day 1200"),
            ("title", "a, b"),
            ("escalation.on", "failed"),
            ("escalation.\"@x\"", "none"),
            ("owners", "\"@acme/a\", \"b\\u{202e}c\""),
            ("callers", "none named: its owners may run it"),
        ];
        assert_eq!(fields(Kind::TaskClass, &content), expected.map(|(a, b)| (a.to_owned(), b.to_owned())));
        assert!(fields(Kind::Policy, &json!({"callers": {"allow": []}})).len() == 1);
    }

    #[test]
    fn values_stand_beside_their_names_and_below_long_ones() {
        let content = json!({"title": "one two three", "a_very_long_name": 3});
        let lines = lines(Kind::Policy, &content, 24);
        let lines: Vec<String> = lines.into_iter().map(|(name, value)| format!("{name}{value}")).collect();
        assert_eq!(lines, ["title  one two three", "a_very_long_name", "       3"]);
    }
}
