//! What a change of a field does: the two trees are walked in lock-step down to the fields of one table, and what differs is
//! judged by the kind of its field. What differs where the table says nothing may widen, so that no field is forgotten silently.

mod expression;
mod fields;
mod gates;
mod inputs;
mod lists;
mod models;
mod numbers;
mod of_class;
mod of_policy;
mod patterns;
mod people;
#[cfg(test)]
mod tests;
mod words;

use std::sync::Arc;

use taskclass_source::{Node, Path, SourceFile, yaml::Value};
use taskclass_spec::{Loaded, pattern::Effort, written};

use self::fields::{Field, Fields};
use self::{of_class::CLASS, of_policy::POLICY};
use crate::{Cause, Change, Effect, Place, Written};

/// The changes of a class.
pub(crate) fn class(before: &Loaded<written::TaskClass>, after: &Loaded<written::TaskClass>) -> Vec<Change> {
    walked(CLASS, (&before.source, before.root.as_ref()), (&after.source, after.root.as_ref()))
}

/// The changes of a policy.
pub(crate) fn policy(before: &Loaded<written::Policy>, after: &Loaded<written::Policy>) -> Vec<Change> {
    walked(POLICY, (&before.source, before.root.as_ref()), (&after.source, after.root.as_ref()))
}

type Side<'a> = (&'a Arc<SourceFile>, Option<&'a Node>);

fn walked(fields: Fields, before: Side<'_>, after: Side<'_>) -> Vec<Change> {
    let effort = Effort::for_a_document();
    let mut judge = Judge { sources: [before.0, after.0], roots: [before.1, after.1], effort, changes: Vec::new() };
    let pair = Pair(before.1, after.1);
    if !pair.is_same() {
        judge.section(fields, &Path::root(), pair);
    }
    judge.changes
}

/// The same place on both sides.
#[derive(Clone, Copy)]
struct Pair<'a>(Option<&'a Node>, Option<&'a Node>);

impl<'a> Pair<'a> {
    fn get(self, key: &str) -> Self {
        Self(self.0.and_then(|node| node.get(key)), self.1.and_then(|node| node.get(key)))
    }

    fn is_same(self) -> bool {
        match self {
            Self(Some(a), Some(b)) => a.same_value(b),
            Self(a, b) => a.is_none() && b.is_none(),
        }
    }

    fn items(self) -> [&'a [Node]; 2] {
        [self.0, self.1].map(|node| node.and_then(Node::as_seq).unwrap_or_default())
    }

    fn keys(self) -> Vec<&'a str> {
        let mut keys: Vec<&str> = Vec::new();
        for entry in [self.0, self.1].into_iter().flatten().filter_map(Node::as_map).flat_map(|map| map.entries()) {
            let key: &str = &entry.key.text;
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
        keys
    }
}

/// A judgement under way.
struct Judge<'a> {
    sources: [&'a Arc<SourceFile>; 2],
    roots: [Option<&'a Node>; 2],
    /// What may still be spent on patterns and expressions.
    effort: Effort,
    changes: Vec<Change>,
}

impl<'a> Judge<'a> {
    /// What stands at the document's root under this key.
    fn root(&self, key: &str) -> Pair<'a> {
        Pair(self.roots[0], self.roots[1]).get(key)
    }

    /// What stands at this path.
    fn at(&self, path: &Path) -> Pair<'a> {
        let [before, after] = self.roots.map(|root| root?.at(path).map(|found| found.value));
        Pair(before, after)
    }

    /// The section that what stands at this path is in.
    fn around(&self, path: &Path) -> Pair<'a> {
        path.parent().map_or(Pair(None, None), |path| self.at(&path))
    }

    /// The fields of a section that differs.
    fn section(&mut self, fields: Fields, path: &Path, pair: Pair<'a>) {
        let count = self.changes.len();
        for key in pair.keys() {
            let (path, pair) = (path.key(key), pair.get(key));
            if pair.is_same() {
                continue;
            }
            let count = self.changes.len();
            if let Some((_, field)) = fields.iter().find(|(name, _)| *name == key) {
                self.field(field, &path, pair);
            }
            if self.changes.len() == count {
                self.put(&path, Effect::MayWiden, "the field differs, and no rule judges it".to_owned(), pair);
            }
        }
        // A section without a field says what no section says.
        if self.changes.len() == count {
            self.put(path, Effect::Neutral, "the section says the same, written otherwise".to_owned(), pair);
        }
    }

    fn field(&mut self, field: &'static Field, path: &Path, pair: Pair<'a>) {
        let count = self.changes.len();
        match field {
            Field::Section(fields) => self.section(fields, path, pair),
            Field::Neutral(what) => self.put(path, Effect::Neutral, (*what).to_owned(), pair),
            Field::Rewrites(what) => self.put(path, Effect::Rewrites, (*what).to_owned(), pair),
            Field::Unordered(what) => self.put(path, Effect::MayWiden, (*what).to_owned(), pair),
            Field::Number(number) => self.number(number, path, pair),
            Field::Words(words) => self.ranked(words, path, pair),
            Field::Set(set) => self.set(set, path, pair),
            Field::Patterns(patterns) => self.patterns(patterns, path, pair),
            Field::Judged(judged, fields) => judged(self, path, pair, fields),
        }
        // An empty section says what a missing one says, and has another digest.
        if self.changes.len() == count {
            self.put(path, Effect::Neutral, "empty or left out, which is the same".to_owned(), pair);
        }
    }

    fn put(&mut self, path: &Path, effect: Effect, what: String, pair: Pair<'a>) {
        let written = |node: Option<&Node>, source: &Arc<SourceFile>| {
            let node = node?;
            Some(Written { value: node.to_json(), place: Place { source: Arc::clone(source), span: node.span } })
        };
        let (before, after) = (written(pair.0, self.sources[0]), written(pair.1, self.sources[1]));
        self.changes.push(Change { path: path.clone(), cause: Cause::Own, effect, what, before, after });
    }
}

/// A scalar as its reader sees it, between backticks.
fn said(node: Option<&Node>) -> String {
    let text = node.map(|node| match &node.value {
        Value::Str(text) => text.to_string(),
        _ => node.to_json().to_string(),
    });
    taskclass_source::text::quoted(&text.unwrap_or_default())
}

/// More on the second side is wider, less narrower, as much the same said otherwise.
fn by_order(order: std::cmp::Ordering) -> Effect {
    match order {
        std::cmp::Ordering::Less => Effect::Widens,
        std::cmp::Ordering::Equal => Effect::Neutral,
        std::cmp::Ordering::Greater => Effect::Narrows,
    }
}
