//! The run: every document in which two sides differ.

use taskclass_source::ReadError;
use taskclass_spec::registry::stem;

use crate::{
    Asked, Cause, Change, Diff, Document, Kind, class,
    pair::{self, Pair},
    policy,
    review::{Ground, Review},
    shared::Shared,
    trust,
};

/// Every document in which the two sides differ.
///
/// # Errors
/// If a folder of a side cannot be listed. What cannot be read of the files is part of the result.
pub fn compare(asked: &Asked<'_>) -> Result<Diff, ReadError> {
    let mut policy = policy::document(asked);
    let review = Review::new(asked, policy_changes(policy.as_ref()));
    let shared = Shared::of(asked)?;
    let mut pairs = pair::pairs(asked.base, asked.head)?;
    // Of the others nothing differs: neither their file, nor what they draw in, nor what counts for them of the policy.
    pairs.retain(|pair| {
        class::is_own(&review, pair) || shared.may_be_drawn_in(asked, pair) || class::is_reached(&review, pair)
    });
    let classes = class::documents(&review, &pairs);
    if let Some(policy) = &mut policy {
        let reached = classes.iter().filter(|class| class.changes.iter().any(|change| change.cause == Cause::Policy));
        policy.reaches = reached.map(|class| class.name.clone()).collect();
    }
    let documents = trust::document(asked)?.into_iter().chain(policy).chain(classes).collect();
    let inventory = review.ground().map(Ground::len);
    Ok(Diff::new(asked.base.label().clone(), asked.head.label().clone(), documents, inventory))
}

/// One document by its name after; `None` if nothing about it differs. For who compares each document with a base of its own: a
/// class is looked for under the same name on both sides, for its name is what it was approved under.
///
/// # Errors
/// If a folder of a side cannot be listed.
pub fn compare_document(asked: &Asked<'_>, kind: Kind, name: &str) -> Result<Option<Document>, ReadError> {
    match kind {
        Kind::Trust => trust::document(asked),
        Kind::Policy => {
            let Some(mut policy) = policy::document(asked) else { return Ok(None) };
            let review = Review::new(asked, policy_changes(Some(&policy)));
            let reached =
                pair::pairs(asked.base, asked.head)?.into_iter().filter(|pair| class::is_reached(&review, pair));
            policy.reaches = reached.filter_map(|pair| pair.after().map(stem).map(str::to_owned)).collect();
            Ok(Some(policy))
        }
        Kind::TaskClass => {
            let policy = policy::document(asked);
            let review = Review::new(asked, policy_changes(policy.as_ref()));
            let find = |paths: &[taskclass_source::RegistryPath]| paths.iter().find(|path| stem(path) == name).cloned();
            let pair = match (find(asked.base.class_paths()?), find(asked.head.class_paths()?)) {
                (Some(_), Some(path)) => Pair::Both(path),
                (Some(path), None) => Pair::Removed(path),
                (None, Some(path)) => Pair::Added(path),
                (None, None) => return Ok(None),
            };
            Ok(class::documents(&review, &[pair]).pop())
        }
    }
}

/// The changes of a policy that was there before and is there after.
fn policy_changes(policy: Option<&Document>) -> &[Change] {
    let both = policy.filter(|policy| policy.before.is_some() && policy.after.is_some());
    both.map_or(&[], |policy| &policy.changes)
}
