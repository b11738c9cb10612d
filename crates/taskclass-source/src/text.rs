//! Text from outside, made fit for a terminal, a log or a report.

use std::borrow::Cow;
use std::fmt::Write as _;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

mod hidden;

pub use hidden::{hidden, hidden_runs, hides, is_hidden, says_something};

/// The text on one line: hidden characters as `\u{…}`, line breaks and tabs as `\n`, `\r`, `\t`. For names, values and
/// messages in a line of output.
pub fn visible(text: &str) -> Cow<'_, str> {
    escape(text, |_| false)
}

/// The text with hidden characters as `\u{…}`; line feeds and tabs stay. For whole texts such as a prompt.
pub fn visible_lines(text: &str) -> Cow<'_, str> {
    escape(text, |c| matches!(c, '\n' | '\t'))
}

/// A JSON text in which nothing hides: hidden characters as `\uXXXX`, which a reader of JSON takes for the same characters. What parts
/// the values (line feeds, tabs) stays. Text that is no JSON is not for this.
pub fn visible_json(json: &str) -> Cow<'_, str> {
    let hides = |c: char| !c.is_ascii_whitespace() && is_hidden(c);
    let Some(first) = json.find(hides) else { return Cow::Borrowed(json) };
    let (before, rest) = json.split_at(first);
    let mut out = String::with_capacity(json.len() + 16);
    out.push_str(before);
    for c in rest.chars() {
        if hides(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                // Writing to a String cannot fail.
                let _ = write!(out, "\\u{unit:04x}");
            }
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

fn escape(text: &str, keep: impl Fn(char) -> bool) -> Cow<'_, str> {
    let hidden = |c: char| is_hidden(c) && !keep(c);
    let Some(first) = text.find(hidden) else { return Cow::Borrowed(text) };
    let (before, rest) = text.split_at(first);
    let mut out = String::with_capacity(text.len() + 16);
    out.push_str(before);
    for c in rest.chars() {
        match c {
            c if !hidden(c) => out.push(c),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c => {
                // Writing to a String cannot fail.
                let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
            }
        }
    }
    Cow::Owned(out)
}

/// The text between backticks, on one line, nothing hidden in it; what is longer than 80 characters is cut with `…`.
pub fn quoted(text: &str) -> String {
    const LONGEST: usize = 80;
    let text = visible(text);
    match text.char_indices().nth(LONGEST) {
        Some((cut, _)) => format!("`{}…`", &text[..cut]),
        None => format!("`{text}`"),
    }
}

/// The most characters of a message, a help, a note, a label or a fix's title: what they quote can be as long as a file.
pub const MAX_SAID: usize = 1000;

/// The text, cut with `…` where it is longer than [`MAX_SAID`].
pub fn said(text: impl Into<String>) -> String {
    let mut text = text.into();
    if text.len() > MAX_SAID
        && let Some((cut, _)) = text.char_indices().nth(MAX_SAID)
    {
        text.truncate(cut);
        text.push('…');
    }
    text
}

/// How many columns the text takes on a terminal; a control character counts one, as in
/// [`crate::Position::display_column`].
pub fn display_width(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.width() }
}

/// Breaks a line between words so that no part is wider than `width`, but for words that are wider themselves.
pub fn wrap(line: &str, width: usize) -> Vec<String> {
    let mut parts = vec![String::new()];
    for word in line.split(' ') {
        let Some(part) = parts.last_mut() else { continue };
        if part.is_empty() {
            part.push_str(word);
        } else if display_width(part) + 1 + display_width(word) <= width {
            part.push(' ');
            part.push_str(word);
        } else {
            parts.push(word.to_owned());
        }
    }
    parts
}

/// The text in lines of at most `width` columns (two at least), broken behind a space where the second half of a line has one.
/// Nothing is lost: the lines together are the text.
pub fn fold(line: &str, width: usize) -> Vec<&str> {
    let width = width.max(2);
    let mut parts = Vec::new();
    let (mut start, mut column, mut space) = (0, 0, None);
    for (at, c) in line.char_indices() {
        let wide = c.width().unwrap_or(1);
        if column + wide > width {
            let cut = space.filter(|(_, before)| before * 2 >= width).map_or(at, |(behind, _)| behind);
            parts.push(line.get(start..cut).unwrap_or_default());
            column = display_width(line.get(cut..at).unwrap_or_default());
            (start, space) = (cut, None);
            if column + wide > width {
                parts.push(line.get(cut..at).unwrap_or_default());
                (start, column) = (at, 0);
            }
        }
        column += wide;
        if c == ' ' {
            space = Some((at + 1, column));
        }
    }
    parts.push(line.get(start..).unwrap_or_default());
    parts
}

/// The text without what GitHub's runner takes for a command in a step's output: `::name` where a line begins, `##[` anywhere.
pub fn without_commands(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        match line.trim_start().strip_prefix("::").filter(|rest| rest.starts_with(|c: char| c.is_ascii_alphabetic())) {
            Some(rest) => {
                out.push_str(line.get(..line.len() - rest.len() - 2).unwrap_or_default());
                out.push_str("\\u{3a}:");
                out.push_str(&rest.replace("##[", "##\\u{5b}"));
            }
            None => out.push_str(&line.replace("##[", "##\\u{5b}")),
        }
    }
    out
}

/// A size as people say it: `300 B`, `256 KiB`, `1.5 MiB`.
pub fn kilobytes(bytes: usize) -> String {
    const UNIT: usize = 1024;
    match bytes {
        0..UNIT => format!("{bytes} B"),
        _ if bytes < UNIT * UNIT => format!("{} KiB", bytes.div_ceil(UNIT)),
        _ => format!("{}.{} MiB", bytes / (UNIT * UNIT), bytes % (UNIT * UNIT) * 10 / (UNIT * UNIT)),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn nothing_hides_in_json_and_it_says_the_same() {
        let hidden = "a\u{202e}b\u{200b}\u{9b}\u{e0041}\u{feff}c é 語 \u{1f600}";
        let value = serde_json::json!({ "text": hidden, "list": [hidden] });
        for json in [value.to_string(), format!("{value:#}")] {
            let shown = visible_json(&json);
            assert!(!shown.chars().any(|c| c != '\n' && is_hidden(c)), "{shown}");
            assert!(shown.contains("\\u202e") && shown.contains("\\udb40\\udc41") && shown.contains("é 語"), "{shown}");
            assert_eq!(serde_json::from_str::<serde_json::Value>(&shown).unwrap(), value);
        }
        assert!(matches!(visible_json("{\n  \"a\": 1\n}"), Cow::Borrowed(_)));
    }

    #[test]
    fn hidden_characters_are_shown_and_the_rest_is_left() {
        assert_eq!(visible("plain é 語 😀"), "plain é 語 😀");
        assert!(matches!(visible("plain"), Cow::Borrowed(_)));
        assert_eq!(visible("a\u{202e}b\u{200b}c\u{e0041}"), "a\\u{202e}b\\u{200b}c\\u{e0041}");
        assert_eq!(visible("\x1b[31mred\x07\r\n\t"), "\\u{1b}[31mred\\u{7}\\r\\n\\t");
        assert_eq!(visible_lines("a\n\tb\r"), "a\n\tb\\r");
        assert_eq!(visible("\u{9b}31m\u{7f}"), "\\u{9b}31m\\u{7f}");
    }

    #[test]
    fn quotes_are_bounded() {
        assert_eq!(quoted("a\nb"), "`a\\nb`");
        assert_eq!(quoted(&"x".repeat(99)).chars().count(), 83);
        assert_eq!(said("é".repeat(MAX_SAID)), "é".repeat(MAX_SAID));
        assert_eq!(said("é".repeat(5000)), format!("{}…", "é".repeat(MAX_SAID)));
    }

    #[test]
    fn width_and_sizes_are_what_a_person_sees() {
        assert_eq!(display_width("語a\u{301}"), 3);
        assert_eq!(display_width("\t語"), 3);
        assert_eq!(kilobytes(12), "12 B");
        assert_eq!(kilobytes(256 * 1024), "256 KiB");
        assert_eq!(kilobytes(3 * 512 * 1024), "1.5 MiB");
    }

    #[test]
    fn lines_are_broken_by_columns() {
        assert_eq!(wrap("a bc def", 4), ["a bc", "def"]);
        assert_eq!(fold("語語語a", 4), ["語語", "語a"]);
        assert_eq!(fold("", 4), [""]);
        assert_eq!(fold("ab cd efgh", 6), ["ab cd ", "efgh"]);
        assert_eq!(fold("a bcdefgh", 5), ["a bcd", "efgh"]);
    }

    #[test]
    fn no_line_is_a_command_of_the_runner() {
        assert_eq!(
            without_commands("a::b\n  ::error::x\n##[endgroup]\n"),
            "a::b\n  \\u{3a}:error::x\n##\\u{5b}endgroup]\n"
        );
        assert_eq!(without_commands(" ::: a.yaml ##[x"), " ::: a.yaml ##\\u{5b}x");
    }

    proptest! {
        #[test]
        fn nothing_hidden_gets_through(text in any::<String>()) {
            prop_assert!(!visible(&text).contains(is_hidden));
            prop_assert!(!visible_lines(&text).contains(|c| is_hidden(c) && c != '\n' && c != '\t'));
        }

        #[test]
        fn nothing_is_lost_where_a_line_is_broken(text in "[a 語]{0,60}", width in 2..20usize) {
            let parts = fold(&text, width);
            prop_assert_eq!(parts.concat(), text.clone());
            prop_assert!(parts.iter().all(|part| display_width(part) <= width));
        }
    }
}
