//! The tree against an independent parser, against the text it was read from, and against itself.

use std::sync::Arc;

use proptest::prelude::*;
use taskclass_source::yaml::{self, Parsed, Style, Value};
use taskclass_source::{Node, SourceFile, Span};

use crate::document::document;
use crate::writer::write;

fn parse(text: &str) -> (Arc<SourceFile>, Parsed) {
    let source = SourceFile::new("t.yaml", text);
    let parsed = yaml::parse(&source);
    (source, parsed)
}

fn without_problems(text: &str) -> (Arc<SourceFile>, Node) {
    let (source, parsed) = parse(text);
    assert!(parsed.problems.is_empty() && parsed.complete, "{:#?}\nin\n{text}", parsed.problems);
    (source, parsed.root.expect("a document"))
}

/// What another parser, the successor of serde_yaml over libyaml, reads in the same text.
pub(crate) fn independent(text: &str) -> Result<serde_json::Value, serde_yaml::Error> {
    serde_yaml::from_str(text)
}

fn each(node: &Node, visit: &mut impl FnMut(&Node)) {
    visit(node);
    match &node.value {
        Value::Seq(items) => items.iter().for_each(|item| each(item, visit)),
        Value::Map(map) => map.iter().for_each(|entry| each(&entry.value, visit)),
        _ => {}
    }
}

/// The text of a span, indented as it stands in the file.
fn standing(source: &SourceFile, span: Span) -> String {
    let column = source.position(span.start).byte_column as usize - 1;
    format!("{}{}", " ".repeat(column), source.slice(span))
}

fn ends_in_kept_breaks(node: &Node) -> bool {
    match &node.value {
        Value::Seq(items) => items.last().is_some_and(ends_in_kept_breaks),
        Value::Map(map) => map.entries().last().is_some_and(|entry| ends_in_kept_breaks(&entry.value)),
        Value::Str(text) => text.ends_with("\n\n") || (text == "\n" && node.style != Style::DoubleQuoted),
        _ => false,
    }
}

fn check_spans(source: &SourceFile, root: &Node) {
    each(root, &mut |node| {
        let text = source.slice(node.span);
        assert_eq!(text.len(), node.span.len(), "{node:?} is not on characters");
        assert!(!text.ends_with(['\n', ' ']) || matches!(node.style, Style::Literal | Style::Folded | Style::Block));
        match node.style {
            // Its header tells an indentation from a parent that the text alone lacks; the map looks into these.
            Style::Literal => assert!(text.starts_with('|'), "{text:?}"),
            Style::Folded => assert!(text.starts_with('>'), "{text:?}"),
            // Line breaks that are kept at its end lie behind the span.
            _ if ends_in_kept_breaks(node) => {}
            _ => {
                let again = parse(&format!("{}\n", standing(source, node.span))).1;
                assert!(again.problems.is_empty(), "{text:?}: {:?}", again.problems);
                let json = again.root.map_or(serde_json::Value::Null, |root| root.to_json());
                assert_eq!(json, node.to_json(), "{text:?}");
            }
        }
        if let Value::Map(map) = &node.value {
            for entry in map {
                let (_, key) = without_problems(&format!("- {}", source.slice(entry.key.span)));
                assert_eq!(key.as_seq().unwrap()[0].as_str(), Some(&*entry.key.text));
                assert!(node.span.contains(entry.key.span) && node.span.contains(entry.value.span), "{text:?}");
            }
        }
        if let Value::Seq(items) = &node.value {
            assert!(items.iter().all(|item| node.span.contains(item.span)), "{text:?}");
        }
    });
}

fn check_maps(source: &SourceFile, root: &Node) {
    each(root, &mut |node| {
        let Some(text) = node.as_str() else { return };
        let map =
            node.scalar_map(source).unwrap_or_else(|| panic!("no map of {:?} = {text:?}", source.slice(node.span)));
        let mut before = node.span.start;
        for (at, c) in text.char_indices() {
            let span = map.span(at..at + c.len_utf8());
            let written = source.slice(span);
            assert!(span.start >= before && !span.is_empty(), "{c:?} of {text:?} is at {written:?}");
            before = span.end;
            let escaped = written.starts_with('\\') || written == "''";
            let folded = c == ' ' && written.contains('\n') && written.trim().is_empty();
            let mut buffer = [0; 4];
            assert!(escaped || folded || written == c.encode_utf8(&mut buffer), "{c:?} of {text:?} is at {written:?}");
            assert_eq!(map.span(at..at), Span::at(span.start as usize));
        }
        assert_eq!(map.decoded_len(), text.len());
        if !text.is_empty() {
            let whole = map.span(0..text.len());
            assert_eq!(whole.end, before);
        }
    });
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_tree_says_what_the_document_says(document in document()) {
        let text = write(&document);
        let (source, root) = without_problems(&text);
        prop_assert_eq!(root.to_json(), document.json(), "{}", text);
        // The order of keys too.
        prop_assert_eq!(root.to_json().to_string(), document.json().to_string());
        let other = independent(&text);
        prop_assert!(other.as_ref().is_ok_and(|other| *other == root.to_json()), "{}\n{:?}", text, other);
        check_spans(&source, &root);
        check_maps(&source, &root);
    }

    #[test]
    fn text_behind_a_place_is_where_the_place_says(document in document()) {
        let text = write(&document);
        let (source, root) = without_problems(&text);
        each(&root, &mut |node| {
            let position = source.position(node.span.start);
            assert_eq!(source.offset_of_utf16(position.line, position.utf16_column), Some(node.span.start));
            let line = source.line_span(position.line).expect("the line is there");
            assert_eq!(line.start + position.byte_column - 1, node.span.start);
        });
    }
}
