//! Reading of optional fields whose shape GitHub may change: what cannot be read counts as absent.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// `None` for null and for anything that is not a `T`. Only for fields whose absence is handled safely.
pub(crate) fn optional<'de, D: Deserializer<'de>, T: DeserializeOwned>(deserializer: D) -> Result<Option<T>, D::Error> {
    let value = Value::deserialize(deserializer)?;
    if value.is_null() {
        return Ok(None);
    }
    Ok(serde_json::from_value(value).ok())
}

/// Empty for null and for anything that is not a list; entries that are not a `T` are left out.
pub(crate) fn list<'de, D: Deserializer<'de>, T: DeserializeOwned>(deserializer: D) -> Result<Vec<T>, D::Error> {
    Ok(match Value::deserialize(deserializer)? {
        Value::Array(entries) => entries.into_iter().filter_map(|entry| serde_json::from_value(entry).ok()).collect(),
        _ => Vec::new(),
    })
}

/// Empty for null; entries that are not a `T` are left out.
pub(crate) fn map<'de, D: Deserializer<'de>, T: DeserializeOwned>(
    deserializer: D,
) -> Result<BTreeMap<String, T>, D::Error> {
    let entries = Option::<BTreeMap<String, Value>>::deserialize(deserializer)?.unwrap_or_default();
    Ok(entries.into_iter().filter_map(|(name, value)| Some((name, serde_json::from_value(value).ok()?))).collect())
}

/// The type's default for null (GitHub sends null where it has no list or text).
pub(crate) fn or_default<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(
    deserializer: D,
) -> Result<T, D::Error> {
    Ok(Option::<T>::deserialize(deserializer)?.unwrap_or_default())
}
