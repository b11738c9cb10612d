//! A commit of the registry, as somebody who signs looks at it.

use std::{
    num::NonZeroUsize,
    path::{Path, PathBuf},
    sync::Arc,
    thread,
};

use jiff::Timestamp;
use taskclass_approval::{
    AtCommit,
    git::{CommitId, Repository},
    history,
    registry::{DocumentState, Opening},
    subject::Subject,
    trust,
};
use taskclass_lint::Scope;
use taskclass_source::{Files, Finding, RegistryPath, WorkTree};
use taskclass_spec::{
    Registry, model::TaskClass, record::POLICY_NAME, registry::paths, signers::AllowedSigners, written::Policy,
};

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
    /// Its own file.
    pub(crate) path: RegistryPath,
    /// The files that its digest covers.
    files: Vec<RegistryPath>,
    /// Whether the work tree holds something else.
    pub(crate) changed_since: bool,
}

impl Reviewed {
    pub(crate) fn open(registry: Option<&Path>, revision: &str) -> Result<Self, Failure> {
        let root = place::registry_root(registry)?;
        let repository = place::repository(&root)?;
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

    /// The names of all documents: the policy, then the classes by path.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        std::iter::once(POLICY_NAME).chain(self.registry.class_names())
    }

    /// A document that can be signed for: sound, and without a lint error.
    pub(crate) fn document(&self, name: &str) -> Result<Document, Failure> {
        let document = self.content(name)?;
        let files = self.files()?;
        let scope = Scope::document(document.path.clone());
        let findings = lint_errors(&files, Timestamp::now(), &scope).map_err(Failure::usage)?;
        if findings.is_empty() { Ok(document) } else { Err(self.broken(name, findings)) }
    }

    /// A document that reads, whatever the linter says of it.
    pub(crate) fn content(&self, name: &str) -> Result<Document, Failure> {
        let files = self.files()?;
        let (subject, covered) = if name == POLICY_NAME {
            let loaded = self
                .registry
                .surroundings
                .policy
                .as_ref()
                .ok_or_else(|| Failure::usage("the registry has no policy.yaml"))?;
            let subject = Subject::of_policy(loaded).map_err(Failure::usage)?;
            let subject = subject.ok_or_else(|| self.broken("the policy", loaded.findings()))?;
            (subject, vec![paths::at(paths::POLICY)])
        } else {
            let loaded = class_named(&self.registry, name)?;
            let class =
                TaskClass::build(loaded, &self.policy, &files).map_err(|findings| self.broken(name, findings))?;
            let subject = Subject::of_class(&class);
            let drawn_in = class.digest().files.keys().filter_map(|path| RegistryPath::new(path).ok());
            (subject, std::iter::once(loaded.path.clone()).chain(drawn_in).collect())
        };
        let work_tree = WorkTree::open(&self.root).map_err(Failure::usage)?;
        let differs = |path: &RegistryPath| files.read(path).ok() != work_tree.read(path).ok();
        let changed_since = covered.iter().any(differs);
        let path = covered.first().cloned().unwrap_or_else(RegistryPath::root);
        Ok(Document { subject, path, files: covered, changed_since })
    }

    fn broken(&self, what: &str, findings: Vec<Finding>) -> Failure {
        Failure::new(Exit::Findings, format!("{what} has errors at {}; nothing was signed", self.commit))
            .findings(findings)
    }

    /// How every document stands at the commit.
    pub(crate) fn states(&self, now: Timestamp) -> Result<Vec<DocumentState>, Failure> {
        let (repository, commit) = (&self.repository, self.commit.clone());
        let opening = Opening { repository, commit, pin: trust::Pin::Unpinned, last_accepted: None, now };
        let threads = thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
        opening.open().map_err(Failure::refused)?.overview(threads).map_err(Failure::usage)
    }

    /// The e-mail addresses of those who last changed a document.
    pub(crate) fn authors(&self, document: &Document) -> Result<Vec<String>, Failure> {
        let changes = history::last_changes(&self.repository, &self.commit, std::slice::from_ref(&document.files));
        Ok(changes.map_err(Failure::usage)?.into_iter().map(|change| change.author).collect())
    }
}
