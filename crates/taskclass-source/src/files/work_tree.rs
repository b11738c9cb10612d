//! The registry as it lies in a folder on disk.
//!
//! What is linted here is what would be reviewed: regular files at their own place. A symbolic link anywhere on the way is
//! refused, because what it leads to is not in the registry's history.

#![expect(clippy::disallowed_methods, reason = "the module that reads the work tree")]

use std::fs::{self, File, FileType, Metadata};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{Files, MAX_LISTED, MAX_READ_BYTES, ReadError, RegistryPath};
use crate::text::visible;

/// A folder on disk as a registry.
#[derive(Clone, Debug)]
pub struct WorkTree {
    root: PathBuf,
}

impl WorkTree {
    /// The folder `root`, which itself may be reached through links: who names it trusts it.
    ///
    /// # Errors
    /// If there is no such folder or it cannot be entered.
    pub fn open(root: impl AsRef<Path>) -> Result<Self, ReadError> {
        let io = |reason| ReadError::Io { path: RegistryPath::root(), reason: Arc::new(reason) };
        let root = fs::canonicalize(root.as_ref()).map_err(io)?;
        if !fs::metadata(&root).map_err(io)?.is_dir() {
            return Err(ReadError::WrongKind { path: RegistryPath::root(), expected: "a folder" });
        }
        Ok(Self { root })
    }

    /// The folder, absolute and without links.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The place of `path` on disk and what stands there, once every step to it is seen to be no link.
    fn confined(&self, path: &RegistryPath) -> Result<Option<(PathBuf, Metadata)>, ReadError> {
        let mut place = self.root.clone();
        let mut metadata = fs::symlink_metadata(&place).map_err(|error| io_error(path, error))?;
        for step in path.steps() {
            if !metadata.is_dir() {
                return Ok(None);
            }
            place.push(step);
            metadata = match fs::symlink_metadata(&place) {
                Ok(metadata) => metadata,
                Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
                Err(error) => return Err(io_error(path, error)),
            };
            if metadata.is_symlink() {
                return Err(ReadError::SymbolicLink { path: self.name(&place).unwrap_or_else(|| path.clone()) });
            }
        }
        Ok(Some((place, metadata)))
    }

    /// The name of a place on disk within the registry.
    fn name(&self, place: &Path) -> Option<RegistryPath> {
        let steps: Option<Vec<&str>> = place.strip_prefix(&self.root).ok()?.iter().map(|step| step.to_str()).collect();
        RegistryPath::new(steps?.join("/")).ok()
    }

    fn collect(&self, dir: &RegistryPath, place: &Path, paths: &mut Vec<RegistryPath>) -> Result<(), ReadError> {
        for entry in fs::read_dir(place).map_err(|error| io_error(dir, error))? {
            let entry = entry.map_err(|error| io_error(dir, error))?;
            let kind: FileType = entry.file_type().map_err(|error| io_error(dir, error))?;
            let name = entry.file_name();
            if name == ".git" {
                continue;
            }
            let path = name.to_str().and_then(|name| dir.join(name).ok()).ok_or_else(|| ReadError::BadName {
                folder: dir.clone(),
                name: visible(&name.to_string_lossy()).into_owned(),
            })?;
            if kind.is_dir() {
                self.collect(&path, &entry.path(), paths)?;
            } else if paths.len() >= MAX_LISTED {
                return Err(ReadError::TooMany { path: dir.clone(), limit: MAX_LISTED });
            } else {
                // Links and devices are listed too: reading one says what is wrong, leaving it out would hide it.
                paths.push(path);
            }
        }
        Ok(())
    }
}

fn io_error(path: &RegistryPath, error: io::Error) -> ReadError {
    ReadError::Io { path: path.clone(), reason: Arc::new(error) }
}

impl Files for WorkTree {
    fn read(&self, path: &RegistryPath) -> Result<Option<Vec<u8>>, ReadError> {
        let Some((place, metadata)) = self.confined(path)? else { return Ok(None) };
        let wrong_kind = || ReadError::WrongKind { path: path.clone(), expected: "a regular file" };
        let too_large = || ReadError::TooLarge { path: path.clone(), limit: MAX_READ_BYTES };
        if !metadata.is_file() {
            return Err(wrong_kind());
        }
        if metadata.len() > MAX_READ_BYTES {
            return Err(too_large());
        }
        let file = match File::open(&place) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(io_error(path, error)),
        };
        // What was opened is what counts, whatever was put there in the meantime.
        let opened = file.metadata().map_err(|error| io_error(path, error))?;
        if !opened.is_file() || !same_file(&metadata, &opened) {
            return Err(wrong_kind());
        }
        let mut bytes = Vec::with_capacity(usize::try_from(opened.len()).unwrap_or_default());
        file.take(MAX_READ_BYTES + 1).read_to_end(&mut bytes).map_err(|error| io_error(path, error))?;
        if bytes.len() as u64 > MAX_READ_BYTES {
            return Err(too_large());
        }
        Ok(Some(bytes))
    }

    fn list(&self, dir: &RegistryPath) -> Result<Vec<RegistryPath>, ReadError> {
        let Some((place, metadata)) = self.confined(dir)? else { return Ok(Vec::new()) };
        if !metadata.is_dir() {
            return Err(ReadError::WrongKind { path: dir.clone(), expected: "a folder" });
        }
        let mut paths = Vec::new();
        self.collect(dir, &place, &mut paths)?;
        paths.sort();
        Ok(paths)
    }
}

/// Whether what was opened is what was seen to be no link.
#[cfg(unix)]
fn same_file(seen: &Metadata, opened: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    (seen.dev(), seen.ino()) == (opened.dev(), opened.ino())
}

/// Elsewhere the kind of file is all that can be compared.
#[cfg(not(unix))]
fn same_file(_: &Metadata, _: &Metadata) -> bool {
    true
}
