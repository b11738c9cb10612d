//! Who last changed a set of files, as history says.
//!
//! The walk is git's own for `git log -1 -- PATHS`: a commit in which the files are as in one of its parents did not
//! change them, and only that parent is followed. It is done here, over objects, for all sets at once: one pass over the
//! commits instead of one process a document, and no date, setting or mail map has a say.

use std::collections::HashMap;

use taskclass_source::files::RegistryPath;

use crate::git::{CommitId, EntryKind, GitError, ObjectId, Repository, Tree};

/// The commit that made a set of files what it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastChange {
    /// The commit.
    pub commit: CommitId,
    /// Its author's e-mail address, as the commit has it.
    pub author: String,
}

/// How many trees are kept at most; far more than one registry's folders in a few commits.
const MAX_TREES: usize = 20_000;

/// The last change of each set of files at `commit`, in the order of `sets`.
///
/// # Errors
/// Where history is cut off (a shallow clone) before all sets are decided: then the author is not known.
pub fn last_changes(
    repository: &Repository,
    commit: &CommitId,
    sets: &[Vec<RegistryPath>],
) -> Result<Vec<LastChange>, GitError> {
    let mut walk = Walk { repository, trees: HashMap::new() };
    let mut changes: Vec<Option<LastChange>> = vec![None; sets.len()];
    let mut todo = vec![(commit.clone(), (0..sets.len()).collect::<Vec<_>>())];
    while let Some((id, mut open)) = todo.pop() {
        let commit = repository.commit(&id)?;
        for parent in &commit.parents {
            if open.is_empty() {
                break;
            }
            let before = repository.commit(parent)?.tree;
            let mut unchanged = Vec::new();
            let mut changed = Vec::new();
            for set in open {
                let same = before == commit.tree || walk.same(&before, &commit.tree, &sets[set])?;
                if same { unchanged.push(set) } else { changed.push(set) }
            }
            open = changed;
            if !unchanged.is_empty() {
                todo.push((parent.clone(), unchanged));
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
    trees: HashMap<ObjectId, Tree>,
}

impl Walk<'_> {
    /// Whether all files of the set are the same under both root trees.
    fn same(&mut self, a: &ObjectId, b: &ObjectId, set: &[RegistryPath]) -> Result<bool, GitError> {
        for path in set {
            if self.differs(a, b, path)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn differs(&mut self, a: &ObjectId, b: &ObjectId, path: &RegistryPath) -> Result<bool, GitError> {
        let (mut a, mut b) = (Some((EntryKind::Folder, a.clone())), Some((EntryKind::Folder, b.clone())));
        for step in path.steps() {
            if a == b {
                return Ok(false);
            }
            a = self.step(a, step)?;
            b = self.step(b, step)?;
        }
        Ok(a != b)
    }

    fn step(
        &mut self,
        at: Option<(EntryKind, ObjectId)>,
        name: &str,
    ) -> Result<Option<(EntryKind, ObjectId)>, GitError> {
        let Some((EntryKind::Folder, id)) = at else { return Ok(None) };
        if !self.trees.contains_key(&id) {
            if self.trees.len() >= MAX_TREES {
                self.trees.clear();
            }
            let tree = self.repository.tree(&id)?;
            self.trees.insert(id.clone(), tree);
        }
        Ok(self.trees.get(&id).and_then(|tree| tree.get(name)).map(|entry| (entry.kind, entry.id.clone())))
    }
}
