//! The registry as it is at the revision that a change starts from.

use std::path::Path;

use taskclass_approval::{AtCommit, git::CommitId};

use crate::{
    exit::Failure,
    revision::{Revisions, has_registry},
};

/// A revision of the repository that the registry lies in, and where in it.
pub(super) struct Base {
    revisions: Revisions,
    commit: CommitId,
    revision: String,
}

impl Base {
    pub(super) fn open(root: &Path, revision: &str) -> Result<Self, Failure> {
        let revisions = Revisions::around(root)?.ok_or_else(|| {
            Failure::usage(format!("`--base {revision}`: the registry {} is in no git repository", root.display()))
                .help("leave --base out where there is no history")
        })?;
        let commit = revisions
            .resolve(revision)
            .map_err(|failure| Failure { message: format!("`--base {revision}`: {}", failure.message), ..failure })?;
        Ok(Self { revisions, commit, revision: revision.to_owned() })
    }

    /// The registry's files at the revision.
    pub(super) fn files(&self) -> Result<AtCommit<'_>, Failure> {
        let files = self.revisions.files(&self.commit)?;
        if has_registry(&files) {
            return Ok(files);
        }
        let (revision, place) = (&self.revision, self.revisions.place());
        Err(Failure::usage(format!("`--base {revision}`: there is no registry {place} at that revision"))
            .help("name a revision that has it, or leave --base out while the registry is new"))
    }
}
