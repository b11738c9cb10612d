use proptest::prelude::*;

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

proptest! {
    #[test]
    fn a_position_leads_back_to_its_offset(text in "[a-c\t é語😀\u{301}\u{200d}]{0,20}(\n[a\té😀]{0,9}|\r\n){0,5}") {
        let file = SourceFile::new("t", text.as_str());
        let mut before = Position { line: 1, byte_column: 0, char_column: 0, utf16_column: 0, display_column: 0 };
        for (at, c) in text.char_indices() {
            let position = file.position(Span::at(at).start);
            prop_assert!(position.line > before.line || position.byte_column > before.byte_column);
            before = position;
            // The place between the two characters of a line break is none where text can stand.
            if c != '\n' || !text[..at].ends_with('\r') {
                prop_assert_eq!(file.offset_of_utf16(position.line, position.utf16_column), Some(Span::at(at).start));
            }
            let line = file.line_span(position.line).unwrap();
            prop_assert_eq!(line.start + position.byte_column - 1, Span::at(at).start);
        }
    }
}
