//! A checkpoint: where a log stood at a moment, as bytes to be signed and kept where the executor cannot write. Against it a log that was
//! cut or written anew shows.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::verify::Entry;

/// The most that is read of a checkpoint.
pub const MAX_BYTES: usize = 16 * 1024;

/// The format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(inline)]
pub enum CheckpointSchema {
    /// `audit-checkpoint/v1`
    #[serde(rename = "audit-checkpoint/v1")]
    V1,
}

/// Where a log stood. What is signed is its JCS form (RFC 8785), which is the file's content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "audit-checkpoint/v1", description = "Where an audit log stood when it was signed.")]
pub struct Checkpoint {
    /// The document's format and version: `audit-checkpoint/v1`.
    pub schema: CheckpointSchema,
    /// The journal's own random id.
    pub journal: String,
    /// The last event's place, which is how many there were.
    pub seq: u64,
    /// The last event's hash.
    pub hash: String,
    /// When the last event was written down.
    #[schemars(with = "String", extend("format" = "date-time"))]
    pub observed: Timestamp,
    /// When the checkpoint was made.
    #[schemars(with = "String", extend("format" = "date-time"))]
    pub made_at: Timestamp,
    /// Which version of the program made it.
    pub executor_version: String,
}

/// Bytes that are no checkpoint.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoCheckpoint {
    /// They cannot be read as one.
    #[error("it is not a checkpoint: {0}")]
    Unreadable(String),
    /// They say the same in other bytes.
    #[error("it is not in canonical form (RFC 8785), so it is not what `taskclass audit checkpoint` wrote")]
    NotCanonical,
}

impl Checkpoint {
    /// The checkpoint at a log's last event.
    pub fn at(journal: &str, last: &Entry, made_at: Timestamp) -> Self {
        Self {
            schema: CheckpointSchema::V1,
            journal: journal.to_owned(),
            seq: last.seq,
            hash: last.hash.clone(),
            observed: last.observed,
            made_at,
            executor_version: env!("CARGO_PKG_VERSION").to_owned(),
        }
    }

    /// Its bytes: what is signed, and what the file holds.
    ///
    /// # Errors
    /// None that can occur with its types; those of the JSON writer.
    pub fn bytes(&self) -> Result<Vec<u8>, serde_json::Error> {
        serde_json_canonicalizer::to_vec(self)
    }

    /// Reads exactly what [`Checkpoint::bytes`] wrote.
    ///
    /// # Errors
    /// [`NoCheckpoint`].
    pub fn parse(bytes: &[u8]) -> Result<Self, NoCheckpoint> {
        if bytes.len() > MAX_BYTES {
            return Err(NoCheckpoint::Unreadable(format!("it is larger than {MAX_BYTES} bytes")));
        }
        let unreadable = |error: serde_json::Error| NoCheckpoint::Unreadable(error.to_string());
        let checkpoint: Self = serde_json::from_slice(bytes).map_err(unreadable)?;
        if checkpoint.bytes().map_err(unreadable)? == bytes { Ok(checkpoint) } else { Err(NoCheckpoint::NotCanonical) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_checkpoint_is_read_in_its_own_bytes_only() {
        let entry = Entry { seq: 7, observed: Timestamp::UNIX_EPOCH, hash: "a".repeat(64), event: None };
        let checkpoint = Checkpoint::at("j", &entry, Timestamp::UNIX_EPOCH);
        let bytes = checkpoint.bytes().unwrap();
        assert_eq!(Checkpoint::parse(&bytes), Ok(checkpoint));
        let text = String::from_utf8(bytes).unwrap();
        for other in [format!("{text}\n"), text.replace(",\"", ", \""), text.replacen('{', "{\"seq\":7,", 1)] {
            assert!(Checkpoint::parse(other.as_bytes()).is_err(), "{other}");
        }
        assert!(Checkpoint::parse(text.replace("\"seq\"", "\"sequence\"").as_bytes()).is_err());
    }
}
