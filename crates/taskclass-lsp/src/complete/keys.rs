//! Fields of a section, and names that a section is keyed by.

use serde_json::Value;
use taskclass_lint::rules;
use taskclass_source::{Node, Path};

use super::cursor::Cursor;
use super::item::{Item, Kind};
use crate::domains::{self, Domain};
use crate::fields::{self, Field};
use crate::markdown::escaped;
use crate::view::View;

/// The most choices that are offered within a snippet.
const MAX_CHOICES: usize = 12;

/// What can be written as a key at the cursor.
pub(super) fn items(view: &View<'_>, cursor: &Cursor, section: &Path) -> Vec<Item> {
    let there = cursor.siblings();
    let named = names(view, section).into_iter().map(|(name, detail)| {
        let item = Item::new(name, Kind::Name, cursor.replace).detail(detail);
        let text = format!("{}: ", item.label);
        finish(item, cursor, text, None)
    });
    let Some(kind) = view.kind.schema() else { return Vec::new() };
    let document = cursor.root.to_json();
    let pointer = domains::pointer(section);
    let fields = fields::of_section(kind, &document, &pointer);
    let fields = fields.iter().map(|field| {
        let pointer: Vec<String> = pointer.iter().cloned().chain([field.name.to_owned()]).collect();
        // In the order of the documentation, what must be there first.
        let item = Item::new(field.name, Kind::Field, cursor.replace)
            .detail(field.detail())
            .documentation(fields::documentation(kind, &document, &pointer).unwrap_or_default())
            .rank(if field.required { 0 } else { 1 });
        let (text, snippet) = insertion(field, cursor.flow);
        finish(item, cursor, text, snippet)
    });
    named.chain(fields).filter(|item| !there.contains(&item.label.as_str())).collect()
}

/// With the text that goes in, unless the colon is there already.
fn finish(item: Item, cursor: &Cursor, text: String, snippet: Option<String>) -> Item {
    if cursor.has_colon || cursor.quote.is_some() {
        return item;
    }
    Item { text, snippet, ..item }
}

/// What to write for a field: its name and a form of its value, plain and with stops.
fn insertion(field: &Field<'_>, flow: bool) -> (String, Option<String>) {
    let name = field.name;
    let mut stop = 0;
    match form(field.schema, &mut stop) {
        Some(form) => (format!("{name}: "), Some(format!("{name}: {form}"))),
        // A section of several lines: the editor indents what follows.
        None if flow => (format!("{name}: "), Some(format!("{name}: {{$1}}"))),
        None => (format!("{name}:"), None),
    }
}

/// A value with stops, if it fits on the line.
fn form(schema: &Value, stop: &mut usize) -> Option<String> {
    *stop += 1;
    let here = *stop;
    let choices = fields::choices(schema);
    let words: Vec<&str> = choices.iter().map(|choice| choice.value.as_str()).collect();
    match words.as_slice() {
        [] => {}
        [only] => return Some((*only).to_owned()),
        words if words.len() <= MAX_CHOICES => return Some(format!("${{{here}|{}|}}", words.join(","))),
        _ => return Some(format!("${here}")),
    }
    match fields::kind(schema) {
        Some("array") => {
            let items = schema.get("items")?;
            let scalars = items.get("$ref").is_none() && fields::kind(items) != Some("object");
            scalars.then(|| format!("[${here}]"))
        }
        Some("object") => {
            *stop -= 1;
            let required = schema.get("required")?.as_array()?.iter().filter_map(Value::as_str);
            let part = |name: &str| Some(format!("{name}: {}", form(schema.get("properties")?.get(name)?, stop)?));
            let parts: Option<Vec<String>> = required.map(part).collect();
            parts.filter(|parts| !parts.is_empty()).map(|parts| format!("{{{}}}", parts.join(", ")))
        }
        Some(_) => {
            let example = fields::example(schema).filter(|text| text.chars().all(|c| c.is_ascii_alphanumeric()));
            Some(example.map_or_else(|| format!("${here}"), |text| format!("${{{here}:{text}}}")))
        }
        None => None,
    }
}

/// The names that the section at `path` is keyed by, each with a word on it.
fn names(view: &View<'_>, section: &Path) -> Vec<(String, String)> {
    match domains::of_keys(view.kind, section) {
        Some(Domain::Input) => {
            let describe = |name: &str| {
                let node = view
                    .input(name)
                    .and_then(|input| input.entry.value.get("description")?.as_str().map(str::to_owned));
                node.map(|text| escaped(&text)).unwrap_or_default()
            };
            view.input_names().into_iter().map(|name| (name.to_owned(), describe(name))).collect()
        }
        Some(Domain::Stage) => stages(view).into_iter().map(|name| (name, "a stage".to_owned())).collect(),
        Some(Domain::Rule) => {
            let all = rules::catalogue().iter();
            all.map(|rule| (rule.name.to_owned(), rule.summary().to_owned())).collect()
        }
        _ => Vec::new(),
    }
}

/// The names of the rollout's stages.
fn stages(view: &View<'_>) -> Vec<String> {
    let stages = view.node("rollout.stages").and_then(Node::as_seq).unwrap_or_default();
    stages.iter().filter_map(|stage| stage.get("name")?.as_str().map(str::to_owned)).collect()
}
