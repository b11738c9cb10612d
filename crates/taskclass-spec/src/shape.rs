//! A document's shape: every way in which it departs from its JSON Schema, each with its place.

mod absent;
mod causes;
mod field;
mod finding;
mod hint;
mod respell;
mod words;

use std::{fmt, sync::OnceLock};

use jsonschema::{ValidationError, Validator, error::ValidationErrorKind};
use serde_json::Value;
use taskclass_source::{Node, Path, Span, path::Segment};

use crate::{
    InputName, StageName,
    schema::{self, SchemaKind},
    suggest,
};
pub use causes::{causes, cut_short};
pub use field::{place_of, stand_in};
pub use finding::Explainer;
use words::{choice, key_pattern, pattern_words, required_alternatives, type_words};

/// One departure from the schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShapeError {
    /// What is wrong.
    pub kind: ShapeErrorKind,
    /// The value that it is about: for an unknown field the field, for a missing one the mapping that lacks it.
    pub path: Path,
    /// What to label: an unknown field at its key, a missing one at the key of what lacks it, a wrong value at the value.
    pub span: Span,
    /// The key of the section that the place belongs to, where that is another place.
    pub section: Option<Span>,
}

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ShapeErrorKind {
    /// A field that does not exist there.
    UnknownField {
        /// As written.
        name: String,
        /// The fields that do exist there, in the order of the documentation.
        known: Vec<String>,
        /// The one that was probably meant.
        suggestion: Option<String>,
    },
    /// Fields that must be there: one, or one of several.
    MissingField {
        /// Their names; of several exactly one must be given.
        names: Vec<String>,
    },
    /// A value of another type.
    WrongType {
        /// What is expected, in words.
        expected: String,
        /// What is there, in words.
        found: &'static str,
    },
    /// A value of the right type that is not accepted.
    InvalidValue {
        /// What is expected, in words.
        expected: String,
        /// The only values, where they can be listed.
        allowed: Vec<String>,
        /// The one that was probably meant.
        suggestion: Option<String>,
    },
    /// A number, a length or a count beyond its bounds.
    OutOfRange {
        /// What is expected, in words.
        expected: String,
    },
    /// A format or version that this program does not know.
    UnsupportedSchema {
        /// The one it knows for a file in this place.
        expected: String,
    },
}

impl ShapeErrorKind {
    /// The name of the lint rule that reports it.
    pub fn rule(&self) -> &'static str {
        match self {
            Self::UnknownField { .. } => "unknown-field",
            Self::MissingField { .. } => "missing-field",
            Self::WrongType { .. } => "wrong-type",
            Self::InvalidValue { .. } => "invalid-value",
            Self::OutOfRange { .. } => "out-of-range",
            Self::UnsupportedSchema { .. } => "unsupported-schema",
        }
    }
}

impl fmt::Display for ShapeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = Place(&self.path);
        match &self.kind {
            ShapeErrorKind::UnknownField { name, .. } => match self.path.parent().filter(|parent| !parent.is_root()) {
                Some(section) => write!(f, "`{name}` is not a field of `{section}`"),
                None => write!(f, "`{name}` is not a field of this document"),
            },
            ShapeErrorKind::MissingField { names } => match names.as_slice() {
                [name] => write!(f, "{place} lacks `{name}`"),
                names => write!(f, "{place} needs exactly one of `{}`", names.join("`, `")),
            },
            ShapeErrorKind::WrongType { expected, found } => write!(f, "{place} must be {expected}, not {found}"),
            ShapeErrorKind::InvalidValue { expected, .. } | ShapeErrorKind::OutOfRange { expected } => {
                write!(f, "{place} must be {expected}")
            }
            ShapeErrorKind::UnsupportedSchema { expected } => write!(f, "this file must say `schema: {expected}`"),
        }
    }
}

/// A path in a sentence.
struct Place<'a>(&'a Path);

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_root() { f.write_str("the document") } else { write!(f, "`{}`", self.0) }
    }
}

fn validator(kind: SchemaKind) -> Option<&'static Validator> {
    static CELLS: [OnceLock<Option<Validator>>; 6] = [const { OnceLock::new() }; 6];
    CELLS[kind as usize].get_or_init(|| jsonschema::draft202012::new(kind.json()).ok()).as_ref()
}

/// Every departure of `root` from the schema of `kind`, in the order of the document.
pub fn check(kind: SchemaKind, root: &Node) -> Vec<ShapeError> {
    let document = root.to_json();
    let checker = Checker { kind, root, document: &document };
    let Some(validator) = validator(kind) else {
        // The schema itself does not compile: a defect that the crate's tests rule out; nothing may pass because of it.
        return vec![checker.error(
            Path::root(),
            ShapeErrorKind::InvalidValue {
                expected: "checked, but its schema is broken".to_owned(),
                allowed: Vec::new(),
                suggestion: None,
            },
        )];
    };
    let mut errors: Vec<ShapeError> =
        validator.iter_errors(&document).flat_map(|error| checker.convert(&error)).collect();
    errors.sort_by(|a, b| (a.span, &a.path).cmp(&(b.span, &b.path)));
    errors.dedup();
    // A document of another format is wrong in one way, not in thirty.
    if let Some(at) = errors.iter().position(|e| matches!(e.kind, ShapeErrorKind::UnsupportedSchema { .. })) {
        return vec![errors.swap_remove(at)];
    }
    errors
}

struct Checker<'a> {
    kind: SchemaKind,
    root: &'a Node,
    document: &'a Value,
}

impl Checker<'_> {
    fn error(&self, path: Path, kind: ShapeErrorKind) -> ShapeError {
        let place = self.root.locate(&path);
        let span = match &kind {
            ShapeErrorKind::UnknownField { .. } => place.key_span.unwrap_or(place.value_span),
            ShapeErrorKind::MissingField { .. } => place.head,
            _ => place.value_span,
        };
        let section = path.parent().filter(|parent| !parent.is_root()).and_then(|p| self.root.locate(&p).key_span);
        ShapeError { kind, path, span, section: section.filter(|section| *section != span) }
    }

    fn schema_at(&self, path: &Path) -> Option<&'static Value> {
        schema::at(self.kind.json(), self.document, &steps(path))
    }

    fn known_fields(&self, path: &Path) -> Vec<String> {
        let properties = self.schema_at(path).and_then(|schema| schema.get("properties")?.as_object());
        properties.map(|map| map.keys().cloned().collect()).unwrap_or_default()
    }

    fn convert(&self, error: &ValidationError<'_>) -> Vec<ShapeError> {
        let Some(path) = Path::from_json_pointer(error.instance_path().as_str()) else { return Vec::new() };
        if path.segments() == [Segment::Key("schema".into())] {
            return vec![self.error(path, ShapeErrorKind::UnsupportedSchema { expected: self.kind.id() })];
        }
        if self.root.at(&path).is_some_and(|found| found.value.flagged) {
            // The scalar was already explained as YAML; its type follows from that.
            return Vec::new();
        }
        match error.kind() {
            ValidationErrorKind::AdditionalProperties { unexpected } => {
                if let Some(pattern) = self.schema_at(&path).and_then(key_pattern) {
                    return unexpected.iter().map(|name| self.bad_key(path.key(name.as_str()), pattern)).collect();
                }
                let known = self.known_fields(&path);
                let one = |name: &String| {
                    let suggestion = suggest::closest(name, known.iter().map(String::as_str)).map(str::to_owned);
                    let kind = ShapeErrorKind::UnknownField { name: name.clone(), known: known.clone(), suggestion };
                    self.error(path.key(name.as_str()), kind)
                };
                unexpected.iter().map(one).collect()
            }
            ValidationErrorKind::Required { property } => {
                let name = property.as_str().unwrap_or_default().to_owned();
                if path.is_root() && name == "schema" {
                    return vec![self.error(path, ShapeErrorKind::UnsupportedSchema { expected: self.kind.id() })];
                }
                vec![self.error(path, ShapeErrorKind::MissingField { names: vec![name] })]
            }
            ValidationErrorKind::OneOfNotValid { context } => self.alternatives(path, context),
            ValidationErrorKind::OneOfMultipleValid { .. } => {
                let names = self.schema_at(&path).map(required_alternatives).unwrap_or_default();
                let expected = format!("given by one of `{}`, not by more", names.join("`, `"));
                vec![self.error(path, ShapeErrorKind::InvalidValue { expected, allowed: Vec::new(), suggestion: None })]
            }
            ValidationErrorKind::AnyOf { context } => self.alternatives(path, context),
            _ => vec![self.plain(path, error)],
        }
    }

    /// A key of a mapping whose keys are names that the writer chooses.
    fn bad_key(&self, path: Path, pattern: &str) -> ShapeError {
        let known = [(InputName::PATTERN, InputName::EXPECTED), (StageName::PATTERN, StageName::EXPECTED)];
        let expected = known.iter().find(|(known, _)| *known == pattern).map(|(_, words)| (*words).to_owned());
        let expected = expected.unwrap_or_else(|| format!("a key that matches `{pattern}`"));
        let place = self.root.locate(&path);
        let kind = ShapeErrorKind::InvalidValue { expected, allowed: Vec::new(), suggestion: None };
        ShapeError { kind, path, span: place.key_span.unwrap_or(place.value_span), section: None }
    }

    /// Errors of a `oneOf`: those of the branch that the document chose by its discriminator.
    fn alternatives(&self, path: Path, context: &[Vec<ValidationError<'static>>]) -> Vec<ShapeError> {
        let alternatives = parent_schema(self, &path);
        if let Some((tag, values)) = alternatives.and_then(|s| schema::discriminator(self.kind.json(), s)) {
            let here = self.document.pointer(&path.to_json_pointer());
            if !here.is_some_and(Value::is_object) {
                return vec![self.wrong_type(path, "a mapping".to_owned())];
            }
            let chosen = here.and_then(|value| value.get(tag));
            return match chosen.and_then(|value| value.as_str()).map(|v| values.iter().position(|known| *known == v)) {
                Some(Some(branch)) => {
                    context.get(branch).into_iter().flatten().flat_map(|error| self.convert(error)).collect()
                }
                _ if chosen.is_none() => {
                    vec![self.error(path, ShapeErrorKind::MissingField { names: vec![tag.to_owned()] })]
                }
                _ => {
                    let at = path.key(tag);
                    let written = chosen.and_then(Value::as_str).unwrap_or_default();
                    let kind = choice(written, &values);
                    vec![self.error(at, kind)]
                }
            };
        }
        let names: Vec<String> = context
            .iter()
            .flatten()
            .filter_map(|error| match error.kind() {
                ValidationErrorKind::Required { property } => property.as_str().map(str::to_owned),
                _ => None,
            })
            .collect();
        if !names.is_empty() && names.len() == context.len() {
            let mut errors = self.strangers(&path, &names);
            errors.push(self.error(path, ShapeErrorKind::MissingField { names }));
            return errors;
        }
        // String alternatives (a described enum comes as `oneOf` of constants).
        let constants: Vec<String> = context
            .iter()
            .flatten()
            .filter_map(|error| match error.kind() {
                ValidationErrorKind::Constant { expected_value } => expected_value.as_str().map(str::to_owned),
                ValidationErrorKind::Enum { options } => {
                    options.as_array().map(|all| all.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("`, `"))
                }
                _ => None,
            })
            .collect();
        let here = self.root.at(&path).map(|found| found.value);
        if !constants.is_empty() {
            let values: Vec<&str> = constants.iter().map(String::as_str).collect();
            return match here.and_then(Node::as_str) {
                Some(text) => vec![self.error(path, choice(text, &values))],
                None => vec![self.wrong_type(path, format!("one of `{}`", values.join("`, `")))],
            };
        }
        // What remains are errors inside a branch that is told by its only field, as a secret's source is.
        let deeper: Vec<ShapeError> = context
            .iter()
            .flatten()
            .filter(|error| error.instance_path().as_str().len() > path.to_json_pointer().len())
            .flat_map(|error| self.convert(error))
            .collect();
        if !deeper.is_empty() {
            return deeper;
        }
        let expected = alternatives.map(required_alternatives).filter(|names| !names.is_empty());
        let expected =
            expected.map_or("of another form".to_owned(), |n| format!("a mapping with one of `{}`", n.join("`, `")));
        vec![self.wrong_type(path, expected)]
    }

    /// Fields that no alternative has, where the alternatives are all that is asked for.
    fn strangers(&self, path: &Path, names: &[String]) -> Vec<ShapeError> {
        let section = parent_schema(self, path).filter(|section| section.get("properties").is_none());
        let written = section.and_then(|_| self.root.at(path)?.value.as_map());
        let keys = written.into_iter().flatten().map(|entry| entry.key.text.to_string());
        let one = |name: String| {
            let suggestion = suggest::closest(&name, names.iter().map(String::as_str)).map(str::to_owned);
            let path = path.key(name.as_str());
            self.error(path, ShapeErrorKind::UnknownField { name, known: names.to_vec(), suggestion })
        };
        keys.filter(|key| !names.contains(key)).map(one).collect()
    }

    fn wrong_type(&self, path: Path, expected: String) -> ShapeError {
        let found = self.root.at(&path).map_or("nothing", |found| found.value.kind());
        self.error(path, ShapeErrorKind::WrongType { expected, found })
    }

    fn plain(&self, path: Path, error: &ValidationError<'_>) -> ShapeError {
        use ValidationErrorKind as K;
        let expected = self.expected_by(error, &path);
        match error.kind() {
            K::Type { .. } => self.wrong_type(path, expected),
            K::Minimum { .. } | K::Maximum { .. } | K::ExclusiveMinimum { .. } | K::ExclusiveMaximum { .. } => {
                self.error(path, ShapeErrorKind::OutOfRange { expected })
            }
            K::MinItems { .. } | K::MaxItems { .. } | K::MinProperties { .. } | K::MaxProperties { .. } => {
                self.error(path, ShapeErrorKind::OutOfRange { expected })
            }
            K::MinLength { .. } | K::MaxLength { .. } => self.error(path, ShapeErrorKind::OutOfRange { expected }),
            K::Enum { options } => {
                let all: Vec<&str> = options.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
                self.error(path, choice(error.instance().as_str().unwrap_or_default(), &all))
            }
            K::Constant { expected_value } => {
                let only = expected_value.as_str().unwrap_or_default();
                self.error(path, choice(error.instance().as_str().unwrap_or_default(), &[only]))
            }
            _ => self.error(path, ShapeErrorKind::InvalidValue { expected, allowed: Vec::new(), suggestion: None }),
        }
    }

    /// What the schema asks for at a place, in words.
    fn expected_by(&self, error: &ValidationError<'_>, path: &Path) -> String {
        use ValidationErrorKind as K;
        let schema = self.schema_at(path);
        match error.kind() {
            K::Type { .. } => type_words(schema),
            K::Minimum { limit } => format!("at least {limit}"),
            K::Maximum { limit } => format!("at most {limit}"),
            K::ExclusiveMinimum { limit } => format!("more than {limit}"),
            K::ExclusiveMaximum { limit } => format!("less than {limit}"),
            K::MinItems { limit: 1 } => "a list with at least one entry".to_owned(),
            K::MinItems { limit } => format!("a list with at least {limit} entries"),
            K::MaxItems { limit } => format!("a list with at most {limit} entries"),
            K::MinProperties { limit } => format!("a mapping with at least {limit} entries"),
            K::MaxProperties { limit } => format!("a mapping with at most {limit} entries"),
            K::MinLength { limit: 1 } => "text that is not empty".to_owned(),
            K::MinLength { limit } => format!("at least {limit} characters long"),
            K::MaxLength { limit } => format!("at most {limit} characters long"),
            K::Pattern { pattern } => pattern_words(schema, pattern),
            K::Format { format } => format!("a {format}"),
            _ => "of another form".to_owned(),
        }
    }
}

/// The schema at `path` without choosing a branch of an alternative.
fn parent_schema(checker: &Checker<'_>, path: &Path) -> Option<&'static Value> {
    let steps = steps(path);
    // With the value hidden, no branch can be chosen, so the alternative itself comes back.
    let mut document = checker.document.clone();
    if let Some(here) = document.pointer_mut(&path.to_json_pointer()) {
        *here = Value::Null;
    }
    schema::at(checker.kind.json(), &document, &steps)
}

fn steps(path: &Path) -> Vec<String> {
    let step = |segment: &Segment| match segment {
        Segment::Key(key) => key.to_string(),
        Segment::Index(index) => index.to_string(),
    };
    path.segments().iter().map(step).collect()
}
