//! Text from outside in a comment that GitHub renders.
//!
//! Whoever opens a pull request writes the names, values and lines that a comment quotes, and the comment speaks in the name
//! of the check. So nothing of it is read as Markdown: sentences stand in HTML, where every word that is not plainly a word
//! is code, and lines stand in a fence that is longer than any in them. In code GitHub makes no mention, no link, no
//! reference to an issue or a commit and no picture.

use crate::text::visible;

/// GitHub takes 65,536 characters for a comment. A character has at least one byte and no fewer bytes than UTF-16 units, so
/// whoever counts bytes is safe however GitHub counts.
pub const MAX_BYTES: usize = 65_000;
/// The longest sentence and the longest path, in characters.
const MAX_SENTENCE: usize = 500;
const MAX_PATH: usize = 160;

/// The end of a path, on one line, nothing hidden in it. It is no HTML yet.
pub fn shortened(path: &str) -> String {
    let path = visible(path);
    match path.chars().count().checked_sub(MAX_PATH).filter(|more| *more > 0) {
        Some(more) => format!("…{}", path.chars().skip(more).collect::<String>()),
        None => path.into_owned(),
    }
}

/// The lines between fences that none of them can close; `language` is a word of ours. Whole texts are to be made visible
/// before.
pub fn fenced(language: &str, lines: &str) -> String {
    let longest = lines.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    let end = if lines.ends_with('\n') { "" } else { "\n" };
    format!("{fence}{language}\n{lines}{end}{fence}\n")
}

/// A sentence as HTML: words as they are, and all else, also what is quoted, as code.
pub fn sentence(text: &str) -> String {
    let text = visible(text);
    let cut = text.char_indices().nth(MAX_SENTENCE);
    let text = cut.map_or_else(|| text.to_string(), |(at, _)| format!("{}…", text.get(..at).unwrap_or_default()));
    // Where quotes do not pair, nothing is lost but the look: whatever is no plain word is code in any case.
    let paired = text.matches('`').count().is_multiple_of(2);
    let parts: Vec<&str> = if paired { text.split('`').collect() } else { vec![text.as_str()] };
    let mut html = String::new();
    for (index, part) in parts.iter().enumerate() {
        if index % 2 == 1 {
            html.push_str(&code(part));
            continue;
        }
        for word in part.split_inclusive(' ') {
            let bare = word.trim_end_matches(' ');
            match is_word(bare) {
                true => html.push_str(&escaped(bare)),
                false => html.push_str(&code(bare)),
            }
            html.push_str(word.get(bare.len()..).unwrap_or_default());
        }
    }
    html
}

/// Whether GitHub cannot take it for anything but a word: letters, perhaps with hyphens, or a short number, between
/// punctuation. Seven hexadecimal digits could name a commit.
fn is_word(text: &str) -> bool {
    let bare =
        text.trim_start_matches(['(', '"', '\'']).trim_end_matches([',', '.', ';', ':', '!', '?', ')', '"', '\'', '…']);
    let letters = bare.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'-' || byte == b'\'');
    let number = bare.len() < 7 && bare.bytes().all(|byte| byte.is_ascii_digit());
    let commit = bare.len() >= 7 && bare.bytes().all(|byte| byte.is_ascii_hexdigit());
    (letters || number) && !commit
}

/// The text as code, on one line; the empty text as nothing.
pub fn code(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!("<code>{}</code>", escaped(&visible(text))) }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_words_and_the_rest_is_code() {
        assert_eq!(sentence("may run on `a|b` now"), "may run on <code>a|b</code> now");
        assert_eq!(sentence("@octocat said </p>"), "<code>@octocat</code> said <code>&lt;/p&gt;</code>");
        assert_eq!(sentence("see #12, deadbeef (it's 40)."), "see <code>#12,</code> <code>deadbeef</code> (it's 40).");
        assert_eq!(sentence("a `b"), "a <code>`b</code>");
        assert_eq!(code("a\u{202e}\n"), "<code>a\\u{202e}\\n</code>");
        assert_eq!(code(""), "");
        assert_eq!(shortened(&"x".repeat(200)), format!("…{}", "x".repeat(160)));
    }

    #[test]
    fn a_fence_is_longer_than_what_it_holds() {
        assert_eq!(fenced("text", "a"), "```text\na\n```\n");
        assert_eq!(fenced("diff", "+ ````\n"), "`````diff\n+ ````\n`````\n");
    }
}
