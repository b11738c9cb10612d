//! The registry as it is at a revision of the repository that it lies in.

use std::path::Path;

use taskclass_approval::{
    AtCommit,
    git::{CommitId, GitError, Repository},
};
use taskclass_source::{Files, RegistryPath, text::visible};
use taskclass_spec::{registry::paths, suggest};

use crate::{
    exit::Failure,
    place::{slashed, top_of_repository},
};

/// A repository, and where in it the registry lies.
pub(crate) struct Revisions {
    pub(crate) repository: Repository,
    folder: RegistryPath,
}

impl Revisions {
    /// Those of the repository around `root`; `None` if there is none.
    pub(crate) fn around(root: &Path) -> Result<Option<Self>, Failure> {
        let root = root
            .canonicalize()
            .map_err(|error| Failure::usage(format!("`{}` cannot be read: {error}", root.display())))?;
        let Some(top) = top_of_repository(&root) else { return Ok(None) };
        let repository = Repository::open(top).map_err(Failure::usage)?;
        let folder = RegistryPath::new(slashed(root.strip_prefix(top).unwrap_or(&root))).map_err(Failure::usage)?;
        Ok(Some(Self { repository, folder }))
    }

    /// Where in the repository the registry lies; the root if it is its top.
    pub(crate) fn folder(&self) -> &RegistryPath {
        &self.folder
    }

    /// Whether nothing is committed yet where the work tree stands.
    pub(crate) fn is_unborn(&self) -> bool {
        matches!(self.repository.resolve_revision("HEAD"), Err(GitError::NoSuchCommit(_)))
    }

    /// The commit that a person means.
    pub(crate) fn resolve(&self, revision: &str) -> Result<CommitId, Failure> {
        self.repository.resolve_revision(revision).map_err(|error| match error {
            GitError::NoSuchCommit(_) => self.unknown(revision, &error),
            error => Failure::usage(error),
        })
    }

    fn unknown(&self, revision: &str, error: &GitError) -> Failure {
        let failure = Failure::usage(error);
        if revision == "HEAD" {
            return failure.help("nothing is committed here yet: `git add` and `git commit` the registry first");
        }
        let refs = self.repository.refs().unwrap_or_default();
        let short = |full: &String| {
            ["refs/heads/", "refs/tags/", "refs/remotes/"]
                .iter()
                .find_map(|start| full.strip_prefix(start).map(str::to_owned))
        };
        let names: Vec<String> = refs.iter().filter_map(short).collect();
        // Most of all it is a branch that only the remote has here.
        let remote = format!("/{revision}");
        let near = names.iter().find(|name| name.ends_with(&remote)).map(String::as_str);
        if let Some(near) = near.or_else(|| suggest::closest(revision, names.iter().map(String::as_str))) {
            return failure.help(format!("did you mean `{}`?", visible(near)));
        }
        if self.repository.is_shallow().unwrap_or(false) {
            return failure.help(
                "this clone is shallow: get its history (`git fetch --unshallow`; actions/checkout with `fetch-depth: 0`)",
            );
        }
        failure.help("in CI fetch the branch first (actions/checkout with `fetch-depth: 0`)")
    }

    /// The registry's files at a commit; none if it was not there.
    pub(crate) fn files(&self, commit: &CommitId) -> Result<AtCommit<'_>, Failure> {
        let files = AtCommit::new(&self.repository, commit.clone()).map_err(Failure::usage)?;
        files.below(&self.folder).map_err(Failure::usage)
    }

    /// Where the registry was looked for, for who is told that it is not there.
    pub(crate) fn place(&self) -> String {
        if self.folder.is_root() { "there".to_owned() } else { format!("in `{}`", self.folder) }
    }
}

/// Whether files are those of a registry: with a policy or with classes, readable or not.
pub(crate) fn has_registry(files: &dyn Files) -> bool {
    let has_policy = !matches!(files.read(&paths::at(paths::POLICY)), Ok(None));
    has_policy || !files.list(&paths::at(paths::CLASSES)).is_ok_and(|list| list.is_empty())
}
