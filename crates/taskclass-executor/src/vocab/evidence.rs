//! What was read about a result, and what was made of it.

use std::fmt;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use taskclass_spec::written::Validation;

use super::{AgentState, Verdict};

/// One touched file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FileChange {
    /// Its path, after a rename the new one.
    pub path: String,
    /// The path that it had before, after a rename.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous: Option<String>,
    /// Lines added.
    pub additions: u64,
    /// Lines deleted.
    pub deletions: u64,
}

/// Where a file lies, by the class's `validation.paths`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileScope {
    /// Allowed.
    Inside,
    /// No pattern of `allow` matches.
    NotAllowed,
    /// A pattern of `deny` (the class's or the policy's) matches.
    Denied,
}

impl FileChange {
    /// Where the change lies; a rename touches both paths.
    pub fn scope(&self, validation: &Validation) -> FileScope {
        let paths = || std::iter::once(self.path.as_str()).chain(self.previous.as_deref());
        if paths().any(|path| validation.paths.deny.iter().any(|pattern| pattern.matches(path))) {
            FileScope::Denied
        } else if paths().all(|path| validation.paths.allow.iter().any(|pattern| pattern.matches(path))) {
            FileScope::Inside
        } else {
            FileScope::NotAllowed
        }
    }
}

/// What is known of one check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum CheckState {
    /// Ended well (`success`, `neutral` or `skipped` for one that is not required; only `success` for a required one).
    Passed,
    /// Ended badly.
    Failed,
    /// Not ended.
    Running,
    /// Waits for a person's "Approve and run workflows".
    AwaitsApproval,
    /// Ended, but without saying well or badly.
    Neutral,
    /// A conclusion that this version does not know.
    Unknown,
}

/// One check run or status at the judged commit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Check {
    /// Its name, or the status's context.
    pub name: String,
    /// What is known of it.
    pub state: CheckState,
}

/// One person's latest review.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Review {
    /// The login.
    pub login: String,
    /// The user's id.
    pub user_id: i64,
    /// `APPROVED`, `CHANGES_REQUESTED`, … in GitHub's spelling.
    pub state: String,
    /// Whether it was given for the judged commit.
    pub at_head: bool,
}

/// A pull request as it was last read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PullView {
    /// Its number.
    pub number: i64,
    /// Its database id.
    pub id: i64,
    /// Where a person sees it.
    pub url: String,
    /// Whether it is open.
    pub open: bool,
    /// Whether it was merged.
    pub merged: bool,
    /// Whether it is a draft.
    pub draft: bool,
    /// The branch.
    pub head_ref: String,
    /// The branch's commit.
    pub head_sha: String,
    /// What it is to be merged into.
    pub base_ref: String,
    /// The merge's commit, once merged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merge_commit: Option<String>,
    /// Whether it can be merged; absent while GitHub computes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mergeable: Option<bool>,
    /// When it was opened, by GitHub's clock.
    #[schemars(with = "String", extend("format" = "date-time"))]
    pub created_at: Timestamp,
}

/// Everything that was read about a result, at one pinned commit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Evidence {
    /// How GitHub's task ended.
    pub ended: AgentState,
    /// Its error, if it had one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// The branch, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub head_ref: Option<String>,
    /// The commit that all else is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub head_sha: Option<String>,
    /// Whether the branch still pointed there after everything had been read.
    pub head_stable: bool,
    /// The pull request, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pull_request: Option<PullView>,
    /// The files that it touches.
    pub files: Vec<FileChange>,
    /// Whether GitHub cut the list of files.
    pub files_cut: bool,
    /// Check runs and statuses, the agent's own left out.
    pub checks: Vec<Check>,
    /// Whether the checks could be read whole.
    pub checks_known: bool,
    /// Everybody's latest review.
    pub reviews: Vec<Review>,
    /// The model that was asked for; absent for `auto`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model_asked: Option<String>,
    /// The models that worked, normalised.
    pub models_used: Vec<String>,
    /// What all sessions used; absent if unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nano_credits: Option<u64>,
    /// What could not be read, in words.
    pub unread: Vec<String>,
}

impl Evidence {
    /// Lines added and deleted together.
    pub fn lines(&self) -> u64 {
        self.files.iter().fold(0, |sum, file| sum.saturating_add(file.additions).saturating_add(file.deletions))
    }

    /// Whether the result changes nothing, as far as that is known.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty() && !self.files_cut && self.unread.is_empty()
    }
}

/// One reason of a verdict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "reason", rename_all = "snake_case")]
pub enum Reason {
    /// Breach: the task ended, and not by itself.
    TaskEnded {
        /// How.
        state: AgentState,
        /// GitHub's words.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        error: Option<String>,
    },
    /// Breach: files outside `validation.paths.allow`.
    OutOfScope {
        /// Their paths, at most fifty.
        paths: Vec<String>,
        /// How many there are.
        count: u32,
    },
    /// Breach: files that `validation.paths.deny` or the policy's `paths.deny` forbids.
    DeniedPaths {
        /// Their paths, at most fifty.
        paths: Vec<String>,
        /// How many there are.
        count: u32,
    },
    /// Breach: more files than `validation.max_files`.
    TooManyFiles {
        /// How many.
        count: u64,
        /// The limit.
        limit: u32,
    },
    /// Breach: more lines than `validation.max_lines`.
    TooManyLines {
        /// How many.
        count: u64,
        /// The limit.
        limit: u32,
    },
    /// Breach: a check failed.
    CheckFailed {
        /// Its name.
        name: String,
    },
    /// Breach: nothing was changed, and `validation.empty_result` is `rejected`.
    EmptyResult,
    /// Breach: another model worked than the one that was asked for.
    ModelSubstituted {
        /// Asked for.
        asked: String,
        /// Used.
        used: String,
    },
    /// Breach: a pull request although `pull_request.create` is `never`.
    UnwantedPullRequest {
        /// Its number.
        number: i64,
    },
    /// Breach: a pull request into another branch than the base.
    WrongBase {
        /// The base that the run has.
        asked: String,
        /// The base that the pull request has.
        found: String,
    },
    /// Unknown: a required check did not run.
    CheckMissing {
        /// Its name.
        name: String,
    },
    /// Unknown: a check has not ended.
    CheckRunning {
        /// Its name.
        name: String,
    },
    /// Unknown: a check waits for a person's "Approve and run workflows".
    CheckAwaitsApproval {
        /// Its name.
        name: String,
    },
    /// Unknown: a required check ended without saying well or badly.
    CheckNeutral {
        /// Its name.
        name: String,
    },
    /// Unknown: GitHub cut the list of files.
    FilesCut,
    /// Unknown: the branch moved while it was read.
    HeadMoved,
    /// Unknown: GitHub does not say which model worked.
    ModelUnknown,
    /// Unknown: GitHub has not computed whether the pull request can be merged.
    MergeableUnknown,
    /// Unknown: something could not be read.
    Unread {
        /// What.
        what: String,
    },
}

impl Reason {
    /// Whether it is a definite breach; else it is something unknown.
    pub fn is_breach(&self) -> bool {
        !matches!(
            self,
            Self::CheckMissing { .. }
                | Self::CheckRunning { .. }
                | Self::CheckAwaitsApproval { .. }
                | Self::CheckNeutral { .. }
                | Self::FilesCut
                | Self::HeadMoved
                | Self::ModelUnknown
                | Self::MergeableUnknown
                | Self::Unread { .. }
        )
    }

    /// Whether time alone may settle it: then evidence is read again before anything is concluded.
    pub fn may_pass(&self) -> bool {
        matches!(
            self,
            Self::CheckMissing { .. }
                | Self::CheckRunning { .. }
                | Self::HeadMoved
                | Self::MergeableUnknown
                | Self::Unread { .. }
        )
    }

    /// The field of the class that decides.
    pub fn field(&self) -> &'static str {
        match self {
            Self::OutOfScope { .. } => "validation.paths.allow",
            Self::DeniedPaths { .. } => "validation.paths.deny",
            Self::TooManyFiles { .. } => "validation.max_files",
            Self::TooManyLines { .. } => "validation.max_lines",
            Self::EmptyResult => "validation.empty_result",
            Self::ModelSubstituted { .. } | Self::ModelUnknown => "model",
            Self::UnwantedPullRequest { .. } => "pull_request.create",
            Self::WrongBase { .. } => "base_ref",
            Self::CheckFailed { .. }
            | Self::CheckMissing { .. }
            | Self::CheckRunning { .. }
            | Self::CheckAwaitsApproval { .. }
            | Self::CheckNeutral { .. } => "validation.required_checks",
            _ => "validation",
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TaskEnded { state, error: None } => write!(f, "the task ended as `{}`", state.as_str()),
            Self::TaskEnded { state, error: Some(error) } => {
                write!(f, "the task ended as `{}`: {error}", state.as_str())
            }
            Self::OutOfScope { paths, count } => {
                write!(f, "{} outside the allowed paths: {}", files(*count), some(paths, *count))
            }
            Self::DeniedPaths { paths, count } => {
                write!(f, "{} that may never be touched: {}", files(*count), some(paths, *count))
            }
            Self::TooManyFiles { count, limit } => write!(f, "{count} files touched, at most {limit} allowed"),
            Self::TooManyLines { count, limit } => write!(f, "{count} lines changed, at most {limit} allowed"),
            Self::CheckFailed { name } => write!(f, "check `{name}` failed"),
            Self::EmptyResult => f.write_str("nothing was changed"),
            Self::ModelSubstituted { asked, used } => write!(f, "model `{used}` worked, `{asked}` was asked for"),
            Self::UnwantedPullRequest { number } => write!(f, "pull request #{number} was opened, none was to be"),
            Self::WrongBase { asked, found } => write!(f, "the pull request goes into `{found}`, not into `{asked}`"),
            Self::CheckMissing { name } => write!(f, "required check `{name}` did not run"),
            Self::CheckRunning { name } => write!(f, "check `{name}` has not ended"),
            Self::CheckAwaitsApproval { name } => {
                write!(f, "check `{name}` waits for a person to approve and run workflows")
            }
            Self::CheckNeutral { name } => write!(f, "required check `{name}` ended without saying whether it passed"),
            Self::FilesCut => f.write_str("GitHub's list of files is cut, so the rest is not known"),
            Self::HeadMoved => f.write_str("the branch moved while it was read"),
            Self::ModelUnknown => f.write_str("GitHub does not say which model worked"),
            Self::MergeableUnknown => f.write_str("GitHub has not said whether the pull request can be merged"),
            Self::Unread { what } => write!(f, "could not be read: {what}"),
        }
    }
}

fn files(count: u32) -> String {
    if count == 1 { "1 file".to_owned() } else { format!("{count} files") }
}

fn some(paths: &[String], count: u32) -> String {
    let shown: Vec<_> = paths.iter().take(10).map(|path| format!("`{path}`")).collect();
    let rest = usize::try_from(count).unwrap_or(usize::MAX).saturating_sub(shown.len());
    let list = shown.join(", ");
    if rest == 0 { list } else { format!("{list} and {rest} more") }
}

/// A verdict with its reasons.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Judgement {
    /// The verdict.
    pub verdict: Verdict,
    /// Every reason, breaches first; empty for `accepted`.
    pub reasons: Vec<Reason>,
    /// The commit that was judged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub head_sha: Option<String>,
}
