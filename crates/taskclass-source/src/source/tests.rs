use super::*;

#[test]
fn columns_count_in_their_own_unit() {
    let file = SourceFile::new("a.yaml", "x: 1\né語😀\u{301}z\n");
    let offset = file.text().find('z').unwrap();
    let position = file.position(Span::at(offset).start);
    assert_eq!(
        position,
        Position { line: 2, byte_column: 2 + 3 + 4 + 2 + 1, char_column: 5, utf16_column: 6, display_column: 6 }
    );
    assert_eq!(file.offset_of_utf16(2, 6), Some(Span::at(offset).start));
    assert_eq!(file.offset_of_utf16(2, 4), Some(10), "a column inside a surrogate pair means the character's start");
    assert_eq!(file.offset_of_utf16(2, 99), Some(17), "a column behind the end means the end");
    assert_eq!(file.offset_of_utf16(9, 1), None);
    assert_eq!(file.offset_of_utf16(0, 1), None);
}

#[test]
fn offsets_outside_or_inside_a_character_are_pulled_back() {
    let file = SourceFile::new("a.yaml", "é");
    assert_eq!(file.position(1), file.position(0));
    assert_eq!(file.position(99).byte_column, 3);
    assert_eq!(file.slice(Span::new(1, 2)), "");
    assert_eq!(file.slice(Span::new(0, 9)), "");
}

#[test]
fn lines_are_counted_as_an_editor_counts_them() {
    for (text, count) in [("", 1), ("a", 1), ("a\n", 1), ("a\nb", 2), ("\n\n", 2)] {
        assert_eq!(SourceFile::new("a", text).line_count(), count, "{text:?}");
    }
    let file = SourceFile::new("a", "one\r\ntwo\n");
    assert_eq!(file.line_span(1).map(|span| file.slice(span)), Some("one"));
    assert_eq!(file.line_span(2).map(|span| file.slice(span)), Some("two"));
    assert_eq!(file.line_span(4), None);
    assert_eq!(file.line_span(0), None);
}

#[test]
fn debug_does_not_dump_the_text() {
    assert_eq!(format!("{:?}", SourceFile::new("a.yaml", "secret")), "SourceFile { path: \"a.yaml\", bytes: 6 }");
}
