//! Text that is printed, and places in it.

use taskclass_source::text::is_hidden;
use taskclass_source::{SourceFile, Span};

/// Nothing in `text` hides or rearranges what a reader sees, its line breaks aside.
pub(crate) fn shows_all(text: &str, what: &str) {
    let hidden = text.chars().find(|c| is_hidden(*c) && *c != '\n');
    assert!(hidden.is_none(), "{what} has {hidden:?} in it: {text:?}");
}

/// `span` lies in the text, on characters, and its ends are found again from their lines and columns.
pub(crate) fn inside(source: &SourceFile, span: Span, what: &str) {
    let text = source.text();
    assert!(text.get(span.range()).is_some(), "{what}: {span:?} is not on characters of {} bytes", text.len());
    for offset in [span.start, span.end] {
        let position = source.position(offset);
        // Behind a carriage return at a line's end no editor can stand.
        let rest = text.get(offset as usize..).unwrap_or_default();
        if text.get(..offset as usize).is_some_and(|before| before.ends_with('\r'))
            && (rest.is_empty() || rest.starts_with('\n'))
        {
            continue;
        }
        let back = source.offset_of_utf16(position.line, position.utf16_column);
        assert_eq!(back, Some(offset), "{what}: {position:?} is another place");
    }
}
