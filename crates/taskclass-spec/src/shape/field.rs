//! Questions about the schema of one field.

use serde_json::{Value, json};
use taskclass_source::{Node, Path, Span};

use crate::schema::{self, SchemaKind};

/// What a field is for, as the first sentence of its description.
pub(super) fn about(field: &Value) -> Option<String> {
    let text = field.get("description")?.as_str()?.split_whitespace().collect::<Vec<_>>().join(" ");
    let end = text.find(". ").map_or(text.len(), |end| end + 1);
    Some(text[..end].trim_end_matches('.').to_owned())
}

/// Whether a field of a document of `kind` takes `value`.
pub(super) fn accepts(kind: SchemaKind, field: &Value, value: &Value) -> bool {
    // Most schemas of fields stand alone; the others refer to what the document's defines.
    let with_definitions = || {
        let mut whole = field.clone();
        whole.as_object_mut()?.insert("$defs".to_owned(), kind.json().get("$defs")?.clone());
        jsonschema::draft202012::new(&whole).ok()
    };
    let compiled = jsonschema::draft202012::new(field).ok().or_else(with_definitions);
    compiled.is_some_and(|field| field.is_valid(value))
}

/// The path of the value that stands at `span`.
pub fn place_of(node: &Node, span: Span, path: Path) -> Option<Path> {
    if node.span == span {
        return Some(path);
    }
    let inside = |child: &Node| child.span.contains(span);
    if let Some(map) = node.as_map() {
        return map.iter().filter(|entry| inside(&entry.value)).find_map(|entry| {
            let key: &str = &entry.key.text;
            place_of(&entry.value, span, path.key(key))
        });
    }
    let items = node.as_seq()?.iter().enumerate().filter(|(_, item)| inside(item));
    items.into_iter().find_map(|(index, item)| place_of(item, span, path.index(index)))
}

/// The last field before `at` whose value could not be read: its path, and where its key ends.
pub(super) fn lost_before(node: &Node, at: u32, path: Path) -> Option<(Path, u32)> {
    if let Some(map) = node.as_map() {
        let entry = map.iter().rev().find(|entry| entry.key.span.end <= at)?;
        let key: &str = &entry.key.text;
        if entry.value.is_null() {
            return Some((path.key(key), entry.key.span.end));
        }
        return lost_before(&entry.value, at, path.key(key));
    }
    let (index, item) = node.as_seq()?.iter().enumerate().rev().find(|(_, item)| item.span.start <= at)?;
    lost_before(item, at, path.index(index))
}

/// A value that the field at `path` of a document of `kind` takes, whatever stands there: so that what is wrong in one place
/// does not keep the rest from being read. What follows from it says nothing about the document. `None` where nothing simple
/// fits.
pub fn stand_in(kind: SchemaKind, document: &Value, path: &Path) -> Option<Value> {
    const TEXTS: [&str; 13] = [
        "stand-in",
        "stand_in",
        "30m",
        "acme/stand-in",
        "@acme/stand-in",
        "20%",
        "prompts/stand-in.md",
        "issue",
        "github:user/stand-in",
        "files_changed",
        "src/stand-in",
        "2026-01-01",
        "1.0",
    ];
    let field = schema::at(kind.json(), document, &super::steps(path))?;
    let constants = field.get("enum").and_then(Value::as_array).into_iter().flatten().cloned();
    let described = field.get("oneOf").and_then(Value::as_array).into_iter().flatten();
    let described = described.filter_map(|one| one.get("const").cloned());
    let least = field.get("minimum").cloned();
    let texts = TEXTS.into_iter().map(Value::from);
    let simple = [json!(1), json!(false), json!([])].into_iter();
    let listed =
        [json!(["stand-in"]), json!(["acme/stand-in"]), json!(["@acme/stand-in"]), json!(["issue"])].into_iter();
    let mut candidates = constants.chain(described).chain(least).chain(texts).chain(simple).chain(listed);
    let takes = jsonschema::draft202012::new(field).ok()?;
    candidates.find(|value| takes.is_valid(value))
}
