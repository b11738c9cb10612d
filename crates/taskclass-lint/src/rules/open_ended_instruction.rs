//! `open-ended-instruction`: an instruction without bounds.

use std::sync::LazyLock;

use crate::context::ClassContext;
use crate::phrases::{Phrases, folded};
use crate::rule::{Sink, declare_rule};

declare_rule! {
    /// An instruction without bounds.
    ///
    /// ## What it does
    /// Reports phrases that ask for unbounded or repeated work: "and anything else", "keep trying until", "improve the codebase",
    /// "as you see fit". A prohibition ("do not fix everything") is left alone.
    ///
    /// ## Why it matters
    /// Such work has no scope to be judged by, no end but the session's, and a diff that nobody can review.
    ///
    /// ## Bad
    /// ```yaml
    /// prompt:
    ///   template: |
    ///     Change `{{ inputs.thing }}` and anything else that looks wrong. Done when the build passes.
    ///                                 ^^^^^^^^^^^^^^^^^
    /// ```
    ///
    /// ## Good
    /// ```yaml
    /// prompt:
    ///   template: |
    ///     Change `{{ inputs.thing }}` and nothing else. Done when the build passes.
    /// ```
    name: "open-ended-instruction", family: Prompt, level: Warning, hold: Free, check: Class(check)
}

static PHRASES: LazyLock<Phrases> = LazyLock::new(|| Phrases::new(&LIST));
const LIST: [&str; 31] = [
    "and anything else",
    "anything else you",
    "and everything else",
    "whatever else",
    "whatever is needed",
    "whatever it takes",
    "keep trying until",
    "try until",
    "repeat until",
    "until it works",
    "as long as it takes",
    "improve the code",
    "improve the docs",
    "improve the documentation",
    "improve the tests",
    "improve the project",
    "improve the repository",
    "improve the codebase",
    "improve the code base",
    "improve the code quality",
    "clean up the codebase",
    "clean up the code",
    "clean up the docs",
    "clean up the repository",
    "fix everything",
    "fix all issues",
    "any other issues",
    "any other problems",
    "as you see fit",
    "make it better",
    "feel free to",
];

/// No phrase is shorter, in bytes.
const SHORTEST: usize = 9;
/// How far back a "not" still counts, in bytes.
const BACK: usize = 30;

fn check(cx: &ClassContext<'_>, sink: &mut Sink<'_>) {
    for piece in cx.prompt.seen().iter().flat_map(|facts| &facts.texts) {
        if piece.text().len() < SHORTEST {
            continue;
        }
        let bytes = folded(piece.text());
        let found = PHRASES.all(&bytes);
        let text = if found.is_empty() { String::new() } else { String::from_utf8(bytes).unwrap_or_default() };
        let mut told = 0;
        for (at, phrase) in found {
            let end = at + phrase.len();
            let is_whole = starts_a_word(&text, at) && ends_a_word(&text, end) && !goes_on(phrase, &text, end);
            // Phrases that overlap say it once.
            if at >= told && !is_forbidden(&text, at) && is_whole {
                told = end;
                sink.report(
                    piece.place(at..told).label(""),
                    format!("\"{phrase}\" sets no bound to the work"),
                    |finding| {
                        finding.with_help(
                            "say which files, which cases, how many; and what to do with the rest: report it",
                        )
                    },
                );
            }
        }
    }
}

fn starts_a_word(text: &str, at: usize) -> bool {
    text.get(..at).is_some_and(|before| !before.ends_with(|c: char| c.is_alphanumeric()))
}

fn ends_a_word(text: &str, at: usize) -> bool {
    text.get(at..).is_some_and(|behind| !behind.starts_with(|c: char| c.is_alphanumeric()))
}

/// Whether what is to be improved is told more closely: "improve the code of the parser" may have bounds.
fn goes_on(phrase: &str, text: &str, at: usize) -> bool {
    let is_vague = phrase.starts_with("improve the ") || phrase.starts_with("clean up the ");
    let behind = text.get(at..).and_then(|behind| behind.split_whitespace().next()).unwrap_or_default();
    is_vague && matches!(behind, "of" | "in" | "under" | "for" | "that" | "which" | "at" | "from" | "by")
}

/// Whether a prohibition stands before it in the same sentence.
fn is_forbidden(text: &str, at: usize) -> bool {
    let from = (at.saturating_sub(BACK)..=at).find(|from| text.is_char_boundary(*from)).unwrap_or(at);
    let before = text.get(from..at).unwrap_or_default();
    let sentence = before.rsplit(['.', ':', ';', '!']).next().unwrap_or(before);
    sentence.split_whitespace().any(|word| matches!(word, "not" | "never" | "no" | "don't" | "without"))
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_phrases_can_be_looked_for() {
        assert!(super::PHRASES.is_ready());
    }
}
