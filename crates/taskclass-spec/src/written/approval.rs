//! `approval/v1` and `revocation/v1`: the records that people sign.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

use super::form::{Form, Maybe, Text, text_form};
use super::{Risk, schema_id};
use crate::{Digest, Duration, Principal, RepoName};

schema_id!(ApprovalSchema, "approval/v1");
schema_id!(RevocationSchema, "revocation/v1");

/// What an approval says in words.
pub(crate) type Note = Text<0, 2000>;
/// What a revocation says in words; it says something.
pub(crate) type Reason = Text<1, 2000>;

/// The longest life of a break-glass approval.
pub const BREAK_GLASS_LIFE: Duration = Duration::from_seconds(86_400);

/// What kind of document a record is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(inline)]
pub enum DocumentKind {
    /// A task class.
    TaskClass,
    /// The registry's policy; its `name` is `policy`.
    Policy,
}

/// One person's approval of one exact content. The signed bytes are its JCS form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ApprovalRecord {
    /// The document's format and version.
    pub schema: ApprovalSchema,
    /// The registry that it counts in: the policy's `registry`.
    pub registry: RepoName,
    /// What kind of document is approved.
    pub kind: DocumentKind,
    /// The document's name: the class's, or `policy`.
    pub name: String,
    /// The document's version; left out for the policy, which has none.
    #[serde(default, with = "Maybe::<u32>", skip_serializing_if = "Option::is_none")]
    pub version: Option<u32>,
    /// The digest of the exact content: one changed byte, and the approval is for something else.
    pub digest: Digest,
    /// The risk that the signer saw; it must be the document's.
    pub risk: Risk,
    /// Who signs; `trust/allowed_signers` must hold this name with the signing key.
    pub principal: Principal,
    /// The commit that the signer looked at, as its full object id.
    #[serde(with = "CommitId")]
    pub reviewed_commit: String,
    /// When it was signed (UTC); not in the future.
    #[serde(with = "Moment")]
    #[schemars(with = "String", extend("format" = "date-time"))]
    pub approved_at: Timestamp,
    /// Until when it counts (UTC); no further from `approved_at` than the policy's `approvals.max_age`.
    #[serde(with = "Moment")]
    #[schemars(with = "String", extend("format" = "date-time"))]
    pub expires_at: Timestamp,
    /// Why it was approved, in the signer's words.
    #[serde(default, with = "Note", skip_serializing_if = "String::is_empty")]
    pub note: String,
}

impl ApprovalRecord {
    /// Whether it is a break-glass approval: one that lives no longer than [`BREAK_GLASS_LIFE`]. Such a one says why, and
    /// what runs under it escalates. It is no field of the record, so that nobody can leave it out.
    pub fn is_break_glass(&self) -> bool {
        self.expires_at <= BREAK_GLASS_LIFE.after(self.approved_at)
    }
}

/// A time as records spell it.
struct Moment;

impl Form for Moment {
    type Value = Timestamp;

    fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Timestamp, D::Error> {
        // The parser's own words are about its parts, not about the field.
        let text = <String as Deserialize>::deserialize(deserializer)?;
        let expected = "expected a date and time in UTC, such as `2026-01-31T09:30:00Z`";
        text.parse().map_err(|_| D::Error::custom(expected))
    }

    fn serialize<S: Serializer>(value: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
        Serialize::serialize(value, serializer)
    }
}

text_form!(
    /// A commit's full id.
    CommitId, "40 or 64 lower-case hexadecimal digits",
    { "pattern": "^([0-9a-f]{40}|[0-9a-f]{64})$" },
    |text| matches!(text.len(), 40 | 64) && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
);

/// One person's withdrawal. One valid revocation beats any number of approvals.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RevocationRecord {
    /// The document's format and version.
    pub schema: RevocationSchema,
    /// The registry that it counts in: the policy's `registry`.
    pub registry: RepoName,
    /// What kind of document it is about.
    pub kind: DocumentKind,
    /// The document's name: the class's, or `policy`.
    pub name: String,
    /// What is withdrawn: one content, all of the document's approvals, or those by one key.
    pub revokes: Revoked,
    /// Who signs; `trust/allowed_signers` must hold this name with the signing key.
    pub principal: Principal,
    /// When it was signed (UTC).
    #[serde(with = "Moment")]
    #[schemars(with = "String", extend("format" = "date-time"))]
    pub revoked_at: Timestamp,
    /// Why it is withdrawn, in the signer's words.
    #[serde(with = "Reason")]
    pub reason: String,
}

/// What a revocation withdraws.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum Revoked {
    /// Every approval of this content.
    Digest(Digest),
    /// Every approval of the named document signed until `revoked_at`, whatever its content.
    All,
    /// Every approval by this key, as `SHA256:…`.
    Key(String),
}
