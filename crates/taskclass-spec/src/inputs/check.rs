//! Do the given values fit their declarations?

use std::collections::BTreeMap;

use taskclass_source::text::hidden;
use taskclass_source::yaml::MAX_INTEGER;

use super::error::{InputError, InputFault};
use super::kind::{Kind, default_of, found};
use super::{MAX_ITEMS, MAX_TEXT_CHARS, pattern};
use crate::InputName;
use crate::suggest;
use crate::written::{Input, InputValue};

/// Values that fit their declarations: one for each declared input, in the order of their names.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
#[serde(transparent)]
pub struct Inputs(BTreeMap<InputName, InputValue>);

impl Inputs {
    /// Checks the `given` values against the `declared` inputs and fills in defaults, which are checked as well.
    ///
    /// # Errors
    /// Everything that is wrong: first the names that are not declared, then input by input.
    pub fn check(
        declared: &BTreeMap<InputName, Input>,
        given: &BTreeMap<InputName, InputValue>,
    ) -> Result<Self, Vec<InputError>> {
        let mut errors = Vec::new();
        let mut values = BTreeMap::new();
        for name in given.keys().filter(|name| !declared.contains_key(*name)) {
            let suggestion = nearest(name.as_str(), declared);
            let fault = InputFault::Unknown { suggestion };
            errors.push(InputError { input: name.clone(), item: None, from_default: false, fault });
        }
        for (name, input) in declared {
            let given = given.get(name).cloned();
            let from_default = given.is_none();
            match given.or_else(|| default_of(input)) {
                Some(value) => {
                    let error = |(item, fault)| InputError { input: name.clone(), item, from_default, fault };
                    errors.extend(faults(input, &value).into_iter().map(error));
                    values.insert(name.clone(), value);
                }
                None => {
                    let fault = InputFault::Missing;
                    errors.push(InputError { input: name.clone(), item: None, from_default: false, fault });
                }
            }
        }
        if errors.is_empty() { Ok(Self(values)) } else { Err(errors) }
    }

    /// The value of an input; `None` if none of this name is declared.
    pub fn get(&self, name: &str) -> Option<&InputValue> {
        self.0.iter().find(|(key, _)| key.as_str() == name).map(|(_, value)| value)
    }

    /// Names and values, ordered by name.
    pub fn iter(&self) -> impl Iterator<Item = (&InputName, &InputValue)> {
        self.0.iter()
    }

    /// The values by name.
    pub fn as_map(&self) -> &BTreeMap<InputName, InputValue> {
        &self.0
    }

    /// The values as a JSON object.
    pub fn to_json(&self) -> serde_json::Value {
        let entries = self.0.iter().map(|(name, value)| (name.as_str().to_owned(), json(value)));
        serde_json::Value::Object(entries.collect())
    }
}

fn json(value: &InputValue) -> serde_json::Value {
    match value {
        InputValue::Boolean(value) => (*value).into(),
        InputValue::Integer(value) => (*value).into(),
        InputValue::String(value) => value.as_str().into(),
        InputValue::List(values) => values.iter().map(json).collect(),
    }
}

/// The declared name that `name` most likely was.
pub(super) fn nearest(name: &str, declared: &BTreeMap<InputName, Input>) -> Option<InputName> {
    near(name, declared.keys().map(InputName::as_str)).and_then(|name| name.parse().ok())
}

/// The nearest of `known`, but not for what is too long to be a slip of the pen: measuring takes the product of lengths.
fn near<'a>(text: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    const LONGEST: usize = 100;
    suggest::closest(text, known.filter(|word| text.len().max(word.len()) <= LONGEST))
}

/// Everything that is wrong with `value`, with the place in the list if it is one.
pub(super) fn faults(input: &Input, value: &InputValue) -> Vec<(Option<usize>, InputFault)> {
    let Some(kind) = Kind::of(input) else { return list_faults(input, value) };
    scalar_fault(kind, value).map(|fault| (None, fault)).into_iter().collect()
}

fn list_faults(input: &Input, value: &InputValue) -> Vec<(Option<usize>, InputFault)> {
    let Input::List { of, max_items, .. } = input else { return Vec::new() };
    let InputValue::List(values) = value else {
        return vec![(None, InputFault::WrongType { expected: "a list", found: found(value) })];
    };
    let max = max_items.unwrap_or(MAX_ITEMS).min(MAX_ITEMS);
    if values.len() > max as usize {
        return vec![(None, InputFault::TooMany { max, found: values.len() })];
    }
    let kind = Kind::of_item(of);
    let fault = |(place, value)| scalar_fault(kind, value).map(|fault| (Some(place), fault));
    values.iter().enumerate().filter_map(fault).collect()
}

/// The first thing that is wrong with a scalar: what is of the wrong type has no length, and what is too long need not
/// be matched.
fn scalar_fault(kind: Kind<'_>, value: &InputValue) -> Option<InputFault> {
    match (kind, value) {
        (Kind::Boolean, InputValue::Boolean(_)) => None,
        (Kind::Integer { minimum, maximum }, InputValue::Integer(number)) => {
            let min = minimum.unwrap_or(-MAX_INTEGER).max(-MAX_INTEGER);
            let max = maximum.unwrap_or(MAX_INTEGER).min(MAX_INTEGER);
            if *number < min {
                Some(InputFault::TooSmall { min, found: *number })
            } else if *number > max {
                Some(InputFault::TooLarge { max, found: *number })
            } else {
                None
            }
        }
        (Kind::Choice { values }, InputValue::String(text)) => {
            if values.contains(text) {
                return forbidden(text);
            }
            let suggestion = near(text, values.iter().map(String::as_str)).map(str::to_owned);
            Some(InputFault::NotAChoice { found: text.clone(), values: values.to_vec(), suggestion })
        }
        (Kind::Text { pattern, min_length, max_length }, InputValue::String(text)) => {
            text_fault(text, pattern, min_length, max_length)
        }
        (kind, value) => {
            // A choice is written as text: "must be one of its choices, and is text" would say nothing.
            let expected = if matches!(kind, Kind::Choice { .. }) { "text" } else { kind.expected() };
            Some(InputFault::WrongType { expected, found: found(value) })
        }
    }
}

fn text_fault(text: &str, pattern: Option<&str>, min: Option<u32>, max: Option<u32>) -> Option<InputFault> {
    let max = max.unwrap_or(MAX_TEXT_CHARS).min(MAX_TEXT_CHARS);
    let length = text.chars().count();
    if length > max as usize {
        return Some(InputFault::TooLong { max, found: length });
    }
    if let Some(min) = min.filter(|min| length < *min as usize) {
        return Some(InputFault::TooShort { min, found: length });
    }
    if let Some(fault) = forbidden(text) {
        return Some(fault);
    }
    let pattern = pattern?;
    match pattern::compiled(pattern) {
        Err(reason) => Some(InputFault::UnusablePattern { reason }),
        Ok(regex) if regex.is_match(text) => None,
        Ok(_) => Some(InputFault::PatternMismatch { pattern: pattern.to_owned(), found: text.to_owned() }),
    }
}

/// The first character that no input may have: one that hides, or one that Unicode keeps for a program's own use, which the
/// renderer has.
pub(super) fn forbidden(text: &str) -> Option<InputFault> {
    let hides = hidden(text).find(|(_, c)| !matches!(c, '\n' | '\t'));
    let kept = text.char_indices().find(|(_, c)| is_noncharacter(*c));
    let (offset, character) = hides.into_iter().chain(kept).min()?;
    let at = text.get(..offset)?.chars().count();
    Some(InputFault::ForbiddenCharacter { character, at })
}

/// The characters that Unicode keeps for a program's own use.
pub(crate) fn is_noncharacter(c: char) -> bool {
    matches!(c, '\u{fdd0}'..='\u{fdef}') || u32::from(c) & 0xfffe == 0xfffe
}
