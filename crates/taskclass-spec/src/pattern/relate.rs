//! What two patterns have to do with each other: does one take in all that the other matches, can a path match both.
//!
//! Both are answered from the patterns alone, so the answers hold for repositories and files that nobody has listed.

use super::{ANY, ANY_WITHIN, Token, matches, matches_name, tokens};
use crate::{PathPattern, RepoPattern};

/// The most forms of a path pattern that are looked at; each `**` doubles them. What has more is taken in by nothing but
/// itself.
const MAX_FORMS: usize = 16;

impl RepoPattern {
    /// Whether every name that `other` matches is matched by this one.
    pub fn takes_in(&self, other: &Self) -> bool {
        // What stands for any run is nothing that a pattern can spell, so only a `*` takes it, and takes whatever it may be.
        let all: Vec<u8> = other.text.bytes().map(|byte| if byte == b'*' { ANY_WITHIN } else { byte }).collect();
        matches_name(&self.text, &all)
    }
}

impl PathPattern {
    /// Whether every path that `other` matches is matched by this one. A yes is certain; a no may be wrong where several
    /// `**` of the two stand askew.
    pub fn takes_in(&self, other: &Self) -> bool {
        self == other
            || forms(&other.text).is_some_and(|forms| forms.iter().all(|form| matches(self.text.as_bytes(), form)))
    }

    /// Whether some path matches both.
    pub fn meets(&self, other: &Self) -> bool {
        let (a, b): (Vec<_>, Vec<_>) =
            (tokens(self.text.as_bytes()).collect(), tokens(other.text.as_bytes()).collect());
        let number = |at: Both| (at.a * (b.len() + 1) + at.b) * 2 + usize::from(at.segment_begins);
        let mut seen = vec![false; (a.len() + 1) * (b.len() + 1) * 2];
        let mut waiting = vec![Both { a: 0, b: 0, segment_begins: true }];
        while let Some(at) = waiting.pop() {
            if std::mem::replace(&mut seen[number(at)], true) {
                continue;
            }
            // A path has no empty segment, neither in its middle nor at its end.
            if at.a == a.len() && at.b == b.len() && !at.segment_begins {
                return true;
            }
            let (of_a, of_b) = (a.get(at.a).copied(), b.get(at.b).copied());
            if of_a.is_some_and(|token| may_take_nothing(token, at.segment_begins)) {
                waiting.push(Both { a: at.a + 1, ..at });
            }
            if of_b.is_some_and(|token| may_take_nothing(token, at.segment_begins)) {
                waiting.push(Both { b: at.b + 1, ..at });
            }
            let (Some(of_a), Some(of_b)) = (of_a, of_b) else { continue };
            // Of the characters that neither spells all are alike, but for the slash.
            let spelt = [of_a, of_b].into_iter().filter_map(|token| match token {
                Token::Byte(byte) => Some(byte),
                _ => None,
            });
            for byte in spelt.chain([b'/', ANY_WITHIN]) {
                let is_slash = byte == b'/';
                if let (Some(on_a), Some(on_b)) = (taking(of_a, byte), taking(of_b, byte))
                    && !(is_slash && at.segment_begins)
                {
                    waiting.push(Both { a: at.a + on_a, b: at.b + on_b, segment_begins: is_slash });
                }
            }
        }
        false
    }
}

/// A place in two patterns that the same text leads to.
#[derive(Clone, Copy)]
struct Both {
    a: usize,
    b: usize,
    segment_begins: bool,
}

/// Whether `token` can be left without a character.
pub(super) fn may_take_nothing(token: Token, segment_begins: bool) -> bool {
    match token {
        Token::Byte(_) => false,
        Token::Star | Token::DoubleStar => true,
        Token::Folders => segment_begins,
    }
}

/// By how many tokens one gets on when `token` takes `byte`; `None` if it does not.
pub(super) fn taking(token: Token, byte: u8) -> Option<usize> {
    match token {
        Token::Byte(own) => (own == byte).then_some(1),
        Token::Star => (byte != b'/').then_some(0),
        Token::DoubleStar | Token::Folders => Some(0),
    }
}

/// Texts with stand-ins for any run, which together are all that `pattern` matches; `None` if they are too many.
fn forms(pattern: &str) -> Option<Vec<Vec<u8>>> {
    let mut forms = vec![Vec::new()];
    for token in tokens(pattern.as_bytes()) {
        // Any run is one without a slash, or one without behind the last slash.
        let (one, other): (&[u8], Option<&[u8]>) = match &token {
            Token::Byte(byte) => (std::slice::from_ref(byte), None),
            Token::Star => (&[ANY_WITHIN], None),
            Token::DoubleStar => (&[ANY_WITHIN], Some(&[ANY, b'/', ANY_WITHIN])),
            Token::Folders => (&[], Some(&[ANY, b'/'])),
        };
        let others: Vec<_> = other.iter().flat_map(|other| forms.iter().map(|form| [form, *other].concat())).collect();
        forms.iter_mut().for_each(|form| form.extend_from_slice(one));
        forms.extend(others);
        if forms.len() > MAX_FORMS {
            return None;
        }
    }
    Some(forms)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::RepoName;

    fn path(text: &str) -> PathPattern {
        text.parse().unwrap()
    }

    fn repository(text: &str) -> RepoPattern {
        text.parse().unwrap()
    }

    #[test]
    fn a_repository_pattern_takes_in_what_is_narrower() {
        for (outer, inner, expected) in [
            ("acme/svc-*", "acme/svc-orders", true),
            ("acme/svc-*", "acme/svc-*-prod", true),
            ("acme/*", "ACME/svc-*", true),
            ("acme/a*", "acme/a*b*", true),
            ("acme/a*", "acme/a", true),
            ("acme/svc-*-prod", "acme/svc-*", false),
            ("acme/svc-a", "acme/svc-*", false),
            // What stands in for a `*` must not be taken for the pattern's own words.
            ("acme/*-*", "acme/*", false),
            ("acme/*9*", "acme/*", false),
            ("acme/*-q-*", "acme/*", false),
        ] {
            assert_eq!(repository(outer).takes_in(&repository(inner)), expected, "{outer} {inner}");
        }
    }

    #[test]
    fn a_path_pattern_takes_in_what_is_narrower() {
        for (outer, inner, expected) in [
            (".github/**", ".github/workflows/*.yml", true),
            ("**", "src/**", true),
            ("src/**", "src/**", true),
            ("src/**/*", "src/**", true),
            ("**/*.md", "**.md", true),
            ("**/*.md", "docs/*.md", true),
            ("a/**/b", "a/*/b", true),
            ("a/**/b", "a/b", true),
            ("**/x", "**/a/**/x", true),
            ("src/*", "src/**", false),
            ("docs/**", "src/**", false),
            ("src/**-**", "src/**", false),
            ("src/*/*", "src/**", false),
            ("*/*", "**", false),
            ("a/*/**", "a/**/b", false),
            ("a/**/x/b", "a/**/b", false),
        ] {
            assert_eq!(path(outer).takes_in(&path(inner)), expected, "{outer} {inner}");
        }
        let many = "**a".repeat(90);
        assert!(path(&many).takes_in(&path(&many)) && !path("**a").takes_in(&path(&many)));
    }

    #[test]
    fn two_path_patterns_meet_where_a_path_matches_both() {
        for (a, b, expected) in [
            (".github/workflows/rel*", ".github/workflows/*.yml", true),
            ("**/CODEOWNERS", "CODEOWNERS", true),
            ("*.yml", ".github/workflows/*.yml", false),
            ("src/**", ".github/workflows/*.yml", false),
            ("**/Cargo.toml", ".github/workflows/*.yml", false),
            ("*", "**/x", true),
            ("a*b", "a**/b", false),
        ] {
            let (a, b) = (path(a), path(b));
            assert_eq!((a.meets(&b), b.meets(&a)), (expected, expected), "{a} {b}");
        }
        let (many, more) = (path(&"**a".repeat(90)), "*a".repeat(100));
        assert!(many.meets(&path(&more)) && !many.meets(&path(&format!("{more}b"))));
    }

    /// All paths of up to six characters, of which some are slashes.
    fn paths() -> Vec<String> {
        let mut all = vec![String::new()];
        let mut from = 0;
        for _ in 0..6 {
            let end = all.len();
            for at in from..end {
                all.extend(["a", "b", "/"].map(|one| all[at].clone() + one));
            }
            from = end;
        }
        all.retain(|path| path.split('/').all(|segment| !segment.is_empty()));
        all
    }

    fn path_pattern() -> impl Strategy<Value = PathPattern> {
        let valid = |text: String| text.parse().ok();
        "(a|b|/|[*]|[*][*]|/[*][*]/|[*][*]/){1,5}".prop_filter_map("no pattern", valid)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn what_is_said_of_paths_holds_for_each(a in path_pattern(), b in path_pattern()) {
            thread_local! { static PATHS: Vec<String> = paths(); }
            PATHS.with(|paths| {
                let takes_in = a.takes_in(&b);
                let mut of_b = paths.iter().filter(|path| b.matches(path));
                prop_assert!(!takes_in || of_b.all(|path| a.matches(path)), "{} takes in {}", a, b);
                let common = paths.iter().find(|path| a.matches(path) && b.matches(path));
                prop_assert!(common.is_none() || a.meets(&b), "{} and {} meet in {:?}", a, b, common);
                Ok(())
            })?;
        }

        #[test]
        fn what_is_taken_in_is_matched(a in "acme/[ab*-]{1,5}", b in "acme/[ab*-]{1,5}", runs in prop::collection::vec("[ab9q-]{0,3}", 5)) {
            let (Ok(a), Ok(b)) = (a.parse::<RepoPattern>(), b.parse::<RepoPattern>()) else { return Ok(()) };
            let mut runs = runs.iter();
            let name: String = b.as_str().chars().map(|c| match c {
                '*' => runs.next().cloned().unwrap_or_default(),
                c => c.to_string(),
            }).collect();
            let Ok(name) = name.parse::<RepoName>() else { return Ok(()) };
            prop_assert!(b.matches(&name));
            prop_assert!(!a.takes_in(&b) || a.matches(&name), "{} takes in {}, but not {}", a, b, name);
        }
    }
}
