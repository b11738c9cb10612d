//! Text from outside, made fit for an error message: bounded, one line, printable.

/// Characters of a message by GitHub or a cause of a failed request that an error keeps.
pub(crate) const REASON: usize = 400;
/// Characters of a short value (a state, a code, a header) that is kept.
pub(crate) const WORD: usize = 80;
/// Characters of a URL that an error keeps.
pub(crate) const URL: usize = 300;

/// Replaces every run of white space and invisible characters by one space and keeps at most `limit` characters (then `…`).
pub(crate) fn clean(text: &str, limit: usize) -> String {
    let mut out = String::new();
    let mut kept = 0;
    let mut gap = false;
    for c in text.chars() {
        if c.is_whitespace() || is_invisible(c) {
            gap = kept > 0;
            continue;
        }
        let needed = if gap { 2 } else { 1 };
        if kept + needed > limit {
            out.push('…');
            return out;
        }
        if gap {
            out.push(' ');
            gap = false;
        }
        out.push(c);
        kept += needed;
    }
    out
}

/// Control characters, and the format characters that reorder or hide text on a terminal or in a browser.
fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{00AD}' | '\u{061C}' | '\u{115F}' | '\u{1160}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}'
            | '\u{E0000}'..='\u{E0FFF}')
}

#[cfg(test)]
mod tests {
    use super::clean;

    #[test]
    fn control_and_bidi_characters_become_one_space() {
        assert_eq!(clean("a\x1b[31mb\r\n\u{202e}c\u{0}", 50), "a [31mb c");
        assert_eq!(clean("  x\t\ty  ", 50), "x y");
    }

    #[test]
    fn length_is_bounded_in_characters() {
        assert_eq!(clean("éééé", 3), "ééé…");
        assert_eq!(clean("éééé", 4), "éééé");
        assert_eq!(clean(&"x".repeat(10_000), 400).chars().count(), 401);
    }
}
