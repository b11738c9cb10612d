//! A length of time as it is written in a scenario.

use std::fmt;
use std::str::FromStr;

use jiff::SignedDuration;
use serde::{Deserialize, Deserializer, de};

/// A length of time, never negative: `20s`, `6m`, `1h30m`, `7d`, `0s`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Hash)]
pub struct Span(SignedDuration);

impl Span {
    /// So many seconds.
    #[must_use]
    pub const fn seconds(seconds: u32) -> Self {
        Self(SignedDuration::from_secs(seconds as i64))
    }

    /// So many minutes.
    #[must_use]
    pub const fn minutes(minutes: u32) -> Self {
        Self(SignedDuration::from_secs(minutes as i64 * 60))
    }

    /// The length as jiff's type.
    #[must_use]
    pub const fn get(self) -> SignedDuration {
        self.0
    }

    /// The length as so many thousandths of it.
    pub(crate) fn scaled(self, permille: u64) -> Self {
        let millis = self.0.as_millis() * i128::from(permille) / 1000;
        Self(SignedDuration::from_millis(i64::try_from(millis).unwrap_or(i64::MAX)))
    }
}

impl fmt::Debug for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}s", self.0.as_secs())
    }
}

impl FromStr for Span {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is not a duration; write it like 20s, 6m, 1h30m or 7d");
        let mut rest = text;
        let mut seconds: i64 = 0;
        while !rest.is_empty() {
            let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
            let number: i64 = rest[..digits].parse().map_err(|_| wrong())?;
            let unit = match rest.as_bytes().get(digits) {
                Some(b's') => 1,
                Some(b'm') => 60,
                Some(b'h') => 3600,
                Some(b'd') => 86_400,
                _ => return Err(wrong()),
            };
            seconds = number.checked_mul(unit).and_then(|part| seconds.checked_add(part)).ok_or_else(wrong)?;
            rest = &rest[digits + 1..];
        }
        // A hundred years: beyond it, moments would leave the calendar.
        if text.is_empty() || seconds > 36_500 * 86_400 {
            Err(wrong())
        } else {
            Ok(Self(SignedDuration::from_secs(seconds)))
        }
    }
}

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_is_documented() {
        for (text, seconds) in [("20s", 20), ("6m", 360), ("1h30m", 5400), ("7d", 604_800), ("0s", 0)] {
            assert_eq!(text.parse::<Span>().unwrap().get().as_secs(), seconds);
        }
        for text in ["", "5", "m", "-1s", "1w", "9999999999999999999s", "99999999d"] {
            assert!(text.parse::<Span>().is_err(), "{text}");
        }
    }
}
