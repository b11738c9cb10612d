//! Approval and revocation records as bytes: written in one form, read in that form only.
//!
//! The signed bytes are the record's JCS form (RFC 8785). A file that says the same in other bytes is refused, so that
//! nothing can hide in the difference: keys given twice, text behind the end, spaces, another way to write a time.

mod filed;
mod keys;

use serde::{Serialize, de::DeserializeOwned};
use taskclass_source::text::{quoted, visible};

use crate::{
    ClassName, Principal, SchemaKind,
    paths::{APPROVALS, REVOCATIONS},
    written::{ApprovalRecord, CommitId, DocumentKind, Note, Reason, RevocationRecord, Revoked},
};

pub use filed::{Fault, Filed, Found, Listed, below, listed, pairs, read};

/// The most that is read of a record.
pub const MAX_BYTES: usize = 16 * 1024;

/// Why the bytes of a record do not count.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RecordError {
    /// Over [`MAX_BYTES`].
    #[error("the record is larger than {MAX_BYTES} bytes")]
    TooLarge,
    /// Not UTF-8.
    #[error("the record is not UTF-8")]
    NotUtf8,
    /// Not JSON.
    #[error("the record is not JSON: {0}")]
    NotJson(String),
    /// Something follows the JSON text.
    #[error("bytes follow the record's end, from byte {at} on; a record file ends with its closing brace")]
    Trailing {
        /// Offset of the first.
        at: usize,
    },
    /// A key twice.
    #[error("the record sets {} twice", quoted(.0))]
    DuplicateKey(String),
    /// A field that there is not, or a value that is none.
    #[error("the record is not valid: {0}")]
    Invalid(String),
    /// Not in JCS form.
    #[error(
        "the record is not in canonical form (RFC 8785); it was not written by `taskclass approve`, or was changed since"
    )]
    NotCanonical,
}

/// What both kinds of record have in common.
pub trait Record: Serialize + DeserializeOwned {
    /// Which schema it is held to.
    const SCHEMA: SchemaKind;

    /// Who signs.
    fn principal(&self) -> &Principal;
    /// Where a record with this content stands in the registry.
    fn path(&self) -> String;
    /// What the types do not hold by themselves: a record that is made is held to what one that is read is held to.
    fn check(&self) -> Result<(), String>;
}

impl Record for ApprovalRecord {
    const SCHEMA: SchemaKind = SchemaKind::Approval;

    fn principal(&self) -> &Principal {
        &self.principal
    }

    /// `approvals/<name>/<first 12 hex of the digest>.<principal>.json`
    fn path(&self) -> String {
        format!("{APPROVALS}/{}/{}.{}.json", self.name, self.digest.short(), self.principal)
    }

    fn check(&self) -> Result<(), String> {
        check_name(self.kind, &self.name)?;
        if (self.kind == DocumentKind::TaskClass) != self.version.is_some() {
            return Err("a task class has a version, the policy has none".to_owned());
        }
        CommitId::check(&self.reviewed_commit).map_err(|error| format!("reviewed_commit: {error}"))?;
        Note::check(&self.note).map_err(|error| format!("note: {error}"))
    }
}

impl Record for RevocationRecord {
    const SCHEMA: SchemaKind = SchemaKind::Revocation;

    fn principal(&self) -> &Principal {
        &self.principal
    }

    /// The same below `revocations/`; what is not about a digest has `all` or the key's first letters in its place.
    fn path(&self) -> String {
        let what = match &self.revokes {
            Revoked::Digest(digest) => digest.short(),
            Revoked::All => format!("all-{}", self.revoked_at.as_second()),
            Revoked::Key(key) => {
                let letters = key.trim_start_matches("SHA256:").chars().filter(char::is_ascii_alphanumeric).take(12);
                format!("key-{}", letters.collect::<String>())
            }
        };
        format!("{REVOCATIONS}/{}/{what}.{}.json", self.name, self.principal)
    }

    fn check(&self) -> Result<(), String> {
        check_name(self.kind, &self.name)?;
        if let Revoked::Key(key) = &self.revokes
            && key.parse::<ssh_key::Fingerprint>().map(|found| found.to_string()).as_deref() != Ok(key)
        {
            // A key that no key can match would be revoked in vain.
            return Err("revokes.key is not a fingerprint as `ssh-keygen -l` prints it (SHA256:…)".to_owned());
        }
        Reason::check(&self.reason).map_err(|error| format!("reason: {error}"))
    }
}

/// The name that the policy bears in records.
pub const POLICY_NAME: &str = "policy";

fn check_name(kind: DocumentKind, name: &str) -> Result<(), String> {
    match kind {
        DocumentKind::Policy if name == POLICY_NAME => Ok(()),
        DocumentKind::Policy => Err(format!("the policy's name is `{POLICY_NAME}`")),
        DocumentKind::TaskClass => name.parse::<ClassName>().map(|_| ()).map_err(|error| error.to_string()),
    }
}

/// The exact bytes to sign and to write.
pub fn canonical<R: Record>(record: &R) -> Result<Vec<u8>, RecordError> {
    record.check().map_err(RecordError::Invalid)?;
    serde_json_canonicalizer::to_vec(record).map_err(|error| RecordError::Invalid(error.to_string()))
}

/// Reads a record from exactly the bytes that [`canonical`] writes.
pub fn parse<R: Record>(bytes: &[u8]) -> Result<R, RecordError> {
    if bytes.len() > MAX_BYTES {
        return Err(RecordError::TooLarge);
    }
    let text = std::str::from_utf8(bytes).map_err(|_| RecordError::NotUtf8)?;
    keys::check(text)?;
    let record: R = serde_json::from_str(text).map_err(|error| RecordError::Invalid(clean(&error)))?;
    if canonical(&record)? != bytes {
        return Err(RecordError::NotCanonical);
    }
    Ok(record)
}

/// A JSON error's words, safe to print and short: they may quote the text.
fn clean(error: &serde_json::Error) -> String {
    const LONGEST: usize = 300;
    let said = error.to_string();
    let said = visible(&said);
    match said.char_indices().nth(LONGEST) {
        Some((cut, _)) => format!("{}…", &said[..cut]),
        None => said.into_owned(),
    }
}
