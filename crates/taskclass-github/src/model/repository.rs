//! A repository and what the token's user may do in it.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;

use super::account::Actor;
use crate::ids::RepositoryId;
use crate::lenient;
use crate::repo_name::{RepoName, RepoNameError};

/// What the token's user may do.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Permissions {
    /// Read.
    pub pull: bool,
    /// Manage issues and pull requests.
    pub triage: bool,
    /// Write: what an agent task asks for.
    pub push: bool,
    /// Manage the repository without its dangerous parts.
    pub maintain: bool,
    /// Everything.
    pub admin: bool,
}

/// A repository. Lists leave out more than the single repository does.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Repository {
    /// The database id, which outlives a rename.
    pub id: RepositoryId,
    /// The name without its owner.
    pub name: String,
    /// `owner/name` as it is now: differs from what was asked for after a rename.
    pub full_name: String,
    /// The user or organisation it belongs to.
    pub owner: Actor,
    /// Whether only some may read it.
    pub private: bool,
    /// `public`, `private` or `internal`.
    #[serde(default)]
    pub visibility: Option<String>,
    /// The default branch; lists may leave it out.
    #[serde(default)]
    pub default_branch: Option<String>,
    /// Read-only; lists may leave it out.
    #[serde(default)]
    pub archived: Option<bool>,
    /// Turned off by GitHub; lists may leave it out.
    #[serde(default)]
    pub disabled: Option<bool>,
    /// A fork of another.
    pub fork: bool,
    /// Made to be copied.
    #[serde(default)]
    pub is_template: Option<bool>,
    /// Whether issues can be opened, which an escalation may need.
    #[serde(default)]
    pub has_issues: Option<bool>,
    /// Its page for people.
    #[serde(default)]
    pub html_url: Option<String>,
    /// What the token's user may do; absent is unknown.
    #[serde(default)]
    pub permissions: Option<Permissions>,
    /// Its topics.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub topics: Vec<String>,
    /// The most used language.
    #[serde(default)]
    pub language: Option<String>,
    /// The organisation's custom properties: text, list of texts, or null.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub custom_properties: BTreeMap<String, Value>,
    /// When it was last pushed to.
    #[serde(default)]
    pub pushed_at: Option<Timestamp>,
}

impl Repository {
    /// Owner and name as they are now.
    ///
    /// # Errors
    /// If GitHub's names are none that this crate takes.
    pub fn repo_name(&self) -> Result<RepoName, RepoNameError> {
        RepoName::new(&self.owner.login, &self.name)
    }
}

/// What one user may do in a repository.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Permission {
    /// `admin`, `write`, `read` or `none`: the coarse level.
    pub permission: String,
    /// The role, which may be a custom one: `maintain`, `triage`, ….
    #[serde(default)]
    pub role_name: Option<String>,
    /// Whom it is about.
    #[serde(default)]
    pub user: Option<Actor>,
}

impl Permission {
    /// May push: write or more.
    pub fn can_write(&self) -> bool {
        matches!(self.permission.as_str(), "admin" | "write")
    }
}
