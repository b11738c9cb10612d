use std::sync::Arc;

use crate::{SourceFile, yaml};

/// `text` has one key, whose value's `wanted` is written as `written`, at the marked place of the file.
fn check(text: &str, wanted: &str, written: &str) {
    let source: Arc<SourceFile> = SourceFile::new("t.yaml", text);
    let root = yaml::parse(&source).root.unwrap();
    let value = &root.as_map().unwrap().entries()[0].value;
    let decoded = value.as_str().unwrap();
    let at = decoded.find(wanted).unwrap_or_else(|| panic!("{wanted:?} is not in {decoded:?}"));
    let map = value.scalar_map(&source).unwrap_or_else(|| panic!("no map of {text:?}"));
    assert_eq!(source.slice(map.span(at..at + wanted.len())), written, "{text:?}");
}

#[test]
fn verbatim_text_is_where_it_stands() {
    check("a: some words\n", "words", "words");
    check("a: 'it''s here'\n", "here", "here");
    check("a: \"caf\\u00e9 here\"\n", "here", "here");
    check("a: |\n  one\n    two\n", "  two", "  two");
    check("a: |2-\n     one\n", "one", "one");
    check("a: >-\n  one\n  two\n", "two", "two");
    check("a: |\r\n  one\r\n  two\r\n", "two", "two");
}

#[test]
fn what_is_escaped_or_folded_is_named_as_a_whole() {
    check("a: 'it''s'\n", "'", "''");
    check("a: \"caf\\u00e9s\"\n", "é", "\\u00e9");
    check("a: \"\\ud83d\\ude00\"\n", "😀", "\\ud83d\\ude00");
    check("a: \"x\\n\\ty\"\n", "\n\ty", "\\n\\ty");
    check("a: >-\n  one\n  two\n", "e t", "e\n  t");
    check("a: one\n  two\n", " ", "\n  ");
    check("a: |\r\n  one\r\n  two\r\n", "e\nt", "e\r\n  t");
}

#[test]
fn what_lies_behind_the_end_is_the_end() {
    let source = SourceFile::new("t.yaml", "a: |\n  one\nb: 1\n");
    let root = yaml::parse(&source).root.unwrap();
    let map = root.get("a").unwrap().scalar_map(&source).unwrap();
    assert_eq!(map.span(4..4).start, 10, "behind the line break lies the end of the last line");
    assert_eq!(map.span(2..99), crate::Span::new(9, 11));
    assert_eq!(root.get("b").unwrap().scalar_map(&source).map(|_| ()), None, "a number has no text");
}
