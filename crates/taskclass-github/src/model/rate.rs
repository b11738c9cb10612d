//! The rate limits of the token's owner.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Deserializer};

use crate::lenient;

/// One bucket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct RateBucket {
    /// Requests allowed in the window.
    pub limit: u64,
    /// Requests left.
    pub remaining: u64,
    /// Requests used.
    #[serde(default)]
    pub used: Option<u64>,
    /// When the window ends, by GitHub's clock.
    #[serde(deserialize_with = "epoch")]
    pub reset: Timestamp,
}

/// Every bucket by its name: `core`, `search`, `graphql`, …. The one for agent tasks is documented nowhere.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct RateLimits {
    /// The buckets that can be read.
    #[serde(deserialize_with = "lenient::map")]
    pub resources: BTreeMap<String, RateBucket>,
}

fn epoch<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Timestamp, D::Error> {
    let seconds = i64::deserialize(deserializer)?;
    Timestamp::from_second(seconds).map_err(serde::de::Error::custom)
}
