//! `name=value` from a command line, read by the declared types.

use std::collections::BTreeMap;

use taskclass_source::text::quoted;

use super::check::nearest;
use super::kind::Kind;
use crate::InputName;
use crate::written::{Input, InputValue};

/// What is wrong with one `name=value`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PairError {
    /// Without a `=`.
    #[error("{} is not of the form `name=value`", quoted(.text))]
    NotAPair {
        /// The text as given.
        text: String,
    },
    /// The class declares no such input.
    #[error("{} is not an input of this class{}", quoted(.name), did_you_mean(.suggestion))]
    Unknown {
        /// The name as given.
        name: String,
        /// The declared name that was probably meant.
        suggestion: Option<InputName>,
    },
    /// Given twice, and no list.
    #[error("`{name}` is given twice, and is not a list")]
    Twice {
        /// The input.
        name: InputName,
    },
    /// The text does not read as the declared type.
    #[error("`{name}` must be {expected}, and is {}", quoted(.found))]
    NotOfType {
        /// The input.
        name: InputName,
        /// What is declared: "a whole number".
        expected: &'static str,
        /// The text as given.
        found: String,
    },
}

fn did_you_mean(suggestion: &Option<InputName>) -> String {
    suggestion.as_ref().map(|name| format!("; did you mean `{name}`?")).unwrap_or_default()
}

/// Reads `name=value` pairs by the types that `declared` gives the names. A list is given once with commas between its
/// values, or several times with one value each, which then may have commas; once and empty, it is the empty list. The
/// values still need [`super::Inputs::check`].
///
/// # Errors
/// Everything that is wrong, in the order given.
pub fn parse_pairs<T: AsRef<str>>(
    declared: &BTreeMap<InputName, Input>,
    pairs: &[T],
) -> Result<BTreeMap<InputName, InputValue>, Vec<PairError>> {
    let mut errors = Vec::new();
    let mut texts: BTreeMap<&InputName, Vec<&str>> = BTreeMap::new();
    for pair in pairs {
        let pair = pair.as_ref();
        let Some((name, text)) = pair.split_once('=') else {
            errors.push(PairError::NotAPair { text: pair.to_owned() });
            continue;
        };
        let Some((known, input)) = declared.iter().find(|(known, _)| known.as_str() == name) else {
            errors.push(PairError::Unknown { name: name.to_owned(), suggestion: nearest(name, declared) });
            continue;
        };
        let given = texts.entry(known).or_default();
        if given.len() == 1 && !matches!(input, Input::List { .. }) {
            errors.push(PairError::Twice { name: known.clone() });
        }
        given.push(text);
    }
    let mut values = BTreeMap::new();
    for (name, texts) in texts {
        let mut read = |kind, text: &str| match scalar(kind, text) {
            Some(value) => Some(value),
            None => {
                let expected = kind.expected();
                errors.push(PairError::NotOfType { name: name.clone(), expected, found: text.to_owned() });
                None
            }
        };
        let value = match (declared.get(name), texts.as_slice()) {
            (Some(Input::List { of, .. }), texts) => {
                let items: Vec<&str> = match texts {
                    [""] => Vec::new(),
                    [once] => once.split(',').map(str::trim).collect(),
                    several => several.to_vec(),
                };
                let kind = Kind::of_item(of);
                Some(InputValue::List(items.into_iter().filter_map(|item| read(kind, item)).collect()))
            }
            (Some(input), [text, ..]) => Kind::of(input).and_then(|kind| read(kind, text)),
            _ => None,
        };
        values.extend(value.map(|value| (name.clone(), value)));
    }
    if errors.is_empty() { Ok(values) } else { Err(errors) }
}

fn scalar(kind: Kind<'_>, text: &str) -> Option<InputValue> {
    match kind {
        Kind::Text { .. } | Kind::Choice { .. } => Some(InputValue::String(text.to_owned())),
        Kind::Integer { .. } => text.parse().ok().map(InputValue::Integer),
        Kind::Boolean => text.parse().ok().map(InputValue::Boolean),
    }
}
