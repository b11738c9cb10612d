//! Durations as documents write them: `30m`, `4h`, `7d`, `1h30m`.

use std::{fmt, str::FromStr};

use crate::{Malformed, newtype::string_serde};

/// A length of time in whole seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Duration(u64);

/// The units from large to small: name, length in seconds, most digits before it. The schema's pattern says the same.
const UNITS: [(char, u64, usize); 4] = [('d', 86_400, 5), ('h', 3_600, 6), ('m', 60, 8), ('s', 1, 9)];
/// Ten years: beyond any use, and far from any overflow.
const MAX_SECONDS: u64 = 10 * 366 * 86_400;

impl Duration {
    /// A duration of `seconds`.
    pub const fn from_seconds(seconds: u64) -> Self {
        Self(seconds)
    }

    /// A duration of `minutes`.
    pub const fn from_minutes(minutes: u64) -> Self {
        Self(minutes * 60)
    }

    /// Its length in seconds.
    pub const fn seconds(self) -> u64 {
        self.0
    }

    /// The same for arithmetic with [`jiff::Timestamp`].
    pub fn signed(self) -> jiff::SignedDuration {
        jiff::SignedDuration::from_secs(i64::try_from(self.0).unwrap_or(i64::MAX))
    }

    /// `at` + this duration; the greatest timestamp where that overflows.
    pub fn after(self, at: jiff::Timestamp) -> jiff::Timestamp {
        at.checked_add(self.signed()).unwrap_or(jiff::Timestamp::MAX)
    }
}

impl FromStr for Duration {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        let malformed =
            || Malformed { expected: "a duration such as `30m`, `4h`, `7d` or `1h30m`", found: text.to_owned() };
        let mut units = UNITS.iter();
        let mut rest = text;
        let mut total: u64 = 0;
        while !rest.is_empty() {
            let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
            let number: u64 = rest.get(..digits).and_then(|d| d.parse().ok()).ok_or_else(malformed)?;
            let unit = rest[digits..].chars().next().ok_or_else(malformed)?;
            // `find` moves on through the units, so each comes once and from large to small.
            let (_, seconds, most) = units.find(|(name, ..)| *name == unit).ok_or_else(malformed)?;
            if digits > *most {
                return Err(malformed());
            }
            total = number.checked_mul(*seconds).and_then(|n| total.checked_add(n)).ok_or_else(malformed)?;
            rest = &rest[digits + 1..];
        }
        if text.is_empty() || total > MAX_SECONDS { Err(malformed()) } else { Ok(Self(total)) }
    }
}

impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.0;
        if rest == 0 {
            return f.write_str("0m");
        }
        for (unit, seconds, _) in UNITS {
            if rest >= seconds {
                write!(f, "{}{unit}", rest / seconds)?;
                rest %= seconds;
            }
        }
        Ok(())
    }
}

impl serde::Serialize for Duration {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

string_serde!(
    Duration,
    "a duration such as `30m`, `4h`, `7d` or `1h30m`",
    "^(?=.)([0-9]{1,5}d)?([0-9]{1,6}h)?([0-9]{1,8}m)?([0-9]{1,9}s)?$",
    ["30m", "4h", "7d", "1h30m"]
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_prints() {
        for (text, seconds) in [("30m", 1800), ("4h", 14_400), ("7d", 604_800), ("1h30m", 5400), ("0m", 0), ("45s", 45)]
        {
            let duration: Duration = text.parse().unwrap();
            assert_eq!(duration.seconds(), seconds);
            assert_eq!(duration.to_string(), text);
        }
        assert_eq!("90m".parse::<Duration>().unwrap().to_string(), "1h30m");
    }

    #[test]
    fn refuses() {
        for text in
            ["", "30", "m", "1.5h", "-1h", "30m1h", "1h1h", "4 h", "9999999d", "1w", "١h", "000001d", "0000000001s"]
        {
            assert!(text.parse::<Duration>().is_err(), "{text}");
        }
    }
}
