//! One view of the scalar types, whether an input or a list's items have them.

use crate::written::{Input, InputValue, ItemType};

/// A scalar type with its bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind<'a> {
    /// Text.
    Text { pattern: Option<&'a str>, min_length: Option<u32>, max_length: Option<u32> },
    /// A whole number.
    Integer { minimum: Option<i64>, maximum: Option<i64> },
    /// `true` or `false`.
    Boolean,
    /// One of a few texts.
    Choice { values: &'a [String] },
}

impl<'a> Kind<'a> {
    /// The scalar type of an input; `None` for a list.
    pub(crate) fn of(input: &'a Input) -> Option<Self> {
        Some(match input {
            Input::String { pattern, min_length, max_length, .. } => {
                Self::Text { pattern: pattern.as_deref(), min_length: *min_length, max_length: *max_length }
            }
            Input::Integer { minimum, maximum, .. } => Self::Integer { minimum: *minimum, maximum: *maximum },
            Input::Boolean { .. } => Self::Boolean,
            Input::Choice { values, .. } => Self::Choice { values },
            Input::List { .. } => return None,
        })
    }

    /// The type of a list's values.
    pub(crate) fn of_item(item: &'a ItemType) -> Self {
        match item {
            ItemType::String { pattern, min_length, max_length } => {
                Self::Text { pattern: pattern.as_deref(), min_length: *min_length, max_length: *max_length }
            }
            ItemType::Integer { minimum, maximum } => Self::Integer { minimum: *minimum, maximum: *maximum },
            ItemType::Boolean {} => Self::Boolean,
            ItemType::Choice { values } => Self::Choice { values },
        }
    }

    /// What a value of it is, in a reader's words.
    pub(crate) fn expected(self) -> &'static str {
        match self {
            Self::Text { .. } => "text",
            Self::Integer { .. } => "a whole number",
            Self::Boolean => "true or false",
            Self::Choice { .. } => "one of its choices",
        }
    }
}

/// The default that a declaration has.
pub(super) fn default_of(input: &Input) -> Option<InputValue> {
    match input {
        Input::String { default, .. } | Input::Choice { default, .. } => default.clone().map(InputValue::String),
        Input::Integer { default, .. } => default.map(InputValue::Integer),
        Input::Boolean { default, .. } => default.map(InputValue::Boolean),
        Input::List { default, .. } => default.clone().map(InputValue::List),
    }
}

/// What a value is, in a reader's words.
pub(super) fn found(value: &InputValue) -> &'static str {
    match value {
        InputValue::Boolean(_) => "true or false",
        InputValue::Integer(_) => "a whole number",
        InputValue::String(_) => "text",
        InputValue::List(_) => "a list",
    }
}
