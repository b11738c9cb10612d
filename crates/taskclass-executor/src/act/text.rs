//! Text from outside, made harmless for GitHub's Markdown.

/// On one line, without anything that Markdown, HTML or GitHub's mentions, references and autolinks would make of it: in a code
/// span, which nothing in it can close. Control and direction characters are left out.
pub(super) fn code(text: &str) -> String {
    let clean: String = text
        .chars()
        .map(|c| if c.is_whitespace() { ' ' } else { c })
        .filter(|c| !c.is_control() && !matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'))
        .take(500)
        .collect();
    let longest = clean.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let clean = clean.trim();
    if clean.is_empty() { "(nothing)".to_owned() } else { format!("{fence} {clean} {fence}") }
}

#[cfg(test)]
mod tests {
    use super::code;

    #[test]
    fn nothing_gets_out() {
        assert_eq!(code("@acme/all see #1"), "` @acme/all see #1 `");
        assert_eq!(code("a ``b`` c"), "``` a ``b`` c ```");
        assert_eq!(code("a\n\n# head\u{202e}"), "` a  # head `");
        assert_eq!(code("\u{7}"), "(nothing)");
    }
}
