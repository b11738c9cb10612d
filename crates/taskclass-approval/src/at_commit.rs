//! A registry's files as a commit holds them, read from objects: no work tree, no checkout settings, no links.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    ops::ControlFlow,
    sync::{Arc, Mutex, PoisonError},
};

use taskclass_source::{
    files::{Files, MAX_LISTED, MAX_READ_BYTES, ReadError, RegistryPath},
    text::visible,
};

use crate::git::{CommitId, EntryKind, GitError, Object, ObjectId, Repository, Tree, TreeEntry};

/// The files of one commit, or of one folder in it.
#[derive(Debug)]
pub struct AtCommit<'a> {
    repository: &'a Repository,
    commit: CommitId,
    /// `None` where there is no such folder.
    root: Option<ObjectId>,
    folders: Mutex<HashMap<ObjectId, Arc<Folder>>>,
    kept: Mutex<Kept>,
}

/// The most that is kept of what was read, in bytes.
const MAX_KEPT: usize = 32 * 1024 * 1024;

/// Contents that were read, so that none is asked for twice; not all, where there are too many.
#[derive(Debug, Default)]
struct Kept {
    contents: HashMap<ObjectId, Arc<[u8]>>,
    bytes: usize,
}

impl Kept {
    fn keep(&mut self, id: &ObjectId, bytes: &[u8]) {
        if bytes.len() as u64 > MAX_READ_BYTES {
            return;
        }
        if self.bytes + bytes.len() > MAX_KEPT {
            *self = Self::default();
        }
        if self.contents.insert(id.clone(), bytes.into()).is_none() {
            self.bytes += bytes.len();
        }
    }
}

/// A folder, and which of its names differ from another one only in case.
#[derive(Debug)]
struct Folder {
    tree: Tree,
    twins: BTreeMap<Vec<u8>, Vec<u8>>,
}

impl Folder {
    fn new(tree: Tree) -> Self {
        let lower = |name: &[u8]| String::from_utf8_lossy(name).to_lowercase();
        let mut seen: HashMap<String, &[u8]> = HashMap::new();
        let mut twins = BTreeMap::new();
        for name in tree.entries.keys() {
            if let Some(twin) = seen.insert(lower(name), name) {
                twins.insert(name.clone(), twin.to_vec());
                twins.insert(twin.to_vec(), name.clone());
            }
        }
        Self { twins, tree }
    }
}

impl<'a> AtCommit<'a> {
    /// The files of `commit`.
    pub fn new(repository: &'a Repository, commit: CommitId) -> Result<Self, GitError> {
        let root = Some(repository.commit(&commit)?.tree);
        Ok(Self { repository, commit, root, folders: Mutex::default(), kept: Mutex::default() })
    }

    /// The files of one folder alone, under the names that they have in it; none if there is no such folder.
    ///
    /// # Errors
    /// Where a link or a submodule stands on the way.
    pub fn below(self, folder: &RegistryPath) -> Result<Self, ReadError> {
        let root = match self.entry(folder)? {
            Some((EntryKind::Folder, id)) => Some(id),
            None | Some((EntryKind::File, _)) => None,
            Some((other, _)) => return Err(refused(folder, other)),
        };
        Ok(Self { root, ..self })
    }

    /// The paths at which something else stands in `other`, by object ids: no file is read. A name that no registry can
    /// have is left out; whoever lists its folder is told.
    ///
    /// # Errors
    /// Where a folder cannot be read.
    pub fn differing(&self, other: &AtCommit<'_>) -> Result<BTreeSet<RegistryPath>, ReadError> {
        let mut paths = BTreeSet::new();
        self.compare(self.root.as_ref(), other, other.root.as_ref(), &RegistryPath::root(), &mut paths)?;
        Ok(paths)
    }

    fn compare(
        &self,
        here: Option<&ObjectId>,
        other: &AtCommit<'_>,
        there: Option<&ObjectId>,
        at: &RegistryPath,
        paths: &mut BTreeSet<RegistryPath>,
    ) -> Result<(), ReadError> {
        if here == there {
            return Ok(());
        }
        let folder = |files: &AtCommit<'_>, id: Option<&ObjectId>| match id {
            Some(id) => files.folder(id).map(Some).map_err(|error| git_error(at, &error)),
            None => Ok(None),
        };
        let (ours, theirs) = (folder(self, here)?, folder(other, there)?);
        let entry = |folder: &Option<Arc<Folder>>, name: &[u8]| folder.as_ref()?.tree.entries.get(name).cloned();
        let names = |folder: &Option<Arc<Folder>>| -> Vec<Vec<u8>> {
            folder.iter().flat_map(|folder| folder.tree.entries.keys().cloned()).collect()
        };
        let all: BTreeSet<Vec<u8>> = names(&ours).into_iter().chain(names(&theirs)).collect();
        for name in all {
            let (before, after) = (entry(&ours, &name), entry(&theirs, &name));
            // Beside a twin nothing can be read: where only one side has the twin, all of it differs.
            let twin = |folder: &Option<Arc<Folder>>| folder.as_ref().is_some_and(|f| f.twins.contains_key(&name));
            let twins_differ = twin(&ours) != twin(&theirs);
            let path = std::str::from_utf8(&name).ok().and_then(|name| at.join(name).ok());
            let Some(path) = path.filter(|_| before != after || twins_differ) else { continue };
            let below = |entry: &Option<TreeEntry>| {
                entry.as_ref().filter(|entry| entry.kind == EntryKind::Folder).map(|entry| entry.id.clone())
            };
            let is_no_folder = |entry: &Option<TreeEntry>| entry.as_ref().is_some_and(|e| e.kind != EntryKind::Folder);
            if is_no_folder(&before) || is_no_folder(&after) {
                if paths.len() >= MAX_LISTED {
                    return Err(ReadError::TooMany { path: at.clone(), limit: MAX_LISTED });
                }
                paths.insert(path.clone());
            }
            let (before, after) = (below(&before), below(&after));
            if twins_differ {
                self.compare(before.as_ref(), other, None, &path, paths)?;
                self.compare(None, other, after.as_ref(), &path, paths)?;
            } else {
                self.compare(before.as_ref(), other, after.as_ref(), &path, paths)?;
            }
        }
        Ok(())
    }

    /// The commit.
    pub fn commit(&self) -> &CommitId {
        &self.commit
    }

    /// The repository that holds it.
    pub fn repository(&self) -> &'a Repository {
        self.repository
    }

    /// Reads the folders that stand in `dir` at once. Whoever lists one is told what cannot be read.
    pub(crate) fn folders_ahead(&self, dir: &RegistryPath) {
        let Ok(Some((EntryKind::Folder, id))) = self.entry(dir) else { return };
        let Ok(folder) = self.folder(&id) else { return };
        let folders = folder.tree.entries.values().filter(|entry| entry.kind == EntryKind::Folder);
        let ids: BTreeSet<ObjectId> = folders.map(|entry| entry.id.clone()).collect();
        let known = self.folders.lock().unwrap_or_else(PoisonError::into_inner);
        let ids: Vec<ObjectId> = ids.into_iter().filter(|id| !known.contains_key(id)).collect();
        drop(known);
        let _whatever = self.repository.objects(&ids, &mut |id, object| {
            if let Some(Object::Tree(tree)) = object {
                self.remember(id, Folder::new(tree));
            }
            ControlFlow::Continue(())
        });
    }

    /// Reads these files at once, as far as they may be kept. Whoever reads one is told why it cannot be.
    pub fn read_ahead<'p>(&self, paths: impl IntoIterator<Item = &'p RegistryPath>) {
        let file = |path| match self.entry(path) {
            Ok(Some((EntryKind::File, id))) => Some(id),
            _ => None,
        };
        let mut ids: Vec<ObjectId> = paths.into_iter().filter_map(file).collect();
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        ids.retain(|id| !kept.contents.contains_key(id));
        drop(kept);
        let mut room = MAX_KEPT / 2;
        // What fails here fails again, and is told, where it is read.
        let _whatever = self.repository.objects(&ids, &mut |id, object| {
            let Some(Object::Blob(bytes)) = object else { return ControlFlow::Continue(()) };
            let Some(rest) = room.checked_sub(bytes.len()) else { return ControlFlow::Break(()) };
            room = rest;
            self.kept.lock().unwrap_or_else(PoisonError::into_inner).keep(id, &bytes);
            ControlFlow::Continue(())
        });
    }

    fn remember(&self, id: &ObjectId, folder: Folder) -> Arc<Folder> {
        let folder = Arc::new(folder);
        self.folders.lock().unwrap_or_else(PoisonError::into_inner).insert(id.clone(), Arc::clone(&folder));
        folder
    }

    fn folder(&self, id: &ObjectId) -> Result<Arc<Folder>, GitError> {
        if let Some(folder) = self.folders.lock().unwrap_or_else(PoisonError::into_inner).get(id) {
            return Ok(Arc::clone(folder));
        }
        Ok(self.remember(id, Folder::new(self.repository.tree(id)?)))
    }

    /// What stands at `path`; every step to it is seen to be a folder with one such name.
    fn entry(&self, path: &RegistryPath) -> Result<Option<(EntryKind, ObjectId)>, ReadError> {
        let mut at = RegistryPath::root();
        let Some(root) = &self.root else { return Ok(None) };
        let mut found = (EntryKind::Folder, root.clone());
        for step in path.steps() {
            match found.0 {
                EntryKind::Folder => {}
                EntryKind::File => return Ok(None),
                other => return Err(refused(&at, other)),
            }
            let folder = self.folder(&found.1).map_err(|error| git_error(&at, &error))?;
            let Some(entry) = folder.tree.entries.get(step.as_bytes()) else { return Ok(None) };
            at = at.join(step).map_err(|_| bad_name(&at, step.as_bytes()))?;
            if let Some(twin) = folder.twins.get(step.as_bytes()) {
                return Err(twins(&at, twin));
            }
            found = (entry.kind, entry.id.clone());
        }
        Ok(Some(found))
    }

    fn collect(&self, dir: &RegistryPath, id: &ObjectId, paths: &mut Vec<RegistryPath>) -> Result<(), ReadError> {
        let folder = self.folder(id).map_err(|error| git_error(dir, &error))?;
        for (name, entry) in &folder.tree.entries {
            let text = std::str::from_utf8(name).map_err(|_| bad_name(dir, name))?;
            let path = dir.join(text).map_err(|_| bad_name(dir, name))?;
            if let Some(twin) = folder.twins.get(name) {
                return Err(twins(&path, twin));
            }
            if entry.kind == EntryKind::Folder {
                self.collect(&path, &entry.id, paths)?;
            } else if paths.len() >= MAX_LISTED {
                return Err(ReadError::TooMany { path: dir.clone(), limit: MAX_LISTED });
            } else {
                // Links and submodules are listed too: reading one says what is wrong, leaving it out would hide it.
                paths.push(path);
            }
        }
        Ok(())
    }
}

impl Files for AtCommit<'_> {
    fn read(&self, path: &RegistryPath) -> Result<Option<Vec<u8>>, ReadError> {
        let Some((kind, id)) = self.entry(path)? else { return Ok(None) };
        if kind != EntryKind::File {
            return Err(refused(path, kind));
        }
        if let Some(bytes) = self.kept.lock().unwrap_or_else(PoisonError::into_inner).contents.get(&id) {
            return Ok(Some(bytes.to_vec()));
        }
        let bytes = self.repository.blob(&id).map_err(|error| git_error(path, &error))?;
        if bytes.len() as u64 > MAX_READ_BYTES {
            return Err(ReadError::TooLarge { path: path.clone(), limit: MAX_READ_BYTES });
        }
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).keep(&id, &bytes);
        Ok(Some(bytes))
    }

    fn list(&self, dir: &RegistryPath) -> Result<Vec<RegistryPath>, ReadError> {
        let mut paths = Vec::new();
        match self.entry(dir)? {
            None => {}
            Some((EntryKind::Folder, id)) => self.collect(dir, &id, &mut paths)?,
            Some((EntryKind::File, _)) => {
                return Err(ReadError::WrongKind { path: dir.clone(), expected: "a folder" });
            }
            Some((other, _)) => return Err(refused(dir, other)),
        }
        paths.sort();
        Ok(paths)
    }
}

/// On some machines two such names are one file.
fn twins(path: &RegistryPath, twin: &[u8]) -> ReadError {
    let twin = visible(&String::from_utf8_lossy(twin)).into_owned();
    ReadError::Other {
        path: path.clone(),
        reason: format!("`{twin}` beside it differs only in upper and lower case; keep one of the two"),
    }
}

fn bad_name(folder: &RegistryPath, name: &[u8]) -> ReadError {
    ReadError::BadName { folder: folder.clone(), name: visible(&String::from_utf8_lossy(name)).into_owned() }
}

fn refused(path: &RegistryPath, kind: EntryKind) -> ReadError {
    match kind {
        EntryKind::Link => ReadError::SymbolicLink { path: path.clone() },
        EntryKind::Submodule => ReadError::Other {
            path: path.clone(),
            reason: "it is a submodule; its content is not part of this commit".to_owned(),
        },
        _ => ReadError::WrongKind { path: path.clone(), expected: "a regular file" },
    }
}

fn git_error(path: &RegistryPath, error: &GitError) -> ReadError {
    ReadError::Other { path: path.clone(), reason: error.to_string() }
}
