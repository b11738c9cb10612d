//! A registry at a commit, believed only as far as signatures reach. The one place where [`Approved`] values are made.

mod error;
mod grounds;
mod open;
mod overview;
mod pending;

use std::sync::Arc;

use taskclass_source::files::RegistryPath;
use taskclass_spec::{
    ClassName,
    model::TaskClass,
    registry::paths,
    signers::AllowedSigners,
    written::{Policy, Risk},
};

use crate::{
    Approved,
    at_commit::AtCommit,
    decide::{Decision, Rules, Standing},
    git::CommitId,
    trust::TrustSource,
};

pub use error::{NotApproved, OpenError};
pub use grounds::{Filed, Grounds};
pub use open::Opening;
pub use overview::DocumentState;
pub use pending::{Pending, Uncommitted};

/// A registry at a commit: its files, its policy, its signers. Made by [`Opening::open`]. Classes are read when they are
/// asked for.
#[derive(Debug)]
pub struct ApprovedRegistry<'a> {
    grounds: Grounds<'a>,
    policy_decision: Decision,
    /// Who changed the policy last; empty where that is not known and does not matter.
    policy_authors: Vec<String>,
}

impl<'a> ApprovedRegistry<'a> {
    /// The commit that is read.
    pub fn commit(&self) -> &CommitId {
        self.grounds.commit()
    }

    /// The commit's files.
    pub fn files(&self) -> &AtCommit<'a> {
        self.grounds.files()
    }

    /// What every decision stands on.
    pub fn grounds(&self) -> &Grounds<'a> {
        &self.grounds
    }

    /// The policy, approved or not: see [`Self::policy_decision`].
    pub fn policy(&self) -> &Arc<Policy> {
        self.grounds.policy()
    }

    /// Whether the policy is approved.
    pub fn policy_decision(&self) -> &Decision {
        &self.policy_decision
    }

    /// Who may sign.
    pub fn signers(&self) -> &AllowedSigners {
        self.grounds.signers()
    }

    /// How they came to be trusted.
    pub fn trust(&self) -> TrustSource {
        self.grounds.trust()
    }

    /// The class, checked under the policy; whether it is approved is another question.
    ///
    /// # Errors
    /// Where there is none of that name, or it is not valid.
    pub fn class(&self, name: &ClassName) -> Result<TaskClass, NotApproved> {
        self.grounds.class(name)
    }

    /// Whether the class is approved, whatever the policy's own standing.
    ///
    /// # Errors
    /// Where its approvals or their history cannot be read.
    pub fn decide_class(&self, class: &TaskClass) -> Result<Decision, NotApproved> {
        let filed = self.grounds.filed_class(class)?;
        self.decide_filed(&filed, &self.grounds.authors(std::slice::from_ref(&filed.sources)))
    }

    /// The one decision on a class. Who changed it last matters only where somebody has signed it.
    fn decide_filed(&self, filed: &Filed, authors: &Result<Vec<String>, NotApproved>) -> Result<Decision, NotApproved> {
        match authors {
            Ok(authors) => Ok(self.grounds.decide(filed, authors)),
            Err(_) if !filed.is_signed() => Ok(self.grounds.decide(filed, &[])),
            Err(error) => Err(error.clone()),
        }
    }

    /// The class as a value that may be run: it, and the policy, are approved under the pinned trust file.
    ///
    /// # Errors
    /// Why it may not.
    pub fn approve_class(&self, name: &ClassName) -> Result<Approved<TaskClass>, NotApproved> {
        let class = self.class(name)?;
        let decision = self.decide_class(&class)?;
        let (standing, policy_standing) = self.may_run(&decision)?;
        let (commit, policy) = (self.commit().clone(), Arc::clone(self.policy()));
        Ok(Approved::new(class, standing.clone(), commit, policy, policy_standing.clone()))
    }

    /// Whether what was decided of a class is enough to run it: the trust file is pinned and the policy approved as well.
    /// Gives how the class and the policy stand.
    ///
    /// # Errors
    /// Why it is not.
    pub fn may_run<'d>(&'d self, decision: &'d Decision) -> Result<(&'d Standing, &'d Standing), NotApproved> {
        if let TrustSource::Unpinned(digest) = self.trust() {
            return Err(NotApproved::Unpinned(digest));
        }
        match (&self.policy_decision, decision) {
            (Decision::NotApproved(shortfall), _) => Err(NotApproved::Policy(Box::new(shortfall.clone()))),
            (_, Decision::NotApproved(shortfall)) => Err(NotApproved::Class(Box::new(shortfall.clone()))),
            (Decision::Approved(policy), Decision::Approved(class)) => Ok((class, policy)),
        }
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
