//! A reading of a result, as its event has it.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use taskclass_spec::Digest;

use crate::vocab::PullView;

/// What was read about a result, in short; the whole of it is kept beside the journal under its SHA-256.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct EvidenceRead {
    /// SHA-256 of the whole evidence's JCS form.
    pub sha256: Digest,
    /// The commit that it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub head_sha: Option<String>,
    /// Whether anything was changed.
    pub empty: bool,
    /// Whether everything about the files could be read. If not, the numbers are at least this, and the rest is unknown.
    pub complete: bool,
    /// How many files.
    pub files: u64,
    /// How many of them lie outside `validation.paths`, denied ones included.
    pub files_outside: u64,
    /// Lines added and deleted.
    pub lines: u64,
    /// Lines added.
    pub additions: u64,
    /// Lines deleted.
    pub deletions: u64,
    /// How many commits; absent if GitHub does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commits: Option<u64>,
    /// How many of the required checks passed.
    pub checks_passed: u64,
    /// How many of them failed.
    pub checks_failed: u64,
    /// How many of them are not known to have done either: not there, not ended, waiting, or from somebody whose word does not count.
    pub checks_unknown: u64,
    /// When to read again before anything is concluded; absent when it is conclusive, or read long enough.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub again_at: Option<Timestamp>,
    /// The pull request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pull_request: Option<PullView>,
}
