//! Why something does not count: one variant a rule, with words that name what would satisfy it.

use std::fmt;

use jiff::Timestamp;
use taskclass_spec::{
    Digest, Duration, Principal, RepoName,
    record::RecordError,
    signers::{KeyFingerprint, Namespace},
    written::{BREAK_GLASS_LIFE, Risk},
};

use crate::sshsig::SignatureError;

/// One record that does not count, or one that stands against the content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The record's path in the registry.
    pub file: String,
    /// Whose record it says it is, where it could be read.
    pub principal: Option<Principal>,
    /// The rule that it broke.
    pub reason: Reason,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.file.escape_debug())?;
        if let Some(principal) = &self.principal {
            write!(f, "{principal}: ")?;
        }
        self.reason.fmt(f)
    }
}

/// A revocation, as far as others need to know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withdrawn {
    /// The revocation's path in the registry.
    pub file: String,
    /// Who signed it.
    pub by: Principal,
    /// When.
    pub at: Timestamp,
    /// Why, in their words.
    pub reason: String,
}

impl fmt::Display for Withdrawn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "revoked by {} at {}: {}", self.by, self.at, self.reason.escape_debug())
    }
}

/// The rule that refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    /// The bytes cannot be had: a symbolic link, a submodule, a broken object.
    #[error("cannot be read: {0}")]
    Unreadable(String),
    /// The record's bytes are refused.
    #[error("{0}")]
    Record(RecordError),
    /// For another registry.
    #[error("is for the registry {found}; this one is {expected}")]
    OtherRegistry {
        /// As signed.
        found: RepoName,
        /// This one.
        expected: RepoName,
    },
    /// A class's approval for the policy, or the other way round.
    #[error("is for another kind of document")]
    OtherKind,
    /// For another document.
    #[error("is for `{found}`")]
    OtherName {
        /// As signed.
        found: String,
    },
    /// For other content of the same document.
    #[error(
        "approves other content ({}sha256:{}…); the content has changed since: review the change and approve again",
        .version.map(|version| format!("version {version}, ")).unwrap_or_default(), .digest.short()
    )]
    OtherContent {
        /// The version as signed.
        version: Option<u32>,
        /// The digest as signed.
        digest: Digest,
    },
    /// The digest fits and the version does not.
    #[error("names version {}, which is not this content's", .found.map_or_else(|| "none".to_owned(), |version| version.to_string()))]
    OtherVersion {
        /// As signed.
        found: Option<u32>,
    },
    /// The signer saw another risk.
    #[error("was given for risk {}; the risk is {} now: approve again", .found.word(), .expected.word())]
    OtherRisk {
        /// As signed.
        found: Risk,
        /// As it is.
        expected: Risk,
    },
    /// The file's name and its content do not agree.
    #[error("is misfiled: a record with this content is named {expected}")]
    Misfiled {
        /// What the record's content asks for.
        expected: String,
    },
    /// No `.sig`.
    #[error("has no signature beside it; sign it: ssh-keygen -Y sign -n {0} -f KEY FILE")]
    SignatureMissing(Namespace),
    /// A `.sig` without its record.
    #[error("is a signature without its record")]
    RecordMissing,
    /// The signature does not hold.
    #[error("its signature does not count: {0}")]
    Signature(SignatureError),
    /// Nobody's key.
    #[error("is signed by the key {key}, which is not in trust/allowed_signers")]
    KeyUnknown {
        /// Which.
        key: KeyFingerprint,
    },
    /// Another person's key.
    #[error("is signed by the key {key}, which belongs to {owner}")]
    KeyOfAnother {
        /// Which.
        key: KeyFingerprint,
        /// Whose.
        owner: Principal,
    },
    /// The key's line does not name the namespace.
    #[error(
        "is signed by the key {key}, which may not sign for {namespace}; add that to its namespaces= in trust/allowed_signers, line {line}"
    )]
    KeyNotFor {
        /// Which.
        key: KeyFingerprint,
        /// What for.
        namespace: Namespace,
        /// The key's line.
        line: usize,
    },
    /// Before `valid-after`.
    #[error("the key {key} is valid from {from} on, and was not yet at {at}")]
    KeyNotYetValid {
        /// Which.
        key: KeyFingerprint,
        /// `valid-after`.
        from: Timestamp,
        /// When it was asked.
        at: Timestamp,
    },
    /// After `valid-before`.
    #[error("the key {key} was valid until {until}, and is no longer at {at}; approve again with a valid key")]
    KeyExpired {
        /// Which.
        key: KeyFingerprint,
        /// `valid-before`.
        until: Timestamp,
        /// When it was asked.
        at: Timestamp,
    },
    /// A revocation names the key.
    #[error("the key {key} is {withdrawn} ({})", .withdrawn.file)]
    KeyRevoked {
        /// Which.
        key: KeyFingerprint,
        /// By what.
        withdrawn: Withdrawn,
    },
    /// `approved_at` lies ahead.
    #[error("is dated {approved_at}, which lies in the future ({now} now); check the signer's clock")]
    FromTheFuture {
        /// As signed.
        approved_at: Timestamp,
        /// Now.
        now: Timestamp,
    },
    /// `expires_at` is not after `approved_at`.
    #[error("ends before it begins")]
    NeverCounted,
    /// It is over.
    #[error("expired at {expires_at}; approve again")]
    Expired {
        /// As signed.
        expires_at: Timestamp,
    },
    /// It lasts longer than the policy lets it.
    #[error(
        "lasts until {expires_at}; the policy's max_age of {max_age} ends it at {latest} at the latest: approve again"
    )]
    TooLong {
        /// As signed.
        expires_at: Timestamp,
        /// The latest allowed.
        latest: Timestamp,
        /// The policy's.
        max_age: Duration,
    },
    /// It lives no longer than a break-glass approval, and its note says nothing that can be seen.
    #[error(
        "is a break-glass approval (it lives {BREAK_GLASS_LIFE} at most) without a reason; approve again and say why in the note"
    )]
    BreakGlassWithoutReason,
    /// The signer made the last change.
    #[error("does not count: {} is the last author of this content; someone else has to approve it", .author.escape_debug())]
    OwnChange {
        /// The commit's author.
        author: String,
    },
    /// The same person or key again.
    #[error("repeats an approval of the same person or key that counts already")]
    CountedAlready,
    /// It was given before every approval of the document was revoked; a later one counts.
    #[error("{0}, with every approval until then; approve again if the content is right")]
    Withdrawn(Withdrawn),
    /// A revocation of the content.
    #[error("{0}; no approval outweighs that")]
    Revoked(Withdrawn),
    /// A revocation that may be about this content and cannot be checked.
    #[error("this revocation cannot be checked and so stands: {0}")]
    RevocationUnchecked(Box<Reason>),
}

impl Reason {
    /// A short name that scripts can rely on.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unreadable(_) => "unreadable",
            Self::Record(error) => match error {
                RecordError::TooLarge => "record-too-large",
                RecordError::NotUtf8 => "record-not-utf8",
                RecordError::NotJson(_) => "record-not-json",
                RecordError::Trailing { .. } => "record-trailing-bytes",
                RecordError::DuplicateKey(_) => "record-duplicate-key",
                RecordError::Invalid(_) => "record-invalid",
                RecordError::NotCanonical => "record-not-canonical",
            },
            Self::OtherRegistry { .. } => "other-registry",
            Self::OtherKind => "other-kind",
            Self::OtherName { .. } => "other-name",
            Self::OtherContent { .. } => "other-content",
            Self::OtherVersion { .. } => "other-version",
            Self::OtherRisk { .. } => "other-risk",
            Self::Misfiled { .. } => "misfiled",
            Self::SignatureMissing(_) => "signature-missing",
            Self::RecordMissing => "record-missing",
            Self::Signature(error) => match error {
                SignatureError::Namespace { .. } => "signature-other-namespace",
                SignatureError::OtherBytes => "signature-other-bytes",
                SignatureError::NoTouch => "signature-no-touch",
                SignatureError::Key(_) => "signature-key-refused",
                _ => "signature-malformed",
            },
            Self::KeyUnknown { .. } => "key-unknown",
            Self::KeyOfAnother { .. } => "key-of-another",
            Self::KeyNotFor { .. } => "key-not-for-namespace",
            Self::KeyNotYetValid { .. } => "key-not-yet-valid",
            Self::KeyExpired { .. } => "key-expired",
            Self::KeyRevoked { .. } => "key-revoked",
            Self::FromTheFuture { .. } => "from-the-future",
            Self::NeverCounted => "never-counted",
            Self::Expired { .. } => "expired",
            Self::TooLong { .. } => "too-long",
            Self::BreakGlassWithoutReason => "break-glass-without-reason",
            Self::OwnChange { .. } => "own-change",
            Self::CountedAlready => "counted-already",
            Self::Withdrawn(_) => "withdrawn",
            Self::Revoked(_) => "revoked",
            Self::RevocationUnchecked(_) => "revocation-unchecked",
        }
    }

    /// Whether it stands against the content, however many approvals there are.
    pub fn is_revocation(&self) -> bool {
        matches!(self, Self::Revoked(_) | Self::RevocationUnchecked(_))
    }

    /// Whether it is what every change of a document leaves behind: an approval of what the document said before.
    pub fn is_of_earlier_content(&self) -> bool {
        matches!(self, Self::OtherContent { .. })
    }
}

impl serde::Serialize for Refusal {
    /// `file`, `principal`, `rule` (see [`Reason::code`]) and `message`.
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct;
        let mut fields = serializer.serialize_struct("Refusal", 4)?;
        fields.serialize_field("file", &self.file)?;
        fields.serialize_field("principal", &self.principal)?;
        fields.serialize_field("rule", self.reason.code())?;
        fields.serialize_field("message", &self.reason.to_string())?;
        fields.end()
    }
}
