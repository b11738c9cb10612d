//! Who may run a class, who answers for it, who is told.

use std::collections::BTreeMap;

use taskclass_source::{Node, Path};
use taskclass_spec::{Duration, Owner};

use super::fields::Fields;
use super::{Judge, Pair, said};
use crate::Effect;

/// Who may run it: without a list its owners.
pub(super) fn callers<'a>(judge: &mut Judge<'a>, path: &Path, pair: Pair<'a>, fields: Fields) {
    if let Pair(Some(_), Some(_)) = pair {
        return judge.section(fields, path, pair);
    }
    let owners = judge.root("owners").items();
    let allowed = |callers: Option<&Node>, owners: &[Node]| -> Vec<String> {
        let listed = callers.and_then(|callers| callers.get("allow")).and_then(Node::as_seq);
        let own = owners.iter().filter_map(|owner| owner.as_str()?.parse::<Owner>().ok());
        match listed {
            Some(listed) => listed.iter().filter_map(|caller| caller.as_str().map(str::to_owned)).collect(),
            None => own.map(|owner| owner.as_caller().to_string()).collect(),
        }
    };
    let (before, after) = (allowed(pair.0, owners[0]), allowed(pair.1, owners[1]));
    let new = after.iter().find(|caller| !before.contains(caller));
    let gone = before.iter().find(|caller| !after.contains(caller));
    let quoted = taskclass_source::text::quoted;
    let (effect, what) = match (new, gone) {
        (Some(new), _) => (Effect::Widens, format!("{} may run the class", quoted(new))),
        (None, Some(gone)) => (Effect::Narrows, format!("{} may no longer run the class", quoted(gone))),
        (None, None) => (Effect::Neutral, "the same callers may run the class".to_owned()),
    };
    judge.put(path, effect, what, pair);
}

/// Who answers; without a list of callers they are that as well.
pub(super) fn owners<'a>(judge: &mut Judge<'a>, path: &Path, pair: Pair<'a>, _: Fields) {
    let [before, after] = pair.items();
    let without_callers = judge.root("callers").1.is_none();
    let listed = |item: &Node, list: &[Node]| list.iter().any(|other| other.same_value(item));
    let count = judge.changes.len();
    for (index, item) in before.iter().enumerate().filter(|(_, item)| !listed(item, after)) {
        let what = format!("{} no longer answers for the class", said(Some(item)));
        judge.put(&path.index(index), Effect::Rewrites, what, Pair(Some(item), None));
    }
    for (index, item) in after.iter().enumerate().filter(|(_, item)| !listed(item, before)) {
        let (effect, what) = if without_callers {
            (
                Effect::Widens,
                format!("{} answers for the class and, as it names no callers, may run it", said(Some(item))),
            )
        } else {
            (Effect::Rewrites, format!("{} answers for the class", said(Some(item))))
        };
        judge.put(&path.index(index), effect, what, Pair(None, Some(item)));
    }
    if judge.changes.len() == count {
        judge.put(path, Effect::Rewrites, "the same owners answer for the class, in another order".to_owned(), pair);
    }
}

/// Who is told when: what counts is how soon each way of telling is used first.
pub(super) fn ladder<'a>(judge: &mut Judge<'a>, path: &Path, pair: Pair<'a>, _: Fields) {
    let (before, after) = (first(pair.0), first(pair.1));
    let (effect, what) = match (before, after) {
        (Some(before), Some(after)) => {
            let later = |one: &BTreeMap<&str, u64>, other: &BTreeMap<&str, u64>| {
                one.iter()
                    .find(|(how, time)| other.get(*how).is_none_or(|other| other > *time))
                    .map(|(how, _)| (*how).to_owned())
            };
            let quoted = |how: &String| taskclass_source::text::quoted(how);
            match (later(&before, &after), later(&after, &before)) {
                (Some(how), None) => {
                    (Effect::Widens, format!("people are told by {} later than before, or not at all", quoted(&how)))
                }
                (None, Some(how)) => {
                    (Effect::Narrows, format!("people are told by {} sooner than before", quoted(&how)))
                }
                (None, None) => (Effect::Neutral, "people are told in the same ways as soon as before".to_owned()),
                (Some(how), Some(_)) => (
                    Effect::MayWiden,
                    format!("people are told in other ways: by {} later than before, or not at all", quoted(&how)),
                ),
            }
        }
        _ => (Effect::MayWiden, "people are told otherwise".to_owned()),
    };
    judge.put(path, effect, what, pair);
}

/// How long after the event each way of telling is used first, in seconds.
fn first(ladder: Option<&Node>) -> Option<BTreeMap<&str, u64>> {
    let mut first = BTreeMap::new();
    for rung in ladder.and_then(Node::as_seq).unwrap_or_default() {
        let after = rung.get("after")?.as_str()?.parse::<Duration>().ok()?.seconds();
        for how in rung.get("notify").and_then(Node::as_seq)? {
            let time = first.entry(how.as_str()?).or_insert(after);
            *time = after.min(*time);
        }
    }
    Some(first)
}
