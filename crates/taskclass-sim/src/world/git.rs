//! Commits, branches and trees: as much of git as the API shows.

use std::collections::{BTreeMap, BinaryHeap, HashMap, HashSet};

use jiff::Timestamp;

use super::UserIndex;
use crate::hash::Ids;
use crate::scenario::{EntryKind, FileScript};

/// One changed file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FileChange {
    pub(crate) path: String,
    pub(crate) previous: Option<String>,
    pub(crate) status: String,
    pub(crate) entry: EntryKind,
    pub(crate) additions: u64,
    pub(crate) deletions: u64,
}

/// One commit.
#[derive(Debug, Clone)]
pub(crate) struct Commit {
    pub(crate) sha: String,
    pub(crate) tree: String,
    pub(crate) parents: Vec<String>,
    pub(crate) message: String,
    pub(crate) author: UserIndex,
    pub(crate) at: Timestamp,
    /// Against the first parent.
    pub(crate) changes: Vec<FileChange>,
    /// One more than the highest of the parents'.
    generation: u64,
}

/// One repository's history.
#[derive(Debug, Clone, Default)]
pub(crate) struct Git {
    commits: BTreeMap<String, Commit>,
    branches: BTreeMap<String, String>,
    /// The first commit's files.
    files: BTreeMap<String, String>,
}

/// What lies between two commits.
#[derive(Debug, Clone)]
pub(crate) struct Comparison {
    pub(crate) merge_base: String,
    /// Commits of the head that the base lacks, oldest first.
    pub(crate) ahead: Vec<String>,
    pub(crate) behind: usize,
    pub(crate) files: Vec<FileChange>,
}

/// A commit to be made.
pub(crate) struct NewCommit<'a> {
    pub(crate) parents: Vec<String>,
    pub(crate) message: &'a str,
    pub(crate) author: UserIndex,
    pub(crate) at: Timestamp,
    pub(crate) changes: Vec<FileChange>,
}

impl Git {
    /// A history of one commit that brings these files, and these branches on it.
    pub(crate) fn new(
        repo: &str,
        files: &BTreeMap<String, String>,
        branches: &[&str],
        at: Timestamp,
        ids: &Ids,
    ) -> Self {
        let mut git = Self { files: files.clone(), ..Self::default() };
        let changes = files
            .iter()
            .map(|(path, text)| FileChange {
                path: path.clone(),
                previous: None,
                status: "added".to_owned(),
                entry: EntryKind::File,
                additions: text.lines().count() as u64,
                deletions: 0,
            })
            .collect();
        let first = NewCommit { parents: Vec::new(), message: "First commit", author: 0, at, changes };
        let sha = git.commit(repo, first, ids);
        for branch in branches {
            git.branches.insert((*branch).to_owned(), sha.clone());
        }
        git
    }

    /// Makes a commit; no branch points at it yet.
    pub(crate) fn commit(&mut self, repo: &str, new: NewCommit<'_>, ids: &Ids) -> String {
        let order = self.commits.len().to_string();
        let mut parts = vec!["commit", repo, order.as_str(), new.message];
        parts.extend(new.parents.iter().map(String::as_str));
        let sha = ids.sha(&parts);
        let tree = match new.parents.first() {
            Some(parent) if new.changes.is_empty() => self.commits.get(parent).map(|commit| commit.tree.clone()),
            _ => None,
        };
        let generation =
            new.parents.iter().filter_map(|parent| self.commits.get(parent)).map(|commit| commit.generation + 1).max();
        let commit = Commit {
            tree: tree.unwrap_or_else(|| ids.sha(&["tree", &sha])),
            parents: new.parents,
            message: new.message.to_owned(),
            author: new.author,
            at: new.at,
            changes: new.changes,
            generation: generation.unwrap_or(0),
            sha: sha.clone(),
        };
        self.commits.insert(sha.clone(), commit);
        sha
    }

    /// Points a branch, new or not, at a commit.
    pub(crate) fn set_branch(&mut self, name: &str, sha: &str) {
        self.branches.insert(name.to_owned(), sha.to_owned());
    }

    pub(crate) fn branch(&self, name: &str) -> Option<&str> {
        self.branches.get(name).map(String::as_str)
    }

    pub(crate) fn commit_of(&self, sha: &str) -> Option<&Commit> {
        self.commits.get(sha)
    }

    /// The commit that a branch, a full ref, a SHA or an unambiguous start of one names.
    pub(crate) fn resolve(&self, reference: &str) -> Option<&Commit> {
        let short = reference.strip_prefix("refs/").unwrap_or(reference);
        let branch = short.strip_prefix("heads/").unwrap_or(short);
        if let Some(sha) = self.branches.get(branch) {
            return self.commits.get(sha);
        }
        let hex = (7..=40).contains(&reference.len()) && reference.bytes().all(|byte| byte.is_ascii_hexdigit());
        let mut found =
            self.commits.range(reference.to_owned()..).take_while(|(sha, _)| hex && sha.starts_with(reference));
        let first = found.next()?;
        found.next().is_none().then_some(first.1)
    }

    /// A commit that has this tree; of several the first.
    pub(crate) fn with_tree(&self, tree: &str) -> Option<&Commit> {
        self.commits.values().filter(|commit| commit.tree == tree).min_by_key(|commit| (commit.generation, &commit.sha))
    }

    /// A commit and its first parents, newest first.
    pub(crate) fn history<'a>(&'a self, sha: &str) -> impl Iterator<Item = &'a Commit> {
        std::iter::successors(self.commits.get(sha), |commit| {
            commit.parents.first().and_then(|parent| self.commits.get(parent))
        })
    }

    /// A commit and all that it reaches, newest first.
    pub(crate) fn log<'a>(&'a self, sha: &str) -> impl Iterator<Item = &'a Commit> {
        let first = self.commits.get(sha);
        let mut queue: BinaryHeap<_> =
            first.into_iter().map(|commit| (commit.at, commit.generation, commit.sha.as_str())).collect();
        let mut seen: HashSet<&str> = first.into_iter().map(|commit| commit.sha.as_str()).collect();
        std::iter::from_fn(move || {
            let (_, _, sha) = queue.pop()?;
            let commit = self.commits.get(sha)?;
            for parent in commit.parents.iter().filter_map(|parent| self.commits.get(parent)) {
                if seen.insert(&parent.sha) {
                    queue.push((parent.at, parent.generation, &parent.sha));
                }
            }
            Some(commit)
        })
    }

    /// Every path at a commit, with its blob's SHA.
    pub(crate) fn tree_at(&self, sha: &str, ids: &Ids) -> BTreeMap<String, String> {
        let mut history: Vec<&Commit> = self.history(sha).collect();
        history.reverse();
        let mut tree = BTreeMap::new();
        for commit in history {
            for change in &commit.changes {
                if let Some(previous) = &change.previous {
                    tree.remove(previous);
                }
                if change.status == "removed" {
                    tree.remove(&change.path);
                } else {
                    tree.insert(change.path.clone(), ids.sha(&["blob", &change.path, &commit.sha]));
                }
            }
        }
        tree
    }

    /// What sort of entry a path is at a commit.
    pub(crate) fn entry_at(&self, sha: &str, path: &str) -> EntryKind {
        let changes = self.history(sha).flat_map(|commit| &commit.changes);
        changes.filter(|change| change.path == path).map(|change| change.entry).next().unwrap_or_default()
    }

    /// A file's text: the first commit's, with a line for each later commit that changed it.
    pub(crate) fn text_at(&self, sha: &str, path: &str) -> String {
        let mut text = self.files.get(path).cloned().unwrap_or_default();
        let mut changes: Vec<&str> = self
            .history(sha)
            .filter(|commit| !commit.parents.is_empty() && commit.changes.iter().any(|change| change.path == path))
            .map(|commit| commit.sha.as_str())
            .collect();
        changes.reverse();
        for change in changes {
            text.push_str("changed in ");
            text.push_str(change);
            text.push('\n');
        }
        text
    }

    /// A scripted change as it applies on top of `parent`.
    pub(crate) fn change(&self, parent: &str, file: &FileScript) -> FileChange {
        let exists = || self.exists_at(parent, &file.path);
        let status = match &file.status {
            Some(status) => status.clone(),
            None if exists() => "modified".to_owned(),
            None => "added".to_owned(),
        };
        let deletions = file.deletions.unwrap_or(u64::from(status != "added"));
        let additions = if status == "removed" { 0 } else { file.additions };
        let (path, previous) = (file.path.clone(), file.previous_path.clone());
        FileChange { path, previous, status, entry: file.entry, additions, deletions }
    }

    fn exists_at(&self, sha: &str, path: &str) -> bool {
        let last = self.history(sha).find_map(|commit| {
            commit.changes.iter().find(|change| change.path == path || change.previous.as_deref() == Some(path))
        });
        last.is_some_and(|change| change.path == path && change.status != "removed")
    }

    /// What `head` has that `base` lacks.
    pub(crate) fn compare(&self, base: &str, head: &str) -> Option<Comparison> {
        let (only_base, mut ahead, merge_base) = self.sides(base, head)?;
        ahead.sort_by_key(|sha| self.commits.get(sha).map(|commit| (commit.generation, commit.at)));
        let mut files: BTreeMap<String, FileChange> = BTreeMap::new();
        let between: Vec<&Commit> = {
            let mine: HashSet<&str> = ahead.iter().map(String::as_str).collect();
            let mut line: Vec<&Commit> =
                self.history(head).take_while(|commit| mine.contains(commit.sha.as_str())).collect();
            line.reverse();
            line
        };
        for change in between.into_iter().flat_map(|commit| &commit.changes) {
            merge_change(&mut files, change);
        }
        let files = files.into_values().collect();
        Some(Comparison { merge_base, ahead, behind: only_base.len(), files })
    }

    /// Commits that only `base` reaches, commits that only `head` reaches, and the newest that both reach. It walks down by
    /// generations from both ends and stops where all that is left is common.
    fn sides(&self, base: &str, head: &str) -> Option<(Vec<String>, Vec<String>, String)> {
        const BASE: u8 = 1;
        const HEAD: u8 = 2;
        let mut flags: HashMap<&str, u8> = HashMap::new();
        let mut queue: BinaryHeap<(u64, &str)> = BinaryHeap::new();
        for (sha, flag) in [(base, BASE), (head, HEAD)] {
            let commit = self.commits.get(sha)?;
            if flags.insert(&commit.sha, flags.get(commit.sha.as_str()).unwrap_or(&0) | flag).is_none() {
                queue.push((commit.generation, &commit.sha));
            }
        }
        let (mut only_base, mut only_head, mut common) = (Vec::new(), Vec::new(), None);
        while let Some((_, sha)) = queue.pop() {
            // Every child has a higher generation and was here before: the flags are final.
            let mine = flags.get(sha).copied().unwrap_or(0);
            match mine {
                BASE => only_base.push(sha.to_owned()),
                HEAD => only_head.push(sha.to_owned()),
                _ => common = common.or_else(|| Some(sha.to_owned())),
            }
            for parent in self.commits.get(sha).into_iter().flat_map(|commit| &commit.parents) {
                let Some(parent) = self.commits.get(parent) else { continue };
                let known = flags.entry(&parent.sha).or_insert(0);
                if *known == 0 {
                    queue.push((parent.generation, &parent.sha));
                }
                *known |= mine;
            }
            if common.is_some() && queue.iter().all(|(_, sha)| flags.get(sha) == Some(&(BASE | HEAD))) {
                break;
            }
        }
        common.map(|common| (only_base, only_head, common))
    }
}

/// Adds a later change of a path to what was known of it.
fn merge_change(files: &mut BTreeMap<String, FileChange>, change: &FileChange) {
    let before = change.previous.as_deref().and_then(|previous| files.remove(previous));
    let Some(before) = before.or_else(|| files.remove(&change.path)) else {
        files.insert(change.path.clone(), change.clone());
        return;
    };
    if before.status == "added" && change.status == "removed" {
        return;
    }
    let status = if before.status == "added" { &before.status } else { &change.status };
    let merged = FileChange {
        path: change.path.clone(),
        previous: before.previous.or_else(|| change.previous.clone()),
        status: status.clone(),
        entry: change.entry,
        additions: before.additions + change.additions,
        deletions: before.deletions + change.deletions,
    };
    files.insert(change.path.clone(), merged);
}

#[cfg(test)]
#[path = "git/tests.rs"]
mod tests;
