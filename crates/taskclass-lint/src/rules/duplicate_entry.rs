//! `duplicate-entry`: the same entry twice in one list.

use std::collections::hash_map::{Entry, HashMap};

use taskclass_source::yaml::{Style, Value};
use taskclass_source::{Edit, Fix, Label, Node, Path, Span};

use taskclass_source::text::quoted;

use crate::common::with_fix;
use crate::context::Document;
use crate::rule::{Sink, declare_rule};

declare_rule! {
    /// The same entry twice in one list.
    ///
    /// ## What it does
    /// Reports texts and numbers that a list has already, but for the values of inputs, which may repeat.
    ///
    /// ## Why it matters
    /// One of the two was meant to be something else, or will be forgotten when the other is changed.
    ///
    /// ## Bad
    /// ```yaml
    /// validation:
    ///   paths: {allow: ["src/**", "tests/**", "src/**"], deny: [".github/**"]}
    ///                                         ^^^^^^^^
    ///   max_files: 12
    ///   max_lines: 400
    ///   required_checks: [build, test]
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// validation:
    ///   paths: {allow: ["src/**", "tests/**"], deny: [".github/**"]}
    ///   max_files: 12
    ///   max_lines: 400
    ///   required_checks: [build, test]
    /// ```
    name: "duplicate-entry", family: Shape, level: Warning, hold: Free, check: Document(check)
}

fn check(document: &Document<'_>, sink: &mut Sink<'_>) {
    for entry in document.root.and_then(Node::as_map).into_iter().flatten() {
        if !matches!(&*entry.key.text, "inputs" | "examples") {
            walk(document, &entry.value, &Trail::Key(&Trail::Root, &entry.key.text), sink);
        }
    }
}

/// The way to a node, of which a path is made only where there is something to say.
enum Trail<'a> {
    Root,
    Key(&'a Trail<'a>, &'a str),
    Index(&'a Trail<'a>, usize),
}

impl Trail<'_> {
    fn path(&self) -> Path {
        match self {
            Self::Root => Path::root(),
            Self::Key(before, key) => before.path().key(*key),
            Self::Index(before, index) => before.path().index(*index),
        }
    }
}

/// The entries of a list that came already: short lists are looked through.
enum Seen<'a> {
    Few(Vec<(Scalar<'a>, &'a Node)>),
    Many(HashMap<Scalar<'a>, &'a Node>),
}

impl<'a> Seen<'a> {
    fn of(count: usize) -> Self {
        if count <= FEW { Self::Few(Vec::new()) } else { Self::Many(HashMap::new()) }
    }

    /// The first of its kind; `None` for that one itself.
    fn first(&mut self, value: Scalar<'a>, item: &'a Node) -> Option<&'a Node> {
        match self {
            Self::Few(all) => {
                let first = all.iter().find(|(other, _)| *other == value).map(|(_, first)| *first);
                if first.is_none() {
                    all.push((value, item));
                }
                first
            }
            Self::Many(all) => match all.entry(value) {
                Entry::Occupied(first) => Some(*first.get()),
                Entry::Vacant(place) => {
                    place.insert(item);
                    None
                }
            },
        }
    }
}

/// Up to so many entries a look through them is quicker than a table.
const FEW: usize = 12;

fn walk(document: &Document<'_>, node: &Node, trail: &Trail<'_>, sink: &mut Sink<'_>) {
    match &node.value {
        Value::Seq(items) => {
            let mut seen = Seen::of(items.len());
            for (index, item) in items.iter().enumerate() {
                if let Some(first) = scalar(item).and_then(|value| seen.first(value, item)) {
                    let path = trail.path();
                    let written = document.source.slice(item.span);
                    let fix = items.get(index.wrapping_sub(1)).and_then(|before| deleted(document, node, before, item));
                    sink.report(
                        Label::mark(document.source, item.span),
                        format!("`{path}` lists {} twice", quoted(written.trim_matches(['"', '\'']))),
                        |finding| {
                            with_fix(finding.with_label(Label::new(document.source, first.span, "first here")), fix)
                        },
                    );
                } else {
                    walk(document, item, &Trail::Index(trail, index), sink);
                }
            }
        }
        Value::Map(map) => {
            for entry in map {
                walk(document, &entry.value, &Trail::Key(trail, &entry.key.text), sink);
            }
        }
        _ => {}
    }
}

/// What can be compared.
#[derive(PartialEq, Eq, Hash)]
enum Scalar<'a> {
    Text(&'a str),
    Number(i64),
}

fn scalar(node: &Node) -> Option<Scalar<'_>> {
    match &node.value {
        Value::Str(text) => Some(Scalar::Text(text)),
        Value::Int(number) => Some(Scalar::Number(*number)),
        _ => None,
    }
}

/// Deletes an entry with the comma before it, or the line that it has for itself.
fn deleted(document: &Document<'_>, list: &Node, before: &Node, item: &Node) -> Option<Fix> {
    let source = document.source;
    let between = source.slice(Span { start: before.span.end, end: item.span.start });
    let span = if list.style == Style::Flow {
        let plain = between.trim() == "," && !between.contains('\n');
        plain.then_some(Span { start: before.span.end, end: item.span.end })
    } else {
        let at = source.position(item.span.start).line;
        let line = source.line_span(at)?;
        let alone = source.slice(line).trim() == format!("- {}", source.slice(item.span));
        let next = source.line_span(at + 1).map(|next| next.start).filter(|_| alone)?;
        Some(Span { start: line.start, end: next })
    };
    span.map(|span| Fix::safe("delete the second one", vec![Edit::new(source, span, "")]))
}
