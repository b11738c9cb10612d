//! What was read about a result, and what was made of it.

use std::collections::BTreeMap;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use taskclass_spec::written::Validation;

use super::AgentState;

/// What sort of entry a touched path is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum FileKind {
    /// A file of lines.
    #[default]
    Plain,
    /// A file without lines: nobody can tell its size in lines.
    Binary,
    /// A link to wherever it says.
    Symlink,
    /// A commit of another repository.
    Submodule,
}

impl FileKind {
    fn is_plain(&self) -> bool {
        *self == Self::Plain
    }
}

/// One touched file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FileChange {
    /// Its path, after a rename the new one.
    pub path: String,
    /// The path that it had before, after a rename; or that it was copied from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous: Option<String>,
    /// Lines added.
    pub additions: u64,
    /// Lines deleted.
    pub deletions: u64,
    /// What sort of entry it is.
    #[serde(default, skip_serializing_if = "FileKind::is_plain")]
    pub sort: FileKind,
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
    /// Both paths of a rename, else the one.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.path.as_str()).chain(self.previous.as_deref())
    }

    /// Where the change lies; a rename touches both paths.
    pub fn scope(&self, validation: &Validation) -> FileScope {
        let paths = || self.paths();
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

/// Who set a check or a status.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Maker {
    /// An app, by a check run.
    App {
        /// The app's id.
        id: i64,
        /// Its name in URLs.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        slug: Option<String>,
    },
    /// A person's account, by a status.
    Person {
        /// The login.
        login: String,
        /// The user's id.
        id: i64,
    },
    /// An app's account, by a status.
    Bot {
        /// The login.
        login: String,
        /// The account's id.
        id: i64,
    },
    /// GitHub does not say.
    Nobody,
}

impl std::fmt::Display for Maker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::App { slug: Some(slug), .. } => write!(f, "the app `{slug}`"),
            Self::App { id, slug: None } => write!(f, "the app {id}"),
            Self::Person { login, .. } | Self::Bot { login, .. } => write!(f, "@{login}"),
            Self::Nobody => f.write_str("an account that GitHub does not name"),
        }
    }
}

/// One check run or status at the judged commit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Check {
    /// Its name, or the status's context.
    pub name: String,
    /// What is known of it.
    pub state: CheckState,
    /// Who set it.
    pub by: Maker,
}

/// One person's latest review.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Review {
    /// The login.
    pub login: String,
    /// The user's id.
    pub user_id: i64,
    /// Whether it is a person, as GitHub says; not so an app or a bot.
    pub person: bool,
    /// `APPROVED`, `CHANGES_REQUESTED`, … in GitHub's spelling.
    pub state: String,
    /// Whether it was given for the judged commit.
    pub at_head: bool,
    /// When it was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub at: Option<Timestamp>,
}

/// What people did with a pull request until it was merged or closed. What could not be read is absent: unknown, not none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Handling {
    /// When it was merged or closed, by GitHub's clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub ended_at: Option<Timestamp>,
    /// Who merged it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merged_by: Option<String>,
    /// Whose approvals count: people who may write, not the token's owner and not the author, each by their latest review, given for the
    /// merged commit before the merge.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approved_by: Option<Vec<String>>,
    /// Reviews by people, of whatever kind, the token owner's left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reviews: Option<u64>,
    /// When the first of them was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub first_review_at: Option<Timestamp>,
    /// Comments by people at lines, the token owner's left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comments: Option<u64>,
    /// Its commits, merges of the base into it left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commits: Option<u64>,
    /// Those of them that were made after the first review.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commits_after_review: Option<u64>,
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
    /// Its commits, as far as GitHub says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commits: Option<u64>,
    /// Check runs, the one that the agent works in left out; then statuses, newest first, of each context and account the newest.
    pub checks: Vec<Check>,
    /// Whether the checks could be read whole.
    pub checks_known: bool,
    /// From which app a rule of the base branch wants a required check, by the check's name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub apps_wanted: BTreeMap<String, i64>,
    /// Who has published `taskclass/verdict` on the commit, the token's owner left out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub verdicts_of_others: Vec<Maker>,
    /// Everybody's latest review.
    pub reviews: Vec<Review>,
    /// The model that was asked for; absent for `auto`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model_asked: Option<String>,
    /// The models that worked, normalised.
    pub models_used: Vec<String>,
    /// Whether a session does not say which model worked.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub model_unsaid: bool,
    /// What all sessions used; absent if unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nano_credits: Option<u64>,
    /// What could not be read, in words.
    pub unread: Vec<String>,
}

impl Evidence {
    /// Lines added.
    pub fn additions(&self) -> u64 {
        self.files.iter().fold(0, |sum, file| sum.saturating_add(file.additions))
    }

    /// Lines deleted.
    pub fn deletions(&self) -> u64 {
        self.files.iter().fold(0, |sum, file| sum.saturating_add(file.deletions))
    }

    /// Lines added and deleted together.
    pub fn lines(&self) -> u64 {
        self.additions().saturating_add(self.deletions())
    }

    /// Whether it touches what GitHub Actions runs: then Actions' word on it is the agent's own.
    pub fn touches_workflows(&self) -> bool {
        let runs = |path: &str| path.starts_with(".github/workflows/") || path.starts_with(".github/actions/");
        self.files.iter().any(|file| file.paths().any(runs))
    }

    /// Whether the result is known to change nothing. What could not be read, or moved meanwhile, is not.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty() && !self.files_cut && self.unread.is_empty() && self.head_stable
    }
}
