//! Making records: where they stand, what they say, and how a person signs them elsewhere.

use jiff::{RoundMode, Timestamp, TimestampRound, Unit};
use taskclass_source::text::says_something;
use taskclass_spec::{
    Duration, Principal, RepoName,
    record::{self, Record, RecordError},
    signers::Namespace,
    written::{ApprovalRecord, ApprovalSchema, DocumentKind, RevocationRecord, RevocationSchema, Revoked},
};

use crate::{
    git::CommitId,
    keyfile::{SignError, SigningKey},
    subject::Subject,
};

/// Why a record cannot be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WriteError {
    /// A field is not as it must be.
    #[error(transparent)]
    Record(#[from] RecordError),
    /// A revocation without a reason.
    #[error("a revocation says why: its reason needs a letter or a digit that can be seen")]
    NoReason,
    /// The key cannot sign.
    #[error(transparent)]
    Sign(#[from] SignError),
}

/// A record ready to be written into the registry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Its path in the registry.
    pub path: String,
    /// The exact bytes of the file, which are the bytes that are signed.
    pub bytes: Vec<u8>,
    /// What it is signed for.
    pub namespace: Namespace,
}

impl Draft {
    /// The path of the signature.
    pub fn signature_path(&self) -> String {
        format!("{}.sig", self.path)
    }

    /// The signature file's content, by a key at hand.
    pub fn sign(&self, key: &SigningKey) -> Result<String, SignError> {
        key.sign(self.namespace, &self.bytes)
    }

    /// The command that signs the record where the key is, once its bytes are in `file`: it writes `file.sig`.
    pub fn command(&self, file: &str) -> String {
        format!("ssh-keygen -Y sign -n {} -f KEY {file}", self.namespace)
    }
}

/// What a person says when they approve.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approval<'a> {
    /// The registry's name.
    pub registry: &'a RepoName,
    /// What is approved.
    pub subject: &'a Subject,
    /// Who approves.
    pub principal: &'a Principal,
    /// The commit that they looked at.
    pub reviewed_commit: &'a CommitId,
    /// When.
    pub approved_at: Timestamp,
    /// For how long; at most the policy's `max_age`.
    pub lasts: Duration,
    /// In their words; may be empty.
    pub note: &'a str,
}

/// An approval record and its place.
pub fn approval(approval: &Approval<'_>) -> Result<Draft, WriteError> {
    let approved_at = whole_seconds(approval.approved_at);
    let record = ApprovalRecord {
        schema: ApprovalSchema::V1,
        registry: approval.registry.clone(),
        kind: approval.subject.kind,
        name: approval.subject.name.clone(),
        version: approval.subject.version,
        digest: approval.subject.digest,
        risk: approval.subject.risk,
        principal: approval.principal.clone(),
        reviewed_commit: approval.reviewed_commit.to_string(),
        approved_at,
        expires_at: approval.lasts.after(approved_at),
        note: approval.note.to_owned(),
    };
    Ok(Draft { path: record.path(), bytes: record::canonical(&record)?, namespace: Namespace::Approval })
}

/// An approval that was printed, from its bytes.
///
/// # Errors
/// Where they are not exactly the bytes of a record.
pub fn printed_approval(bytes: &[u8]) -> Result<(ApprovalRecord, Draft), WriteError> {
    printed(bytes, Namespace::Approval)
}

/// The same of a revocation.
///
/// # Errors
/// Where they are not exactly the bytes of a record, and where it says no reason.
pub fn printed_revocation(bytes: &[u8]) -> Result<(RevocationRecord, Draft), WriteError> {
    let (record, draft) = printed(bytes, Namespace::Revocation)?;
    has_reason(&record)?;
    Ok((record, draft))
}

/// One that is there already counts without, too: when in doubt, nothing runs.
fn has_reason(record: &RevocationRecord) -> Result<(), WriteError> {
    if says_something(&record.reason) { Ok(()) } else { Err(WriteError::NoReason) }
}

fn printed<R: Record>(bytes: &[u8], namespace: Namespace) -> Result<(R, Draft), WriteError> {
    let record: R = record::parse(bytes)?;
    let draft = Draft { path: record.path(), bytes: bytes.to_vec(), namespace };
    Ok((record, draft))
}

/// What a person says when they revoke.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revocation<'a> {
    /// The registry's name.
    pub registry: &'a RepoName,
    /// The kind of document.
    pub kind: DocumentKind,
    /// The document's name.
    pub name: &'a str,
    /// What is withdrawn.
    pub revokes: Revoked,
    /// Who revokes.
    pub principal: &'a Principal,
    /// When.
    pub revoked_at: Timestamp,
    /// Why.
    pub reason: &'a str,
}

/// A revocation record and its place.
pub fn revocation(revocation: &Revocation<'_>) -> Result<Draft, WriteError> {
    let record = RevocationRecord {
        schema: RevocationSchema::V1,
        registry: revocation.registry.clone(),
        kind: revocation.kind,
        name: revocation.name.to_owned(),
        revokes: revocation.revokes.clone(),
        principal: revocation.principal.clone(),
        revoked_at: whole_seconds(revocation.revoked_at),
        reason: revocation.reason.to_owned(),
    };
    has_reason(&record)?;
    let bytes = record::canonical(&record)?;
    Ok(Draft { path: record.path(), bytes, namespace: Namespace::Revocation })
}

/// Down to whole seconds, so that no record lies in the future by a fraction.
fn whole_seconds(at: Timestamp) -> Timestamp {
    at.round(TimestampRound::new().smallest(Unit::Second).mode(RoundMode::Floor)).unwrap_or(at)
}
