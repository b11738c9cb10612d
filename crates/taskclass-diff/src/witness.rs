//! What the inventory proves: a repository that came into reach is a witness that a change widens.

use std::sync::Arc;

use taskclass_source::{Path, text::quoted};
use taskclass_spec::{Loaded, RepoPattern, written::TaskClass};

use crate::{
    Cause, Change, Effect, Place, Written,
    reach::{KeptAway, Repositories, Set},
    review::Ground,
};

/// Holds the changes to the reach: each repository that came, of `came` by the lists that kept them away, stands under a change
/// of that list, and that change is said to widen.
pub(crate) fn account_for(
    came: &[KeptAway],
    ground: &Ground,
    changes: &mut Vec<Change>,
    after: Option<&Loaded<TaskClass>>,
) {
    // All of a class that is new is said to widen.
    if changes.iter().any(|change| change.effect == Effect::Widens && is_whole(change)) {
        return;
    }
    for list in came {
        of_list(list, ground, changes, after);
    }
}

fn of_list(list: &KeptAway, ground: &Ground, changes: &mut Vec<Change>, after: Option<&Loaded<TaskClass>>) {
    let let_in: Vec<Set> = changes.iter().map(|change| let_in(change, list, &ground.known)).collect();
    let mut left = list.set.clone();
    for (_, set) in changes.iter().zip(&let_in).filter(|(change, _)| change.effect == Effect::Widens) {
        left = left.without(set);
    }
    // Sensitive ones first, then by name.
    let next = |left: &Set| {
        let sensitive = left.and(&ground.sensitive);
        let one = |set: &Set| ground.known.within(set).next().map(|(at, name)| (at, name.clone()));
        one(&sensitive).or_else(|| one(left))
    };
    while let Some((at, repository)) = next(&left) {
        let what = format!("{} comes into reach", quoted(repository.as_str()));
        let mut of_it = changes.iter_mut().zip(&let_in);
        match of_it.find(|(change, set)| change.effect == Effect::MayWiden && set.has(at)) {
            Some((change, set)) => {
                change.effect = Effect::Widens;
                change.what = format!("{}; {what}", change.what);
                left = left.without(set);
            }
            None => {
                let (path, cause) = (list.path.clone(), list.cause.clone());
                let after = written(after, list);
                changes.push(Change { path, cause, effect: Effect::Widens, what, before: None, after });
                return;
            }
        }
    }
}

fn is_whole(change: &Change) -> bool {
    change.before.is_none() && change.path == Path::root().key("name")
}

/// Those that a change of the list that kept them away can have let in: where it is about single patterns, what they match.
fn let_in(change: &Change, list: &KeptAway, known: &Repositories) -> Set {
    if change.cause != list.cause || !change.path.segments().starts_with(list.path.segments()) {
        return known.none();
    }
    let sides = [&change.before, &change.after].into_iter().flatten();
    let patterns: Vec<RepoPattern> = sides.filter_map(|written| written.value.as_str()?.parse().ok()).collect();
    if patterns.is_empty() { list.set.clone() } else { known.matching(&patterns) }
}

/// The class's own list as it is.
fn written(after: Option<&Loaded<TaskClass>>, list: &KeptAway) -> Option<Written> {
    let loaded = after.filter(|_| list.cause == Cause::Own)?;
    let found = loaded.root.as_ref()?.at(&list.path)?.value;
    Some(Written { value: found.to_json(), place: Place { source: Arc::clone(&loaded.source), span: found.span } })
}
