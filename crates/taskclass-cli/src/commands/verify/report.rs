//! `verify/v1`: how documents stand, for programs. People are shown the same facts (`page`).

use std::collections::BTreeSet;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

/// How documents stand at a commit and a moment.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(title = "verify/v1", description = "How the documents of a registry stand at a commit and a moment.")]
pub(crate) struct Report {
    /// The document's format and version: `verify/v1`.
    pub(crate) schema: Format,
    /// The commit that was read.
    pub(crate) commit: String,
    /// The moment for which it was decided (UTC).
    #[schemars(with = "String", extend("format" = "date-time"))]
    pub(crate) on: Timestamp,
    /// Whether a pin outside the registry held `trust/allowed_signers`. Nothing runs where none does.
    pub(crate) trust_pinned: bool,
    /// Whether the policy is approved. Nothing runs under one that is not.
    pub(crate) policy_approved: bool,
    /// Whether the policy and all documents that were asked about are approved.
    pub(crate) approved: bool,
    /// The documents: the policy first, then classes by name.
    pub(crate) documents: Vec<Document>,
}

/// The format.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(inline)]
pub(crate) enum Format {
    #[serde(rename = "verify/v1")]
    V1,
}

/// One document.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Document {
    /// `policy` or `task-class`.
    pub(crate) kind: taskclass_spec::written::DocumentKind,
    /// Its name.
    pub(crate) name: String,
    /// Its path in the registry.
    pub(crate) path: String,
    /// How it stands.
    pub(crate) state: State,
    /// Whether it stands only by break-glass approvals.
    pub(crate) break_glass: bool,
    /// Its version; absent for the policy, and where it cannot be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) version: Option<u32>,
    /// Its digest; absent where it cannot be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) digest: Option<String>,
    /// Its risk; absent where it cannot be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) risk: Option<taskclass_spec::written::Risk>,
    /// How many people have to sign; absent where it cannot be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) quorum: Option<u32>,
    /// How many are missing.
    pub(crate) missing: u32,
    /// The approvals that count.
    pub(crate) approvals: Vec<Approval>,
    /// Until when it stays approved if nothing changes.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub(crate) until: Option<Timestamp>,
    /// From when on it should be renewed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub(crate) renew_from: Option<Timestamp>,
    /// Whole days left, the one that has begun counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) days_left: Option<i64>,
    /// Records that do not count, or stand against it, each with its reason.
    pub(crate) ignored: Vec<Ignored>,
    /// Whether it has changed since it was approved: `taskclass diff --since-approved NAME` shows how.
    pub(crate) moved_on: bool,
    /// When it stopped being approved, where nothing but time has passed since.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub(crate) expired_at: Option<Timestamp>,
    /// The revocation that stands against it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) revoked: Option<Withdrawal>,
    /// How many errors `taskclass lint` finds in it, for which `approve` and `run` refuse it; absent where none were looked
    /// for, because it is approved or cannot be.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) lint_errors: Option<usize>,
    /// Who could sign, and why others could not; empty where the document is approved and need not be renewed yet.
    pub(crate) candidates: Vec<Candidate>,
    /// Records about it that lie in the work tree and are not in the commit as they are there.
    pub(crate) uncommitted: Vec<String>,
    /// How it stands once those are committed; absent where there are none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) once_committed: Option<OnceCommitted>,
    /// Why nothing could be decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) error: Option<String>,
}

impl Document {
    /// How many are missing once what lies in the work tree is committed.
    pub(crate) fn missing_then(&self) -> u32 {
        self.once_committed.as_ref().map_or(self.missing, |then| then.missing)
    }

    /// Who could still sign.
    pub(crate) fn could_sign(&self) -> BTreeSet<&str> {
        let could = self.candidates.iter().filter(|candidate| candidate.hindrance.is_none());
        could.map(|candidate| candidate.principal.as_str()).collect()
    }

    /// What leads out of a revocation.
    pub(crate) fn way_out(&self) -> String {
        let raised = if self.version.is_some() { " and raise its version" } else { "" };
        match self.revoked {
            Some(_) => format!("change the content of {}{raised}, then approve that", self.path),
            // It can be checked by nobody, and stands for as long as it is there.
            None => "mend the revocation that cannot be checked, or take it away in a reviewed change".to_owned(),
        }
    }

    /// Whether there are not enough people who could sign what is missing.
    pub(crate) fn lacks_signers(&self) -> bool {
        u32::try_from(self.could_sign().len()).is_ok_and(|could| could < self.missing_then())
    }
}

/// How a document stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub(crate) enum State {
    /// Its quorum is met.
    Approved,
    /// Its quorum is not met.
    NotApproved,
    /// A revocation stands against it.
    Revoked,
    /// It does not say what such a document says.
    Invalid,
    /// It cannot be read.
    Unreadable,
    /// Who changed it last cannot be found out.
    Undecided,
}

impl State {
    /// The word for people.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Approved => "approved",
            Self::NotApproved => "not approved",
            Self::Revoked => "revoked",
            Self::Invalid => "not valid",
            Self::Unreadable => "not readable",
            Self::Undecided => "not decided",
        }
    }
}

/// An approval that counts.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Approval {
    /// Whose.
    pub(crate) principal: String,
    /// By which key, as `SHA256:…`.
    pub(crate) key_fingerprint: String,
    /// When it was given.
    #[schemars(with = "String", extend("format" = "date-time"))]
    pub(crate) approved_at: Timestamp,
    /// Until when it counts.
    #[schemars(with = "String", extend("format" = "date-time"))]
    pub(crate) expires_at: Timestamp,
    /// The record's path in the registry.
    pub(crate) file: String,
    /// The signer's words.
    pub(crate) note: String,
    /// Whether it is a break-glass approval.
    pub(crate) break_glass: bool,
}

/// A revocation.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Withdrawal {
    /// Whose.
    pub(crate) principal: String,
    /// When it was signed.
    #[schemars(with = "String", extend("format" = "date-time"))]
    pub(crate) revoked_at: Timestamp,
    /// Why, in their words.
    pub(crate) reason: String,
    /// The record's path in the registry.
    pub(crate) file: String,
}

/// How a document will stand.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct OnceCommitted {
    /// How.
    pub(crate) state: State,
    /// How many approvals count then.
    pub(crate) approvals: usize,
    /// How many are missing then.
    pub(crate) missing: u32,
    /// The revocation that stands against it then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) revoked: Option<Withdrawal>,
    /// The records in the work tree that do not count then either, each with its reason.
    pub(crate) ignored: Vec<Ignored>,
}

/// A record that does not count.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Ignored {
    /// The record's path in the registry.
    pub(crate) file: String,
    /// Whose record it says it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) principal: Option<String>,
    /// The rule that it broke, by a name that scripts can rely on.
    pub(crate) rule: String,
    /// The same in words.
    pub(crate) message: String,
}

/// Somebody whom the trust file names.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Candidate {
    /// Who.
    pub(crate) principal: String,
    /// With which key, as `SHA256:…`.
    pub(crate) key_fingerprint: String,
    /// Why their approval would not count; absent if it would.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) hindrance: Option<String>,
}

/// The JSON Schema of [`Report`].
pub(crate) fn schema() -> Value {
    taskclass_spec::schema::generate::<Report>("verify/v1")
}
