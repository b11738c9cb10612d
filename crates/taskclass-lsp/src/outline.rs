//! A document's outline: its sections, and the things in them that have names.

use taskclass_source::yaml::{Entry, Value};
use taskclass_source::{Node, Span};

use crate::view::View;

/// One line of the outline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Symbol {
    pub(crate) name: String,
    pub(crate) detail: String,
    pub(crate) shape: Shape,
    /// All of it.
    pub(crate) whole: Span,
    /// Its name.
    pub(crate) head: Span,
    pub(crate) children: Vec<Symbol>,
}

/// What it is, for the editor's icon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    Section,
    List,
    Text,
    Number,
    Truth,
    Nothing,
}

/// How deep the outline goes.
const DEPTH: usize = 3;

/// The outline of a YAML document.
pub(crate) fn of(view: &View<'_>) -> Vec<Symbol> {
    match view.root().filter(|_| view.kind.schema().is_some()) {
        Some(root) => inside(view, root, DEPTH),
        None => Vec::new(),
    }
}

fn inside(view: &View<'_>, node: &Node, depth: usize) -> Vec<Symbol> {
    if depth == 0 {
        return Vec::new();
    }
    match &node.value {
        Value::Map(map) => map.iter().map(|entry| section(view, entry, depth)).collect(),
        Value::Seq(items) => items.iter().filter_map(|item| named(view, item, depth)).collect(),
        _ => Vec::new(),
    }
}

fn section(view: &View<'_>, entry: &Entry, depth: usize) -> Symbol {
    let (shape, detail) = match &entry.value.value {
        Value::Map(_) => (Shape::Section, String::new()),
        Value::Seq(items) => (Shape::List, format!("{}", items.len())),
        Value::Bool(value) => (Shape::Truth, value.to_string()),
        Value::Int(number) => (Shape::Number, number.to_string()),
        Value::Float(_) => (Shape::Number, view.source.slice(entry.value.span).to_owned()),
        Value::Null => (Shape::Nothing, String::new()),
        Value::Str(text) => (Shape::Text, first_words(text)),
    };
    Symbol {
        name: name(&entry.key.text),
        detail,
        shape,
        whole: entry.key.span.to(entry.value.span),
        head: entry.key.span,
        children: inside(view, &entry.value, depth - 1),
    }
}

/// An item of a list by the name it has.
fn named(view: &View<'_>, item: &Node, depth: usize) -> Option<Symbol> {
    let head = ["name", "id", "metric", "after"].into_iter().find_map(|key| item.get(key))?;
    Some(Symbol {
        name: name(head.as_str()?),
        detail: String::new(),
        shape: Shape::Section,
        whole: item.span.to(head.span),
        head: head.span,
        children: inside(view, item, depth - 1),
    })
}

/// A name is never empty: editors refuse that.
fn name(text: &str) -> String {
    let shown = first_words(text);
    if shown.is_empty() { "(no name)".to_owned() } else { shown }
}

fn first_words(text: &str) -> String {
    const MOST: usize = 60;
    let line = taskclass_source::text::visible(text.lines().next().unwrap_or_default()).into_owned();
    match line.char_indices().nth(MOST) {
        Some((cut, _)) => format!("{}…", line.get(..cut).unwrap_or_default()),
        None => line,
    }
}
