//! Questions about two patterns: does one take in all that the other does, and can a name match both.
//!
//! Patterns hold literal characters, `*` (not across `/`) and `**`. Both answers are by the text alone, so they hold for
//! repositories that no inventory lists.

use taskclass_spec::{RepoName, RepoPattern};

/// The most pairs of patterns of one class that are compared with each other. No list that a person keeps has so many; one
/// made to keep the linter busy is not worth the time.
pub(crate) const MAX_PAIRS: usize = 20_000;

/// Whether `pattern` matches `name`; the same as [`RepoPattern::matches`], but quick to say no, since most of an inventory
/// does not even begin like a pattern.
pub(crate) fn matches(pattern: &RepoPattern, name: &RepoName) -> bool {
    let (pattern_text, name_text) = (pattern.as_str().as_bytes(), name.as_str().as_bytes());
    let literal = pattern_text.iter().position(|byte| *byte == b'*').unwrap_or(pattern_text.len());
    let begins = name_text.get(..literal).is_some_and(|head| head.eq_ignore_ascii_case(&pattern_text[..literal]));
    if literal == pattern_text.len() {
        return begins && name_text.len() == literal;
    }
    begins && pattern.matches(name)
}

/// Whether any of the patterns matches.
pub(crate) fn any(patterns: &[RepoPattern], name: &RepoName) -> bool {
    patterns.iter().any(|pattern| matches(pattern, name))
}

/// Whether `outer` matches all that `inner` does.
pub(crate) fn takes_in(outer: &RepoPattern, inner: &RepoPattern) -> bool {
    begin_alike(outer.as_str(), inner.as_str())
        && covers(|name| name.parse().is_ok_and(|name| outer.matches(&name)), inner.as_str())
}

/// Whether two patterns agree as far as both are literal, without regard to case; if not, no name matches both.
pub(crate) fn begin_alike(a: &str, b: &str) -> bool {
    let literal = |text: &str| text.find('*').unwrap_or(text.len());
    let both = literal(a).min(literal(b));
    a.as_bytes()[..both].eq_ignore_ascii_case(&b.as_bytes()[..both])
}

/// Whether all that `inner` matches is matched by `outer`: `outer` is asked about `inner` with stand-ins for its wildcards, a
/// character that no name has, and nothing.
pub(crate) fn covers(outer: impl Fn(&str) -> bool, inner: &str) -> bool {
    // `**` may hold folders, so its stand-in has one.
    let stand_ins = [("-9-q-7-/-9-q-7-", "-9-q-7-"), ("", "")];
    stand_ins.iter().all(|(double, single)| {
        let name = inner.replace("**", double).replace('*', single);
        // A wildcard that stands for nothing may leave no name at all.
        let whole = name.split('/').all(|part| !part.is_empty());
        !whole || outer(&name)
    })
}

/// Whether some name matches both patterns. `*` and `**` are taken for the same, so the answer errs towards yes.
pub(crate) fn overlap(a: &str, b: &str) -> bool {
    let (a, b) = (a.to_ascii_lowercase(), b.to_ascii_lowercase());
    let (a, b) = (a.as_bytes(), b.as_bytes());
    // reach[j]: the first i bytes of `a` and the first j of `b` can match the same text.
    let mut reach = vec![false; b.len() + 1];
    reach[0] = true;
    for j in 0..b.len() {
        reach[j + 1] = reach[j] && b[j] == b'*';
    }
    for byte in a {
        let mut next = vec![false; b.len() + 1];
        next[0] = reach[0] && *byte == b'*';
        for j in 0..b.len() {
            // A star takes nothing, or the other's character and stays.
            next[j + 1] = match (*byte, b[j]) {
                (b'*', _) | (_, b'*') => reach[j + 1] || next[j],
                (x, y) => reach[j] && x == y,
            };
        }
        reach = next;
    }
    reach[b.len()]
}

#[cfg(test)]
mod tests {
    use taskclass_spec::PathPattern;

    use super::*;

    #[test]
    fn a_pattern_takes_in_what_is_narrower() {
        let repositories = |outer: &str, inner: &str| {
            let outer: RepoPattern = outer.parse().unwrap();
            covers(|name| name.parse().is_ok_and(|name| outer.matches(&name)), inner)
        };
        assert!(repositories("acme/svc-*", "acme/svc-orders"));
        assert!(repositories("acme/svc-*", "acme/svc-*-prod"));
        assert!(repositories("acme/*", "acme/svc-*"));
        assert!(!repositories("acme/svc-*-prod", "acme/svc-*"));
        assert!(!repositories("acme/svc-a", "acme/svc-*"));
        let paths = |outer: &str, inner: &str| {
            let outer: PathPattern = outer.parse().unwrap();
            covers(|path| outer.matches(path), inner)
        };
        assert!(paths(".github/**", ".github/workflows/*.yml"));
        assert!(paths("**", "src/**"));
        assert!(!paths("src/*", "src/**"));
        assert!(!paths("docs/**", "src/**"));
    }

    #[test]
    fn patterns_that_begin_otherwise_do_not_meet() {
        assert!(
            begin_alike("acme/svc-*", "ACME/svc-orders")
                && begin_alike("**/x", "src/**")
                && begin_alike("src/*", "src/a/b")
        );
        assert!(!begin_alike("acme/svc-*", "acme/web-*") && !begin_alike("docs/**", "src/**"));
    }

    #[test]
    fn the_quick_match_says_the_same() {
        for pattern in ["acme/svc-*", "Acme/svc-a", "acme/*-prod", "acme/*"] {
            let pattern: RepoPattern = pattern.parse().unwrap();
            for name in ["acme/svc-a", "ACME/SVC-A", "acme/svc-a-prod", "acme/svc", "acmes/svc-a", "acme/svc-ab"] {
                let name: RepoName = name.parse().unwrap();
                assert_eq!(matches(&pattern, &name), pattern.matches(&name), "{pattern} {name}");
            }
        }
    }

    #[test]
    fn overlap_is_found_both_ways() {
        for (a, b, expected) in [
            ("acme/svc-*", "acme/*-prod", true),
            ("acme/svc-*", "acme/infra-*", false),
            ("acme/auth-*", "acme/auth-gateway", true),
            ("acme/*-payments", "acme/svc-*", true),
            ("acme/a*c", "acme/ac", true),
            ("acme/a*c", "acme/ab", false),
            ("acme/x", "acme/x", true),
            ("acme/*", "other/*", false),
        ] {
            assert_eq!(overlap(a, b), expected, "{a} {b}");
            assert_eq!(overlap(b, a), expected, "{b} {a}");
        }
    }
}
