//! What the inventory proves: a repository that came into reach is a witness that a change widens.

use std::sync::Arc;

use taskclass_source::{Path, text::quoted};
use taskclass_spec::{Loaded, RepoPattern, written::TaskClass};

use crate::{Cause, Change, Effect, Place, Reach, Reached, Written};

/// Holds the changes to the reach: each repository that came stands under a change of the list that kept it away, and that
/// change is said to widen.
pub(crate) fn account_for(reach: &Reach, changes: &mut Vec<Change>, after: Option<&Loaded<TaskClass>>) {
    // All of a class that is new is said to widen.
    if changes.iter().any(|change| change.effect == Effect::Widens && is_whole(change)) {
        return;
    }
    for came in &reach.added {
        if changes.iter().any(|change| change.effect == Effect::Widens && decides(change, came)) {
            continue;
        }
        let what = format!("{} comes into reach", quoted(came.repository.as_str()));
        match changes.iter_mut().find(|change| change.effect == Effect::MayWiden && decides(change, came)) {
            Some(change) => {
                change.effect = Effect::Widens;
                change.what = format!("{}; {what}", change.what);
            }
            None => changes.push(Change {
                path: came.path.clone(),
                cause: came.cause.clone(),
                effect: Effect::Widens,
                what,
                before: None,
                after: list(after, came),
            }),
        }
    }
}

fn is_whole(change: &Change) -> bool {
    change.before.is_none() && change.path == Path::root().key("name")
}

/// Whether a change of the list that kept a repository away can have let it in: it is not about a pattern that has nothing to
/// do with the repository.
fn decides(change: &Change, came: &Reached) -> bool {
    let of_list = change.cause == came.cause && change.path.segments().starts_with(came.path.segments());
    let patterns: Vec<RepoPattern> = [&change.before, &change.after]
        .into_iter()
        .flatten()
        .filter_map(|written| written.value.as_str()?.parse().ok())
        .collect();
    of_list && (patterns.is_empty() || patterns.iter().any(|pattern| pattern.matches(&came.repository)))
}

/// The class's own list as it is.
fn list(after: Option<&Loaded<TaskClass>>, came: &Reached) -> Option<Written> {
    let loaded = after.filter(|_| came.cause == Cause::Own)?;
    let found = loaded.root.as_ref()?.at(&came.path)?.value;
    Some(Written { value: found.to_json(), place: Place { source: Arc::clone(&loaded.source), span: found.span } })
}
