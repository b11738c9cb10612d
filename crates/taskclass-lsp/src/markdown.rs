//! Text from outside in Markdown: nothing in it is read as markup, nothing hidden gets through.

use taskclass_source::text::{visible, visible_lines};

/// The longest text that is shown in a fence.
const LONGEST: usize = 20_000;

/// Words in a sentence: on one line, with a backslash before whatever Markdown would read, be it markup, HTML or a link.
pub(crate) fn escaped(text: &str) -> String {
    let shown = visible(text);
    let mut out = String::with_capacity(shown.len());
    // Whether so far there are only digits, or only blanks: a list may begin there.
    let (mut number, mut blank) = (true, true);
    for (at, c) in shown.char_indices() {
        let (before, rest) = shown.split_at(at);
        let read = match c {
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|' | '~' | '&' | '$' | '@' => true,
            ':' => rest.starts_with("://"),
            '.' => {
                number || before.as_bytes().last_chunk().is_some_and(|last: &[u8; 3]| last.eq_ignore_ascii_case(b"www"))
            }
            '-' | '+' => blank,
            _ => false,
        };
        if read {
            out.push('\\');
        }
        out.push(c);
        number &= c.is_ascii_digit();
        blank &= c.is_whitespace();
    }
    out
}

/// Words in backticks, more of them than any run within.
pub(crate) fn code(text: &str) -> String {
    let text = visible(text);
    let ticks = "`".repeat(longest_run(&text) + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') || text.is_empty() { " " } else { "" };
    format!("{ticks}{pad}{text}{pad}{ticks}")
}

/// Lines in a fence longer than any in them.
pub(crate) fn fenced(text: &str, language: &str) -> String {
    let (text, rest) = match text.char_indices().nth(LONGEST) {
        Some((cut, _)) => (text.get(..cut).unwrap_or_default(), "\n\n(cut here)"),
        None => (text, ""),
    };
    let text = visible_lines(text);
    let fence = "`".repeat(longest_run(&text).max(2) + 1);
    let end = if text.ends_with('\n') || text.is_empty() { "" } else { "\n" };
    format!("{fence}{language}\n{text}{end}{fence}{rest}")
}

/// `a`, `b` and 3 more.
pub(crate) fn listed<T: AsRef<str>>(items: &[T], most: usize) -> String {
    let shown: Vec<String> = items.iter().take(most).map(|item| code(item.as_ref())).collect();
    match items.len().saturating_sub(most) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_from_outside_is_markup() {
        assert_eq!(escaped("*a* <b> [c](d)\u{202e}\n"), "\\*a\\* \\<b\\> \\[c\\](d)\\\\u{202e}\\\\n");
        assert_eq!(escaped("https://a.example www.b.c d@e"), "https\\://a.example www\\.b.c d\\@e");
        assert_eq!([escaped("- a-b"), escaped("1. a 1.2")], ["\\- a-b", "1\\. a 1.2"]);
        assert_eq!([escaped("  + a"), escaped("éWwW.b w.b")], ["  \\+ a", "éWwW\\.b w.b"]);
        assert_eq!(code("a`b``c"), "```a`b``c```");
        assert_eq!(code("`"), "`` ` ``");
        assert_eq!(fenced("```\nx", "md"), "````md\n```\nx\n````");
        assert!(fenced(&"x".repeat(30_000), "").ends_with("(cut here)"));
        assert_eq!(listed(&["a", "b", "c"], 2), "`a`, `b` and 1 more");
    }

    /// It would take minutes if each dot or dash looked at all that stands before it.
    #[test]
    fn a_long_text_is_gone_through_once() {
        let many = |unit: &str| unit.repeat(1_000_000);
        assert_eq!(escaped(&many(".")), format!("\\{}", many(".")));
        assert_eq!(escaped(&many("x.")), many("x."));
        assert_eq!(escaped(&(many(" ") + &many("-"))), format!("{}\\{}", many(" "), many("-")));
    }
}
