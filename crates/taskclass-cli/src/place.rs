//! Where things are on this machine: the registry and its files.

use std::path::{Path, PathBuf};

use taskclass_approval::git::{GitError, Repository};
use taskclass_source::WorkTree;
use taskclass_spec::registry::paths;

use crate::exit::Failure;

/// The registry's folder: the one given, or the nearest upward that holds `policy.yaml`.
pub(crate) fn registry_root(given: Option<&Path>) -> Result<PathBuf, Failure> {
    if let Some(path) = given {
        return if path.is_dir() {
            Ok(path.to_owned())
        } else {
            Err(Failure::usage(format!("`{}` is not a folder", path.display()))
                .help("--registry takes the folder that holds policy.yaml and task-classes/"))
        };
    }
    let here = std::env::current_dir()
        .map_err(|error| Failure::usage(format!("the current folder cannot be read: {error}")))?;
    here.ancestors().find(|folder| folder.join(paths::POLICY).is_file()).map(Path::to_owned).ok_or_else(|| {
        Failure::usage("there is no registry here: no policy.yaml in this folder or above it")
            .help("`taskclass init` makes one; `--registry PATH` names one elsewhere")
    })
}

/// The registry's files as they stand in the work tree.
pub(crate) fn work_tree(given: Option<&Path>) -> Result<WorkTree, Failure> {
    let root = registry_root(given)?;
    WorkTree::open(&root).map_err(Failure::usage)
}

/// The repository that the registry is the top of: approvals count in no other place.
pub(crate) fn repository(root: &Path) -> Result<Repository, Failure> {
    Repository::open(root).map_err(|error| {
        if !matches!(error, GitError::NotARepository { .. }) {
            return Failure::usage(error);
        }
        let real = root.canonicalize().unwrap_or_else(|_| root.to_owned());
        match top_of_repository(&real) {
            // What is there and cannot be opened, git knows more of.
            Some(top) if top == real => Failure::usage(error),
            Some(top) => Failure::usage(format!(
                "`{}` lies below the top of its git repository ({}): approvals count only for a registry at the top of its repository",
                root.display(),
                top.display()
            ))
            .help("give the registry a repository of its own, with policy.yaml at its top; lint, render and diff work where it is"),
            None => Failure::usage(format!("`{}` is in no git repository", root.display()))
                .help("approvals are about commits: `git init` and commit the registry first"),
        }
    })
}

/// The nearest folder upward that holds `.git`: a folder, or in a linked work tree a file.
pub(crate) fn top_of_repository(root: &Path) -> Option<&Path> {
    root.ancestors().find(|folder| folder.join(".git").exists())
}

/// A path with forward slashes.
pub(crate) fn slashed(path: &Path) -> String {
    let steps: Vec<_> = path.components().map(|step| step.as_os_str().to_string_lossy()).collect();
    steps.join("/")
}
