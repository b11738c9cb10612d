//! What one comparison works out once for all documents.

use std::cell::OnceCell;

use taskclass_spec::{
    RepoPattern, paths,
    written::{Policy, TaskClass},
};

use crate::{
    Asked, Cause, Change,
    bearing::Policies,
    policy,
    prompts::Differences,
    reach::{Repositories, Set},
    read::{Reader, When},
    required::Signers,
};

/// A comparison under way. What not every comparison needs is worked out when it is asked for.
pub(crate) struct Review<'a> {
    pub(crate) asked: &'a Asked<'a>,
    pub(crate) reader: Reader<'a>,
    /// Of what examples are told.
    pub(crate) differences: Differences,
    policy_changes: Vec<Change>,
    signers: OnceCell<Signers>,
    ground: OnceCell<Option<Ground>>,
}

/// The repositories that are known, and what the policies say of them.
pub(crate) struct Ground {
    pub(crate) known: Repositories,
    /// Those that the policy of either side calls sensitive.
    pub(crate) sensitive: Set,
    denied: (Set, Set),
}

impl Ground {
    /// How many are known.
    pub(crate) fn len(&self) -> usize {
        self.known.len()
    }

    /// Those that the policy of a side denies.
    pub(crate) fn denied(&self, when: When) -> &Set {
        match when {
            When::Before => &self.denied.0,
            When::After => &self.denied.1,
        }
    }
}

impl<'a> Review<'a> {
    /// `policy_changes` are those of the policy itself.
    pub(crate) fn new(asked: &'a Asked<'a>, policy_changes: &[Change]) -> Self {
        let policy_changes =
            policy_changes.iter().filter(|change| change.cause == Cause::Own && Policies::may_count(change));
        Self {
            asked,
            reader: Reader::new(asked.base, asked.head, policy::standing_in(asked)),
            policy_changes: policy_changes.map(|change| Change { cause: Cause::Policy, ..change.clone() }).collect(),
            differences: Differences::default(),
            signers: OnceCell::new(),
            ground: OnceCell::new(),
        }
    }

    /// Who may sign.
    pub(crate) fn signers(&self) -> &Signers {
        self.signers.get_or_init(|| Signers::of(self.asked))
    }

    /// The repositories that are known; `None` where there is no inventory.
    pub(crate) fn ground(&self) -> Option<&Ground> {
        let ground = || {
            let known = known(self.asked)?;
            let each = |of: fn(&Policy) -> &[RepoPattern]| {
                let (before, after) = self.reader.policies().map_or((&[][..], &[][..]), |(a, b)| (of(a), of(b)));
                (known.matching(before), known.matching(after))
            };
            let denied = each(|policy| &policy.repositories.deny);
            let sensitive = each(|policy| policy.models.sensitive.as_ref().map_or(&[], |own| &own.repositories));
            Some(Ground { sensitive: sensitive.0.or(&sensitive.1), denied, known })
        };
        self.ground.get_or_init(ground).as_ref()
    }

    /// Whether the policy differs in something that could count for a class.
    pub(crate) fn policy_differs(&self) -> bool {
        !self.policy_changes.is_empty()
    }

    /// The changes of the policy that count for a class, as it was or as it is.
    pub(crate) fn policy_changes_for(&self, sides: [Option<&TaskClass>; 2]) -> Vec<Change> {
        let Some((before, after)) = self.reader.policies() else { return Vec::new() };
        let policies = Policies { before, after };
        let counts = |change: &&Change| sides.iter().flatten().any(|class| policies.counts(change, class));
        self.policy_changes.iter().filter(counts).cloned().collect()
    }
}

/// The inventory that was given, or all that either side lists: a repository is no less there because a change does not list
/// it, and none comes into reach because it is listed.
fn known(asked: &Asked<'_>) -> Option<Repositories> {
    let inventories: Vec<_> = match asked.inventory {
        Some(given) => vec![given],
        None => {
            let path = paths::at(paths::INVENTORY);
            let before = if asked.differs(&path) { asked.base.inventory() } else { None };
            asked.head.inventory().into_iter().chain(before).collect()
        }
    };
    (!inventories.is_empty()).then(|| Repositories::of(inventories))
}
