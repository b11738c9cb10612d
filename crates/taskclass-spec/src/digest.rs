//! A document's digest: SHA-256 over its canonical form and the files that it draws in.

mod jcs;

use std::{collections::BTreeMap, fmt, str::FromStr};

use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::{Malformed, newtype::string_serde};

/// A SHA-256, written `sha256:` and 64 lower-case hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest([u8; 32]);

impl Digest {
    /// The SHA-256 of `bytes`.
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// The 32 bytes.
    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The 64 hexadecimal digits.
    pub fn hex(&self) -> String {
        self.0.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// The first 12 hexadecimal digits: enough to name a file or to talk about.
    pub fn short(&self) -> String {
        let mut hex = self.hex();
        hex.truncate(12);
        hex
    }
}

/// A document's digest and what went into it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentDigest {
    /// `sha256("taskclass/v1\n" || canonical)`
    pub digest: Digest,
    /// The files that the document draws in, by their path in the registry.
    pub files: BTreeMap<String, Digest>,
    /// The JCS form (RFC 8785) of `{"document": …, "files": {path: sha256}}`.
    pub canonical: Vec<u8>,
}

/// Why a document has no digest.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DigestError {
    /// A number that canonical JSON would round.
    #[error("`{0}` is not a whole number between −(2^53 − 1) and 2^53 − 1, so it has no canonical form")]
    Number(String),
    /// The canonical form could not be written.
    #[error("the document has no canonical form: {0}")]
    Canonical(String),
}

impl DocumentDigest {
    /// The digest of a document, given as the JSON of its YAML as written, and of the bytes of each file it draws in.
    pub fn of(document: &Value, files: BTreeMap<String, Digest>) -> Result<Self, DigestError> {
        let mut canonical = b"{\"document\":".to_vec();
        jcs::write(document, &mut canonical)?;
        canonical.extend_from_slice(b",\"files\":");
        let names = files.iter().map(|(path, digest)| (path.clone(), Value::from(digest.to_string())));
        jcs::write(&Value::Object(names.collect()), &mut canonical)?;
        canonical.push(b'}');
        let digest = Digest::of(&[b"taskclass/v1\n", canonical.as_slice()].concat());
        Ok(Self { digest, files, canonical })
    }
}

/// The JCS form of a value without floating-point or over-large numbers; those are refused, never rounded.
pub fn canonical(value: &Value) -> Result<Vec<u8>, DigestError> {
    let mut canonical = Vec::new();
    jcs::write(value, &mut canonical)?;
    Ok(canonical)
}

impl FromStr for Digest {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        let malformed =
            || Malformed { expected: "`sha256:` and 64 lower-case hexadecimal digits", found: text.to_owned() };
        let hex = text.strip_prefix("sha256:").ok_or_else(malformed)?;
        if hex.len() != 64 || !hex.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')) {
            return Err(malformed());
        }
        let mut bytes = [0; 32];
        for (i, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&hex[2 * i..2 * i + 2], 16).map_err(|_| malformed())?;
        }
        Ok(Self(bytes))
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "sha256:{}", self.hex())
    }
}

impl serde::Serialize for Digest {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

string_serde!(
    Digest,
    "`sha256:` and 64 lower-case hexadecimal digits",
    "^sha256:[0-9a-f]{64}$",
    ["sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"]
);
