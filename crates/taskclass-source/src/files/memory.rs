//! Files in memory: for tests, and for what an editor has not saved yet over what is on disk.

use std::collections::BTreeMap;

use super::{Files, ReadError, RegistryPath};

/// A registry without files, for [`InMemory`] to stand alone.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoFiles;

impl Files for NoFiles {
    fn read(&self, _: &RegistryPath) -> Result<Option<Vec<u8>>, ReadError> {
        Ok(None)
    }

    fn list(&self, _: &RegistryPath) -> Result<Vec<RegistryPath>, ReadError> {
        Ok(Vec::new())
    }
}

/// Files in memory over other files, which they hide.
#[derive(Clone, Debug, Default)]
pub struct InMemory<F = NoFiles> {
    files: BTreeMap<RegistryPath, Option<Vec<u8>>>,
    below: F,
}

impl InMemory {
    /// No file yet, and none below.
    pub fn new() -> Self {
        Self::default()
    }
}

impl<F: Files> InMemory<F> {
    /// No file yet; what is not here is looked for in `below`.
    pub fn over(below: F) -> Self {
        Self { files: BTreeMap::new(), below }
    }

    /// Puts a file here, in the place of the one that was.
    pub fn insert(&mut self, path: RegistryPath, bytes: impl Into<Vec<u8>>) {
        self.files.insert(path, Some(bytes.into()));
    }

    /// The same, to build a registry in one expression.
    #[must_use]
    pub fn with(mut self, path: RegistryPath, bytes: impl Into<Vec<u8>>) -> Self {
        self.insert(path, bytes);
        self
    }

    /// Takes the file away, also if the one below has it.
    pub fn remove(&mut self, path: RegistryPath) {
        self.files.insert(path, None);
    }

    /// Forgets what was put or taken away here, so that the file below is seen again.
    pub fn reset(&mut self, path: &RegistryPath) {
        self.files.remove(path);
    }
}

impl<F: Files> Files for InMemory<F> {
    fn read(&self, path: &RegistryPath) -> Result<Option<Vec<u8>>, ReadError> {
        match self.files.get(path) {
            Some(bytes) => Ok(bytes.clone()),
            None => self.below.read(path),
        }
    }

    fn list(&self, dir: &RegistryPath) -> Result<Vec<RegistryPath>, ReadError> {
        let mut paths = self.below.list(dir)?;
        paths.retain(|path| !self.files.contains_key(path));
        let here = self.files.iter().filter(|(path, bytes)| bytes.is_some() && path.is_within(dir) && *path != dir);
        paths.extend(here.map(|(path, _)| path.clone()));
        paths.sort();
        Ok(paths)
    }
}
