//! Which of the known repositories a class reaches on one side, and what keeps the others away.

use taskclass_source::Path;
use taskclass_spec::{RepoName, written};

use super::{
    List, Moved, NAMED, Reach, Reached,
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

    /// Those of `set`, which the class does not reach, by the list that keeps them away, in the order in which a run asks.
    fn kept_away(&self, set: &Set) -> Vec<KeptAway> {
        let path = |list: &str| Path::root().key("repositories").key(list);
        let not_by_policy = set.without(&self.denied_by_policy);
        let lists = [
            KeptAway { path: path("deny"), cause: Cause::Policy, set: set.and(&self.denied_by_policy) },
            KeptAway { path: path("deny"), cause: Cause::Own, set: not_by_policy.and(&self.denied) },
            KeptAway { path: path("allow"), cause: Cause::Own, set: not_by_policy.without(&self.denied) },
        ];
        lists.into_iter().filter(|list| !list.set.is_empty()).collect()
    }
}

/// The repositories that one list keeps away.
#[derive(Debug)]
pub(crate) struct KeptAway {
    /// Which list.
    pub(crate) path: Path,
    /// Whose.
    pub(crate) cause: Cause,
    /// Which repositories; one at least.
    pub(crate) set: Set,
}

/// What came and went between two sides, and all that came, by the lists that kept them away before.
pub(crate) fn reach(known: &Repositories, before: &Extent, after: &Extent, sensitive: &Set) -> (Reach, Vec<KeptAway>) {
    let (reached_before, reached_after) = (before.reached(), after.reached());
    let came = before.kept_away(&reached_after.without(&reached_before));
    let went = after.kept_away(&reached_before.without(&reached_after));
    let reach = Reach {
        before: reached_before.len(),
        after: reached_after.len(),
        added: moved(known, &came, sensitive),
        removed: moved(known, &went, sensitive),
        unlisted: Vec::new(),
    };
    (reach, came)
}

/// The repositories that the class allows by their whole name, that nothing denies and that are not known.
pub(crate) fn unlisted(known: &Repositories, class: &written::TaskClass, policy: &written::Policy) -> Vec<RepoName> {
    let own = &class.repositories;
    let literal = own.allow.iter().filter(|pattern| pattern.is_literal());
    let unknown = literal.filter(|pattern| known.matching(std::slice::from_ref(pattern)).is_empty());
    let names = unknown.filter_map(|pattern| pattern.as_str().parse::<RepoName>().ok());
    let denied = |name: &RepoName| own.deny.iter().chain(&policy.repositories.deny).any(|denied| denied.matches(name));
    let mut names: Vec<RepoName> = names.filter(|name| !denied(name)).collect();
    names.sort_unstable_by(|a, b| a.as_str().cmp(b.as_str()));
    names.dedup();
    names
}

fn moved(known: &Repositories, lists: &[KeptAway], sensitive: &Set) -> Moved {
    let all = lists.iter().fold(known.none(), |all, list| all.or(&list.set));
    let (first, rest) = (all.and(sensitive), all.without(sensitive));
    let named = known.within(&first).chain(known.within(&rest)).take(NAMED).filter_map(|(at, repository)| {
        let list = lists.iter().find(|list| list.set.has(at))?;
        let (path, cause) = (list.path.clone(), list.cause.clone());
        Some(Reached { repository: repository.clone(), sensitive: sensitive.has(at), path, cause })
    });
    let named: Vec<Reached> = named.collect();
    let mut lists: Vec<List> = lists
        .iter()
        .map(|list| List { path: list.path.clone(), cause: list.cause.clone(), count: list.set.len() })
        .collect();
    let is_of = |list: &List, one: &Reached| list.path == one.path && list.cause == one.cause;
    lists.sort_by_key(|list| named.iter().position(|one| is_of(list, one)).unwrap_or(NAMED));
    Moved { count: all.len(), sensitive: first.len(), lists, named }
}
