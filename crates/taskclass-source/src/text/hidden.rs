//! What a reader does not see: which characters hide, and where those stand that only some neighbours need.

use std::ops::Range;

/// Whether a character hides or rearranges what a reader sees: controls, marks that turn the direction of writing,
/// characters without width or without ink, private use, tag characters, variation selectors beyond the common ones, and
/// line separators. Where text is read and not only shown, [`hidden`] tells which of them scripts and emoji need.
pub fn is_hidden(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_control();
    }
    c.is_control()
        || matches!(
            c,
            '\u{ad}' // soft hyphen
            | '\u{34f}' // combining grapheme joiner
            | '\u{61c}' // Arabic letter mark
            | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' // fillers
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}' // zero width, direction marks
            | '\u{2028}'..='\u{202e}' // separators, bidirectional embeddings and overrides
            | '\u{2060}'..='\u{206f}' // word joiner, invisible operators, isolates
            | '\u{2800}' // braille without a dot
            | '\u{3164}'
            | '\u{e000}'..='\u{f8ff}' // private use: what it looks like, if like anything, each machine decides
            | '\u{fe00}'..='\u{fe0e}' // variation selectors; U+FE0F asks for an emoji and is left
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}' // tag characters, further variation selectors
            | '\u{f0000}'..='\u{10ffff}' // private use
        )
}

/// Whether a text says anything at all: a letter or a digit stands in it that can be seen.
pub fn says_something(text: &str) -> bool {
    text.chars().any(|c| c.is_alphanumeric() && !is_hidden(c))
}

/// The hidden characters of a text and their offsets, but for those that stand where a script or an emoji needs them:
/// joiners within writing that joins and between the parts of an emoji, selectors behind what has two forms. One character
/// that is seen carries at most one of them, so that nothing can be written in them.
pub fn hidden(text: &str) -> impl Iterator<Item = (usize, char)> {
    let (mut second_last, mut last) = (None, None);
    text.char_indices().filter(move |(at, c)| {
        let next = || text.get(at + c.len_utf8()..).and_then(|rest| rest.chars().next());
        let hides = match c {
            '\u{200c}' | '\u{200d}' => !joins(*c, second_last, last, next()),
            '\u{fe0e}' | '\u{fe0f}' => !selects(last, next()),
            _ => is_hidden(*c),
        };
        (second_last, last) = (last, Some(*c));
        hides
    })
}

/// The same in runs: characters that stand side by side, without those that `except` names.
pub fn hidden_runs(text: &str, except: impl Fn(usize, char) -> bool) -> Vec<Range<usize>> {
    let mut runs: Vec<Range<usize>> = Vec::new();
    for (at, c) in hidden(text).filter(|(at, c)| !except(*at, *c)) {
        let end = at + c.len_utf8();
        match runs.last_mut() {
            Some(run) if run.end == at => run.end = end,
            _ => runs.push(at..end),
        }
    }
    runs
}

/// What is said of a run of hidden characters: which they are, the first of them by name.
pub fn hides(run: &str) -> String {
    const SHOWN: usize = 8;
    let mut named: Vec<_> = run.chars().take(SHOWN).map(|c| format!("U+{:04X}", u32::from(c))).collect();
    match run.chars().count() {
        0 | 1 => format!("the character {} hides from a reader", named.concat()),
        count => {
            if count > SHOWN {
                named.push("…".to_owned());
            }
            format!("{count} characters hide from a reader: {}", named.join(" "))
        }
    }
}

/// Whether a joiner or a non-joiner is needed between its neighbours.
fn joins(c: char, second_last: Option<char>, last: Option<char>, next: Option<char>) -> bool {
    // At the end of a word it gives the last letter its form.
    let goes_on = next.is_none_or(|next| in_joining_script(next) || !(next.is_alphanumeric() || takes_no_room(next)));
    if last.is_some_and(in_joining_script) && goes_on {
        return true;
    }
    let emoji_before = match last {
        Some('\u{fe0f}') => second_last.is_some_and(is_pictograph),
        last => last.is_some_and(is_pictograph),
    };
    c == '\u{200d}' && emoji_before && next.is_some_and(is_pictograph)
}

/// Whether a selector stands behind what has a form as text and another as emoji.
fn selects(last: Option<char>, next: Option<char>) -> bool {
    match last {
        Some('#' | '*' | '0'..='9') => next == Some('\u{20e3}'),
        last => last.is_some_and(is_pictograph),
    }
}

fn takes_no_room(c: char) -> bool {
    is_hidden(c) || c == '\u{fe0f}'
}

/// Letters, marks and signs of the scripts whose spelling has joiners: Arabic and its kin, the scripts of India and the
/// ones that come from them, Mongolian.
fn in_joining_script(c: char) -> bool {
    let script = matches!(
        c,
        '\u{600}'..='\u{77f}'
            | '\u{7c0}'..='\u{7ff}'
            | '\u{840}'..='\u{dff}'
            | '\u{f00}'..='\u{109f}'
            | '\u{1700}'..='\u{18af}'
            | '\u{1a20}'..='\u{1cff}'
            | '\u{a800}'..='\u{a8ff}'
            | '\u{a980}'..='\u{a9ff}'
            | '\u{aa00}'..='\u{aaff}'
            | '\u{abc0}'..='\u{abff}'
            | '\u{fb50}'..='\u{fdff}'
            | '\u{fe70}'..='\u{fefc}'
            | '\u{10ac0}'..='\u{10aff}'
            | '\u{10d00}'..='\u{10d3f}'
            | '\u{11000}'..='\u{11fff}'
            | '\u{1e900}'..='\u{1e95f}'
    );
    script && !is_hidden(c)
}

/// Signs that emoji are made of.
fn is_pictograph(c: char) -> bool {
    matches!(
        c,
        '©' | '®' | '‼' | '⁉' | '™' | 'ℹ' | '〰' | '〽' | '㊗' | '㊙'
            | '\u{2190}'..='\u{21ff}'
            | '\u{2300}'..='\u{23ff}'
            | '\u{2460}'..='\u{24ff}'
            | '\u{25a0}'..='\u{27bf}'
            | '\u{2900}'..='\u{297f}'
            | '\u{2b00}'..='\u{2bff}'
            | '\u{1f000}'..='\u{1faff}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_sees_says_nothing() {
        for blank in
            ["", " ", "\u{200b}", "\u{a0}\t", "\u{2800}\u{3164}", "\u{fe0f}", "\u{301}", "-", "\u{115f} \u{ad}"]
        {
            assert!(!says_something(blank), "{blank:?}");
        }
        for said in ["x", "\u{200b}7", "停止", "é"] {
            assert!(says_something(said), "{said:?}");
        }
    }

    fn found(text: &str) -> usize {
        hidden(text).count()
    }

    #[test]
    fn what_scripts_and_emoji_need_is_not_hidden() {
        for text in [
            "می\u{200c}خواهم",           // Persian: a non-joiner within a word
            "क्\u{200d}ष, क्\u{200c}ष",    // Devanagari: half forms
            "ന്\u{200d} and more",        // Malayalam: a joiner at a word's end
            "👩\u{200d}💻 👩🏽\u{200d}🚀", // a person and a thing, with a skin
            "❤\u{fe0f}\u{200d}🔥 🏳\u{fe0f}\u{200d}🌈",
            "1\u{fe0f}\u{20e3} ☎\u{fe0e} ⚠\u{fe0f} ©\u{fe0f}",
            "plain, é, 語, 한국어",
        ] {
            assert_eq!(found(text), 0, "{}", text.escape_unicode());
        }
    }

    #[test]
    fn the_same_characters_elsewhere_are() {
        for (text, count) in [
            ("fix\u{200c}\u{200d}links", 2),
            ("a\u{200d}b", 1),
            ("ب\u{200c}\u{200c}ب", 1 + 1),
            ("ب\u{200d}x", 1),
            ("👩\u{200d}", 1),
            ("👩\u{200c}💻", 1),
            ("x\u{fe0f}\u{fe0e}", 2),
            ("⚠\u{fe0f}\u{fe0f}\u{fe0f}", 2),
            ("1\u{fe0f}", 1),
            ("so\u{ad}ft", 1),
            ("\u{2800}\u{3164}\u{115f}\u{1160}\u{ffa0}", 5),
            ("\u{e000}\u{f8ff}\u{f0000}\u{10fffd}", 4),
        ] {
            assert_eq!(found(text), count, "{}", text.escape_unicode());
        }
        assert_eq!(found(&"\u{200c}\u{200d}".repeat(32)), 64);
    }

    #[test]
    fn runs_are_told_of_once() {
        let text = "a\u{200b}\u{200b}b\u{202e}\n";
        assert_eq!(hidden_runs(text, |_, c| c == '\n'), [1..7, 8..11]);
        assert_eq!(hides("\u{202e}"), "the character U+202E hides from a reader");
        assert_eq!(
            hides(&"\u{200b}".repeat(9)),
            "9 characters hide from a reader: U+200B U+200B U+200B U+200B U+200B U+200B U+200B U+200B …"
        );
    }
}
