//! A value that has been approved. Only this crate can make one.

use std::sync::Arc;

use jiff::Timestamp;
use taskclass_spec::{Digest, written::Policy};

use crate::{
    decide::{ApprovedBy, Standing},
    git::CommitId,
    subject::Subject,
};

/// A document of type `T` whose exact content was found approved at a commit, under an approved policy.
///
/// There is no public way to make one but [`crate::registry::ApprovedRegistry`], so a function that takes it cannot be
/// called with anything else:
///
/// ```compile_fail,E0451
/// fn forge<T>(value: T, standing: taskclass_approval::decide::Standing) -> taskclass_approval::Approved<T> {
///     taskclass_approval::Approved { value, standing }
/// }
/// ```
#[derive(Debug, Clone)]
pub struct Approved<T> {
    value: T,
    standing: Standing,
    commit: CommitId,
    policy: Arc<Policy>,
    policy_standing: Standing,
}

impl<T> Approved<T> {
    pub(crate) fn new(
        value: T,
        standing: Standing,
        commit: CommitId,
        policy: Arc<Policy>,
        policy_standing: Standing,
    ) -> Self {
        Self { value, standing, commit, policy, policy_standing }
    }

    /// The document.
    pub fn get(&self) -> &T {
        &self.value
    }

    /// The digest that was approved.
    pub fn digest(&self) -> &Digest {
        &self.standing.subject.digest
    }

    /// The approvals that count.
    pub fn approvals(&self) -> &[ApprovedBy] {
        &self.standing.by
    }

    /// The whole decision.
    pub fn standing(&self) -> &Standing {
        &self.standing
    }

    /// Until when it is approved if nothing changes.
    pub fn until(&self) -> Timestamp {
        self.standing.until
    }

    /// The commit at which it was found approved.
    pub fn commit(&self) -> &CommitId {
        &self.commit
    }

    /// The policy under which it was, itself approved at the same commit.
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// The decision on that policy.
    pub fn policy_standing(&self) -> &Standing {
        &self.policy_standing
    }

    /// The break-glass approvals that it stands on, its own and the policy's, each with the document that it approves.
    /// What is run on any of them escalates.
    pub fn broken_glass(&self) -> impl Iterator<Item = (&Subject, &ApprovedBy)> {
        [&self.standing, &self.policy_standing].into_iter().filter(|standing| standing.is_break_glass()).flat_map(
            |standing| {
                let broken = standing.by.iter().filter(|approval| approval.break_glass);
                broken.map(|approval| (&standing.subject, approval))
            },
        )
    }
}
