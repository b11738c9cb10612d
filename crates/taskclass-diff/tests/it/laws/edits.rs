//! Random small edits of a document: pieces of another one in its place, items dropped and added, patterns opened and closed,
//! numbers moved by one.

use proptest::prelude::*;
use serde_json::Value;
use taskclass_source::Path;
use taskclass_source::path::Segment;

/// One edit: which section, which place in it, and what is done there.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Edit {
    section: usize,
    place: usize,
    way: u8,
    number: usize,
}

/// A few of them.
pub(crate) fn edits(most: usize) -> impl Strategy<Value = Vec<Edit>> {
    let edit = (0..1000_usize, 0..1000_usize, 0..6_u8, 0..1000_usize).prop_map(|(section, place, way, number)| Edit {
        section,
        place,
        way,
        number,
    });
    proptest::collection::vec(edit, 1..=most)
}

/// What no edit touches: another name is another class.
const KEPT: [&str; 2] = ["schema", "name"];

/// `document` with the edits; `other` is where pieces come from.
pub(crate) fn edited(document: &Value, other: &Value, edits: &[Edit]) -> Value {
    let mut document = document.clone();
    for edit in edits {
        apply(&mut document, other, *edit);
    }
    document
}

fn apply(document: &mut Value, other: &Value, edit: Edit) {
    let mut sections: Vec<&String> =
        [&*document, other].into_iter().filter_map(Value::as_object).flat_map(|map| map.keys()).collect();
    sections.sort();
    sections.dedup();
    sections.retain(|name| !KEPT.contains(&name.as_str()));
    // A fifth of all edits is about where tasks run.
    let reach =
        Some("repositories").filter(|name| edit.section >= 800 && sections.iter().any(|section| section == name));
    let section = reach.map_or_else(|| sections[edit.section % sections.len()].clone(), str::to_owned);
    let mut places = Vec::new();
    for side in [&*document, other] {
        if let Some(value) = side.get(&section) {
            collect(value, &Path::root().key(section.as_str()), &mut places);
        }
    }
    places.sort();
    places.dedup();
    let place = &places[edit.place % places.len()];
    let theirs = at(other, place).cloned();
    let Some(ours) = at_mut(document, place) else { return put(document, place, theirs) };
    match (edit.way, ours) {
        (1, Value::Array(items)) if !items.is_empty() => {
            items.remove(edit.number % items.len());
        }
        (2, Value::Array(items)) => {
            let more = theirs.as_ref().and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
            if let Some(item) = more.get(edit.number % more.len().max(1)) {
                items.insert(edit.number % (items.len() + 1), item.clone());
            }
        }
        (3, Value::String(text)) if text.contains('*') => *text = text.replacen('*', "a", 1),
        (4, Value::String(text)) if text.contains(['a', 'b']) && text.contains('/') => {
            let at = text.rfind(['a', 'b']).unwrap_or(0);
            text.replace_range(at..=at, "*");
        }
        (1, Value::Number(number)) => *number = (number.as_u64().unwrap_or(1) + 1).into(),
        (2, Value::Number(number)) if number.as_u64() > Some(1) => {
            *number = (number.as_u64().unwrap_or(2) - 1).into();
        }
        (5, Value::Array(items)) => items.reverse(),
        _ => put(document, place, theirs),
    }
}

fn collect(value: &Value, path: &Path, places: &mut Vec<Path>) {
    places.push(path.clone());
    match value {
        Value::Object(map) => map.iter().for_each(|(key, value)| collect(value, &path.key(key.as_str()), places)),
        Value::Array(items) => items.iter().enumerate().for_each(|(i, item)| collect(item, &path.index(i), places)),
        _ => {}
    }
}

/// The value at a place.
pub(crate) fn at<'a>(value: &'a Value, path: &Path) -> Option<&'a Value> {
    value.pointer(&path.to_json_pointer())
}

fn at_mut<'a>(value: &'a mut Value, path: &Path) -> Option<&'a mut Value> {
    value.pointer_mut(&path.to_json_pointer())
}

/// Sets or removes what is at a place, if there is something around it.
pub(crate) fn put(document: &mut Value, path: &Path, new: Option<Value>) {
    let Some(parent) = path.parent().and_then(|parent| at_mut(document, &parent)) else { return };
    match (path.last(), parent, new) {
        (Some(Segment::Key(key)), Value::Object(map), Some(new)) => drop(map.insert(key.to_string(), new)),
        (Some(Segment::Key(key)), Value::Object(map), None) => drop(map.shift_remove(&**key)),
        (Some(Segment::Index(index)), Value::Array(items), Some(new)) => match items.get_mut(*index) {
            Some(item) => *item = new,
            None => items.push(new),
        },
        (Some(Segment::Index(index)), Value::Array(items), None) if *index < items.len() => drop(items.remove(*index)),
        _ => {}
    }
}

/// The places in which two documents differ, as deep as both have something there.
pub(crate) fn differences(before: &Value, after: &Value) -> Vec<Path> {
    let mut found = Vec::new();
    differ(Some(before), Some(after), &Path::root(), &mut found);
    found
}

fn differ(before: Option<&Value>, after: Option<&Value>, path: &Path, found: &mut Vec<Path>) {
    match (before, after) {
        (a, b) if a == b => {}
        (Some(Value::Object(a)), Some(Value::Object(b))) => {
            for key in a.keys().chain(b.keys().filter(|key| !a.contains_key(*key))) {
                differ(a.get(key), b.get(key), &path.key(key.as_str()), found);
            }
        }
        _ => found.push(path.clone()),
    }
}
