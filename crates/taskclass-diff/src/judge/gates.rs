//! How a class spreads: stages and the gates between them.

use taskclass_source::{Node, Path};

use super::fields::Fields;
use super::numbers::{Absent, Number, Unit};
use super::{Judge, Pair, said};
use crate::Effect;

/// The whole rollout.
pub(super) fn rollout<'a>(judge: &mut Judge<'a>, path: &Path, pair: Pair<'a>, fields: Fields) {
    match pair {
        Pair(None, _) => {
            // Alone a run reaches as many as the policy leaves free; by stages the class may go on to all that it allows.
            let what = "the class may go on from stage to stage, to all repositories that it allows".to_owned();
            judge.put(path, Effect::MayWiden, what, pair);
        }
        Pair(_, None) => {
            let what = "no stage and no gate holds the class back any more".to_owned();
            judge.put(path, Effect::Widens, what, pair);
        }
        _ => judge.section(fields, path, pair),
    }
}

/// Stages of the same names in the same order are compared field by field; behind them some may come or go.
pub(super) fn stages<'a>(judge: &mut Judge<'a>, path: &Path, pair: Pair<'a>, fields: Fields) {
    let [before, after] = pair.items();
    let alike = |(a, b): (&'a Node, &'a Node)| Pair(Some(a), Some(b)).get("name").is_same();
    if !before.iter().zip(after).all(alike) {
        let what = "the stages are others, or come in another order".to_owned();
        return judge.put(path, Effect::MayWiden, what, pair);
    }
    let both = before.len().min(after.len());
    for (index, (a, b)) in before.iter().zip(after).enumerate() {
        let pair = Pair(Some(a), Some(b));
        if !pair.is_same() {
            judge.section(fields, &path.index(index), pair);
        }
    }
    for (index, stage) in before.iter().enumerate().skip(both) {
        let what = format!("the class no longer goes on to the stage {}", said(stage.get("name")));
        judge.put(&path.index(index), Effect::Narrows, what, Pair(Some(stage), None));
    }
    for (index, stage) in after.iter().enumerate().skip(both) {
        let what = format!(
            "the class may go on to the stage {}, in {} repositories",
            said(stage.get("name")),
            said(stage.get("repositories"))
        );
        judge.put(&path.index(index), Effect::Widens, what, Pair(None, Some(stage)));
    }
}

/// Only `never` is stricter than the class's own.
pub(super) fn pull_request<'a>(judge: &mut Judge<'a>, path: &Path, pair: Pair<'a>, _: Fields) {
    let never = |node: Option<&Node>| node.and_then(Node::as_str) == Some("never");
    let (effect, what) = match (never(pair.0), never(pair.1)) {
        (true, false) => (Effect::Widens, "the stage opens pull requests as the class does"),
        (false, true) => (Effect::Narrows, "the stage opens no pull request"),
        _ => (Effect::Neutral, "the class's own counts, as before"),
    };
    judge.put(path, effect, what.to_owned(), pair);
}

/// Fewer results are a weaker proof.
pub(super) fn min_samples<'a>(judge: &mut Judge<'a>, path: &Path, pair: Pair<'a>, _: Fields) {
    const SAMPLES: Number =
        Number { told: "the stage's gate needs {} results", least: true, unit: Unit::Count, absent: Absent::Is(0) };
    for key in pair.keys() {
        let (path, pair) = (path.key(key), pair.get(key));
        if !pair.is_same() {
            judge.number(&SAMPLES, &path, pair);
        }
    }
}

/// What must hold before the next stage begins.
pub(super) fn require<'a>(judge: &mut Judge<'a>, path: &Path, pair: Pair<'a>, _: Fields) {
    bounds(judge, path, pair, "for the next stage to begin");
}

/// What must hold for the rollout to go on.
pub(super) fn abort_on<'a>(judge: &mut Judge<'a>, path: &Path, pair: Pair<'a>, _: Fields) {
    bounds(judge, path, pair, "for the rollout to go on");
}

/// Bounds that must all hold: each that went or came is held to all on the other side, for one may follow from another.
fn bounds<'a>(judge: &mut Judge<'a>, path: &Path, pair: Pair<'a>, why: &str) {
    let [before, after] = pair.items();
    let has = |list: &[Node], one: &Node| list.iter().any(|other| other.same_value(one));
    let follows = |list: &[Node], one: &Node| list.iter().any(|other| follows(one, other));
    let count = judge.changes.len();
    for (index, gate) in before.iter().enumerate().filter(|(_, gate)| !has(after, gate)) {
        let (effect, what) = if follows(after, gate) {
            (Effect::Neutral, format!("{} follows from what must hold now", bound(gate)))
        } else {
            (Effect::Widens, format!("{} need no longer hold {why}", bound(gate)))
        };
        judge.put(&path.index(index), effect, what, Pair(Some(gate), None));
    }
    for (index, gate) in after.iter().enumerate().filter(|(_, gate)| !has(before, gate)) {
        let (effect, what) = if follows(before, gate) {
            (Effect::Neutral, format!("{} followed from what had to hold before", bound(gate)))
        } else {
            (Effect::Narrows, format!("{} must hold {why}", bound(gate)))
        };
        judge.put(&path.index(index), effect, what, Pair(None, Some(gate)));
    }
    if judge.changes.len() == count {
        judge.put(path, Effect::Neutral, "the list says the same, written otherwise".to_owned(), pair);
    }
}

/// A gate as a reader says it.
fn bound(gate: &Node) -> String {
    let metric = said(gate.get("metric"));
    match (gate.get("max"), gate.get("min")) {
        (Some(max), _) => format!("{metric} at most {}", said(Some(max))),
        (_, min) => format!("{metric} at least {}", said(min)),
    }
}

/// Whether `one` holds wherever `other` does.
fn follows(one: &Node, other: &Node) -> bool {
    let pair = Pair(Some(one), Some(other));
    let number = |node: Option<&Node>| match node {
        Some(node) => match (node.as_int(), node.as_str()) {
            (Some(count), _) => Some((false, count)),
            (_, Some(rate)) => rate.strip_suffix('%').and_then(|rate| rate.parse().ok()).map(|rate| (true, rate)),
            _ => None,
        },
        None => None,
    };
    let bound = |key: &str, within: fn(i64, i64) -> bool| match (pair.get(key).0, pair.get(key).1) {
        (None, None) => true,
        (a, b) => match (number(a), number(b)) {
            (Some((kind, one)), Some((other_kind, other))) => kind == other_kind && within(one, other),
            _ => false,
        },
    };
    pair.get("metric").is_same() && bound("max", |one, other| one >= other) && bound("min", |one, other| one <= other)
}
