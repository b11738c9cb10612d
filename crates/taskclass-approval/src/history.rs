//! Who last changed a set of files, as history says.
//!
//! The walk is git's own for `git log -1 -- PATHS`: a commit in which the files are as in one of its parents did not
//! change them, and only that parent is followed. It is done here, over objects, for all sets at once: one pass over the
//! commits instead of one process a document, and no date, setting or mail map has a say.

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    sync::Arc,
};

use taskclass_source::files::RegistryPath;

use crate::git::{Commit, CommitId, EntryKind, GitError, ObjectId, Repository, Tree};

/// The commit that made a set of files what it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastChange {
    /// The commit.
    pub commit: CommitId,
    /// Its author's e-mail address, as the commit has it.
    pub author: String,
}

/// How many trees are kept at most; far more than one registry's folders in a few commits.
const MAX_TREES: usize = 5_000;

/// The last change of each set of files at `commit`, in the order of `sets`.
///
/// # Errors
/// Where history is cut off (a shallow clone) before all sets are decided: then the author is not known.
pub fn last_changes(
    repository: &Repository,
    commit: &CommitId,
    sets: &[Vec<RegistryPath>],
) -> Result<Vec<LastChange>, GitError> {
    let mut walk = Walk::new(repository, sets);
    let mut changes: Vec<Option<LastChange>> = vec![None; sets.len()];
    let mut todo = vec![(commit.clone(), repository.commit(commit)?, (0..sets.len()).collect::<BTreeSet<_>>())];
    while let Some((id, commit, mut open)) = todo.pop() {
        for parent in &commit.parents {
            if open.is_empty() {
                break;
            }
            let before: Commit = repository.commit(parent)?;
            let mut changed = BTreeSet::new();
            walk.changed(Some(&before.tree), Some(&commit.tree), "", &mut changed)?;
            let unchanged: BTreeSet<usize> = open.difference(&changed).copied().collect();
            open.retain(|set| changed.contains(set));
            if !unchanged.is_empty() {
                todo.push((parent.clone(), before, unchanged));
            }
        }
        for set in open {
            changes[set] = Some(LastChange { commit: id.clone(), author: commit.author.clone() });
        }
    }
    Ok(changes.into_iter().flatten().collect())
}

struct Walk<'a> {
    repository: &'a Repository,
    trees: HashMap<ObjectId, Arc<Tree>>,
    /// Which sets hold a file.
    files: HashMap<&'a str, Vec<usize>>,
    /// The folders on the way to any file.
    folders: HashSet<&'a str>,
}

impl<'a> Walk<'a> {
    fn new(repository: &'a Repository, sets: &'a [Vec<RegistryPath>]) -> Self {
        let mut files: HashMap<&str, Vec<usize>> = HashMap::new();
        let mut folders = HashSet::new();
        for (set, paths) in sets.iter().enumerate() {
            for path in paths.iter().map(RegistryPath::as_str) {
                files.entry(path).or_default().push(set);
                folders.extend(path.match_indices('/').map(|(at, _)| &path[..at]));
            }
        }
        Self { repository, trees: HashMap::new(), files, folders }
    }

    fn tree(&mut self, id: Option<&ObjectId>) -> Result<Arc<Tree>, GitError> {
        let Some(id) = id else { return Ok(Arc::default()) };
        if let Some(tree) = self.trees.get(id) {
            return Ok(Arc::clone(tree));
        }
        if self.trees.len() >= MAX_TREES {
            self.trees.clear();
        }
        let tree = Arc::new(self.repository.tree(id)?);
        self.trees.insert(id.clone(), Arc::clone(&tree));
        Ok(tree)
    }

    /// Adds the sets that hold a file which is not the same below both folders.
    fn changed(
        &mut self,
        a: Option<&ObjectId>,
        b: Option<&ObjectId>,
        folder: &str,
        sets: &mut BTreeSet<usize>,
    ) -> Result<(), GitError> {
        if a == b {
            return Ok(());
        }
        let (a, b) = (self.tree(a)?, self.tree(b)?);
        let names: BTreeSet<&Vec<u8>> = a.entries.keys().chain(b.entries.keys()).collect();
        for name in names {
            let (before, after) = (a.entries.get(name), b.entries.get(name));
            // A name that is no text is on the way to no file of a set.
            let Ok(name) = std::str::from_utf8(name) else { continue };
            if before == after {
                continue;
            }
            let path = if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
            if let Some(holders) = self.files.get(path.as_str()) {
                sets.extend(holders);
            }
            if self.folders.contains(path.as_str()) {
                let below = |entry: Option<&crate::git::TreeEntry>| {
                    entry.filter(|entry| entry.kind == EntryKind::Folder).map(|entry| entry.id.clone())
                };
                self.changed(below(before).as_ref(), below(after).as_ref(), &path, sets)?;
            }
        }
        Ok(())
    }
}
