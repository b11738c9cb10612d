//! Names of our own: a run's id, a task's key.

use std::fmt;

use data_encoding::{Encoding, Specification};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use taskclass_spec::{Digest, Malformed};

/// RFC 4648's base32 in lower case without padding.
fn base32(bytes: &[u8]) -> String {
    let mut specification = Specification::new();
    specification.symbols.push_str("abcdefghijklmnopqrstuvwxyz234567");
    // The alphabet above is constant and valid, so the fallback is never taken; it encodes as well, only in capitals.
    specification.encoding().unwrap_or_else(|_| Encoding::clone(&data_encoding::BASE32_NOPAD)).encode(bytes)
}

fn is_base32(text: &str) -> bool {
    text.bytes().all(|b| matches!(b, b'a'..=b'z' | b'2'..=b'7'))
}

/// One request to execute a class: `run-` and ten characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RunId(String);

impl RunId {
    /// An id that no other run of any journal has: from the journal's own random id and where its chain stands.
    pub fn derive(journal: &str, position: u64, head: &str, at: jiff::Timestamp) -> Self {
        let unique = json!(["run", journal, position, head, at.to_string()]).to_string();
        let mut text = base32(&Sha256::digest(unique));
        text.truncate(10);
        Self(format!("run-{text}"))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::str::FromStr for RunId {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        match text.strip_prefix("run-") {
            Some(rest) if rest.len() == 10 && is_base32(rest) => Ok(Self(text.to_owned())),
            _ => Err(Malformed { expected: "a run's id: `run-` and ten characters", found: text.to_owned() }),
        }
    }
}

/// The run's own identity for a task: carried in the prompt, and matched on recovery.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Key(String);

/// What a key is made from. Two submissions that differ in any of these have different keys.
#[derive(Debug, Clone, Copy)]
pub struct KeyParts<'a> {
    /// The class's digest.
    pub digest: Digest,
    /// The run.
    pub run: &'a RunId,
    /// The repository's database id, which outlives a rename.
    pub repository_id: i64,
    /// The base branch.
    pub base_ref: &'a str,
    /// SHA-256 over the inputs' JCS form, with defaults filled in.
    pub inputs: Digest,
    /// Which repetition within the run, from 0.
    pub repeat: u32,
    /// Which attempt: raised only when a person says to send again.
    pub attempt: u32,
}

impl Key {
    /// The key: the first 26 characters (130 bits) of base32 over SHA-256 over a JSON array of the parts, in which no two
    /// different lists of parts have the same text.
    pub fn of(parts: &KeyParts<'_>) -> Self {
        let text = json!([
            "taskclass-key/v1",
            parts.digest.to_string(),
            parts.run.as_str(),
            parts.repository_id,
            parts.base_ref,
            parts.inputs.to_string(),
            parts.repeat,
            parts.attempt
        ])
        .to_string();
        let mut key = base32(&Sha256::digest(text));
        key.truncate(26);
        Self(key)
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The first eight characters: enough to name a task on a terminal.
    pub fn short(&self) -> &str {
        &self.0[..8]
    }
}

impl std::str::FromStr for Key {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        if text.len() == 26 && is_base32(text) {
            Ok(Self(text.to_owned()))
        } else {
            Err(Malformed { expected: "a task's key: 26 characters of a-z and 2-7", found: text.to_owned() })
        }
    }
}

macro_rules! text {
    ($($name:ident $pattern:literal),+) => { $(
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl TryFrom<String> for $name {
            type Error = Malformed;

            fn try_from(text: String) -> Result<Self, Malformed> {
                text.parse()
            }
        }

        impl JsonSchema for $name {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({ "type": "string", "pattern": $pattern })
            }
        }

        impl From<$name> for String {
            fn from(value: $name) -> Self {
                value.0
            }
        }
    )+ };
}
text!(RunId "^run-[a-z2-7]{10}$", Key "^[a-z2-7]{26}$");

#[cfg(test)]
mod tests {
    use super::*;

    fn key(base_ref: &str, repeat: u32, attempt: u32) -> Key {
        let run = RunId::derive("j", 1, "h", jiff::Timestamp::UNIX_EPOCH);
        let digest = Digest::of(b"class");
        Key::of(&KeyParts { digest, run: &run, repository_id: 7, base_ref, inputs: digest, repeat, attempt })
    }

    #[test]
    fn every_part_counts_and_the_form_is_fixed() {
        let first = key("main", 0, 1);
        assert_eq!(first.as_str().parse::<Key>().unwrap(), first);
        assert_eq!(first, key("main", 0, 1));
        for other in [key("main2", 0, 1), key("main", 1, 1), key("main", 0, 2)] {
            assert_ne!(first, other);
        }
        for bad in ["", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "a", "aaaaaaaaaaaaaaaaaaaaaaaaa1"] {
            assert!(bad.parse::<Key>().is_err(), "{bad}");
        }
        assert_eq!(base32(b"foobar"), "mzxw6ytboi");
    }
}
