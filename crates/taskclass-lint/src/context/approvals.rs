//! Which approvals there are, and those of one document when its turn comes.

use taskclass_source::{Files, ReadError, RegistryPath};
use taskclass_spec::record::{self, Found, Listed};
use taskclass_spec::registry::paths;
use taskclass_spec::written::ApprovalRecord;

/// The approvals of a registry, by the documents' names. None is read before its document's turn.
pub(crate) enum ApprovalIndex {
    /// The paths of all of them, sorted: for a run over all classes one listing is enough.
    Listed(Vec<RegistryPath>),
    /// For a run over some classes, or where not all can be listed, each folder is listed by itself.
    OneByOne,
}

impl ApprovalIndex {
    /// Of a whole registry.
    ///
    /// # Errors
    /// Where the folders cannot be listed.
    pub(crate) fn of_all(files: &dyn Files) -> Result<Self, ReadError> {
        files.list(&paths::at(paths::APPROVALS)).map(Self::Listed)
    }

    /// The records of all documents; none where they are looked up one by one.
    pub(crate) fn all(&self) -> Vec<Listed> {
        match self {
            Self::Listed(paths) => record::pairs(paths),
            Self::OneByOne => Vec::new(),
        }
    }

    /// Reads those that are filed under `name`; `None` where their folder cannot be listed.
    pub(super) fn of(&self, files: &dyn Files, name: &str) -> Option<Found<ApprovalRecord>> {
        match self {
            Self::Listed(paths) => {
                // With the slash: `example-two` stands before `example/`.
                let folder = format!("{}/{name}/", paths::APPROVALS);
                let first = paths.partition_point(|path| path.as_str() < folder.as_str());
                let own = paths[first..].iter().take_while(|path| path.as_str().starts_with(&folder));
                Some(record::read(files, record::pairs(own)))
            }
            Self::OneByOne => record::below(files, &paths::at(paths::APPROVALS).join(name).ok()?).ok(),
        }
    }
}
