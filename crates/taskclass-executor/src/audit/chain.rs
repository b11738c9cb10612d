//! Sealing: an event gets its place, the hash of the one before, and its own.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::event::{Event, SCHEMA};

/// Where the chain stands: how many events, and the last one's hash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Head {
    /// How many events.
    pub count: u64,
    /// The last one's hash; 64 zeros if there is none.
    pub hash: String,
}

impl Head {
    /// The head of an empty chain.
    pub fn empty() -> Self {
        Self { count: 0, hash: "0".repeat(64) }
    }
}

impl Default for Head {
    fn default() -> Self {
        Self::empty()
    }
}

/// An event as it is kept: its canonical JSON, hash included.
#[derive(Debug, Clone, PartialEq)]
pub struct Sealed {
    /// The event.
    pub event: Event,
    /// Its line, without a line feed.
    pub line: String,
}

/// An event that has no canonical JSON.
#[derive(Debug, thiserror::Error)]
#[error("an event could not be written in its canonical form: {0}")]
pub struct SealError(#[from] serde_json::Error);

/// The hash of an event's JSON without its `hash`.
pub(super) fn hash_of(without_hash: &Value) -> Result<String, SealError> {
    let mut hasher = Sha256::new();
    hasher.update(SCHEMA.as_bytes());
    hasher.update(b"\n");
    hasher.update(serde_json_canonicalizer::to_vec(without_hash)?);
    Ok(hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Whether a line is what was sealed under `hash`: what [`seal`] wrote is canonical, so that the line without its hash is, to the byte,
/// what was hashed. A line that says the same in other bytes is not whole.
pub fn is_whole(line: &str, hash: &str) -> bool {
    let field = format!("\"hash\":\"{hash}\",");
    // The last one: `data` stands before it, and `previous` has another name.
    let Some(at) = line.rfind(&field) else { return false };
    let (before, after) = (&line[..at], &line[at + field.len()..]);
    let mut hasher = Sha256::new();
    for part in [SCHEMA, "\n", before, after] {
        hasher.update(part.as_bytes());
    }
    data_encoding::HEXLOWER.encode(&hasher.finalize()) == hash
}

/// Gives `event` its place after `head`, and returns it with its line; `head` moves on to it.
///
/// # Errors
/// [`SealError`] if the event cannot be written as JSON.
pub fn seal(mut event: Event, head: &mut Head) -> Result<Sealed, SealError> {
    event.seq = head.count + 1;
    event.previous.clone_from(&head.hash);
    event.hash.clear();
    let mut value = serde_json::to_value(&event)?;
    if let Value::Object(fields) = &mut value {
        fields.shift_remove("hash");
    }
    event.hash = hash_of(&value)?;
    if let Value::Object(fields) = &mut value {
        fields.insert("hash".to_owned(), Value::String(event.hash.clone()));
    }
    let line = serde_json_canonicalizer::to_string(&value)?;
    *head = Head { count: event.seq, hash: event.hash.clone() };
    Ok(Sealed { event, line })
}
