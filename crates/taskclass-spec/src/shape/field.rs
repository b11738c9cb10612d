//! Questions about the schema of one field.

use serde_json::Value;
use taskclass_source::{Node, Path, Span};

/// What a field is for, as the first sentence of its description.
pub(super) fn about(field: &Value) -> Option<String> {
    let text = field.get("description")?.as_str()?.split_whitespace().collect::<Vec<_>>().join(" ");
    let end = text.find(". ").map_or(text.len(), |end| end + 1);
    Some(text[..end].trim_end_matches('.').to_owned())
}

/// Whether a field takes `value`; a schema that does not stand alone is not asked.
pub(super) fn accepts(field: &Value, value: &Value) -> bool {
    jsonschema::draft202012::new(field).ok().is_none_or(|field| field.is_valid(value))
}

/// The same for a schema that must stand alone to be asked.
pub(super) fn accepts_alone(field: &Value, value: &Value) -> bool {
    jsonschema::draft202012::new(field).is_ok_and(|field| field.is_valid(value))
}

/// The path of the value that stands at `span`.
pub(super) fn place_of(node: &Node, span: Span, path: Path) -> Option<Path> {
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
