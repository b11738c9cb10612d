//! Bounds: counts, credits and times.

use taskclass_source::{Node, Path};
use taskclass_spec::Duration;

use super::{Judge, Pair, by_order, said};

/// A bound.
pub(super) struct Number {
    /// What is bounded.
    pub(super) what: &'static str,
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
    Unbounded,
    Is(u64),
}

impl<'a> Judge<'a> {
    pub(super) fn number(&mut self, number: &Number, path: &Path, pair: Pair<'a>) {
        let value = |node: Option<&Node>| match (node, number.absent) {
            (Some(node), _) => read(node, number.unit).map(Some),
            (None, Absent::Is(value)) => Some(Some(value.into())),
            (None, Absent::Unbounded) => Some(None),
        };
        let (Some(before), Some(after)) = (value(pair.0), value(pair.1)) else {
            return self.put(path, crate::Effect::MayWiden, format!("{} differ", number.what), pair);
        };
        // No bound: the most for an upper one, the least for a lower one.
        let unbounded = if number.least { i128::MIN } else { i128::MAX };
        let rank = |value: Option<i128>| value.unwrap_or(unbounded);
        let order = rank(before).cmp(&rank(after));
        let effect = by_order(if number.least { order.reverse() } else { order });
        let word = if number.least { "at least" } else { "at most" };
        let told = |node: Option<&Node>| match (node, number.absent) {
            (Some(_), _) => format!("{word} {}", said(node)),
            (None, Absent::Is(value)) => format!("{word} `{value}`"),
            (None, Absent::Unbounded) => "without a bound of its own".to_owned(),
        };
        let what = format!("{}: {}, before {}", number.what, told(pair.1), told(pair.0));
        self.put(path, effect, what, pair);
    }
}

fn read(node: &Node, unit: Unit) -> Option<i128> {
    match unit {
        Unit::Count => node.as_int().map(i128::from),
        Unit::Time => node.as_str()?.parse::<Duration>().ok().map(|time| time.seconds().into()),
    }
}
