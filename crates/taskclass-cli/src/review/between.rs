//! Two sides of a registry: revisions, folders, the work tree.

use std::{
    collections::{BTreeMap, BTreeSet},
    num::NonZeroUsize,
    path::{Path, PathBuf},
    thread,
};

use jiff::Timestamp;
use taskclass_approval::{AtCommit, git::CommitId, registry::Grounds, trust::Pin};
use taskclass_diff::{Asked, Diff, Label, Side, compare};
use taskclass_source::{Files, InMemory, RegistryPath, WorkTree};
use taskclass_spec::{
    Inventory,
    record::POLICY_NAME,
    registry::{class_paths, paths, stem},
};

use super::{example_request, refused, standings::Standings};
use crate::{
    exit::Failure,
    place,
    revision::{Revisions, has_registry},
};

/// Where the work tree stands.
const HEAD: &str = "HEAD";

/// A side as somebody named it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Given {
    /// A revision of the repository that the registry lies in.
    Revision(String),
    /// A folder that holds a registry.
    Folder(PathBuf),
    /// The registry as it lies there.
    WorkTree,
}

/// Where sides are looked for: the registry, and the repository around it. Neither is needed for two folders.
pub(crate) struct Sides {
    root: Result<PathBuf, Failure>,
    pub(crate) revisions: Option<Revisions>,
}

/// Where the registry that is meant lies.
pub(crate) fn sides(registry: Option<&Path>) -> Result<Sides, Failure> {
    let root = place::registry_root(registry);
    let revisions = root.as_ref().ok().map(|root| Revisions::around(root)).transpose()?.flatten();
    Ok(Sides { root, revisions })
}

impl Sides {
    /// What a word on the command line names.
    ///
    /// # Errors
    /// Where it names a folder and a revision.
    pub(crate) fn named(&self, word: &str) -> Result<Given, Failure> {
        let is_path = [".", ".."].contains(&word) || ["./", "../", "/"].iter().any(|start| word.starts_with(start));
        if is_path {
            return Ok(Given::Folder(PathBuf::from(word)));
        }
        if !Path::new(word).is_dir() {
            return Ok(Given::Revision(word.to_owned()));
        }
        match &self.revisions {
            Some(revisions) if revisions.repository.resolve_revision(word).is_ok() => Err(Failure::usage(format!(
                "`{word}` is a folder and a revision"
            ))
            .help(format!("write `./{word}` for the folder, `refs/heads/{word}` or `{word}~0` for the revision"))),
            _ => Ok(Given::Folder(PathBuf::from(word))),
        }
    }

    /// The registry's folder.
    pub(crate) fn root(self) -> Result<(PathBuf, Option<Revisions>), Failure> {
        Ok((self.root?, self.revisions))
    }
}

/// The files of a side.
pub(super) enum Source<'r> {
    Commit(AtCommit<'r>),
    Folder(WorkTree),
    Nothing(InMemory),
}

impl<'r> Source<'r> {
    pub(super) fn files(&self) -> &dyn Files {
        match self {
            Self::Commit(files) => files,
            Self::Folder(files) => files,
            Self::Nothing(files) => files,
        }
    }

    /// Reads at once what will be asked for: the files that differ, or where that is not known all classes.
    fn read_ahead(&self, changed: Option<&BTreeSet<RegistryPath>>) {
        let Self::Commit(files) = self else { return };
        match changed {
            Some(changed) => files.read_ahead(changed),
            // Whoever lists them is told why they cannot be listed.
            None => files.read_ahead(&files.list(&paths::at(paths::CLASSES)).unwrap_or_default()),
        }
    }

    pub(super) fn commit(&self) -> Option<&AtCommit<'r>> {
        match self {
            Self::Commit(files) => Some(files),
            Self::Folder(_) | Self::Nothing(_) => None,
        }
    }
}

/// A comparison, and how far approvals come into it.
pub(crate) struct Compared {
    pub(crate) diff: Diff,
    /// Why no approval excuses a change: there is nobody whom the base trusts, or nothing that could be approved.
    pub(crate) no_excuse: Option<String>,
    /// Documents of which it is not known how they stand, and why.
    pub(crate) unknown: BTreeMap<String, String>,
    /// What a reader should know besides.
    pub(crate) notes: Vec<String>,
}

/// Compares two sides.
pub(crate) fn between(
    sides: Sides,
    base: &Given,
    head: &Given,
    inventory: Option<&Inventory>,
    now: Timestamp,
) -> Result<Compared, Failure> {
    let (root, revisions) = match (base, head) {
        (Given::Folder(_), Given::Folder(_)) => (PathBuf::new(), None),
        _ => sides.root()?,
    };
    let mut notes = Vec::new();
    let (base_label, base) = open(base, &root, revisions.as_ref())?;
    let (head_label, head) = open(head, &root, revisions.as_ref())?;
    let place = revisions.as_ref().map_or_else(String::new, Revisions::place);
    let base_has_registry = has_registry(base.files());
    if !has_registry(head.files()) {
        return Err(Failure::usage(format!("there is no registry {place} at {head_label}"))
            .help("a registry is a folder with policy.yaml and task-classes/; --registry names one elsewhere"));
    }
    if !base_has_registry {
        notes.push(format!("there is no registry {place} at {base_label}: everything counts as new"));
    }
    let changed = match (base.commit(), head.commit()) {
        (Some(before), Some(after)) => Some(before.differing(after).map_err(Failure::usage)?),
        _ => None,
    };
    for source in [&base, &head] {
        source.read_ahead(changed.as_ref());
    }
    // Records are about registries at the top of their repository; no other one can be approved.
    let at_top = revisions.as_ref().filter(|revisions| revisions.folder().is_root());
    let grounds = |source: &Source<'_>| -> Result<Grounds<'_>, String> {
        let revisions = at_top.ok_or("approvals are about a registry at the top of its repository")?;
        let commit = source.commit().ok_or("approvals are about commits")?.commit().clone();
        Grounds::open(&revisions.repository, commit, Pin::Unpinned, now).map_err(|error| error.to_string())
    };
    let of_base = if base_has_registry { grounds(&base) } else { Err(format!("there is no registry at {base_label}")) };
    let of_head = grounds(&head);
    let standings = Standings::new(of_base.as_ref().ok(), of_head.as_ref().ok(), changed.as_ref());
    let threads = thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
    let before = Side::read(base_label, base.files());
    let after = Side::read(head_label, head.files()).with_threads(threads);
    let mut diff = compare(&Asked {
        base: &before,
        head: &after,
        inventory,
        approvals: &standings,
        request: &example_request,
        changed: changed.as_ref(),
        now,
    })
    .map_err(Failure::usage)?;
    refused::say(&mut diff, head.files(), now)?;
    let unknown = if diff.documents.is_empty() { BTreeMap::new() } else { standings.head().unknown.clone() };
    let why = |side: &Label, error: &String| format!("of {side} it is not known who may approve: {error}");
    let no_excuse = match (&of_base, &of_head) {
        (Err(error), _) => Some(why(before.label(), error)),
        (_, Err(error)) => Some(why(after.label(), error)),
        _ => None,
    };
    Ok(Compared { diff, no_excuse, unknown, notes })
}

/// Opens a side, and says what it is called.
pub(super) fn open<'r>(
    given: &Given,
    root: &Path,
    revisions: Option<&'r Revisions>,
) -> Result<(Label, Source<'r>), Failure> {
    match given {
        Given::WorkTree => {
            let files = WorkTree::open(root).map_err(Failure::usage)?;
            Ok(("the work tree".into(), Source::Folder(files)))
        }
        Given::Folder(folder) => {
            let shown = folder.display();
            if !folder.is_dir() {
                return Err(Failure::usage(format!("`{shown}` is not a folder")));
            }
            let files = WorkTree::open(folder).map_err(Failure::usage)?;
            if !has_registry(&files) {
                return Err(Failure::usage(format!("`{shown}` holds no registry: there is no policy.yaml in it"))
                    .help("name the folder that holds policy.yaml and task-classes/"));
            }
            Ok((shown.to_string().into(), Source::Folder(files)))
        }
        Given::Revision(revision) => {
            let revisions = revisions.ok_or_else(|| {
                Failure::usage(format!("`{revision}`: the registry {} is in no git repository", root.display()))
                    .help("`git init` and commit it, or name two folders: taskclass diff ./before ./after")
            })?;
            // Before the first commit there is nothing to hold a change against, and nothing is wrong with that.
            if revision == HEAD && revisions.is_unborn() {
                let nothing = Label { note: Some("no commit yet".to_owned()), ..Label::from(HEAD) };
                return Ok((nothing, Source::Nothing(InMemory::new())));
            }
            let commit = revisions.resolve(revision).map_err(|failure| other_word(revision, root, failure))?;
            Ok((label(revision, &commit), Source::Commit(revisions.files(&commit)?)))
        }
    }
}

/// A word that is no revision was perhaps meant for a document, or for a folder.
fn other_word(word: &str, root: &Path, failure: Failure) -> Failure {
    let classes = WorkTree::open(root).ok().and_then(|files| class_paths(&files).ok()).unwrap_or_default();
    if word == POLICY_NAME || classes.iter().any(|path| stem(path) == word) {
        let what = if word == POLICY_NAME { "the policy" } else { "a class" };
        let help =
            format!("it is {what}: `taskclass diff --since-approved {word}` shows what changed since it was approved");
        return Failure { help: vec![help], ..failure };
    }
    let looks_like_a_path = word.contains('/') || word.contains(std::path::MAIN_SEPARATOR);
    if looks_like_a_path {
        return Failure { message: format!("{}, and no folder `{word}`", failure.message), ..failure };
    }
    failure
}

/// How a reader knows a commit: as it was named, and its id.
pub(super) fn label(revision: &str, commit: &CommitId) -> Label {
    let short: String = commit.as_str().chars().take(12).collect();
    let name = if commit.as_str().starts_with(revision) { short } else { revision.to_owned() };
    Label { commit: Some(commit.to_string()), ..Label::from(name) }
}
