//! What is wrong with a value, as data and in words.

use std::fmt;

use taskclass_source::text::{quoted, visible};

use crate::InputName;

/// A value that does not fit, or is not there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InputError {
    /// The input.
    pub input: InputName,
    /// Which value of a list, from 0; `None` if it is about the input as a whole.
    pub item: Option<usize>,
    /// Whether the value is the declared default, which the caller did not give.
    pub from_default: bool,
    /// What is wrong.
    pub fault: InputFault,
}

/// What is wrong with a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InputFault {
    /// The class declares no such input.
    Unknown {
        /// The declared name that was probably meant.
        suggestion: Option<InputName>,
    },
    /// Not given, and without a default.
    Missing,
    /// Of another type.
    WrongType {
        /// What is declared: "text".
        expected: &'static str,
        /// What is given: "a whole number".
        found: &'static str,
    },
    /// The pattern does not match the whole text.
    PatternMismatch {
        /// The pattern.
        pattern: String,
        /// The text.
        found: String,
    },
    /// The pattern itself cannot be used, so nothing can be said to match it.
    UnusablePattern {
        /// Why.
        reason: String,
    },
    /// Fewer characters than `min_length`.
    TooShort {
        /// The least number.
        min: u32,
        /// The number there is.
        found: usize,
    },
    /// More characters than `max_length`, or than [`super::MAX_TEXT_CHARS`].
    TooLong {
        /// The greatest number.
        max: u32,
        /// The number there is.
        found: usize,
    },
    /// Below `minimum`, or below −(2^53 − 1).
    TooSmall {
        /// The least value.
        min: i64,
        /// The value.
        found: i64,
    },
    /// Above `maximum`, or above 2^53 − 1.
    TooLarge {
        /// The greatest value.
        max: i64,
        /// The value.
        found: i64,
    },
    /// Not among `values`.
    NotAChoice {
        /// The text.
        found: String,
        /// The choices.
        values: Vec<String>,
        /// The choice that was probably meant.
        suggestion: Option<String>,
    },
    /// More values than `max_items`, or than [`super::MAX_ITEMS`].
    TooMany {
        /// The greatest number.
        max: u32,
        /// The number there is.
        found: usize,
    },
    /// A control character, or one that hides itself or turns the direction of writing.
    ForbiddenCharacter {
        /// The character.
        character: char,
        /// Its place, in characters from 0.
        at: usize,
    },
}

impl fmt::Display for InputFault {
    /// Completes a sentence that begins with the input's name.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = |count: u64| if count == 1 { "" } else { "s" };
        match self {
            Self::Unknown { suggestion: Some(name) } => {
                write!(f, "is not an input of this class; did you mean `{name}`?")
            }
            Self::Unknown { suggestion: None } => f.write_str("is not an input of this class"),
            Self::Missing => f.write_str("must be given: it has no default"),
            Self::WrongType { expected, found } => {
                write!(f, "must be {expected}, and is {found}")?;
                if *expected == "text" && matches!(*found, "a whole number" | "true or false") {
                    f.write_str("; in YAML, put it in quotes")?;
                }
                Ok(())
            }
            Self::PatternMismatch { pattern, found } => {
                write!(f, "must match {}, as a whole, and is {}", quoted(pattern), quoted(found))
            }
            Self::UnusablePattern { reason } => write!(f, "has a pattern that cannot be used: {reason}"),
            Self::TooShort { min, found } => {
                write!(f, "must have at least {min} character{}, and has {found}", plural(u64::from(*min)))
            }
            Self::TooLong { max, found } => {
                write!(f, "must have at most {max} character{}, and has {found}", plural(u64::from(*max)))
            }
            Self::TooSmall { min, found } => write!(f, "must be at least {min}, and is {found}"),
            Self::TooLarge { max, found } => write!(f, "must be at most {max}, and is {found}"),
            Self::NotAChoice { found, values, suggestion } => {
                write!(f, "must be one of {}, and is {}", list(values), quoted(found))?;
                match suggestion {
                    Some(value) => write!(f, "; did you mean {}?", quoted(value)),
                    None => Ok(()),
                }
            }
            Self::TooMany { max, found } => {
                write!(f, "must have at most {max} value{}, and has {found}", plural(u64::from(*max)))
            }
            Self::ForbiddenCharacter { character, at } => {
                let shown = character.to_string();
                write!(f, "has the character {} at place {}, which hides from a reader", visible(&shown), at + 1)
            }
        }
    }
}

/// The first ten of `values`, quoted.
fn list(values: &[String]) -> String {
    const SHOWN: usize = 10;
    let mut text = values.iter().take(SHOWN).map(|value| quoted(value)).collect::<Vec<_>>().join(", ");
    if values.len() > SHOWN {
        text.push_str(&format!(" and {} more", values.len() - SHOWN));
    }
    text
}

impl fmt::Display for InputError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.from_default, self.item) {
            (false, None) => write!(f, "`{}` {}", self.input, self.fault),
            (false, Some(item)) => write!(f, "value {} of `{}` {}", item + 1, self.input, self.fault),
            (true, None) => write!(f, "the default of `{}` {}", self.input, self.fault),
            (true, Some(item)) => write!(f, "value {} of the default of `{}` {}", item + 1, self.input, self.fault),
        }
    }
}

impl std::error::Error for InputError {}
