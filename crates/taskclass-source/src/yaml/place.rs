//! From a path to spans.

use std::borrow::Cow;

use super::node::{Entry, Node, Style, Value};
use crate::Span;
use crate::path::{Path, Segment};

/// The value that a path leads to.
#[derive(Clone, Copy, Debug)]
pub struct Found<'a> {
    /// Where its key stands; `None` for the root and for items of lists.
    pub key: Option<Span>,
    /// The value.
    pub value: &'a Node,
}

/// Where a path leads in the text, or as near to it as the document goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Whether the document has the path. If not, the rest is about the nearest ancestor that it has.
    pub exact: bool,
    /// Where the key stands; `None` for the root and for items of lists.
    pub key_span: Option<Span>,
    /// Where the value stands.
    pub value_span: Span,
    /// What to label when something is to be said about the thing as a whole, such as a field missing in it: its key; of a
    /// block mapping without a key (the root, an item of a list) its first key; else the value.
    pub head: Span,
}

/// What can be given as a path: a [`Path`], or its text where a rule names a place. A text that is no path leads nowhere, as
/// a path that the document does not have.
pub trait ToPath {
    /// The path; `None` if the text is none.
    fn to_path(&self) -> Option<Cow<'_, Path>>;
}

impl ToPath for Path {
    fn to_path(&self) -> Option<Cow<'_, Path>> {
        Some(Cow::Borrowed(self))
    }
}

impl ToPath for str {
    fn to_path(&self) -> Option<Cow<'_, Path>> {
        self.parse().ok().map(Cow::Owned)
    }
}

/// One step down; `None` if the value has no such part. An index into a mapping is a key of digits, see
/// [`Path::from_json_pointer`].
fn step<'a>(node: &'a Node, segment: &Segment) -> Option<Found<'a>> {
    let found = |entry: &'a Entry| Found { key: Some(entry.key.span), value: &entry.value };
    match (&node.value, segment) {
        (Value::Map(map), Segment::Key(key)) => map.entry(key).map(found),
        (Value::Map(map), Segment::Index(index)) => map.entry(&index.to_string()).map(found),
        (Value::Seq(items), Segment::Index(index)) => items.get(*index).map(|value| Found { key: None, value }),
        _ => None,
    }
}

impl Node {
    /// The value at `path` below this one.
    pub fn at(&self, path: &(impl ToPath + ?Sized)) -> Option<Found<'_>> {
        let path = path.to_path()?;
        let here = Found { key: None, value: self };
        path.segments().iter().try_fold(here, |found, segment| step(found.value, segment))
    }

    /// Where `path` leads, or the nearest ancestor that the document has, so that a missing field can be labelled at the
    /// key of what it is missing in.
    pub fn locate(&self, path: &(impl ToPath + ?Sized)) -> Place {
        let path = path.to_path();
        let mut found = Found { key: None, value: self };
        let mut exact = path.is_some();
        for segment in path.iter().flat_map(|path| path.segments()) {
            match step(found.value, segment) {
                Some(next) => found = next,
                None => {
                    exact = false;
                    break;
                }
            }
        }
        let first_key = match &found.value.value {
            Value::Map(map) if found.value.style == Style::Block => map.iter().next().map(|entry| entry.key.span),
            _ => None,
        };
        let value_span = found.value.span;
        Place { exact, key_span: found.key, value_span, head: found.key.or(first_key).unwrap_or(value_span) }
    }
}
