//! The registry as it is at the revision that a change starts from.

use std::path::Path;

use taskclass_approval::{
    AtCommit,
    git::{CommitId, Repository},
};
use taskclass_source::{Files, ReadError, RegistryPath};
use taskclass_spec::registry::paths;

use super::target::{slashed, top_of_repository};
use crate::exit::Failure;

/// A revision of the repository that the registry lies in, and where in it.
pub(super) struct Base {
    repository: Repository,
    commit: CommitId,
    folder: RegistryPath,
    revision: String,
}

impl Base {
    pub(super) fn open(root: &Path, revision: &str) -> Result<Self, Failure> {
        let top = top_of_repository(root).ok_or_else(|| {
            Failure::usage(format!("`--base {revision}`: the registry {} is in no git repository", root.display()))
                .help("leave --base out where there is no history")
        })?;
        let repository = Repository::open(top).map_err(Failure::usage)?;
        let commit = repository.resolve_revision(revision).map_err(|error| {
            Failure::usage(format!("`--base {revision}`: {error}"))
                .help("in CI fetch the branch first (actions/checkout with `fetch-depth: 0`)")
        })?;
        let folder = RegistryPath::new(slashed(root.strip_prefix(top).unwrap_or(root))).map_err(Failure::usage)?;
        Ok(Self { repository, commit, folder, revision: revision.to_owned() })
    }

    /// The registry's files at the revision.
    pub(super) fn files(&self) -> Result<Below<AtCommit<'_>>, Failure> {
        let files = AtCommit::new(&self.repository, self.commit.clone()).map_err(Failure::usage)?;
        let below = Below { files, folder: self.folder.clone() };
        let there = [paths::POLICY, paths::CLASSES].iter().any(|part| {
            let part = paths::at(part);
            below.read(&part).is_ok_and(|file| file.is_some()) || below.list(&part).is_ok_and(|list| !list.is_empty())
        });
        if there {
            return Ok(below);
        }
        let place = if self.folder.is_root() { "there".to_owned() } else { format!("in `{}`", self.folder) };
        Err(Failure::usage(format!("`--base {}`: there is no registry {place} at that revision", self.revision))
            .help("name a revision that has it, or leave --base out while the registry is new"))
    }
}

/// The files of one folder, under the names that they have in it.
pub(super) struct Below<F> {
    files: F,
    folder: RegistryPath,
}

impl<F: Files> Below<F> {
    fn at(&self, path: &RegistryPath) -> Result<RegistryPath, ReadError> {
        let too_long = |error: taskclass_source::files::RegistryPathError| ReadError::Other {
            path: path.clone(),
            reason: error.to_string(),
        };
        self.folder.join(path).map_err(too_long)
    }
}

impl<F: Files> Files for Below<F> {
    fn read(&self, path: &RegistryPath) -> Result<Option<Vec<u8>>, ReadError> {
        self.files.read(&self.at(path)?)
    }

    fn list(&self, dir: &RegistryPath) -> Result<Vec<RegistryPath>, ReadError> {
        let all = self.files.list(&self.at(dir)?)?;
        let inside = |path: RegistryPath| {
            let rest = path.as_str().strip_prefix(self.folder.as_str())?;
            RegistryPath::new(rest.trim_start_matches('/')).ok()
        };
        Ok(all.into_iter().filter_map(inside).collect())
    }
}
