//! What stands at a place of a YAML document.

use taskclass_source::yaml::{Comment, Key, Value};
use taskclass_source::{Node, Path, Span};

/// What the cursor is on.
#[derive(Debug)]
pub(crate) enum Spot<'a> {
    /// A key, with its path.
    Key(Path, &'a Key),
    /// A scalar, with its path.
    Scalar(Path, &'a Node),
    /// A comment.
    Comment(&'a Comment),
}

/// Whether a cursor at `offset` touches `span`, also just behind its last character.
pub(crate) fn touches(span: Span, offset: usize) -> bool {
    span.start as usize <= offset && offset <= span.end as usize
}

/// What a cursor at `offset` is on.
pub(crate) fn at<'a>(root: Option<&'a Node>, comments: &'a [Comment], offset: usize) -> Option<Spot<'a>> {
    if let Some(comment) = comments.iter().find(|comment| touches(comment.span, offset)) {
        return Some(Spot::Comment(comment));
    }
    let mut path = Path::root();
    let mut node = root?;
    loop {
        match &node.value {
            Value::Map(map) => {
                if let Some(entry) = map.iter().find(|entry| touches(entry.key.span, offset)) {
                    path.push_key(entry.key.text.as_str());
                    return Some(Spot::Key(path, &entry.key));
                }
                let entry = map.iter().find(|entry| touches(entry.value.span, offset))?;
                path.push_key(entry.key.text.as_str());
                node = &entry.value;
            }
            Value::Seq(items) => {
                let (index, item) = items.iter().enumerate().find(|(_, item)| touches(item.span, offset))?;
                path.push_index(index);
                node = item;
            }
            _ => return touches(node.span, offset).then_some(Spot::Scalar(path, node)),
        }
    }
}

/// The smallest value that `span` lies in, with its path; for saying what a finding is about.
pub(crate) fn around(root: &Node, span: Span) -> (Path, &Node) {
    let mut path = Path::root();
    let mut node = root;
    loop {
        let next = match &node.value {
            Value::Map(map) => map.iter().find(|entry| entry.value.span.contains(span)).map(|entry| {
                path.push_key(entry.key.text.as_str());
                &entry.value
            }),
            Value::Seq(items) => {
                items.iter().enumerate().find(|(_, item)| item.span.contains(span)).map(|(index, item)| {
                    path.push_index(index);
                    item
                })
            }
            _ => None,
        };
        match next {
            Some(inner) => node = inner,
            None => return (path, node),
        }
    }
}
