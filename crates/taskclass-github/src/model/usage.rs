//! What a session used, and the sum over a task. Absent or unreadable usage is never zero.

use serde::{Deserialize, Deserializer};
use serde_json::{Number, Value};

use super::credits::{MicroRequests, NanoCredits};
use crate::text;

/// What one session used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Usage {
    /// AI credits.
    AiCredits(NanoCredits),
    /// Premium requests.
    PremiumRequests(MicroRequests),
    /// Of another type, or with an amount that cannot be trusted: unknown, not zero.
    Other {
        /// The type as GitHub wrote it, bounded and printable.
        kind: String,
    },
}

/// Below this, a number of credits that stands in `credits` instead of `amount` may well be whole credits and not billionths.
const SMALLEST_CREDIBLE: u64 = 1_000_000;

impl Usage {
    /// Reads usage; never fails.
    ///
    /// `amount` is in billionths of a credit. Some answers carry `credits` in its place, whose unit is documented nowhere: it is taken as
    /// billionths too, but only where it is zero or large enough to be nothing else; otherwise the usage is unknown.
    fn of(value: &Value) -> Self {
        let credits = value.get("credits").and_then(Value::as_number);
        let kind = match value.get("type").and_then(Value::as_str) {
            None if credits.is_some() => "ai_credits",
            other => other.unwrap_or_default(),
        };
        let amount = value.get("amount").and_then(Value::as_number);
        let known = match kind {
            "ai_credits" => match amount {
                Some(number) => scaled(number, 1).map(|nanos| Self::AiCredits(NanoCredits(nanos))),
                None => credits.and_then(Number::as_u64).and_then(credible).map(Self::AiCredits),
            },
            "premium_requests" => amount
                .and_then(|number| scaled(number, 1_000_000))
                .map(|micros| Self::PremiumRequests(MicroRequests(micros))),
            _ => None,
        };
        known.unwrap_or_else(|| Self::Other { kind: text::clean(kind, text::WORD) })
    }
}

fn credible(nanos: u64) -> Option<NanoCredits> {
    (nanos == 0 || nanos >= SMALLEST_CREDIBLE).then_some(NanoCredits(nanos))
}

/// The number times `scale`, a fraction rounded up; `None` if it is negative or beyond what is counted.
fn scaled(number: &Number, scale: u32) -> Option<u64> {
    if let Some(whole) = number.as_u64() {
        return whole.checked_mul(u64::from(scale));
    }
    let value = (number.as_f64()? * f64::from(scale)).ceil();
    // 2^63: every float below it has an exact u64.
    (0.0..9_223_372_036_854_775_808.0).contains(&value).then_some(value as u64)
}

impl<'de> Deserialize<'de> for Usage {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self::of(&Value::deserialize(deserializer)?))
    }
}

/// What a task's sessions used together, and how many of them do not say.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct UsageTotal {
    /// The credits that are known.
    pub credits: NanoCredits,
    /// The premium requests that are known.
    pub premium_requests: MicroRequests,
    /// Sessions whose usage is absent or unreadable: with any, the sums are only lower bounds.
    pub unknown_sessions: usize,
    /// Sessions in all.
    pub sessions: usize,
}

impl UsageTotal {
    /// Sums up sessions' usages.
    pub fn of<'a>(usages: impl IntoIterator<Item = Option<&'a Usage>>) -> Self {
        let mut total = Self::default();
        for usage in usages {
            total.sessions += 1;
            match usage {
                Some(Usage::AiCredits(amount)) => total.credits = total.credits.saturating_add(*amount),
                Some(Usage::PremiumRequests(amount)) => {
                    total.premium_requests = total.premium_requests.saturating_add(*amount);
                }
                Some(Usage::Other { .. }) | None => total.unknown_sessions += 1,
            }
        }
        total
    }

    /// The credits, if every session says what it used and there is at least one.
    pub fn known_credits(&self) -> Option<NanoCredits> {
        (self.sessions > 0 && self.unknown_sessions == 0).then_some(self.credits)
    }
}

#[cfg(test)]
mod tests {
    use super::{MicroRequests, NanoCredits, Usage, UsageTotal};

    fn read(text: &str) -> Usage {
        serde_json::from_str(text).unwrap()
    }

    fn credits(nanos: u64) -> Usage {
        Usage::AiCredits(NanoCredits(nanos))
    }

    fn other(kind: &str) -> Usage {
        Usage::Other { kind: kind.to_owned() }
    }

    #[test]
    fn documented_amounts() {
        assert_eq!(read(r#"{"type":"ai_credits","amount":12340000000}"#), credits(12_340_000_000));
        assert_eq!(read(r#"{"type":"ai_credits","amount":12340000000.0}"#), credits(12_340_000_000));
        assert_eq!(read(r#"{"type":"ai_credits","amount":1.5e10}"#), credits(15_000_000_000));
        assert_eq!(read(r#"{"type":"ai_credits","amount":0}"#), credits(0));
        assert_eq!(read(r#"{"type":"ai_credits","amount":9007199254740993}"#), credits(9_007_199_254_740_993));
        assert_eq!(read(r#"{"type":"ai_credits","amount":0.25}"#), credits(1));
        assert_eq!(
            read(r#"{"type":"premium_requests","amount":0.33}"#),
            Usage::PremiumRequests(MicroRequests(330_000))
        );
    }

    #[test]
    fn credits_in_place_of_amount() {
        assert_eq!(read(r#"{"type":"ai_credits","credits":12340000000}"#), credits(12_340_000_000));
        assert_eq!(read(r#"{"credits":0}"#), credits(0));
        assert_eq!(read(r#"{"type":"ai_credits","credits":12}"#), other("ai_credits"));
        assert_eq!(read(r#"{"type":"ai_credits","credits":12.5}"#), other("ai_credits"));
    }

    #[test]
    fn untrustworthy_amounts_are_unknown() {
        for text in [
            r#"{"type":"ai_credits"}"#,
            r#"{"type":"ai_credits","amount":-1}"#,
            r#"{"type":"ai_credits","amount":1e300}"#,
            r#"{"type":"ai_credits","amount":"12"}"#,
            r#"{"type":"ai_credits","amount":null}"#,
        ] {
            assert_eq!(read(text), other("ai_credits"), "{text}");
        }
        assert_eq!(read(r#"{"type":"premium_requests","amount":18446744073709551615}"#), other("premium_requests"));
        assert_eq!(read(r#"{"type":"tokens","amount":1}"#), other("tokens"));
        assert_eq!(read("[]"), other(""));
    }

    #[test]
    fn a_total_knows_what_it_does_not_know() {
        let (a, b) = (credits(2), other("x"));
        let total = UsageTotal::of([Some(&a), Some(&a), Some(&b), None]);
        assert_eq!((total.credits, total.unknown_sessions, total.sessions), (NanoCredits(4), 2, 4));
        assert_eq!(total.known_credits(), None);
        assert_eq!(UsageTotal::of([Some(&a)]).known_credits(), Some(NanoCredits(2)));
        assert_eq!(UsageTotal::of([]).known_credits(), None);
    }
}
