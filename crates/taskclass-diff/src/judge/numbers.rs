//! Bounds: counts, credits and times.

use taskclass_source::{Node, Path};
use taskclass_spec::Duration;

use super::{Judge, Pair, by_order, said};
use crate::Effect;

/// A bound.
pub(super) struct Number {
    /// The sentence, in which `{}` stands for the bound: `at most 4`.
    pub(super) told: &'static str,
    /// Whether it is a lower bound.
    pub(super) least: bool,
    pub(super) unit: Unit,
    pub(super) absent: Absent,
}

/// What the bound is written in.
#[derive(Clone, Copy)]
pub(super) enum Unit {
    Count,
    Time,
}

/// What a bound left out means.
#[derive(Clone, Copy)]
pub(super) enum Absent {
    /// No bound: in the sentence, and behind "instead of".
    Unbounded(&'static str, &'static str),
    /// This one.
    Is(u64),
}

impl<'a> Judge<'a> {
    pub(super) fn number(&mut self, number: &Number, path: &Path, pair: Pair<'a>) {
        let (effect, what) = match (number.value(pair.0), number.value(pair.1)) {
            (Some(before), Some(after)) => {
                let order = number.rank(before).cmp(&number.rank(after));
                let effect = by_order(if number.least { order.reverse() } else { order });
                (effect, number.said(pair, effect))
            }
            _ => (Effect::MayWiden, number.said(pair, Effect::MayWiden)),
        };
        self.put(path, effect, what, pair);
    }
}

impl Number {
    /// The bound, if the value is one; `None` inside for no bound.
    fn value(&self, node: Option<&Node>) -> Option<Option<i128>> {
        match (node, self.absent) {
            (Some(node), _) => read(node, self.unit).map(Some),
            (None, Absent::Is(value)) => Some(Some(value.into())),
            (None, Absent::Unbounded(..)) => Some(None),
        }
    }

    /// No bound: the most for an upper one, the least for a lower one.
    fn rank(&self, value: Option<i128>) -> i128 {
        value.unwrap_or(if self.least { i128::MIN } else { i128::MAX })
    }

    /// What counts where nothing is said.
    fn default(&self, value: u64) -> String {
        match self.unit {
            Unit::Count => format!("`{value}`"),
            Unit::Time => format!("`{}`", Duration::from_seconds(value)),
        }
    }

    fn said(&self, pair: Pair<'_>, effect: Effect) -> String {
        let word = if self.least { "at least" } else { "at most" };
        let (now, was) = match (pair.1, pair.0, self.absent) {
            (Some(now), Some(was), _) => (format!("{word} {}", said(Some(now))), said(Some(was))),
            (Some(now), None, Absent::Is(value)) => (format!("{word} {}", said(Some(now))), self.default(value)),
            (Some(now), None, Absent::Unbounded(_, was)) => (format!("{word} {}", said(Some(now))), was.to_owned()),
            (None, was, Absent::Is(value)) => (format!("{word} {}", self.default(value)), said(was)),
            (None, was, Absent::Unbounded(now, _)) => (now.to_owned(), said(was)),
        };
        let sentence = self.told.replace("{}", &now);
        if effect == Effect::Neutral {
            format!("{sentence}, as before")
        } else {
            format!("{sentence} instead of {was}")
        }
    }
}

fn read(node: &Node, unit: Unit) -> Option<i128> {
    match unit {
        Unit::Count => node.as_int().map(i128::from),
        Unit::Time => node.as_str()?.parse::<Duration>().ok().map(|time| time.seconds().into()),
    }
}
