//! A commit of the registry, as somebody who signs looks at it.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use jiff::Timestamp;
use taskclass_approval::{
    AtCommit,
    git::{CommitId, Repository},
    history,
    subject::Subject,
    trust,
};
use taskclass_lint::Scope;
use taskclass_source::{Files, RegistryPath, WorkTree};
use taskclass_spec::{Registry, model::TaskClass, registry::paths, signers::AllowedSigners, written::Policy};

use crate::{
    exit::{Exit, Failure},
    place,
    registry::{class_named, lint_errors, policy_of},
};

/// A registry at a commit.
pub(crate) struct Reviewed {
    pub(crate) root: PathBuf,
    repository: Repository,
    pub(crate) commit: CommitId,
    pub(crate) policy: Arc<Policy>,
    pub(crate) signers: AllowedSigners,
    registry: Registry,
}

/// A document of it.
pub(crate) struct Document {
    pub(crate) subject: Subject,
    /// The files that its digest covers.
    files: Vec<RegistryPath>,
    /// Whether the work tree holds something else.
    pub(crate) changed_since: bool,
}

impl Reviewed {
    pub(crate) fn open(registry: Option<&Path>, revision: &str) -> Result<Self, Failure> {
        let root = place::registry_root(registry)?;
        let repository = Repository::open(&root).map_err(|error| {
            Failure::usage(error).help("approvals are about commits: `git init` and commit the registry first")
        })?;
        let commit = repository.resolve_revision(revision).map_err(|error| {
            Failure::usage(error).help("commit the registry first; only what is committed can be approved")
        })?;
        let files = AtCommit::new(&repository, commit.clone()).map_err(Failure::usage)?;
        let registry = Registry::load(&files).map_err(Failure::usage)?;
        let policy = policy_of(&registry.surroundings)?;
        let trusted = files.read(&paths::at(paths::ALLOWED_SIGNERS)).map_err(Failure::usage)?;
        let (signers, _) = trust::load(trusted.as_deref(), trust::Pin::Unpinned).map_err(Failure::refused)?;
        drop(files);
        Ok(Self { root, repository, commit, policy, signers, registry })
    }

    /// The commit's files.
    pub(crate) fn files(&self) -> Result<AtCommit<'_>, Failure> {
        AtCommit::new(&self.repository, self.commit.clone()).map_err(Failure::usage)
    }

    /// A document that can be signed for: sound, and without a lint error.
    pub(crate) fn document(&self, name: &str) -> Result<Document, Failure> {
        let files = AtCommit::new(&self.repository, self.commit.clone()).map_err(Failure::usage)?;
        let broken = |what: &str, findings| {
            Failure::new(Exit::Findings, format!("{what} has errors at {}; nothing was signed", self.commit))
                .findings(findings)
        };
        let (subject, covered, scope) = if name == "policy" {
            let loaded = self
                .registry
                .surroundings
                .policy
                .as_ref()
                .ok_or_else(|| Failure::usage("the registry has no policy.yaml"))?;
            let subject = Subject::of_policy(loaded).map_err(Failure::usage)?;
            let subject = subject.ok_or_else(|| broken("the policy", loaded.findings()))?;
            let path = paths::at(paths::POLICY);
            (subject, vec![path.clone()], Scope::document(path))
        } else {
            let loaded = class_named(&self.registry, name)?;
            let class = TaskClass::build(loaded, &self.policy, &files).map_err(|findings| broken(name, findings))?;
            let subject = Subject::of_class(&class);
            let drawn_in = class.digest().files.keys().filter_map(|path| RegistryPath::new(path).ok());
            let covered: Vec<RegistryPath> = std::iter::once(loaded.path.clone()).chain(drawn_in).collect();
            (subject, covered, Scope::document(loaded.path.clone()))
        };
        let findings = lint_errors(&files, Timestamp::now(), &scope).map_err(Failure::usage)?;
        if !findings.is_empty() {
            return Err(broken(name, findings));
        }
        let work_tree = WorkTree::open(&self.root).map_err(Failure::usage)?;
        let differs = |path: &RegistryPath| files.read(path).ok() != work_tree.read(path).ok();
        let changed_since = covered.iter().any(differs);
        Ok(Document { subject, files: covered, changed_since })
    }

    /// The e-mail addresses of those who last changed a document.
    pub(crate) fn authors(&self, document: &Document) -> Result<Vec<String>, Failure> {
        let changes = history::last_changes(&self.repository, &self.commit, std::slice::from_ref(&document.files));
        Ok(changes.map_err(Failure::usage)?.into_iter().map(|change| change.author).collect())
    }
}
