//! Where a registry's files come from: a work tree, memory, and (in another crate) a commit.
//!
//! Every name goes through [`RegistryPath`], which cannot leave the registry; reading is bounded. Only [`WorkTree`]
//! touches the file system.

mod memory;
mod registry_path;
mod work_tree;

use std::sync::Arc;

pub use memory::InMemory;
pub use registry_path::{RegistryPath, RegistryPathError};
pub use work_tree::WorkTree;

/// The most bytes that any file of a registry may have. YAML files are held to less, see [`crate::yaml::MAX_FILE_BYTES`].
pub const MAX_READ_BYTES: u64 = 1024 * 1024;
/// The most files that one listing names.
pub const MAX_LISTED: usize = 200_000;

/// Why a file or folder could not be read. That there is none is no error.
#[derive(Clone, Debug, thiserror::Error)]
pub enum ReadError {
    /// A symbolic link stands on the way; where it leads is not part of what was reviewed.
    #[error("`{path}` is a symbolic link, and links are not followed")]
    SymbolicLink {
        /// The link.
        path: RegistryPath,
    },
    /// Neither a file nor a folder, or the other of the two.
    #[error("`{path}` is not {expected}")]
    WrongKind {
        /// What stands there.
        path: RegistryPath,
        /// "a regular file" or "a folder".
        expected: &'static str,
    },
    /// More bytes than [`MAX_READ_BYTES`].
    #[error("`{path}` is larger than {limit} bytes")]
    TooLarge {
        /// The file.
        path: RegistryPath,
        /// The most that is read.
        limit: u64,
    },
    /// More files than [`MAX_LISTED`].
    #[error("`{path}` holds more than {limit} files")]
    TooMany {
        /// The folder.
        path: RegistryPath,
        /// The most that are listed.
        limit: usize,
    },
    /// A name that no path of a registry can have, such as one that is no UTF-8.
    #[error("`{folder}` holds a name that a registry cannot have: {name}")]
    BadName {
        /// The folder.
        folder: RegistryPath,
        /// The name, made visible.
        name: String,
    },
    /// The system says no.
    #[error("`{path}` cannot be read: {reason}")]
    Io {
        /// The file or folder; empty for the registry itself.
        path: RegistryPath,
        /// What the system says.
        #[source]
        reason: Arc<std::io::Error>,
    },
    /// What holds the files says no, in its own words.
    #[error("`{path}` cannot be read: {reason}")]
    Other {
        /// The file or folder.
        path: RegistryPath,
        /// What it says.
        reason: String,
    },
}

impl ReadError {
    /// The file or folder that it is about; of a bad name the folder that holds it.
    pub fn path(&self) -> &RegistryPath {
        match self {
            Self::SymbolicLink { path }
            | Self::WrongKind { path, .. }
            | Self::TooLarge { path, .. }
            | Self::TooMany { path, .. }
            | Self::Io { path, .. }
            | Self::Other { path, .. }
            | Self::BadName { folder: path, .. } => path,
        }
    }
}

/// A registry's files. Several threads read through one value at a time.
pub trait Files: Sync {
    /// The bytes of the file at `path`; `None` if there is none.
    ///
    /// # Errors
    /// Where something stands at `path` that cannot or must not be read.
    fn read(&self, path: &RegistryPath) -> Result<Option<Vec<u8>>, ReadError>;

    /// Every file below the folder `dir` at any depth, sorted; none if there is no such folder.
    ///
    /// # Errors
    /// Where the folder or one below it cannot or must not be read.
    fn list(&self, dir: &RegistryPath) -> Result<Vec<RegistryPath>, ReadError>;
}

impl<F: Files + ?Sized> Files for &F {
    fn read(&self, path: &RegistryPath) -> Result<Option<Vec<u8>>, ReadError> {
        (**self).read(path)
    }

    fn list(&self, dir: &RegistryPath) -> Result<Vec<RegistryPath>, ReadError> {
        (**self).list(dir)
    }
}

impl<F: Files + ?Sized> Files for Box<F> {
    fn read(&self, path: &RegistryPath) -> Result<Option<Vec<u8>>, ReadError> {
        (**self).read(path)
    }

    fn list(&self, dir: &RegistryPath) -> Result<Vec<RegistryPath>, ReadError> {
        (**self).list(dir)
    }
}

impl<F: Files + Send + ?Sized> Files for Arc<F> {
    fn read(&self, path: &RegistryPath) -> Result<Option<Vec<u8>>, ReadError> {
        (**self).read(path)
    }

    fn list(&self, dir: &RegistryPath) -> Result<Vec<RegistryPath>, ReadError> {
        (**self).list(dir)
    }
}

#[cfg(test)]
mod tests;
