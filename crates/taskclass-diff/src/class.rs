//! One class on both sides: what changed in it, in what it draws in and in the policy above it, and what that means.

use std::sync::Arc;

use serde_json::Value;
use taskclass_source::{Finding, Label, Path, RegistryPath, SourceFile};
use taskclass_spec::{
    Digest, Loaded, SchemaKind,
    model::TaskClass,
    registry::stem,
    written::{self, Policy},
};

use crate::{
    Approval, Cause, Change, Cost, Document, Effect, Kind, Place, Reach, Status, Version, Written, cost, drawn_in,
    examples, judge,
    pair::Pair,
    reach::{self, Extent},
    required::{self, Sought},
    review::{Review, When},
    side::Stands,
    unreadable, witness,
};

/// A class on one side, as far as it could be read.
pub(crate) struct Read {
    pub(crate) path: RegistryPath,
    pub(crate) loaded: Option<Loaded<written::TaskClass>>,
    pub(crate) class: Option<TaskClass>,
    pub(crate) findings: Vec<Finding>,
}

impl Read {
    /// Reads the class at `path` and checks it under its side's policy.
    pub(crate) fn of(review: &Review<'_>, when: When, path: &RegistryPath) -> Self {
        let side = review.side(when);
        let bytes = match side.content(path) {
            Stands::Here(bytes) => bytes.to_vec(),
            Stands::Refused(error) => return Self::broken(path, vec![unreadable::refused(&error)]),
            Stands::Absent => return Self::broken(path, Vec::new()),
        };
        let loaded = Loaded::parse(SchemaKind::TaskClass, path, bytes);
        let built = match review.policy(when) {
            Some(policy) => TaskClass::build_sharing(&loaded, policy, side.files(), review.partials(when)),
            None => Err(vec![without_policy(&loaded.source)]),
        };
        match built {
            Ok(class) => Self { path: path.clone(), loaded: Some(loaded), class: Some(class), findings: Vec::new() },
            Err(findings) => Self { path: path.clone(), loaded: Some(loaded), class: None, findings },
        }
    }

    fn broken(path: &RegistryPath, findings: Vec<Finding>) -> Self {
        Self { path: path.clone(), loaded: None, class: None, findings }
    }

    /// What is written, if it reads.
    pub(crate) fn written(&self) -> Option<&written::TaskClass> {
        self.loaded.as_ref()?.written.as_ref()
    }

    fn digest(&self) -> Option<Digest> {
        self.class.as_ref().map(|class| class.digest().digest)
    }

    fn version(&self) -> Version {
        Version {
            path: self.path.clone(),
            version: self.written().map(|class| class.version),
            risk: self.written().map(|class| class.risk),
            digest: self.digest(),
        }
    }

    /// The class's name, with its place.
    fn named(&self) -> Option<Written> {
        let loaded = self.loaded.as_ref()?;
        let found = loaded.root.as_ref()?.get("name")?;
        let place = Place { source: Arc::clone(&loaded.source), span: found.span };
        Some(Written { value: Value::from(found.as_str()?), place })
    }
}

fn without_policy(source: &Arc<SourceFile>) -> Finding {
    Finding::error(
        "missing-policy",
        "no class can be checked without a policy, and neither side has one that can be read",
        Label::mark(source, source.whole()),
    )
}

/// The class of a pair, if anything about it differs.
pub(crate) fn document(review: &Review<'_>, pair: &Pair) -> Option<Document> {
    let own = match pair {
        Pair::Both(path) => review.asked.differs(path),
        Pair::Added(_) | Pair::Removed(_) | Pair::Renamed { .. } => true,
    };
    if !own && !may_be_reached(review, pair) {
        return None;
    }
    let before = pair.before().map(|path| Read::of(review, When::Before, path));
    let after = pair.after().map(|path| Read::of(review, When::After, path));
    let mut changes = own_changes(pair, own, before.as_ref(), after.as_ref());
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
    let mut unreadable: Vec<Finding> = Vec::new();
    for read in [&before, &after].into_iter().flatten() {
        unreadable.extend(read.findings.iter().cloned());
    }
    let reach = reached(review, before.as_ref(), after.as_ref());
    if let Some(reach) = &reach {
        witness::account_for(reach, &mut changes, after.as_ref().and_then(|read| read.loaded.as_ref()));
    }
    changes.sort_by(|a, b| a.sort_key().cmp(&b.sort_key()));
    let name = pair.after().or(pair.before()).map(stem).unwrap_or_default().to_owned();
    let class = |read: &'_ Option<Read>| read.as_ref().and_then(|read| read.class.clone());
    let (class_before, class_after) = (class(&before), class(&after));
    // With the same digest a task is told the same, and of the policy only the lists of models decide on what is sent.
    let models = Path::root().key("models");
    let resent = |change: &Change| change.path.segments().starts_with(models.segments());
    let digest = |read: &Option<Read>| read.as_ref().and_then(Read::digest);
    let examples = if digest(&before) != digest(&after) || changes.iter().any(resent) {
        examples::examples(class_before.as_ref(), class_after.as_ref(), review.asked.request)
    } else {
        Vec::new()
    };
    Some(Document {
        kind: Kind::TaskClass,
        approval: approved(review, pair, before.as_ref(), after.as_ref()),
        cost: costs(before.as_ref(), after.as_ref()),
        name,
        status,
        before: before.as_ref().map(Read::version),
        after: after.as_ref().map(Read::version),
        changes,
        unreadable,
        reach,
        examples,
        reaches: Vec::new(),
    })
}

/// Whether a class whose own file is the same has to be looked at.
fn may_be_reached(review: &Review<'_>, pair: &Pair) -> bool {
    review.may_draw_in(pair) || is_reached(review, pair)
}

/// Whether the policy differs where it counts for a class that is there on both sides.
pub(crate) fn is_reached(review: &Review<'_>, pair: &Pair) -> bool {
    let (Some(before), Some(after)) = (pair.before(), pair.after()) else { return false };
    if !review.policy_differs() {
        return false;
    }
    let written = |when: When, path: &RegistryPath| {
        let bytes = review.side(when).content(path).here()?.to_vec();
        Loaded::<written::TaskClass>::parse(SchemaKind::TaskClass, path, bytes).written
    };
    let is = written(When::After, after);
    let same = before == after && !review.asked.differs(after);
    let was = if same { None } else { written(When::Before, before) };
    !review.policy_changes_for([was.as_ref(), is.as_ref()]).is_empty()
}

/// What changed in the class's own file and in the files that it draws in.
fn own_changes(pair: &Pair, own: bool, before: Option<&Read>, after: Option<&Read>) -> Vec<Change> {
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
        }
        (Pair::Removed(_), Some(before), _) if before.written().is_some() => {
            let what = "the class is gone: nothing that it allowed can happen any more";
            changes.push(whole(Effect::Narrows, what, before.named(), None));
        }
        (_, Some(before), Some(after)) => {
            if let (true, Some(a), Some(b)) = (own, &before.loaded, &after.loaded)
                && a.written.is_some()
                && b.written.is_some()
            {
                changes = judge::class(a, b);
                if matches!(pair, Pair::Renamed { .. }) {
                    renamed(&mut changes);
                }
                if let (Some(a), Some(b)) = (&a.root, &b.root) {
                    Change::account_for(&mut changes, a, b);
                }
            }
            if let (Some(a), Some(b)) = (&before.class, &after.class) {
                changes.extend(drawn_in::changes(a, b));
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

/// The changes of the policy that count for the class as it was or as it is.
fn by_policy(review: &Review<'_>, before: Option<&Read>, after: Option<&Read>) -> Vec<Change> {
    let (Some(before), Some(after)) = (before, after) else { return Vec::new() };
    review.policy_changes_for([before.written(), after.written()])
}

fn reached(review: &Review<'_>, before: Option<&Read>, after: Option<&Read>) -> Option<Reach> {
    let ground = review.ground()?;
    let known = &ground.known;
    // Without a policy nothing is known of what it denies.
    review.policy(When::After)?;
    let extent = |read: Option<&Read>, when: When| match read {
        None => Some(Extent::none(known)),
        Some(read) => Some(Extent::of(known, read.written()?, ground.denied(when))),
    };
    let (before, after) = (extent(before, When::Before)?, extent(after, When::After)?);
    Some(reach::reach(known, &before, &after, &ground.sensitive))
}

fn costs(before: Option<&Read>, after: Option<&Read>) -> Option<Cost> {
    // What is there and cannot be read has no cost that could be told.
    let spend = |read: Option<&Read>| match read {
        None => Some(None),
        Some(read) => read.class.as_ref().map(|class| Some(cost::spend(class))),
    };
    Some(Cost { before: spend(before)?, after: spend(after)? })
}

fn approved(review: &Review<'_>, pair: &Pair, before: Option<&Read>, after: Option<&Read>) -> Option<Approval> {
    let needed = |read: &Read, when: When| -> Option<(Digest, u32)> {
        let policy: &Arc<Policy> = review.policy(when)?;
        Some((read.digest()?, required::quorum(policy, read.written()?.risk)))
    };
    let name = stem(pair.after()?);
    let sought = Sought {
        kind: Kind::TaskClass,
        name_before: pair.before().map_or(name, stem),
        name,
        before: before.and_then(|read| needed(read, When::Before)),
        after: needed(after?, When::After)?,
    };
    Some(required::approval(review.asked, review.signers(), &sought))
}
