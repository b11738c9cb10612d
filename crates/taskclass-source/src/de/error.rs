//! What does not fit, and where.

use std::fmt;

use serde::de::{Expected, Unexpected};

use crate::Span;
use crate::path::Path;

/// What does not fit, for who branches on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeErrorKind {
    /// A field that the type does not have.
    UnknownField {
        /// Its name.
        field: String,
        /// The names that the type has.
        expected: &'static [&'static str],
    },
    /// A field that the type needs.
    MissingField {
        /// Its name.
        field: &'static str,
    },
    /// A value of another type.
    WrongType,
    /// A value of the right type that is not allowed, such as an unknown variant or a number out of range.
    InvalidValue,
    /// What the type's own code says.
    Other,
}

/// What does not fit, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}{message}", in_front(path))]
pub struct DeError {
    /// What, for who branches on it.
    pub kind: DeErrorKind,
    /// What, for a reader.
    pub message: String,
    /// The path of what is wrong: of an unknown field the field's, of a missing one the mapping's.
    pub path: Path,
    /// What to label: of an unknown field its key, of a missing one the mapping's key (or its first key where it has none),
    /// else the value.
    pub span: Span,
}

fn in_front(path: &Path) -> String {
    if path.is_root() { String::new() } else { format!("{path}: ") }
}

/// An error on its way up: serde makes it without a place, the first reader that sees it adds its own.
#[derive(Debug)]
pub(super) struct Fault(Box<Inner>);

#[derive(Debug)]
struct Inner {
    kind: DeErrorKind,
    message: String,
    place: Option<(Path, Span)>,
}

impl Fault {
    pub(super) fn new(kind: DeErrorKind, message: impl Into<String>) -> Self {
        Self(Box::new(Inner { kind, message: message.into(), place: None }))
    }

    /// Adds the place, unless one nearer to the fault is known.
    pub(super) fn at(mut self, place: impl FnOnce() -> (Path, Span)) -> Self {
        self.0.place.get_or_insert_with(place);
        self
    }

    pub(super) fn is_missing_field(&self) -> bool {
        matches!(self.0.kind, DeErrorKind::MissingField { .. })
    }

    pub(super) fn place(self) -> DeError {
        let (path, span) = self.0.place.unwrap_or_default();
        DeError { kind: self.0.kind, message: self.0.message, path, span }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl std::error::Error for Fault {}

/// What was found, in the words of who wrote it in YAML.
fn found(unexpected: Unexpected<'_>) -> String {
    match unexpected {
        Unexpected::Bool(value) => format!("`{value}`"),
        Unexpected::Unsigned(number) => format!("the number {number}"),
        Unexpected::Signed(number) => format!("the number {number}"),
        Unexpected::Float(number) => format!("the number {number}"),
        Unexpected::Str(text) => format!("the text {}", crate::text::quoted(text)),
        Unexpected::Unit | Unexpected::Option => "nothing (null)".to_owned(),
        Unexpected::Seq => "a list".to_owned(),
        Unexpected::Map => "a mapping".to_owned(),
        other => other.to_string(),
    }
}

impl serde::de::Error for Fault {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::new(DeErrorKind::Other, message.to_string())
    }

    fn invalid_type(unexpected: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::new(DeErrorKind::WrongType, format!("expected {expected}, found {}", found(unexpected)))
    }

    fn invalid_value(unexpected: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::new(DeErrorKind::InvalidValue, format!("expected {expected}, found {}", found(unexpected)))
    }

    fn invalid_length(length: usize, expected: &dyn Expected) -> Self {
        Self::new(DeErrorKind::InvalidValue, format!("expected {expected}, found {length} of them"))
    }

    fn unknown_variant(variant: &str, expected: &'static [&'static str]) -> Self {
        let message = format!("{} is not one of {}", crate::text::quoted(variant), list(expected));
        Self::new(DeErrorKind::InvalidValue, message)
    }

    fn unknown_field(field: &str, expected: &'static [&'static str]) -> Self {
        let message = match expected {
            [] => format!("{} is not a field here; there are none", crate::text::quoted(field)),
            _ => format!("{} is not a field here; the fields are {}", crate::text::quoted(field), list(expected)),
        };
        Self::new(DeErrorKind::UnknownField { field: field.to_owned(), expected }, message)
    }

    fn missing_field(field: &'static str) -> Self {
        Self::new(DeErrorKind::MissingField { field }, format!("the field `{field}` is missing"))
    }

    fn duplicate_field(field: &'static str) -> Self {
        Self::new(DeErrorKind::Other, format!("the field `{field}` is set twice"))
    }
}

fn list(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}
