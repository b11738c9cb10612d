//! The ways in which GitHub writes a moment in a header field.

use jiff::Timestamp;
use jiff::fmt::{rfc2822, strtime};

/// An HTTP date, as in `date` and `retry-after`.
pub(crate) fn http_date(text: &str) -> Option<Timestamp> {
    rfc2822::DateTimeParser::new().parse_timestamp(text.trim()).ok()
}

/// Seconds since the epoch, as in `x-ratelimit-reset`.
pub(crate) fn epoch_seconds(text: &str) -> Option<Timestamp> {
    text.trim().parse().ok().and_then(|seconds| Timestamp::from_second(seconds).ok())
}

/// `2026-12-31 23:59:59 UTC` or with an offset, as in `github-authentication-token-expiration`.
pub(crate) fn token_expiration(text: &str) -> Option<Timestamp> {
    let text = text.trim().replace(" UTC", " +0000");
    strtime::parse("%Y-%m-%d %H:%M:%S %z", &text).ok()?.to_timestamp().ok()
}

#[cfg(test)]
mod tests {
    use super::{epoch_seconds, http_date, token_expiration};

    #[test]
    fn the_three_spellings() {
        let at = "2026-11-21T12:00:00Z".parse().ok();
        assert_eq!(http_date("Sat, 21 Nov 2026 12:00:00 GMT"), at);
        assert_eq!(epoch_seconds("1795262400"), at);
        assert_eq!(token_expiration("2026-11-21 12:00:00 UTC"), at);
        assert_eq!(token_expiration("2026-11-21 14:00:00 +0200"), at);
    }

    #[test]
    fn nonsense_is_none() {
        assert_eq!(http_date("soon"), None);
        assert_eq!(epoch_seconds("99999999999999999999"), None);
        assert_eq!(epoch_seconds("9999999999999"), None);
        assert_eq!(token_expiration("never"), None);
    }
}
