//! What a change of the policy does.

use std::{collections::BTreeMap, sync::Arc};

use taskclass_source::{Finding, Label, Path, SourceFile};
use taskclass_spec::{
    Digest, Loaded,
    digest::DocumentDigest,
    paths, record,
    written::{Policy, Risk},
};

use crate::{
    Approval, Asked, Cause, Change, Document, Effect, Kind, Place, Status, Version, Written, judge,
    required::{self, Signers, Sought},
    side::{Side, Stands},
    unreadable,
};

/// The policy of one side, as far as it could be read.
struct Read<'s> {
    loaded: Option<&'s Loaded<Policy>>,
    digest: Option<Digest>,
    findings: Vec<Finding>,
    absent: bool,
}

impl<'s> Read<'s> {
    fn of(side: &'s Side<'_>) -> Self {
        match side.policy() {
            Stands::Absent => Self { loaded: None, digest: None, findings: Vec::new(), absent: true },
            Stands::Refused(error) => {
                Self { loaded: None, digest: None, findings: vec![unreadable::refused(error)], absent: false }
            }
            Stands::Here(loaded) => match digest(loaded) {
                Ok(digest) => Self { loaded: Some(loaded), digest: Some(digest), findings: Vec::new(), absent: false },
                Err(findings) => Self { loaded: None, digest: None, findings, absent: false },
            },
        }
    }

    fn version(&self) -> Option<Version> {
        let version =
            Version { path: paths::at(paths::POLICY), version: None, risk: Some(Risk::High), digest: self.digest };
        (!self.absent).then_some(version)
    }

    fn quorum(&self) -> Option<u32> {
        Some(required::quorum(self.loaded?.written.as_ref()?, Risk::High))
    }
}

fn digest(loaded: &Loaded<Policy>) -> Result<Digest, Vec<Finding>> {
    loaded.checked()?;
    let root = loaded.root.as_ref().ok_or_else(|| loaded.findings())?;
    let digest = DocumentDigest::of(&root.to_json(), BTreeMap::new()).map_err(|error| {
        vec![Finding::error("float-value", error.to_string(), Label::mark(&loaded.source, root.span))]
    })?;
    Ok(digest.digest)
}

/// The policies that the classes of both sides stand under. Where one side has none that can be read, the other's stands in, so
/// that what changed in a class can still be told; that there is none is told of the policy itself.
pub(crate) fn standing_in(asked: &Asked<'_>) -> Option<(Arc<Policy>, Arc<Policy>)> {
    let sound = |side: &Side<'_>| Some(Arc::new(side.policy().here()?.written.clone()?));
    match (sound(asked.base), sound(asked.head)) {
        (Some(before), Some(after)) => Some((before, after)),
        (Some(only), None) | (None, Some(only)) => Some((Arc::clone(&only), only)),
        (None, None) => None,
    }
}

/// The policy, if it differs.
pub(crate) fn document(asked: &Asked<'_>) -> Option<Document> {
    let (own, models) = (asked.differs(&paths::at(paths::POLICY)), models(asked));
    if !own && models.is_none() {
        return None;
    }
    let (before, after) = (Read::of(asked.base), Read::of(asked.head));
    let status = match (before.absent, after.absent) {
        (true, false) => Status::Added,
        (false, true) => Status::Removed,
        _ => Status::Changed,
    };
    let mut changes = if own { changes(&status, &before, &after) } else { Vec::new() };
    changes.extend(models);
    changes.sort_by(|a, b| a.sort_key().cmp(&b.sort_key()));
    let new = after.loaded.filter(|_| status == Status::Added);
    let content = new.and_then(|loaded| Some(loaded.root.as_ref()?.to_json()));
    Some(Document {
        kind: Kind::Policy,
        name: record::POLICY_NAME.to_owned(),
        status,
        before: before.version(),
        after: after.version(),
        content,
        changes,
        unreadable_before: before.findings.clone(),
        unreadable: after.findings.clone(),
        reach: None,
        cost: None,
        examples: Vec::new(),
        approval: approved(asked, &before, &after),
        reaches: Vec::new(),
        refused: None,
    })
}

fn changes(status: &Status, before: &Read<'_>, after: &Read<'_>) -> Vec<Change> {
    let named = |loaded: &Loaded<Policy>| {
        let path = Path::root().key("registry");
        let root = loaded.root.as_ref()?;
        let found = root.at(&path)?.value;
        let place = Place { source: Arc::clone(&loaded.source), span: found.span };
        Some(Written { value: found.to_json(), place })
    };
    let whole = |effect, what: &str, before, after| Change {
        path: Path::root().key("registry"),
        cause: Cause::Own,
        effect,
        what: what.to_owned(),
        before,
        after,
    };
    match (status, before.loaded, after.loaded) {
        (Status::Added, _, Some(loaded)) => {
            vec![whole(Effect::Widens, "there is a policy, and classes can run under it", None, named(loaded))]
        }
        (Status::Removed, Some(loaded), _) => {
            vec![whole(Effect::Narrows, "there is no policy any more, and no class can run", named(loaded), None)]
        }
        (_, Some(before), Some(after)) => {
            let mut changes = judge::policy(before, after);
            if let (Some(a), Some(b)) = (&before.root, &after.root) {
                Change::account_for(&mut changes, a, b);
            }
            changes
        }
        _ => Vec::new(),
    }
}

/// What the registry knows of models, if it differs. It stands beside the policy, as what lint judges the models of all classes
/// by; no task runs otherwise for it.
fn models(asked: &Asked<'_>) -> Option<Change> {
    let path = paths::at(paths::MODELS);
    if !asked.differs(&path) {
        return None;
    }
    let written = |side: &Side<'_>| {
        let text = String::from_utf8_lossy(side.content(&path).here()?).into_owned();
        let source = SourceFile::new(path.as_str(), text);
        let place = Place { span: source.whole(), source: Arc::clone(&source) };
        Some(Written { value: source.text().into(), place })
    };
    let what = "what lint knows of the models is other: it may let through what it refused".to_owned();
    let (before, after) = (written(asked.base), written(asked.head));
    Some(Change { path: Path::root(), cause: Cause::File(path), effect: Effect::MayWiden, what, before, after })
}

fn approved(asked: &Asked<'_>, before: &Read<'_>, after: &Read<'_>) -> Option<Approval> {
    let own = after.quorum()?;
    // A policy is signed by no fewer people than the one before it asked for.
    let needed = own.max(before.quorum().unwrap_or(0));
    let sought = Sought {
        kind: Kind::Policy,
        name_before: record::POLICY_NAME,
        name: record::POLICY_NAME,
        before: before.digest.zip(before.quorum()),
        after: (after.digest?, needed),
        former: None,
    };
    Some(required::approval(asked, &Signers::of(asked), &sought))
}
