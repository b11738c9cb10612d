//! Which of the known repositories a class reaches on one side, and what keeps the others away.

use taskclass_source::Path;
use taskclass_spec::written;

use super::{
    Reach, Reached,
    repositories::{Repositories, Set},
};
use crate::Cause;

/// What the lists of one side say of the known repositories.
#[derive(Debug, Clone)]
pub(crate) struct Extent {
    allowed: Set,
    denied: Set,
    denied_by_policy: Set,
}

impl Extent {
    /// Of a class under a policy that denies `denied_by_policy`.
    pub(crate) fn of(known: &Repositories, class: &written::TaskClass, denied_by_policy: &Set) -> Self {
        let own = &class.repositories;
        Self {
            allowed: known.matching(&own.allow),
            denied: known.matching(&own.deny),
            denied_by_policy: denied_by_policy.clone(),
        }
    }

    /// Where there is no class: nothing allows anything.
    pub(crate) fn none(known: &Repositories) -> Self {
        Self { allowed: known.none(), denied: known.none(), denied_by_policy: known.none() }
    }

    /// Those that the class reaches.
    pub(crate) fn reached(&self) -> Set {
        self.allowed.without(&self.denied).without(&self.denied_by_policy)
    }

    /// Whether a list denies a repository that is kept away, and whose list, in the order in which a run asks them.
    fn kept_away(&self, at: usize) -> (bool, Cause) {
        if self.denied_by_policy.has(at) { (true, Cause::Policy) } else { (self.denied.has(at), Cause::Own) }
    }
}

/// What came and went between two sides.
pub(crate) fn reach(known: &Repositories, before: &Extent, after: &Extent, sensitive: &Set) -> Reach {
    let (reached_before, reached_after) = (before.reached(), after.reached());
    let path = |list: &str| Path::root().key("repositories").key(list);
    let (allow, deny) = (path("allow"), path("deny"));
    let only = |here: &Set, there: &Set, kept_away_by: &Extent| {
        let set = here.without(there);
        let mut found: Vec<Reached> = known
            .within(&set)
            .map(|(at, repository)| {
                let (denied, cause) = kept_away_by.kept_away(at);
                let path = if denied { &deny } else { &allow };
                Reached { repository: repository.clone(), sensitive: sensitive.has(at), path: path.clone(), cause }
            })
            .collect();
        // They come by name; the sort keeps that order.
        found.sort_by_key(|reached| !reached.sensitive);
        found
    };
    Reach {
        before: reached_before.len(),
        after: reached_after.len(),
        added: only(&reached_after, &reached_before, before),
        removed: only(&reached_before, &reached_after, after),
    }
}
