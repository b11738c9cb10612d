//! What one comparison works out once for all documents.

use std::{collections::BTreeSet, sync::Arc};

use taskclass_source::{ReadError, RegistryPath};
use taskclass_spec::{
    paths,
    written::{Policy, TaskClass},
};

use crate::{
    Asked, Cause, Change,
    pair::Pair,
    policy,
    reach::{Repositories, Set},
    required::Signers,
    side::Side,
};

/// One of the two sides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum When {
    Before,
    After,
}

/// A comparison under way.
pub(crate) struct Review<'a> {
    pub(crate) asked: &'a Asked<'a>,
    pub(crate) signers: Signers,
    policies: Option<(Arc<Policy>, Arc<Policy>)>,
    /// The repositories that are known, if any are.
    pub(crate) known: Option<Repositories>,
    /// Those of them that the policy of either side calls sensitive.
    pub(crate) sensitive: Option<Set>,
    denied: Option<(Set, Set)>,
    policy_changes: Vec<Change>,
    prompts: BTreeSet<RegistryPath>,
}

impl<'a> Review<'a> {
    /// `policy_changes` are those of the policy itself.
    pub(crate) fn new(asked: &'a Asked<'a>, policy_changes: &[Change]) -> Result<Self, ReadError> {
        let policies = policy::standing_in(asked);
        let known = known(asked);
        let both = policies.as_ref().zip(known.as_ref());
        let denied = both.map(|((before, after), known)| {
            (known.matching(&before.repositories.deny), known.matching(&after.repositories.deny))
        });
        let sensitive = both.map(|((before, after), known)| {
            let of = |policy: &Policy| {
                policy
                    .models
                    .sensitive
                    .as_ref()
                    .map_or(known.none(), |sensitive| known.matching(&sensitive.repositories))
            };
            of(before).or(&of(after))
        });
        Ok(Self {
            asked,
            signers: Signers::of(asked),
            policies,
            known,
            sensitive,
            denied,
            policy_changes: policy_changes.to_vec(),
            prompts: changed_prompts(asked)?,
        })
    }

    pub(crate) fn side(&self, when: When) -> &'a Side<'a> {
        match when {
            When::Before => self.asked.base,
            When::After => self.asked.head,
        }
    }

    /// The policy that the classes of a side are judged under.
    pub(crate) fn policy(&self, when: When) -> Option<&Arc<Policy>> {
        let (before, after) = self.policies.as_ref()?;
        Some(match when {
            When::Before => before,
            When::After => after,
        })
    }

    /// The known repositories that the policy of a side denies.
    pub(crate) fn denied(&self, when: When) -> Option<&Set> {
        let (before, after) = self.denied.as_ref()?;
        Some(match when {
            When::Before => before,
            When::After => after,
        })
    }

    /// Whether a class whose own file is the same may still differ in what it draws in or stands under.
    pub(crate) fn may_reach(&self, _: &Pair) -> bool {
        !self.policy_changes.is_empty() || !self.prompts.is_empty()
    }

    /// The changes of the policy that count for a class, as it was or as it is.
    pub(crate) fn policy_changes_for(&self, _: &[Option<&TaskClass>]) -> Vec<Change> {
        self.policy_changes.iter().map(|change| Change { cause: Cause::Policy, ..change.clone() }).collect()
    }
}

/// The inventory that was given, or all that either side lists: a repository is no less there because a change does not list
/// it, and none comes into reach because it is listed.
fn known(asked: &Asked<'_>) -> Option<Repositories> {
    let inventories: Vec<_> = match asked.inventory {
        Some(given) => vec![given],
        None => asked.base.inventory().into_iter().chain(asked.head.inventory()).collect(),
    };
    (!inventories.is_empty()).then(|| Repositories::of(inventories))
}

/// The prompt files and partials that differ.
fn changed_prompts(asked: &Asked<'_>) -> Result<BTreeSet<RegistryPath>, ReadError> {
    let folder = paths::at(paths::PROMPTS);
    let mut paths: BTreeSet<RegistryPath> = match asked.changed {
        Some(changed) => changed.iter().filter(|path| path.is_within(&folder)).cloned().collect(),
        None => asked.base.files().list(&folder)?.into_iter().chain(asked.head.files().list(&folder)?).collect(),
    };
    paths.retain(|path| asked.differs(path));
    Ok(paths)
}
