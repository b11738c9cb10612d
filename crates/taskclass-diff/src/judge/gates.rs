//! How a class spreads: stages and the gates between them.

use taskclass_source::{Node, Path};

use super::fields::{Field, STAGE};
use super::numbers::{Absent, Number, Unit};
use super::{Judge, Pair};
use crate::Effect;

const GATES: &[(&str, Field)] = &[
    ("min_samples", Field::Judged(min_samples)),
    ("require", Field::Judged(bounds)),
    ("abort_on", Field::Judged(bounds)),
];

/// The whole rollout.
pub(super) fn rollout<'a>(judge: &mut Judge<'a>, path: &Path, pair: Pair<'a>) {
    match pair {
        Pair(None, _) => judge.put(path, Effect::Narrows, "the class spreads stage by stage".to_owned(), pair),
        Pair(_, None) => judge.put(path, Effect::Widens, "no stage holds the class back any more".to_owned(), pair),
        _ => {
            stages(judge, &path.key("stages"), pair.get("stages"));
            judge.section(GATES, &path.key("gates"), pair.get("gates"));
        }
    }
}

/// Stages of the same names in the same order are compared field by field.
fn stages<'a>(judge: &mut Judge<'a>, path: &Path, pair: Pair<'a>) {
    if pair.is_same() {
        return;
    }
    let [before, after] = pair.items();
    let alike = |(a, b): (&'a Node, &'a Node)| Pair(Some(a), Some(b)).get("name").is_same();
    if before.len() == after.len() && before.iter().zip(after).all(alike) {
        for (index, (a, b)) in before.iter().zip(after).enumerate() {
            judge.section(STAGE, &path.index(index), Pair(Some(a), Some(b)));
        }
    } else {
        judge.put(path, Effect::MayWiden, "other stages, or in another order".to_owned(), pair);
    }
}

/// Only `never` is stricter than the class's own.
pub(super) fn pull_request<'a>(judge: &mut Judge<'a>, path: &Path, pair: Pair<'a>) {
    let never = |node: Option<&Node>| node.and_then(Node::as_str) == Some("never");
    let (effect, what) = match (never(pair.0), never(pair.1)) {
        (true, false) => (Effect::Widens, "the stage opens pull requests as the class does"),
        (false, true) => (Effect::Narrows, "the stage opens no pull request"),
        _ => (Effect::Neutral, "the class's own counts, as before"),
    };
    judge.put(path, effect, what.to_owned(), pair);
}

fn min_samples<'a>(judge: &mut Judge<'a>, path: &Path, pair: Pair<'a>) {
    const SAMPLES: Number =
        Number { what: "results before the gate is judged", least: true, unit: Unit::Count, absent: Absent::Unbounded };
    for key in pair.keys() {
        let (path, pair) = (path.key(key), pair.get(key));
        if !pair.is_same() {
            judge.number(&SAMPLES, &path, pair);
        }
    }
}

/// Bounds that must all hold: fewer are wider, and one that follows from another is none of its own.
fn bounds<'a>(judge: &mut Judge<'a>, path: &Path, pair: Pair<'a>) {
    let [before, after] = pair.items();
    let all = |these: &[Node], those: &[Node]| these.iter().all(|one| those.iter().any(|other| follows(one, other)));
    let (effect, what) = match (all(before, after), all(after, before)) {
        (true, true) => (Effect::Neutral, "the same must hold"),
        (true, false) => (Effect::Narrows, "more must hold"),
        (false, true) => (Effect::Widens, "less must hold"),
        (false, false) => (Effect::MayWiden, "something else must hold"),
    };
    judge.put(path, effect, what.to_owned(), pair);
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
