//! What the inventory proves: a repository that came into reach is a witness that a change widens.

use std::sync::Arc;

use taskclass_source::{Path, text::quoted};

use taskclass_spec::{Loaded, written::TaskClass};

use crate::{Cause, Change, Effect, Place, Reach, Written};

/// Holds the changes to the reach: each repository that came stands under a change that is said to widen.
pub(crate) fn account_for(reach: &Reach, changes: &mut Vec<Change>, after: Option<&Loaded<TaskClass>>) {
    for came in &reach.added {
        let is_list =
            |change: &Change| change.cause == came.cause && change.path.segments().starts_with(came.path.segments());
        // All of a class that is new is said to widen.
        let is_whole = |change: &Change| change.before.is_none() && change.path == Path::root().key("name");
        let stands = |change: &Change| change.effect == Effect::Widens && (is_list(change) || is_whole(change));
        if changes.iter().any(stands) {
            continue;
        }
        let what = format!("{} comes into reach", quoted(came.repository.as_str()));
        match changes.iter_mut().find(|change| is_list(change) && change.effect == Effect::MayWiden) {
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
                after: written(after, &came.path, &came.cause),
            }),
        }
    }
}

/// The class's list as it is.
fn written(after: Option<&Loaded<TaskClass>>, path: &Path, cause: &Cause) -> Option<Written> {
    let loaded = after.filter(|_| *cause == Cause::Own)?;
    let found = loaded.root.as_ref()?.at(path)?.value;
    Some(Written { value: found.to_json(), place: Place { source: Arc::clone(&loaded.source), span: found.span } })
}
