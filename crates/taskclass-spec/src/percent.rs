//! Rates, written as whole percentages: `20%`. Floating-point numbers do not appear in documents.

use std::{fmt, str::FromStr};

use crate::{Malformed, newtype::string_serde};

/// A share of 0 to 100 percent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Percent(u8);

impl Percent {
    /// The number before the sign, 0 to 100.
    pub fn value(self) -> u8 {
        self.0
    }

    /// This share of `whole`, rounded up: a reserve never rounds to nothing.
    pub fn of(self, whole: u32) -> u32 {
        u32::try_from((u64::from(whole) * u64::from(self.0)).div_ceil(100)).unwrap_or(u32::MAX)
    }
}

impl FromStr for Percent {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        text.strip_suffix('%')
            .filter(|digits| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()))
            .and_then(|digits| digits.parse().ok())
            .filter(|value| *value <= 100)
            .map(Self)
            .ok_or_else(|| Malformed { expected: "a percentage such as `20%`", found: text.to_owned() })
    }
}

impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}%", self.0)
    }
}

impl serde::Serialize for Percent {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

string_serde!(Percent, "a percentage such as `20%`", "^(0*[0-9]{1,2}|0*100)%$", ["20%"]);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_prints_and_takes_a_share() {
        let percent: Percent = "20%".parse().unwrap();
        assert_eq!((percent.to_string().as_str(), percent.of(81), percent.of(0)), ("20%", 17, 0));
        for text in ["", "%", "101%", "20", "1.5%", "-1%", "+1%"] {
            assert!(text.parse::<Percent>().is_err(), "{text}");
        }
    }
}
