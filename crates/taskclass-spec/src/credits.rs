//! AI credits: budgets are whole credits, usage comes in nano-credits. 1 credit = US$0.01 = 10⁹ nano-credits.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::written::{Form, Number};

/// Whole AI credits, as budgets state them.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(transparent)]
#[schemars(inline)]
pub struct Credits(#[serde(with = "Number::<0, 1_000_000_000>")] pub u32);

/// AI credits in units of 10⁻⁹, as GitHub reports usage. Sum these; divide once, for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct NanoCredits(pub u64);

const NANOS: u64 = 1_000_000_000;

impl Credits {
    /// The same amount in nano-credits.
    pub fn nanos(self) -> NanoCredits {
        NanoCredits(u64::from(self.0) * NANOS)
    }
}

impl NanoCredits {
    /// The sum, at most the greatest representable amount.
    pub fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }

    /// Tenths of a credit: what a person reads.
    fn tenths(self) -> u64 {
        self.0.saturating_add(NANOS / 20) / (NANOS / 10)
    }

    /// The amount in US$, rounded to a cent.
    pub fn dollars(self) -> String {
        let cents = self.0.saturating_add(NANOS / 2) / NANOS;
        format!("US${}.{:02}", cents / 100, cents % 100)
    }
}

impl fmt::Display for Credits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} credits", self.0)
    }
}

impl fmt::Display for NanoCredits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tenths = self.tenths();
        write!(f, "{}.{} credits", tenths / 10, tenths % 10)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_nanos_and_rounds_once() {
        let total = (0..3).fold(NanoCredits(0), |sum, _| sum.plus(NanoCredits(4_040_000_000)));
        assert_eq!(total.to_string(), "12.1 credits");
        assert_eq!(total.dollars(), "US$0.12");
        assert_eq!(Credits(40).nanos().dollars(), "US$0.40");
        assert_eq!(NanoCredits(u64::MAX).plus(NanoCredits(1)), NanoCredits(u64::MAX));
    }
}
