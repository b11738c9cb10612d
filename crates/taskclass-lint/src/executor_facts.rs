//! What an executor knows that a registry does not say.

use std::collections::{BTreeMap, BTreeSet};

use taskclass_spec::{ClassName, Credits};

/// What the executor of a registry knows. A run of the linter without it says nothing that would follow from it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExecutorFacts {
    /// The webhooks that its configuration defines.
    pub webhooks: BTreeSet<String>,
    /// What the tasks of each class really cost.
    pub spent: BTreeMap<ClassName, Spent>,
}

/// What the finished tasks of one class cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spent {
    /// How many there are.
    pub tasks: u32,
    /// What nine in ten of them cost at most.
    pub p90: Credits,
}
