//! A registry at a commit, believed only as far as signatures reach. The one place where [`Approved`] values are made.

mod error;
mod grounds;
mod open;

use std::sync::Arc;

use jiff::Timestamp;
use taskclass_source::files::RegistryPath;
use taskclass_spec::{
    ClassName, Loaded, Registry,
    model::TaskClass,
    record::POLICY_NAME,
    registry::{paths, stem},
    signers::AllowedSigners,
    written::{self, DocumentKind, Policy, Risk},
};

use crate::{
    Approved,
    at_commit::AtCommit,
    decide::{self, Case, Decision, RecordFile, Rules},
    git::CommitId,
    history,
    subject::Subject,
    trust::TrustSource,
};

pub use error::{NotApproved, OpenError};
pub use grounds::{Filed, Grounds};
pub use open::Opening;

/// A registry at a commit: its files, its policy, its signers. Made by [`Opening::open`].
#[derive(Debug)]
pub struct ApprovedRegistry<'a> {
    files: AtCommit<'a>,
    registry: Registry,
    policy: Arc<Policy>,
    policy_decision: Decision,
    signers: AllowedSigners,
    trust: TrustSource,
    revocations: Vec<RecordFile>,
    now: Timestamp,
}

/// One document and how it stands.
#[derive(Debug)]
pub struct DocumentState {
    /// What it is.
    pub kind: DocumentKind,
    /// Its name: the class file's stem, or `policy`.
    pub name: String,
    /// Its path in the registry.
    pub path: RegistryPath,
    /// The decision, or why none could be made.
    pub state: Result<Decision, NotApproved>,
}

impl<'a> ApprovedRegistry<'a> {
    /// The commit that is read.
    pub fn commit(&self) -> &CommitId {
        self.files.commit()
    }

    /// The commit's files.
    pub fn files(&self) -> &AtCommit<'a> {
        &self.files
    }

    /// The registry as loaded from them.
    pub fn registry(&self) -> &Registry {
        &self.registry
    }

    /// The policy, approved or not: see [`Self::policy_decision`].
    pub fn policy(&self) -> &Arc<Policy> {
        &self.policy
    }

    /// Whether the policy is approved.
    pub fn policy_decision(&self) -> &Decision {
        &self.policy_decision
    }

    /// Who may sign.
    pub fn signers(&self) -> &AllowedSigners {
        &self.signers
    }

    /// How they came to be trusted.
    pub fn trust(&self) -> TrustSource {
        self.trust
    }

    /// The class, checked under the policy; whether it is approved is another question.
    pub fn class(&self, name: &ClassName) -> Result<TaskClass, NotApproved> {
        self.build(self.loaded(name)?)
    }

    /// Whether the class is approved, whatever the policy's own standing.
    pub fn decide_class(&self, class: &TaskClass) -> Result<Decision, NotApproved> {
        let approvals = self.approvals(class.name().as_str())?;
        let authors = if approvals.is_empty() { Vec::new() } else { self.authors(&[sources(class)?])? };
        Ok(self.decide(class, &approvals, &authors))
    }

    /// The class as a value that may be run: it, and the policy, are approved under the pinned trust file.
    pub fn approve_class(&self, name: &ClassName) -> Result<Approved<TaskClass>, NotApproved> {
        if let TrustSource::Unpinned(digest) = self.trust {
            return Err(NotApproved::Unpinned(digest));
        }
        let class = self.class(name)?;
        let policy_standing = match &self.policy_decision {
            Decision::Approved(standing) => standing.clone(),
            Decision::NotApproved(shortfall) => return Err(NotApproved::Policy(Box::new(shortfall.clone()))),
        };
        match self.decide_class(&class)? {
            Decision::Approved(standing) => {
                let (commit, policy) = (self.commit().clone(), Arc::clone(&self.policy));
                Ok(Approved::new(class, standing, commit, policy, policy_standing))
            }
            Decision::NotApproved(shortfall) => Err(NotApproved::Class(Box::new(shortfall))),
        }
    }

    /// How every document stands: the policy first, then the classes by path. Decided as for a run.
    pub fn overview(&self) -> Vec<DocumentState> {
        let policy = DocumentState {
            kind: DocumentKind::Policy,
            name: POLICY_NAME.to_owned(),
            path: paths::at(paths::POLICY),
            state: Ok(self.policy_decision.clone()),
        };
        let prepared: Vec<_> = self.registry.classes.iter().map(|loaded| (loaded, self.prepare(loaded))).collect();
        // One walk through history for all classes that somebody has signed.
        let signed =
            prepared.iter().filter_map(|(_, prepared)| prepared.as_ref().ok()).filter(|ready| ready.is_signed());
        let sets: Vec<Vec<RegistryPath>> = signed.map(|ready| ready.sources.clone()).collect();
        let authors = self.authors(&sets);
        let mut authors = authors.map(IntoIterator::into_iter);
        let classes = prepared.into_iter().map(|(loaded, prepared)| DocumentState {
            kind: DocumentKind::TaskClass,
            name: stem(&loaded.path).to_owned(),
            path: loaded.path.clone(),
            state: prepared.and_then(|ready| {
                let author: Vec<String> = match &mut authors {
                    Ok(authors) if ready.is_signed() => authors.next().into_iter().collect(),
                    Err(error) if ready.is_signed() => return Err(error.clone()),
                    _ => Vec::new(),
                };
                Ok(self.decide(&ready.class, &ready.approvals, &author))
            }),
        });
        let unreadable = self.registry.unreadable.iter().filter_map(|error| {
            let path = error::path(error)?;
            let name = stem(path).to_owned();
            taskclass_spec::registry::is_class(path).then(|| DocumentState {
                kind: DocumentKind::TaskClass,
                name,
                path: path.clone(),
                state: Err(NotApproved::Unreadable(error.clone())),
            })
        });
        let mut states: Vec<DocumentState> = classes.chain(unreadable).collect();
        states.sort_by(|a, b| a.path.cmp(&b.path));
        states.insert(0, policy);
        states
    }

    fn loaded(&self, name: &ClassName) -> Result<&Loaded<written::TaskClass>, NotApproved> {
        if let Some(loaded) = self.registry.class(name) {
            return Ok(loaded);
        }
        let is_it =
            |error: &&taskclass_source::ReadError| error::path(error).is_some_and(|path| stem(path) == name.as_str());
        match self.registry.unreadable.iter().find(is_it) {
            Some(error) => Err(NotApproved::Unreadable(error.clone())),
            None => Err(NotApproved::NoSuchClass {
                name: name.clone(),
                commit: self.commit().clone(),
                known: self.registry.class_names().map(str::to_owned).collect(),
            }),
        }
    }

    fn build(&self, loaded: &Loaded<written::TaskClass>) -> Result<TaskClass, NotApproved> {
        TaskClass::build(loaded, &self.policy, &self.files)
            .map_err(|findings| NotApproved::Invalid { path: loaded.path.clone(), findings })
    }

    fn prepare(&self, loaded: &Loaded<written::TaskClass>) -> Result<Prepared, NotApproved> {
        let class = self.build(loaded)?;
        let approvals = self.approvals(class.name().as_str())?;
        Ok(Prepared { sources: sources(&class)?, class, approvals })
    }

    fn approvals(&self, name: &str) -> Result<Vec<RecordFile>, NotApproved> {
        open::approvals(&self.files, name).map_err(NotApproved::Unreadable)
    }

    /// The last author of each set of files.
    fn authors(&self, sets: &[Vec<RegistryPath>]) -> Result<Vec<String>, NotApproved> {
        if sets.is_empty() {
            return Ok(Vec::new());
        }
        let changes = history::last_changes(self.files.repository(), self.commit(), sets)
            .map_err(|error| NotApproved::History(Arc::new(error)))?;
        Ok(changes.into_iter().map(|change| change.author).collect())
    }

    fn decide(&self, class: &TaskClass, approvals: &[RecordFile], authors: &[String]) -> Decision {
        decide::decide(&Case {
            registry: &self.policy.registry,
            subject: &Subject::of_class(class),
            rules: Rules::of(&self.policy, class.written().risk),
            approvals,
            revocations: &self.revocations,
            signers: &self.signers,
            authors,
            now: self.now,
        })
    }
}

/// A class with what is needed to decide on it, but for its author.
struct Prepared {
    class: TaskClass,
    sources: Vec<RegistryPath>,
    approvals: Vec<RecordFile>,
}

impl Prepared {
    fn is_signed(&self) -> bool {
        !self.approvals.is_empty()
    }
}

/// All files that a class's digest covers.
pub(crate) fn sources(class: &TaskClass) -> Result<Vec<RegistryPath>, NotApproved> {
    let files = class.digest().files.keys().map(|path| RegistryPath::new(path).map_err(NotApproved::Path));
    std::iter::once(class_path(class.name())).chain(files).collect()
}

/// A class's own file.
pub(crate) fn class_path(name: &ClassName) -> Result<RegistryPath, NotApproved> {
    RegistryPath::new(format!("{}/{name}.yaml", paths::CLASSES)).map_err(NotApproved::Path)
}

/// What a policy is judged by: its own rules for high risk, and no fewer people than the one before it asked for.
pub(crate) fn policy_rules(policy: &Policy, before: Option<u32>) -> Rules {
    let rules = Rules::of(policy, Risk::High);
    Rules { quorum: rules.quorum.max(before.unwrap_or(0)), ..rules }
}
