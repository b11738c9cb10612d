//! Approved classes, read from the registry's git repository each time one is asked for.

use std::{collections::BTreeSet, fmt, path::PathBuf};

use jiff::Timestamp;
use serde::Serialize;
use taskclass_approval::{
    Approved, AtCommit,
    git::{CommitId, FullRef, Repository},
    registry::{ApprovedRegistry, NotApproved, OpenError, Opening},
    trust::{self, Pin},
};
use taskclass_executor::{Classes, Looked, NotNow};
use taskclass_lint::Scope;
use taskclass_source::{Files, Finding, ReadError};
use taskclass_spec::{
    ClassName, RepoName,
    model::TaskClass,
    registry::{Surroundings, class_paths, paths, stem},
    signers::AllowedSigners,
};

use super::Settings;
use crate::exit::{Exit, Failure};

/// The registry that the executor trusts.
pub(crate) struct RegistryClasses {
    repository: Repository,
    /// Where the repository is, as the configuration has it.
    folder: PathBuf,
    full_ref: FullRef,
    pin: Pin,
}

/// What the registry says of a class.
pub(crate) struct Answer {
    /// The commit that was read.
    pub(crate) read: Option<CommitId>,
    /// The same, if it is one to remember.
    pub(crate) accepted: Option<String>,
    /// The class, or why it may not be run.
    pub(crate) class: Result<Approved<TaskClass>, Failure>,
}

/// Where a class was read.
#[derive(Debug, Serialize)]
pub(crate) struct Place {
    /// `origin` where the repository has one, and is asked; else the repository's own folder.
    pub(crate) repository: String,
    /// The full ref.
    #[serde(rename = "ref")]
    pub(crate) git_ref: String,
    /// Its commit.
    pub(crate) commit: String,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let short: String = self.commit.chars().take(7).collect();
        write!(f, "{} at {short} ({})", self.git_ref, self.repository)
    }
}

impl RegistryClasses {
    pub(crate) fn open(settings: &Settings) -> Result<Self, Failure> {
        let repository = Repository::open(&settings.git)
            .map_err(|error| Failure::usage(error).help("`registry.git` names the registry's git repository"))?;
        let full_ref = settings.git_ref.parse().map_err(Failure::usage)?;
        Ok(Self { repository, folder: settings.git.clone(), full_ref, pin: settings.pin })
    }

    /// The class as a value that may be run: without a lint error, approved, under an approved policy.
    pub(crate) fn approve(&self, name: &ClassName, last: Option<&str>, now: Timestamp) -> Answer {
        let commit = match self.newest() {
            Ok(commit) => commit,
            Err(failure) => return Answer { read: None, accepted: None, class: Err(failure) },
        };
        let read = Some(commit.clone());
        let registry = match self.open_at(commit, last, now) {
            Ok(registry) => registry,
            Err(failure) => return Answer { read, accepted: None, class: Err(failure) },
        };
        let accepted = registry.policy_decision().is_approved().then(|| registry.commit().to_string());
        let class = match class_errors(&registry, name, now) {
            Err(error) => Err(Failure::usage(error)),
            Ok(errors) if !errors.is_empty() => {
                Err(Failure::refused(format!("`{name}` has lint errors at {}", registry.commit())).findings(errors))
            }
            Ok(_) => registry.approve_class(name).map_err(|error| refused(name, error)),
        };
        Answer { read, accepted, class }
    }

    /// Which commit of what was read.
    pub(crate) fn place(&self, commit: &CommitId) -> Place {
        // What cannot be told now could be told when the commit was asked for.
        let origin = self.repository.has_origin().unwrap_or(true);
        Place {
            repository: if origin { "origin".to_owned() } else { self.folder.display().to_string() },
            git_ref: self.full_ref.to_string(),
            commit: commit.to_string(),
        }
    }

    /// The commit that a run reads.
    pub(crate) fn newest(&self) -> Result<CommitId, Failure> {
        self.repository.latest(&self.full_ref).map_err(Failure::usage)
    }

    /// When a commit of it was made, if that can be told.
    pub(crate) fn committed_at(&self, commit: &CommitId) -> Option<Timestamp> {
        self.repository.committed_at(commit).ok()
    }

    /// The registry at a commit that goes on from `last`.
    pub(crate) fn opened(
        &self,
        commit: CommitId,
        last: Option<CommitId>,
        now: Timestamp,
    ) -> Result<ApprovedRegistry<'_>, OpenError> {
        Opening { repository: &self.repository, commit, pin: self.pin, last_accepted: last, now }.open()
    }

    /// Who is trusted by the registry's newest commit, held to the pin.
    pub(crate) fn signers(&self) -> Result<AllowedSigners, Failure> {
        let files = AtCommit::new(&self.repository, self.newest()?).map_err(Failure::usage)?;
        let bytes = files.read(&paths::at(paths::ALLOWED_SIGNERS)).map_err(Failure::usage)?;
        trust::load(bytes.as_deref(), self.pin).map(|(signers, _)| signers).map_err(Failure::refused)
    }

    /// The repositories of the inventory that a class which is approved now reaches; `None` where the registry has no inventory.
    pub(crate) fn reached(&self, last: Option<&str>, now: Timestamp) -> Result<Option<BTreeSet<RepoName>>, Failure> {
        let registry = self.open_at(self.newest()?, last, now)?;
        let surroundings = Surroundings::load(registry.files());
        let Some(inventory) = surroundings.inventory() else { return Ok(None) };
        let mut reached = BTreeSet::new();
        for path in class_paths(registry.files()).map_err(Failure::usage)? {
            let class = stem(&path).parse().ok().and_then(|name| registry.approve_class(&name).ok());
            let Some(class) = class else { continue };
            reached.extend(inventory.iter().filter(|name| class.get().reaches(name).is_ok()).cloned());
        }
        Ok(Some(reached))
    }

    fn open_at(&self, commit: CommitId, last: Option<&str>, now: Timestamp) -> Result<ApprovedRegistry<'_>, Failure> {
        let last_accepted = last.map(str::parse::<CommitId>).transpose().map_err(Failure::refused)?;
        let refused =
            |error: OpenError| if error.is_of_git() { Failure::usage(error) } else { Failure::refused(error) };
        self.opened(commit, last_accepted, now).map_err(refused)
    }
}

impl Classes for RegistryClasses {
    fn look(&self, name: &ClassName, last: Option<&str>, now: Timestamp) -> Looked {
        let Answer { accepted, class, .. } = self.approve(name, last, now);
        // Once the registry is open, whatever is said is about the class.
        let known = accepted.is_some();
        let class = class.map_err(|failure| match failure.exit {
            Exit::Usage if !known => NotNow::CannotTell(failure.message),
            _ => NotNow::NotApproved(failure.message),
        });
        Looked { accepted, class }
    }
}

/// The linter's errors in the class's own file and in what it draws in. A class that does not build has none here: why it
/// does not is said by the approval.
fn class_errors(registry: &ApprovedRegistry<'_>, name: &ClassName, now: Timestamp) -> Result<Vec<Finding>, ReadError> {
    let path = paths::at(paths::CLASSES).join(format!("{name}.yaml"));
    let Some(path) = path.ok().filter(|_| registry.class(name).is_ok()) else { return Ok(Vec::new()) };
    crate::registry::lint_errors(registry.files(), now, &Scope::document(path))
}

pub(crate) fn refused(name: &ClassName, error: NotApproved) -> Failure {
    match error {
        NotApproved::NoSuchClass { known, .. } => {
            let near = taskclass_spec::suggest::closest(name.as_str(), known.iter().map(String::as_str));
            let help = near
                .map_or_else(|| format!("there are: {}", known.join(", ")), |near| format!("did you mean `{near}`?"));
            Failure::new(Exit::Usage, format!("there is no class `{name}` in the registry at this commit")).help(help)
        }
        NotApproved::Invalid { path, findings } => {
            Failure::refused(format!("{path} is not valid, so it cannot be approved")).findings(findings)
        }
        other => Failure::refused(other),
    }
}
