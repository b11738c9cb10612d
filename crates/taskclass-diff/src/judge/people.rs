//! Who may run a class, who answers for it, who is told.

use std::collections::BTreeMap;

use taskclass_source::{Node, Path, text::quoted};
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

/// Who is told when: what counts is how often and how soon each way of telling is used.
pub(super) fn ladder<'a>(judge: &mut Judge<'a>, path: &Path, pair: Pair<'a>, _: Fields) {
    let (effect, what) = match (times(pair.0), times(pair.1)) {
        (Some(before), Some(after)) => match (later(&before, &after), later(&after, &before)) {
            (Some(how), None) => (Effect::Widens, format!("people are told by {how} later than before, or not at all")),
            (None, Some(how)) => {
                (Effect::Narrows, format!("people are told by {how} sooner or more often than before"))
            }
            (None, None) => (Effect::Neutral, "people are told in the same ways as soon as before".to_owned()),
            (Some(how), Some(_)) => {
                let what = format!("people are told in other ways: by {how} later than before, or not at all");
                (Effect::MayWiden, what)
            }
        },
        _ => (Effect::MayWiden, "people are told in other ways".to_owned()),
    };
    judge.put(path, effect, what, pair);
}

/// How long after the event each way of telling is used, in seconds, soonest first.
type Times<'n> = BTreeMap<&'n str, Vec<u64>>;

/// A way of telling that the one ladder uses and the other uses later, or less often.
fn later(one: &Times<'_>, other: &Times<'_>) -> Option<String> {
    let is_later = |how: &str, times: &[u64]| {
        let others = other.get(how).map(Vec::as_slice).unwrap_or_default();
        times.iter().enumerate().any(|(at, time)| others.get(at).is_none_or(|other| other > time))
    };
    one.iter().find(|(how, times)| is_later(how, times)).map(|(how, _)| quoted(how))
}

fn times(ladder: Option<&Node>) -> Option<Times<'_>> {
    let mut times = Times::new();
    for rung in ladder.and_then(Node::as_seq).unwrap_or_default() {
        let after = rung.get("after")?.as_str()?.parse::<Duration>().ok()?.seconds();
        for how in rung.get("notify").and_then(Node::as_seq)? {
            times.entry(how.as_str()?).or_default().push(after);
        }
    }
    times.values_mut().for_each(|times| times.sort_unstable());
    Some(times)
}
