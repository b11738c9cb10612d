//! Approved classes, read from the registry's git repository each time one is asked for.

use jiff::Timestamp;
use taskclass_approval::{
    Approved,
    git::{CommitId, FullRef, Repository},
    registry::{ApprovedRegistry, NotApproved, OpenError, Opening},
    trust::Pin,
};
use taskclass_executor::{Classes, Looked, NotNow};
use taskclass_lint::Scope;
use taskclass_source::{Finding, ReadError};
use taskclass_spec::{ClassName, model::TaskClass, registry::paths};

use super::Settings;
use crate::exit::{Exit, Failure};

/// The registry that the executor trusts.
pub(crate) struct RegistryClasses {
    repository: Repository,
    full_ref: FullRef,
    pin: Pin,
}

impl RegistryClasses {
    pub(crate) fn open(settings: &Settings) -> Result<Self, Failure> {
        let repository = Repository::open(&settings.git)
            .map_err(|error| Failure::usage(error).help("`registry.git` names the registry's git repository"))?;
        let full_ref = settings.git_ref.parse().map_err(Failure::usage)?;
        Ok(Self { repository, full_ref, pin: settings.pin })
    }

    /// The class as a value that may be run: without a lint error, approved, under an approved policy. Beside it the commit that
    /// was read, if it is one to remember.
    pub(crate) fn approve(
        &self,
        name: &ClassName,
        last: Option<&str>,
        now: Timestamp,
    ) -> (Option<String>, Result<Approved<TaskClass>, Failure>) {
        let registry = match self.open_newest(last, now) {
            Ok(registry) => registry,
            Err(failure) => return (None, Err(failure)),
        };
        let accepted = registry.policy_decision().is_approved().then(|| registry.commit().to_string());
        let class = match class_errors(&registry, name, now) {
            Err(error) => Err(Failure::usage(error)),
            Ok(errors) if !errors.is_empty() => {
                Err(Failure::refused(format!("`{name}` has lint errors at {}", registry.commit())).findings(errors))
            }
            Ok(_) => registry.approve_class(name).map_err(|error| refused(name, error)),
        };
        (accepted, class)
    }

    /// The commit that a run reads.
    pub(crate) fn newest(&self) -> Result<CommitId, Failure> {
        self.repository.latest(&self.full_ref).map_err(Failure::usage)
    }

    fn open_newest(&self, last: Option<&str>, now: Timestamp) -> Result<ApprovedRegistry<'_>, Failure> {
        let commit = self.newest()?;
        let last_accepted = last.map(str::parse::<CommitId>).transpose().map_err(Failure::refused)?;
        let opening = Opening { repository: &self.repository, commit, pin: self.pin, last_accepted, now };
        let refused =
            |error: OpenError| if error.is_of_git() { Failure::usage(error) } else { Failure::refused(error) };
        opening.open().map_err(refused)
    }
}

impl Classes for RegistryClasses {
    fn look(&self, name: &ClassName, last: Option<&str>, now: Timestamp) -> Looked {
        let (accepted, class) = self.approve(name, last, now);
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
