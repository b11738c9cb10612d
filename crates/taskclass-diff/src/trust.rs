//! What a change of the trust file does: who may sign that could not, for how long, and what.

use std::{collections::BTreeMap, sync::Arc};

use serde_json::{Value, json};
use taskclass_source::{Path, ReadError, Span, text::quoted};
use taskclass_spec::{
    Digest, paths,
    signers::{KeyFingerprint, Namespace, Signer, TrustFile},
};

use crate::{
    Asked, Cause, Change, Document, Effect, Kind, Place, Status, Version, Written, revocations,
    side::{Content, Side, Stands},
    unreadable,
};

/// The name of the trust file as a document.
pub(crate) const NAME: &str = "trust";

/// The trust file and the revocations, if they differ.
///
/// # Errors
/// If a side's revocations cannot be listed.
pub(crate) fn document(asked: &Asked<'_>) -> Result<Option<Document>, ReadError> {
    let path = paths::at(paths::ALLOWED_SIGNERS);
    let mut changes = revocations::changes(asked)?;
    let differs = asked.differs(&path);
    if !differs && changes.is_empty() {
        return Ok(None);
    }
    let (before, after) = (asked.base.content(&path), asked.head.content(&path));
    let status = match (before.is_absent(), after.is_absent()) {
        (true, false) => Status::Added,
        (false, true) => Status::Removed,
        _ => Status::Changed,
    };
    let (mut unreadable_before, mut unreadable) = (Vec::new(), Vec::new());
    if differs {
        (unreadable_before, unreadable) = (problems(asked.base), problems(asked.head));
        if let (Some(before), Some(after)) = (lines(asked.base), lines(asked.head)) {
            changes.extend(differences(&before, &after));
        }
    }
    if changes.is_empty() && unreadable_before.is_empty() && unreadable.is_empty() {
        changes.push(Change::layout());
    }
    changes.sort_by(|a, b| a.sort_key().cmp(&b.sort_key()));
    let version = |content: &Content| {
        (!content.is_absent()).then(|| Version {
            path: path.clone(),
            version: None,
            risk: None,
            digest: content.here().map(|bytes| Digest::of(bytes)),
        })
    };
    Ok(Some(Document {
        kind: Kind::Trust,
        name: NAME.to_owned(),
        status,
        before: version(&before),
        after: version(&after),
        content: None,
        changes,
        unreadable_before,
        unreadable,
        reach: None,
        cost: None,
        examples: Vec::new(),
        approval: None,
        reaches: Vec::new(),
        refused: None,
    }))
}

fn problems(side: &Side<'_>) -> Vec<taskclass_source::Finding> {
    match side.trust() {
        Stands::Absent => Vec::new(),
        Stands::Refused(error) => vec![unreadable::refused(error)],
        Stands::Here(file) => unreadable::trust(file),
    }
}

/// A key's line and the file that it stands in.
#[derive(Clone, Copy)]
struct Line<'s> {
    file: &'s TrustFile,
    signer: &'s Signer,
}

/// The keys that a side trusts: none where there is no file; `None` where it is refused.
fn lines<'s>(side: &'s Side<'_>) -> Option<BTreeMap<&'s KeyFingerprint, Line<'s>>> {
    let file = match side.trust() {
        Stands::Absent => return Some(BTreeMap::new()),
        Stands::Here(file) if file.reading.problems.is_empty() => file,
        Stands::Here(_) | Stands::Refused(_) => return None,
    };
    Some(file.reading.signers.iter().map(|signer| (signer.fingerprint(), Line { file, signer })).collect())
}

fn differences<'s>(
    before: &BTreeMap<&'s KeyFingerprint, Line<'s>>,
    after: &BTreeMap<&'s KeyFingerprint, Line<'s>>,
) -> Vec<Change> {
    let mut changes = Vec::new();
    for (key, was) in before {
        match after.get(key) {
            Some(is) => of_one_key(*was, *is, &mut changes),
            None => changes.push(change(
                &[],
                Effect::Narrows,
                format!("{} can no longer sign with the key `{key}`", principal(*was)),
                Some(was.whole()),
                None,
                *was,
            )),
        }
    }
    for (key, is) in after.iter().filter(|(key, _)| !before.contains_key(*key)) {
        let what = format!("{} can sign with the key `{key}`{}", principal(*is), for_what(is.signer));
        changes.push(change(&[], Effect::Widens, what, None, Some(is.whole()), *is));
    }
    changes
}

fn of_one_key(was: Line<'_>, is: Line<'_>, changes: &mut Vec<Change>) {
    let key = is.signer.fingerprint();
    if was.signer.principal() != is.signer.principal() {
        let what =
            format!("signatures by the key `{key}` count as {} and no longer as {}", principal(is), principal(was));
        let (before, after) = (was.at(json!(was.signer.principal())), is.at(json!(is.signer.principal())));
        changes.push(change(&["principal"], Effect::Widens, what, Some(before), Some(after), is));
    }
    for namespace in Namespace::ALL {
        let (had, has) = (was.signer.namespaces().contains(&namespace), is.signer.namespaces().contains(&namespace));
        let value = |there: bool, line: Line<'_>| there.then(|| line.at(json!(namespace.as_str())));
        if had != has {
            let (effect, can) = if has { (Effect::Widens, "can") } else { (Effect::Narrows, "can no longer") };
            let what = format!("{} {can} sign for `{namespace}` with the key `{key}`", principal(is));
            changes.push(change(&["namespaces"], effect, what, value(had, was), value(has, is), is));
        }
    }
    let (old, new) = (was.signer.valid_after(), is.signer.valid_after());
    if old != new {
        // Without a beginning it counts from ever.
        let effect = if new < old { Effect::Widens } else { Effect::Narrows };
        let what = format!("the key `{key}` of {} counts from {}", principal(is), moment(new, "ever"));
        let (before, after) = (was.time(old), is.time(new));
        changes.push(change(&["valid-after"], effect, what, before, after, is));
    }
    let (old, new) = (was.signer.valid_before(), is.signer.valid_before());
    if old != new {
        let longer = new.is_none() || old.is_some_and(|old| new > Some(old));
        let effect = if longer { Effect::Widens } else { Effect::Narrows };
        let what = match new {
            Some(new) => format!("the key `{key}` of {} counts until {new}", principal(is)),
            None => format!("the key `{key}` of {} counts without end", principal(is)),
        };
        let (before, after) = (was.time(old), is.time(new));
        changes.push(change(&["valid-before"], effect, what, before, after, is));
    }
}

fn change(
    steps: &[&str],
    effect: Effect,
    what: String,
    before: Option<Written>,
    after: Option<Written>,
    line: Line<'_>,
) -> Change {
    let start = Path::root().key(line.signer.principal().as_str());
    let path = steps.iter().fold(start, |path, step| path.key(*step));
    Change { path, cause: Cause::Own, effect, what, before, after }
}

fn principal(line: Line<'_>) -> String {
    quoted(line.signer.principal().as_str())
}

fn for_what(signer: &Signer) -> String {
    let names: Vec<String> = signer.namespaces().iter().map(|namespace| format!("`{namespace}`")).collect();
    let until = signer.valid_before().map(|until| format!(" until {until}")).unwrap_or_default();
    format!(", for {}{until}", names.join(", "))
}

fn moment(time: Option<jiff::Timestamp>, otherwise: &str) -> String {
    time.map_or_else(|| otherwise.to_owned(), |time| time.to_string())
}

impl Line<'_> {
    fn span(&self) -> Span {
        let places = self.signer.places();
        places.principal.to(places.key)
    }

    fn at(&self, value: Value) -> Written {
        Written { value, place: Place { source: Arc::clone(&self.file.source), span: self.span() } }
    }

    fn whole(&self) -> Written {
        self.at(json!(self.file.source.slice(self.span())))
    }

    fn time(&self, time: Option<jiff::Timestamp>) -> Option<Written> {
        time.map(|time| self.at(json!(time.to_string())))
    }
}
