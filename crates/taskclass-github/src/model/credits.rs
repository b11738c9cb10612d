//! Amounts of usage as whole numbers, so that sums are exact.

use std::fmt;
use std::iter::Sum;

use serde::{Deserialize, Serialize};

/// AI credits in billionths: 1 credit = 1,000,000,000 = US$0.01. Sum these, divide once, round last.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct NanoCredits(pub u64);

impl NanoCredits {
    /// Nothing.
    pub const ZERO: Self = Self(0);
    /// One credit.
    pub const ONE_CREDIT: Self = Self(1_000_000_000);

    /// The sum, or the largest amount there is: never less than was used.
    #[must_use]
    pub fn saturating_add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl Sum for NanoCredits {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::ZERO, Self::saturating_add)
    }
}

/// Credits rounded half up to one decimal, as GitHub shows them to people: `12.3`.
impl fmt::Display for NanoCredits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tenths = self.0 / 100_000_000 + u64::from(self.0 % 100_000_000 >= 50_000_000);
        write!(f, "{}.{}", tenths / 10, tenths % 10)
    }
}

/// Premium requests in millionths: sessions begun before June 2026 are counted so, and can be fractional.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MicroRequests(pub u64);

impl MicroRequests {
    /// The sum, or the largest amount there is.
    #[must_use]
    pub fn saturating_add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl Sum for MicroRequests {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self(0), Self::saturating_add)
    }
}

#[cfg(test)]
mod tests {
    use super::NanoCredits;

    #[test]
    fn shown_with_one_decimal() {
        for (nanos, shown) in
            [(0, "0.0"), (49_999_999, "0.0"), (50_000_000, "0.1"), (12_340_000_000, "12.3"), (12_950_000_000, "13.0")]
        {
            assert_eq!(NanoCredits(nanos).to_string(), shown);
        }
        assert_eq!(NanoCredits(u64::MAX).to_string(), "18446744073.7");
    }

    #[test]
    fn sums_are_exact_and_never_wrap() {
        assert_eq!([NanoCredits(1), NanoCredits(2)].into_iter().sum::<NanoCredits>(), NanoCredits(3));
        assert_eq!(NanoCredits(u64::MAX).saturating_add(NanoCredits(1)), NanoCredits(u64::MAX));
    }
}
