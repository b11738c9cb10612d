//! Questions about repository patterns that rules ask of whole lists.

use taskclass_spec::{RepoName, RepoPattern};

/// The most pairs of patterns of one class that are compared with each other. No list that a person keeps has so many; one
/// made to keep the linter busy is not worth the time.
pub(crate) const MAX_PAIRS: usize = 20_000;

/// Whether any of the patterns matches.
pub(crate) fn any(patterns: &[RepoPattern], name: &RepoName) -> bool {
    patterns.iter().any(|pattern| pattern.matches(name))
}

/// Whether two patterns agree as far as both are literal, without regard to case; if not, no name matches both.
pub(crate) fn begin_alike(a: &str, b: &str) -> bool {
    let literal = |text: &str| text.find('*').unwrap_or(text.len());
    let both = literal(a).min(literal(b));
    a.as_bytes()[..both].eq_ignore_ascii_case(&b.as_bytes()[..both])
}

/// Whether some name matches both patterns.
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
    use super::*;

    #[test]
    fn patterns_that_begin_otherwise_do_not_meet() {
        assert!(begin_alike("acme/svc-*", "ACME/svc-orders") && begin_alike("acme/*-x", "acme/svc-*"));
        assert!(!begin_alike("acme/svc-*", "acme/web-*"));
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
