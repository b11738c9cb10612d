//! Small text work: percent-encoding, time stamps, patterns. No dependency is worth it for these.

use jiff::Timestamp;

/// Decodes `%XX`; an incomplete or wrong escape stays as it is, as do bytes that are not UTF-8 (replaced).
pub(crate) fn decode_percent(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let escaped = (bytes[at] == b'%')
            .then(|| text.get(at + 1..at + 3).and_then(|hex| u8::from_str_radix(hex, 16).ok()))
            .flatten();
        match escaped {
            Some(byte) => {
                out.push(byte);
                at += 3;
            }
            None => {
                out.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// A query string's pairs, decoded (`+` is a space).
pub(crate) fn parse_query(query: &str) -> Vec<(String, String)> {
    query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decode_percent(&name.replace('+', " ")), decode_percent(&value.replace('+', " ")))
        })
        .collect()
}

/// Encodes for a query or a path segment: everything but unreserved characters.
pub(crate) fn encode_percent(text: &str) -> String {
    use std::fmt::Write as _;
    text.bytes().fold(String::with_capacity(text.len()), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
        out
    })
}

/// GitHub's form of a moment: UTC, whole seconds.
pub(crate) fn stamp(at: Timestamp) -> String {
    whole_second(at).to_string()
}

/// The moment without its fraction of a second, which is all that GitHub shows and compares.
pub(crate) fn whole_second(at: Timestamp) -> Timestamp {
    Timestamp::from_second(at.as_millisecond().div_euclid(1000)).unwrap_or(at)
}

/// Whether `text` matches `pattern`, in which `*` stands for any run of characters, without regard to case.
pub(crate) fn matches_pattern(pattern: &str, text: &str) -> bool {
    let pattern = pattern.to_ascii_lowercase();
    let text = text.to_ascii_lowercase();
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(first) else { return false };
    let parts: Vec<&str> = parts.collect();
    let Some((last, middle)) = parts.split_last() else { return rest.is_empty() };
    for part in middle {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_whole_names() {
        for (pattern, text, expected) in [
            ("acme/svc-*", "acme/svc-orders", true),
            ("acme/svc-*", "acme/web", false),
            ("acme/*-prod", "acme/svc-prod", true),
            ("acme/*-prod", "acme/svc-prod-2", false),
            ("main", "main", true),
            ("main", "mainline", false),
            ("*", "anything", true),
            ("a*b*c", "aXbYc", true),
            ("aa*aa", "aaa", false),
        ] {
            assert_eq!(matches_pattern(pattern, text), expected, "{pattern} {text}");
        }
    }

    #[test]
    fn percent_round_trips() {
        for text in ["heads/release/1.0", "a b&c=d", "ü%zz", "100%"] {
            assert_eq!(decode_percent(&encode_percent(text)), text);
        }
        assert_eq!(decode_percent("100%"), "100%");
    }

    #[test]
    fn stamps_drop_fractions() {
        let at: Timestamp = "2026-11-21T10:00:00.999Z".parse().unwrap();
        assert_eq!(stamp(at), "2026-11-21T10:00:00Z");
    }
}
