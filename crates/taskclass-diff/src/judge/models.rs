//! Models: which is asked for, which a caller may choose, for which repositories.

use taskclass_source::{Node, Path};

use super::fields::Field;
use super::lists::{Kind, More, Patterns, Set};
use super::{Judge, Pair, said};
use crate::Effect;

const SENSITIVE: &[(&str, Field)] = &[
    ("repositories", Field::Patterns(Patterns { kind: Kind::Repository, more: More::Narrows })),
    ("allow", Field::Set(Set { what: "models for sensitive repositories", more: More::Widens, absent: None })),
];

/// All that can be had where `model` counts: the default and what a caller may choose.
fn offered(model: Option<&Node>) -> Vec<&str> {
    let Some(model) = model else { return Vec::new() };
    let allowed = model.get("allowed").and_then(Node::as_seq).unwrap_or_default();
    model.get("default").into_iter().chain(allowed).filter_map(Node::as_str).collect()
}

/// The class's default.
pub(super) fn default<'a>(judge: &mut Judge<'a>, path: &Path, pair: Pair<'a>) {
    of_default(judge, path, pair, judge.root("model"));
}

fn of_default<'a>(judge: &mut Judge<'a>, path: &Path, pair: Pair<'a>, model: Pair<'a>) {
    let known = pair.1.and_then(Node::as_str).is_some_and(|model_id| offered(model.0).contains(&model_id));
    let effect = if known { Effect::Rewrites } else { Effect::Widens };
    judge.put(path, effect, format!("{} is asked for, before {}", said(pair.1), said(pair.0)), pair);
}

/// What a caller may choose.
pub(super) fn allowed<'a>(judge: &mut Judge<'a>, path: &Path, pair: Pair<'a>) {
    of_allowed(judge, path, pair, judge.root("model"));
}

fn of_allowed<'a>(judge: &mut Judge<'a>, path: &Path, pair: Pair<'a>, model: Pair<'a>) {
    let [before, after] = pair.items();
    let count = judge.changes.len();
    let listed = |item: &Node, list: &[Node]| list.iter().any(|other| other.same_value(item));
    let is_in = |item: &Node, model: Option<&Node>| item.as_str().is_some_and(|text| offered(model).contains(&text));
    for (index, item) in before.iter().enumerate().filter(|(_, item)| !listed(item, after)) {
        let effect = if is_in(item, model.1) { Effect::Neutral } else { Effect::Narrows };
        let what = format!("a caller may no longer choose {}", said(Some(item)));
        judge.put(&path.index(index), effect, what, Pair(Some(item), None));
    }
    for (index, item) in after.iter().enumerate().filter(|(_, item)| !listed(item, before)) {
        let effect = if is_in(item, model.0) { Effect::Neutral } else { Effect::Widens };
        judge.put(
            &path.index(index),
            effect,
            format!("a caller may choose {}", said(Some(item))),
            Pair(None, Some(item)),
        );
    }
    if judge.changes.len() == count {
        judge.put(path, Effect::Neutral, "the same models, listed otherwise".to_owned(), pair);
    }
}

/// Choices for some repositories: the first that matches counts, so only lists of the same patterns are compared one by one.
pub(super) fn overrides<'a>(judge: &mut Judge<'a>, path: &Path, pair: Pair<'a>) {
    let [before, after] = pair.items();
    let alike = |(a, b): (&'a Node, &'a Node)| Pair(Some(a), Some(b)).get("repositories").is_same();
    if before.len() != after.len() || !before.iter().zip(after).all(alike) {
        return judge.put(path, Effect::MayWiden, "other models count for some repositories".to_owned(), pair);
    }
    for (index, (a, b)) in before.iter().zip(after).enumerate() {
        let (path, one) = (path.index(index), Pair(Some(a), Some(b)));
        for key in one.keys() {
            let (path, field) = (path.key(key), one.get(key));
            match key {
                _ if field.is_same() => {}
                "default" => of_default(judge, &path, field, one),
                "allowed" => of_allowed(judge, &path, field, one),
                _ => judge.put(&path, Effect::MayWiden, "differs, and no rule judges it".to_owned(), field),
            }
        }
    }
}

/// The policy's shorter list for sensitive repositories.
pub(super) fn sensitive<'a>(judge: &mut Judge<'a>, path: &Path, pair: Pair<'a>) {
    match pair {
        Pair(None, _) => {
            judge.put(
                path,
                Effect::Narrows,
                "some repositories are sensitive, with a list of their own".to_owned(),
                pair,
            );
        }
        Pair(_, None) => judge.put(path, Effect::Widens, "no repository is sensitive any more".to_owned(), pair),
        _ => judge.section(SENSITIVE, path, pair),
    }
}
