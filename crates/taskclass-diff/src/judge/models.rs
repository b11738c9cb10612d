//! Models: which is asked for, which a caller may choose, for which repositories.

use std::collections::BTreeMap;

use taskclass_source::{Node, Path, text::quoted};
use taskclass_spec::{
    RepoPattern,
    pattern::{Beyond, Covering},
};

use super::fields::Fields;
use super::{Judge, Pair, said};
use crate::Effect;

/// All that can be had where `model` counts: the default and what a caller may choose.
fn offered(model: Option<&Node>) -> Vec<&str> {
    let Some(model) = model else { return Vec::new() };
    let allowed = model.get("allowed").and_then(Node::as_seq).unwrap_or_default();
    model.get("default").into_iter().chain(allowed).filter_map(Node::as_str).collect()
}

/// The model that is asked for.
pub(super) fn default<'a>(judge: &mut Judge<'a>, path: &Path, pair: Pair<'a>, _: Fields) {
    let around = judge.around(path);
    let known = pair.1.and_then(Node::as_str).is_some_and(|model| offered(around.0).contains(&model));
    let (effect, rest) = if known {
        (Effect::Rewrites, "where the caller chooses none")
    } else {
        (Effect::Widens, "which nothing offered before")
    };
    judge.put(path, effect, format!("{} is asked for instead of {}, {rest}", said(pair.1), said(pair.0)), pair);
}

/// What a caller may choose.
pub(super) fn allowed<'a>(judge: &mut Judge<'a>, path: &Path, pair: Pair<'a>, _: Fields) {
    let around = judge.around(path);
    let [before, after] = pair.items();
    let count = judge.changes.len();
    let listed = |item: &Node, list: &[Node]| list.iter().any(|other| other.same_value(item));
    let is_in = |item: &Node, model: Option<&Node>| item.as_str().is_some_and(|text| offered(model).contains(&text));
    for (index, item) in before.iter().enumerate().filter(|(_, item)| !listed(item, after)) {
        let (effect, what) = if is_in(item, around.1) {
            (Effect::Neutral, format!("{} need not be listed: it is the default", said(Some(item))))
        } else {
            (Effect::Narrows, format!("a caller may no longer choose the model {}", said(Some(item))))
        };
        judge.put(&path.index(index), effect, what, Pair(Some(item), None));
    }
    for (index, item) in after.iter().enumerate().filter(|(_, item)| !listed(item, before)) {
        let (effect, what) = if is_in(item, around.0) {
            (Effect::Neutral, format!("{} is listed: it could be had before, as the default", said(Some(item))))
        } else {
            (Effect::Widens, format!("a caller may choose the model {}", said(Some(item))))
        };
        judge.put(&path.index(index), effect, what, Pair(None, Some(item)));
    }
    if judge.changes.len() == count {
        judge.put(path, Effect::Neutral, "the list says the same, written otherwise".to_owned(), pair);
    }
}

/// Choices for some repositories. Of the same patterns in the same order they are compared one by one; else each repository's
/// choice before is held to its choice after, as the patterns decide it.
pub(super) fn overrides<'a>(judge: &mut Judge<'a>, path: &Path, pair: Pair<'a>, fields: Fields) {
    let [before, after] = pair.items();
    let alike = |(a, b): (&'a Node, &'a Node)| Pair(Some(a), Some(b)).get("repositories").is_same();
    if before.len() != after.len() || !before.iter().zip(after).all(alike) {
        let (effect, what) = by_repository(judge);
        return judge.put(path, effect, what, pair);
    }
    for (index, (a, b)) in before.iter().zip(after).enumerate() {
        let (path, one) = (path.index(index), Pair(Some(a), Some(b)));
        if !one.is_same() {
            judge.section(fields, &path, one);
        }
    }
}

/// What counts for the repositories that match one of the patterns and none of an earlier choice; for all the rest without
/// patterns.
struct Choice<'a> {
    patterns: Option<Vec<RepoPattern>>,
    default: &'a str,
    offered: Vec<&'a str>,
}

fn choices(model: Option<&Node>) -> Vec<Choice<'_>> {
    let overrides = model.and_then(|model| model.get("overrides")).and_then(Node::as_seq).unwrap_or_default();
    let mut all: Vec<Choice<'_>> = overrides
        .iter()
        .map(|one| Choice {
            patterns: Some(parsed(one.get("repositories"))),
            default: one.get("default").and_then(Node::as_str).unwrap_or_default(),
            offered: offered(Some(one)),
        })
        .collect();
    let default = model.and_then(|model| model.get("default")).and_then(Node::as_str).unwrap_or_default();
    all.push(Choice { patterns: None, default, offered: offered(model) });
    all
}

fn parsed(list: Option<&Node>) -> Vec<RepoPattern> {
    let items = list.and_then(Node::as_seq).unwrap_or_default();
    items.iter().filter_map(|item| item.as_str()?.parse().ok()).collect()
}

/// The patterns of all choices before this one.
fn earlier<'c>(choices: &'c [Choice<'_>], at: usize) -> impl Iterator<Item = &'c RepoPattern> {
    choices.iter().take(at).filter_map(|choice| choice.patterns.as_ref()).flatten()
}

fn by_repository(judge: &mut Judge<'_>) -> (Effect, String) {
    let model = judge.root("model");
    let (before, after) = (choices(model.0), choices(model.1));
    let mut found: BTreeMap<Effect, String> = BTreeMap::new();
    for (j, is) in after.iter().enumerate() {
        for (i, was) in before.iter().enumerate() {
            // The class's own choice on both sides is told where it stands.
            let Some(own) = is.patterns.as_ref().or(was.patterns.as_ref()) else { continue };
            let others: Vec<&RepoPattern> = earlier(&after, j).chain(earlier(&before, i)).collect();
            let both = was.patterns.as_ref().filter(|_| is.patterns.is_some());
            let within: Option<Vec<&RepoPattern>> = both.map(|patterns| patterns.iter().collect());
            for pattern in own {
                let text = match pattern.beyond(&others, within.as_deref(), &mut judge.effort) {
                    Beyond::Nothing => continue,
                    Beyond::Text(text) => Some(text),
                    Beyond::Unknown => None,
                };
                let (effect, what) = compared(was, is, text.as_deref());
                found.entry(effect).or_insert(what);
            }
        }
    }
    found.pop_last().unwrap_or((Effect::Neutral, "for each repository the same models count".to_owned()))
}

fn compared(was: &Choice<'_>, is: &Choice<'_>, text: Option<&str>) -> (Effect, String) {
    let place = text.map_or("some repositories".to_owned(), quoted);
    let new = is.offered.iter().find(|model| !was.offered.contains(model));
    let gone = was.offered.iter().find(|model| !is.offered.contains(model));
    match (new, gone) {
        (Some(new), _) if text.is_some() => {
            (Effect::Widens, format!("the model {} may work in {place}, where it could not", quoted(new)))
        }
        (Some(new), _) => {
            (Effect::MayWiden, format!("the model {} may work in {place}, where it could not", quoted(new)))
        }
        (None, _) if was.default != is.default => {
            let (is, was) = (quoted(is.default), quoted(was.default));
            (Effect::Rewrites, format!("in {place} {is} is asked for instead of {was}"))
        }
        (None, Some(gone)) => (Effect::Narrows, format!("the model {} may no longer work in {place}", quoted(gone))),
        (None, None) => (Effect::Neutral, "for each repository the same models count".to_owned()),
    }
}

/// The policy's shorter list for sensitive repositories.
pub(super) fn sensitive<'a>(judge: &mut Judge<'a>, path: &Path, pair: Pair<'a>, fields: Fields) {
    let (effect, what) = match pair {
        Pair(None, _) => (Effect::Narrows, "some repositories count as sensitive, and only some models may work there"),
        Pair(_, None) => (Effect::Widens, "no repository counts as sensitive any more: all models may work in each"),
        _ => return judge.section(fields, path, pair),
    };
    judge.put(path, effect, what.to_owned(), pair);
}
