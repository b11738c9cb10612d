//! Is a declaration itself sound?

use std::collections::BTreeMap;
use std::fmt;

use taskclass_source::Path;
use taskclass_source::text::quoted;

use super::check::{faults, forbidden};
use super::error::InputFault;
use super::kind::{Kind, default_of};
use super::pattern;
use crate::InputName;
use crate::written::Input;

/// What is wrong with a declaration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeclarationProblem {
    /// The input.
    pub input: InputName,
    /// Where below the input: `pattern`, `of.values[2]`, `default`.
    pub path: Path,
    /// What is wrong.
    pub fault: DeclarationFault,
}

/// What is wrong at one place of a declaration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeclarationFault {
    /// The pattern is no regular expression, or not one that matches in linear time and little memory.
    BadPattern {
        /// Why.
        reason: String,
    },
    /// The lower bound is above the upper one: no value fits.
    EmptyRange {
        /// The lower bound.
        low: i64,
        /// The upper bound.
        high: i64,
    },
    /// A choice without a value.
    NoValues,
    /// A value listed twice.
    DuplicateValue {
        /// The value.
        value: String,
        /// Its first place in the list, from 0.
        first: usize,
    },
    /// A value with a character that no input may have.
    BadValue(InputFault),
    /// The default, or one of its values, does not fit.
    BadDefault(InputFault),
}

impl fmt::Display for DeclarationFault {
    /// Completes a sentence that begins with the place's name.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BadPattern { reason } => write!(f, "cannot be used as a pattern: {reason}"),
            Self::EmptyRange { low, high } => write!(f, "is {high}, below the lower bound {low}: no value fits"),
            Self::NoValues => f.write_str("lists nothing to choose from"),
            Self::DuplicateValue { value, .. } => write!(f, "lists {} a second time", quoted(value)),
            Self::BadValue(fault) | Self::BadDefault(fault) => fault.fmt(f),
        }
    }
}

impl fmt::Display for DeclarationProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` of input `{}` {}", self.path, self.input, self.fault)
    }
}

/// Everything that is wrong with the declarations, input by input.
pub fn check_declarations(declared: &BTreeMap<InputName, Input>) -> Vec<DeclarationProblem> {
    let mut problems = Vec::new();
    for (name, input) in declared {
        let (kind, base) = match input {
            Input::List { of, .. } => (Some(Kind::of_item(of)), Path::root().key("of")),
            _ => (Kind::of(input), Path::root()),
        };
        let mut found = kind.map(|kind| bounds(kind, &base)).unwrap_or_default();
        // A default is judged by bounds that make sense; by others it would be blamed for them.
        if let Some(default) = default_of(input).filter(|_| found.is_empty()) {
            for (item, fault) in faults(input, &default) {
                let path = Path::root().key("default");
                let path = item.map(|item| path.index(item)).unwrap_or(path);
                found.push((path, DeclarationFault::BadDefault(fault)));
            }
        }
        let problem = |(path, fault)| DeclarationProblem { input: name.clone(), path, fault };
        problems.extend(found.into_iter().map(problem));
    }
    problems
}

fn bounds(kind: Kind<'_>, base: &Path) -> Vec<(Path, DeclarationFault)> {
    let mut found = Vec::new();
    let mut range = |field: &str, low: Option<i64>, high: Option<i64>| {
        if let (Some(low), Some(high)) = (low, high)
            && low > high
        {
            found.push((base.key(field), DeclarationFault::EmptyRange { low, high }));
        }
    };
    match kind {
        Kind::Boolean => {}
        Kind::Integer { minimum, maximum } => range("maximum", minimum, maximum),
        Kind::Text { pattern, min_length, max_length } => {
            range("max_length", min_length.map(i64::from), max_length.map(i64::from));
            if let Some(reason) = pattern.and_then(|pattern| pattern::compiled(pattern).err()) {
                found.push((base.key("pattern"), DeclarationFault::BadPattern { reason }));
            }
        }
        Kind::Choice { values } => {
            if values.is_empty() {
                found.push((base.key("values"), DeclarationFault::NoValues));
            }
            let mut seen = BTreeMap::new();
            for (place, value) in values.iter().enumerate() {
                let path = || base.key("values").index(place);
                if let Some(fault) = forbidden(value) {
                    found.push((path(), DeclarationFault::BadValue(fault)));
                }
                if let Some(first) = seen.insert(value.as_str(), place) {
                    seen.insert(value, first);
                    found.push((path(), DeclarationFault::DuplicateValue { value: value.clone(), first }));
                }
            }
        }
    }
    found
}
