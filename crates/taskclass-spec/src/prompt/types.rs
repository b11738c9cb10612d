//! The types of expressions, and of the names that there are.

use crate::InputName;
use crate::inputs::Kind;
use crate::written::Input;

/// The fields of `run`.
pub const RUN_FIELDS: [&str; 7] = ["repository", "owner", "name", "base_ref", "class", "version", "stage"];

/// The fields of `loop`, and whether each is a number (else it is true or false).
pub const LOOP_FIELDS: [(&str, bool); 5] =
    [("index", true), ("index0", true), ("first", false), ("last", false), ("length", true)];

/// What an expression gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Type<'d> {
    Text,
    Choice {
        input: &'d InputName,
        values: &'d [String],
    },
    Integer,
    Boolean,
    List(Item<'d>),
    /// Text in a fence, which can only be put out.
    Fenced,
    /// Values of several types, of which only the truth can be asked.
    Mixed,
    /// Something wrong is reported already.
    Unknown,
}

/// What a list holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Item<'d> {
    Text,
    Choice { input: &'d InputName, values: &'d [String] },
    Integer,
    Boolean,
}

impl<'d> Type<'d> {
    pub(super) fn of(name: &'d InputName, input: &'d Input) -> Self {
        match (Kind::of(input), input) {
            (Some(kind), _) => Item::of(name, kind).into(),
            (None, Input::List { of, .. }) => Self::List(Item::of(name, Kind::of_item(of))),
            (None, _) => Self::Unknown,
        }
    }

    pub(super) fn is_text(self) -> bool {
        matches!(self, Self::Text | Self::Choice { .. })
    }

    /// In a reader's words.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Text | Self::Choice { .. } => "text",
            Self::Integer => "a whole number",
            Self::Boolean => "true or false",
            Self::List(_) => "a list",
            Self::Fenced => "fenced text",
            Self::Mixed => "values of different types",
            Self::Unknown => "unknown",
        }
    }

    /// What comes of two values of which one is taken.
    pub(super) fn either(self, other: Self) -> Self {
        match (self, other) {
            (Self::Unknown, any) | (any, Self::Unknown) => any,
            (a, b) if a == b => a,
            (a, b) if a.is_text() && b.is_text() => Self::Text,
            (Self::Fenced, b) if b.is_text() => Self::Fenced,
            (a, Self::Fenced) if a.is_text() => Self::Fenced,
            _ => Self::Mixed,
        }
    }
}

impl<'d> Item<'d> {
    fn of(input: &'d InputName, kind: Kind<'d>) -> Self {
        match kind {
            Kind::Text { .. } => Self::Text,
            Kind::Integer { .. } => Self::Integer,
            Kind::Boolean => Self::Boolean,
            Kind::Choice { values } => Self::Choice { input, values },
        }
    }
}

impl<'d> From<Item<'d>> for Type<'d> {
    fn from(item: Item<'d>) -> Self {
        match item {
            Item::Text => Self::Text,
            Item::Choice { input, values } => Self::Choice { input, values },
            Item::Integer => Self::Integer,
            Item::Boolean => Self::Boolean,
        }
    }
}
