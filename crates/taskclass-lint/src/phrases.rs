//! Looks for many phrases in one walk over a text.

use aho_corasick::{AhoCorasick, AhoCorasickKind};

/// Phrases to look for, made ready once for all texts.
pub(crate) struct Phrases {
    phrases: &'static [&'static str],
    /// `None` only where there are more phrases than a search can hold, which a test excludes for each list.
    search: Option<AhoCorasick>,
}

impl Phrases {
    pub(crate) fn new(phrases: &'static [&'static str]) -> Self {
        // The quickest kind to search with takes longer to make than one class takes to lint.
        let kind = Some(AhoCorasickKind::ContiguousNFA);
        Self { phrases, search: AhoCorasick::builder().kind(kind).build(phrases).ok() }
    }

    /// Whether any of them is in `text`, to the letter.
    pub(crate) fn any(&self, text: &[u8]) -> bool {
        self.search.as_ref().is_none_or(|search| search.is_match(text))
    }

    /// Where each of them is in `text`, those that overlap too, in the order of the text.
    pub(crate) fn all(&self, text: &[u8]) -> Vec<(usize, &'static str)> {
        let Some(search) = &self.search else { return Vec::new() };
        let found = search.find_overlapping_iter(text);
        let mut all: Vec<_> = found.map(|hit| (hit.start(), self.phrases[hit.pattern().as_usize()])).collect();
        all.sort_unstable();
        all
    }

    /// Whether the search could be made.
    #[cfg(test)]
    pub(crate) fn is_ready(&self) -> bool {
        self.search.is_some()
    }
}

/// The same bytes, in small letters (of ASCII) and on one line.
pub(crate) fn folded(text: &str) -> Vec<u8> {
    text.bytes().map(|byte| if byte == b'\n' { b' ' } else { byte.to_ascii_lowercase() }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_each_in_one_walk() {
        let phrases = Phrases::new(&["she", "he", "hers"]);
        assert!(phrases.is_ready());
        assert_eq!(phrases.all(b"ushers"), [(1, "she"), (2, "he"), (2, "hers")]);
        assert!(phrases.any(b"the") && !phrases.any(b"us"));
        assert_eq!(folded("A\nB\u{c4}"), "a b\u{c4}".as_bytes());
    }
}
