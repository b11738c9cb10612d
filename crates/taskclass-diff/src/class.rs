//! One class on both sides: what changed in it, in what it draws in and in the policy above it, and what that means.

use std::sync::Arc;

use taskclass_source::{Path, RegistryPath};
use taskclass_spec::{
    Digest, Loaded, SchemaKind,
    model::TaskClass,
    registry::stem,
    written::{self, Policy, Risk},
};

use crate::{
    Approval, Cause, Change, Cost, Document, Effect, Kind, Reach, Status, cost, drawn_in, examples, judge,
    pair::Pair,
    reach::{self, Extent, KeptAway},
    read::{Read, When},
    required::{self, Sought},
    review::{Ground, Review},
    under_policy, witness,
};

/// The classes of these pairs about which anything differs, in their order.
pub(crate) fn documents(review: &Review<'_>, pairs: &[Pair]) -> Vec<Document> {
    let pairs: Vec<&Pair> = pairs.iter().collect();
    let both = review.reader.both(&pairs);
    pairs.into_iter().zip(both).filter_map(|(pair, (before, after))| document(review, pair, before, after)).collect()
}

/// Whether the class's own file differs.
pub(crate) fn is_own(review: &Review<'_>, pair: &Pair) -> bool {
    match pair {
        Pair::Both(path) => review.asked.differs(path),
        Pair::Added(_) | Pair::Removed(_) | Pair::Renamed { .. } => true,
    }
}

fn document(review: &Review<'_>, pair: &Pair, before: Option<Read>, after: Option<Read>) -> Option<Document> {
    let own = is_own(review, pair);
    let mut changes = own_changes(review, pair, own, before.as_ref(), after.as_ref());
    let reached_by_policy = by_policy(review, before.as_ref(), after.as_ref());
    // What could be built on neither side could not be run before and cannot be run after.
    let built = [&before, &after].map(|read| read.as_ref().is_some_and(|read| read.class.is_some()));
    let touched = !changes.is_empty() || !reached_by_policy.is_empty() || built[0] != built[1];
    if !own && (!touched || built == [false, false]) {
        return None;
    }
    let status = match pair {
        Pair::Added(_) => Status::Added,
        Pair::Removed(_) => Status::Removed,
        Pair::Renamed { before, .. } => Status::Renamed { from: stem(before).to_owned() },
        Pair::Both(_) if own || !changes.is_empty() || built[0] != built[1] => Status::Changed,
        Pair::Both(_) => Status::Reached,
    };
    changes.extend(reached_by_policy);
    let findings = |read: &Option<Read>| read.as_ref().map_or_else(Vec::new, |read| read.findings.clone());
    let (unreadable_before, unreadable) = (findings(&before), findings(&after));
    let reach = reached(review, before.as_ref(), after.as_ref()).map(|(ground, reach, came)| {
        witness::account_for(&came, ground, &mut changes, after.as_ref().and_then(|read| read.loaded.as_ref()));
        reach
    });
    changes.sort_by(|a, b| a.sort_key().cmp(&b.sort_key()));
    let name = pair.after().or(pair.before()).map(stem).unwrap_or_default().to_owned();
    let class = |read: &'_ Option<Read>| read.as_ref().and_then(|read| read.class.clone());
    let (class_before, class_after) = (class(&before), class(&after));
    // With the same digest a task is told the same, and of the policy only the lists of models decide on what is sent.
    let models = Path::root().key("models");
    let resent = |change: &Change| change.path.segments().starts_with(models.segments());
    let digest = |read: &Option<Read>| read.as_ref().and_then(Read::digest);
    let examples = if digest(&before) != digest(&after) || changes.iter().any(resent) {
        let request = review.asked.request;
        examples::examples(class_before.as_ref(), class_after.as_ref(), request, &review.differences)
    } else {
        Vec::new()
    };
    let content = match (pair, &after) {
        (Pair::Added(_), Some(after)) => after.content(),
        _ => None,
    };
    Some(Document {
        kind: Kind::TaskClass,
        approval: approved(review, pair, before.as_ref(), after.as_ref()),
        cost: costs(before.as_ref(), after.as_ref()),
        name,
        status,
        before: before.as_ref().map(Read::version),
        after: after.as_ref().map(Read::version),
        content,
        changes,
        unreadable_before,
        unreadable,
        reach,
        examples,
        reaches: Vec::new(),
        refused: None,
    })
}

/// Whether the policy differs where it counts for a class that is there on both sides.
pub(crate) fn is_reached(review: &Review<'_>, pair: &Pair) -> bool {
    let (Some(before), Some(after)) = (pair.before(), pair.after()) else { return false };
    if !review.policy_differs() {
        return false;
    }
    let written = |when: When, path: &RegistryPath| {
        let bytes = review.reader.side(when).content(path).here()?.to_vec();
        Loaded::<written::TaskClass>::parse(SchemaKind::TaskClass, path, bytes).written
    };
    let is = written(When::After, after);
    let same = before == after && !review.asked.differs(after);
    let was = if same { None } else { written(When::Before, before) };
    !review.policy_changes_for([was.as_ref(), is.as_ref()]).is_empty()
}

/// What changed in the class's own file and in the files that it draws in.
fn own_changes(
    review: &Review<'_>,
    pair: &Pair,
    own: bool,
    before: Option<&Read>,
    after: Option<&Read>,
) -> Vec<Change> {
    let whole = |effect, what: &str, before, after| Change {
        path: Path::root().key("name"),
        cause: Cause::Own,
        effect,
        what: what.to_owned(),
        before,
        after,
    };
    let mut changes = Vec::new();
    match (pair, before, after) {
        (Pair::Added(_), _, Some(after)) if after.written().is_some() => {
            let what = "the class is new: all that it allows could not happen before";
            changes.push(whole(Effect::Widens, what, None, after.named()));
            changes.extend(after.class.iter().flat_map(|class| drawn_in::changes(None, class)));
        }
        (Pair::Removed(_), Some(before), _) if before.written().is_some() => {
            let what = "the class is gone: nothing that it allowed can happen any more";
            changes.push(whole(Effect::Narrows, what, before.named(), None));
        }
        (_, Some(before), Some(after)) => {
            if let (true, Some(a), Some(b)) = (own, &before.loaded, &after.loaded)
                && let (Some(was), Some(is)) = (&a.written, &b.written)
            {
                changes = judge::class(a, b);
                if let Some((old, new)) = review.reader.policies() {
                    under_policy::tell(&mut changes, old, new, (was.risk, is.risk));
                }
                if matches!(pair, Pair::Renamed { .. }) {
                    renamed(&mut changes);
                }
                if let (Some(a), Some(b)) = (&a.root, &b.root) {
                    Change::account_for(&mut changes, a, b);
                }
            }
            if let (Some(a), Some(b)) = (&before.class, &after.class) {
                changes.extend(drawn_in::changes(Some(a), b));
                versioned(&mut changes, [a, b]);
            }
        }
        _ => {}
    }
    changes
}

/// A name is what callers run a class by and what its budgets and rates are counted by, so another one orders nothing.
fn renamed(changes: &mut [Change]) {
    let path = Path::root().key("name");
    if let Some(change) = changes.iter_mut().find(|change| change.path == path) {
        change.effect = change.effect.max(Effect::MayWiden);
        change.what =
            "it runs under another name, and what the old name used of budgets and rates does not count".to_owned();
    }
}

/// A prompt that reads its version may say anything else under another one.
fn versioned(changes: &mut [Change], sides: [&TaskClass; 2]) {
    let path = Path::root().key("version");
    if let Some(change) = changes.iter_mut().find(|change| change.path == path)
        && sides.into_iter().any(examples::reads_version)
    {
        change.effect = change.effect.max(Effect::Rewrites);
        change.what = "the version is another, and the prompt reads it".to_owned();
    }
}

/// The changes of the policy that count for the class as it was or as it is.
fn by_policy(review: &Review<'_>, before: Option<&Read>, after: Option<&Read>) -> Vec<Change> {
    let (Some(before), Some(after)) = (before, after) else { return Vec::new() };
    review.policy_changes_for([before.written(), after.written()])
}

/// What the class reaches, and what came, by the lists that kept it away.
fn reached<'r>(
    review: &'r Review<'_>,
    before: Option<&Read>,
    after: Option<&Read>,
) -> Option<(&'r Ground, Reach, Vec<KeptAway>)> {
    let ground = review.ground()?;
    let known = &ground.known;
    // Without a policy nothing is known of what it denies.
    let policy = review.reader.policy(When::After)?;
    let extent = |read: Option<&Read>, when: When| match read {
        None => Some(Extent::none(known)),
        Some(read) => Some(Extent::of(known, read.written()?, ground.denied(when))),
    };
    let is = after.and_then(Read::written);
    let (before, after) = (extent(before, When::Before)?, extent(after, When::After)?);
    let (mut reach, came) = reach::reach(known, &before, &after, &ground.sensitive);
    reach.unlisted = is.map(|class| reach::unlisted(known, class, policy)).unwrap_or_default();
    Some((ground, reach, came))
}

fn costs(before: Option<&Read>, after: Option<&Read>) -> Option<Cost> {
    // What is there and cannot be read has no cost that could be told.
    let spend = |read: Option<&Read>| match read {
        None => Some(None),
        Some(read) => read.class.as_ref().map(|class| Some(cost::spend(class))),
    };
    Some(Cost { before: spend(before)?, after: spend(after)? })
}

/// The risk before, if it is another, and how many people either policy asks for at it: nobody lowers a risk with fewer.
fn former(review: &Review<'_>, was: Option<Risk>, is: Option<Risk>) -> Option<(Risk, u32)> {
    let (was, (before, after)) = (was.filter(|was| Some(*was) != is)?, review.reader.policies()?);
    Some((was, required::quorum(before, was).max(required::quorum(after, was))))
}

fn approved(review: &Review<'_>, pair: &Pair, before: Option<&Read>, after: Option<&Read>) -> Option<Approval> {
    let needed = |read: &Read, when: When| -> Option<(Digest, u32)> {
        let policy: &Arc<Policy> = review.reader.policy(when)?;
        Some((read.digest()?, required::quorum(policy, read.written()?.risk)))
    };
    let risk = |read: Option<&Read>| Some(read?.written()?.risk);
    let (was, is) = (risk(before), risk(after));
    let name = stem(pair.after()?);
    let sought = Sought {
        kind: Kind::TaskClass,
        name_before: pair.before().map_or(name, stem),
        name,
        before: before.and_then(|read| needed(read, When::Before)),
        after: needed(after?, When::After)?,
        former: former(review, was, is),
    };
    Some(required::approval(review.asked, review.signers(), &sought))
}
