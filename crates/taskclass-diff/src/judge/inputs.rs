//! Inputs: which there are, of which type, and what fits.

use taskclass_source::{Node, Path};

use super::fields::Field;
use super::lists::{More, Set};
use super::numbers::{Absent, Number, Unit};
use super::{Judge, Pair, expression, said};
use crate::Effect;

const fn bound(what: &'static str, least: bool, absent: Absent) -> Field {
    Field::Number(Number { what, least, unit: Unit::Count, absent })
}

const TYPE: &[(&str, Field)] = &[
    ("description", Field::Neutral("another description")),
    ("default", Field::Judged(default)),
    ("pattern", Field::Judged(expression::pattern)),
    ("min_length", bound("characters", true, Absent::Is(0))),
    ("max_length", bound("characters", false, Absent::Unbounded)),
    ("minimum", bound("the value", true, Absent::Unbounded)),
    ("maximum", bound("the value", false, Absent::Unbounded)),
    ("values", Field::Set(Set { what: "values to choose from", more: More::Widens, absent: None })),
    ("max_items", bound("values", false, Absent::Unbounded)),
    ("of", Field::Judged(typed)),
];

/// All inputs.
pub(super) fn inputs<'a>(judge: &mut Judge<'a>, path: &Path, pair: Pair<'a>) {
    for key in pair.keys() {
        let (path, pair) = (path.key(key), pair.get(key));
        match pair {
            _ if pair.is_same() => {}
            Pair(None, _) => judge.put(&path, Effect::Widens, "callers can give one more value".to_owned(), pair),
            Pair(_, None) => judge.put(&path, Effect::Narrows, "callers can no longer give it".to_owned(), pair),
            _ => typed(judge, &path, pair),
        }
    }
}

/// A type with its bounds.
fn typed<'a>(judge: &mut Judge<'a>, path: &Path, pair: Pair<'a>) {
    let of = pair.get("type");
    if of.is_same() {
        judge.section(TYPE, path, pair);
    } else {
        judge.put(path, Effect::MayWiden, format!("of type {}, before {}", said(of.1), said(of.0)), pair);
    }
}

fn default<'a>(judge: &mut Judge<'a>, path: &Path, pair: Pair<'a>) {
    let given = |node: Option<&Node>| said(node);
    let (effect, what) = match pair {
        Pair(None, _) => (Effect::Widens, format!("callers need not give it: it is {} then", given(pair.1))),
        Pair(_, None) => (Effect::Narrows, "callers must give it".to_owned()),
        _ => (Effect::Rewrites, format!("left out it is {}, before {}", given(pair.1), given(pair.0))),
    };
    judge.put(path, effect, what, pair);
}
