//! `duplicate-entry`: the same entry twice in one list.

use std::collections::HashMap;

use taskclass_source::yaml::{Style, Value};
use taskclass_source::{Edit, Fix, Label, Node, Path, Span};

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
            walk(document, &entry.value, &Path::root().key(&*entry.key.text), sink);
        }
    }
}

fn walk(document: &Document<'_>, node: &Node, path: &Path, sink: &mut Sink<'_>) {
    match &node.value {
        Value::Seq(items) => {
            let mut seen: HashMap<Scalar<'_>, &Node> = HashMap::new();
            for (index, item) in items.iter().enumerate() {
                let first = scalar(item).and_then(|value| {
                    let first = seen.get(&value).copied();
                    seen.entry(value).or_insert(item);
                    first
                });
                if let Some(first) = first {
                    let written = document.source.slice(item.span);
                    let fix = items.get(index.wrapping_sub(1)).and_then(|before| deleted(document, node, before, item));
                    sink.report(
                        Label::mark(document.source, item.span),
                        format!("`{path}` lists {written} twice"),
                        |finding| {
                            with_fix(finding.with_label(Label::new(document.source, first.span, "first here")), fix)
                        },
                    );
                } else {
                    walk(document, item, &path.index(index), sink);
                }
            }
        }
        Value::Map(map) => {
            for entry in map {
                walk(document, &entry.value, &path.key(&*entry.key.text), sink);
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

/// Deletes an entry with the comma before it, where both stand on one line.
fn deleted(document: &Document<'_>, list: &Node, before: &Node, item: &Node) -> Option<Fix> {
    let span = Span { start: before.span.end, end: item.span.end };
    let between = document.source.slice(Span { start: before.span.end, end: item.span.start });
    let plain = list.style == Style::Flow && between.trim() == "," && !between.contains('\n');
    plain.then(|| Fix::safe("delete the second one", vec![Edit::new(document.source, span, "")]))
}
