//! How a field is judged, and the short forms in which the tables say it.

use taskclass_source::Path;

use super::lists::{More, Set};
use super::numbers::{Absent, Number, Unit};
use super::patterns::Patterns;
use super::words::Words;
use super::{Judge, Pair};

/// The fields of a section, by name.
pub(super) type Fields = &'static [(&'static str, Field)];

/// How a field is judged.
pub(super) enum Field {
    /// Field by field; a section left out has none of them.
    Section(Fields),
    /// Nothing that a task could notice.
    Neutral(&'static str),
    /// Not ordered, and no more is allowed.
    Rewrites(&'static str),
    /// Not ordered, and something may be allowed.
    Unordered(&'static str),
    /// A bound.
    Number(Number),
    /// One of a few words, from the tightest to the widest.
    Words(Words),
    /// A list in which only counts what is in it.
    Set(Set),
    /// A list of patterns.
    Patterns(Patterns),
    /// A kind of its own, and the fields within it.
    Judged(for<'j, 'a> fn(&'j mut Judge<'a>, &Path, Pair<'a>, Fields), Fields),
}

/// Without a number there is no bound.
pub(super) const NO_BOUND: Absent = Absent::Unbounded("any number of", "any number");

/// An upper bound; `{}` stands for it in the sentence.
pub(super) const fn most(told: &'static str, absent: Absent) -> Field {
    Field::Number(Number { told, least: false, unit: Unit::Count, absent })
}

/// A lower bound.
pub(super) const fn least(told: &'static str, absent: u64) -> Field {
    Field::Number(Number { told, least: true, unit: Unit::Count, absent: Absent::Is(absent) })
}

/// The longest time.
pub(super) const fn time(told: &'static str) -> Field {
    let absent = Absent::Unbounded("any time", "any time");
    Field::Number(Number { told, least: false, unit: Unit::Time, absent })
}

/// More entries widen.
pub(super) const fn more(came: &'static str, went: &'static str) -> Field {
    Field::Set(Set { came, went, more: More::Widens, absent: &[] })
}

/// Fewer entries widen.
pub(super) const fn fewer(came: &'static str, went: &'static str) -> Field {
    Field::Set(Set { came, went, more: More::Narrows, absent: &[] })
}

/// Words from the tightest to the widest, each with what it means.
pub(super) const fn words(order: &'static [(&'static str, &'static str)], absent: &'static str) -> Field {
    Field::Words(Words { order, absent })
}
