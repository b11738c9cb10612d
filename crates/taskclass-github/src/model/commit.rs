//! Branches, refs, commits, trees, comparisons.

use jiff::Timestamp;
use serde::Deserialize;

use super::account::Actor;
use super::pull::ChangedFile;
use crate::lenient;

/// A commit, by its id.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct CommitRef {
    /// The id: forty hexadecimal digits.
    pub sha: String,
}

/// A branch and its last commit.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Branch {
    /// The name.
    pub name: String,
    /// The commit it points to.
    pub commit: CommitRef,
    /// Whether a classic protection or a rule holds for it.
    pub protected: bool,
}

/// What a ref points to.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct GitObject {
    /// `commit` or `tag`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The object's id.
    pub sha: String,
}

/// A git ref.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct GitRef {
    /// The full name, for example `refs/heads/main`.
    #[serde(rename = "ref")]
    pub name: String,
    /// What it points to.
    pub object: GitObject,
}

/// Who wrote or committed, as it stands in the commit itself: not verified.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Author {
    /// The name.
    #[serde(default)]
    pub name: Option<String>,
    /// The address.
    #[serde(default)]
    pub email: Option<String>,
    /// When.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub date: Option<Timestamp>,
}

/// What stands in the commit itself.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct CommitDetails {
    /// The whole message, trailers included.
    pub message: String,
    /// Who wrote it.
    #[serde(default)]
    pub author: Option<Author>,
    /// Who committed it.
    #[serde(default)]
    pub committer: Option<Author>,
    /// Its tree.
    pub tree: CommitRef,
}

/// A commit.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Commit {
    /// The id.
    pub sha: String,
    /// Message, authors, tree.
    pub commit: CommitDetails,
    /// The account of its author, if its address belongs to one.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub author: Option<Actor>,
    /// The account of its committer, if its address belongs to one.
    #[serde(default, deserialize_with = "lenient::optional")]
    pub committer: Option<Actor>,
    /// Its parents.
    pub parents: Vec<CommitRef>,
    /// Its page for people.
    #[serde(default)]
    pub html_url: Option<String>,
    /// What it changed (a single commit only): GitHub lists 300 files a page and 3,000 in all.
    #[serde(default)]
    pub files: Option<Vec<ChangedFile>>,
}

/// What changed between two points.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Comparison {
    /// `ahead`, `behind`, `diverged` or `identical`.
    pub status: String,
    /// Commits on the head only.
    pub ahead_by: u64,
    /// Commits on the base only.
    pub behind_by: u64,
    /// Commits in the comparison; the answer lists 250 of them at most.
    pub total_commits: u64,
    /// Where the two parted.
    pub merge_base_commit: CommitRef,
    /// The commits, oldest first.
    pub commits: Vec<Commit>,
    /// The files, **at most 300**: with so many, there may be more. `None` is unknown, not none.
    #[serde(default)]
    pub files: Option<Vec<ChangedFile>>,
}

/// One entry of a tree.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct TreeEntry {
    /// Path from the root of the tree that was asked for.
    pub path: String,
    /// `100644`, `100755`, `040000`, `160000` or `120000`.
    pub mode: String,
    /// `blob`, `tree` or `commit`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The object's id.
    pub sha: String,
    /// A blob's size in bytes.
    #[serde(default)]
    pub size: Option<u64>,
}

/// A tree.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Tree {
    /// The id.
    pub sha: String,
    /// True if it was too large: an entry that is not listed may exist all the same.
    pub truncated: bool,
    /// Its entries.
    pub tree: Vec<TreeEntry>,
}
