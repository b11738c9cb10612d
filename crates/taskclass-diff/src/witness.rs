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
    let mut patterns: Vec<Vec<RepoPattern>> = changes.iter().map(self::patterns).collect();
    for came in &reach.added {
        let deciding = |effect: Effect| {
            let mut numbered = changes.iter().zip(&patterns).enumerate();
            numbered.find(|(_, (change, patterns))| change.effect == effect && decides(change, patterns, came))
        };
        if deciding(Effect::Widens).is_some() {
            continue;
        }
        let what = format!("{} comes into reach", quoted(came.repository.as_str()));
        let may = deciding(Effect::MayWiden).map(|(at, _)| at);
        match may.and_then(|at| changes.get_mut(at)) {
            Some(change) => {
                change.effect = Effect::Widens;
                change.what = format!("{}; {what}", change.what);
            }
            None => {
                let (path, cause) = (came.path.clone(), came.cause.clone());
                let after = list(after, came);
                changes.push(Change { path, cause, effect: Effect::Widens, what, before: None, after });
                patterns.push(Vec::new());
            }
        }
    }
}

fn is_whole(change: &Change) -> bool {
    change.before.is_none() && change.path == Path::root().key("name")
}

/// The patterns that a change is about, if it is about single ones.
fn patterns(change: &Change) -> Vec<RepoPattern> {
    let sides = [&change.before, &change.after].into_iter().flatten();
    sides.filter_map(|written| written.value.as_str()?.parse().ok()).collect()
}

/// Whether a change of the list that kept a repository away can have let it in: it is not about a pattern that has nothing to
/// do with the repository.
fn decides(change: &Change, patterns: &[RepoPattern], came: &Reached) -> bool {
    let of_list = change.cause == came.cause && change.path.segments().starts_with(came.path.segments());
    of_list && (patterns.is_empty() || patterns.iter().any(|pattern| pattern.matches(&came.repository)))
}

/// The class's own list as it is.
fn list(after: Option<&Loaded<TaskClass>>, came: &Reached) -> Option<Written> {
    let loaded = after.filter(|_| came.cause == Cause::Own)?;
    let found = loaded.root.as_ref()?.at(&came.path)?.value;
    Some(Written { value: found.to_json(), place: Place { source: Arc::clone(&loaded.source), span: found.span } })
}
