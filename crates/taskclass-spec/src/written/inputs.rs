//! `task-class/v1`: inputs, prompt, examples.

use std::collections::BTreeMap;
use std::fmt;

use schemars::JsonSchema;
use serde::de::{DeserializeSeed, SeqAccess, Unexpected, Visitor};
use serde::{Deserialize, Serialize};

use super::form::{Alternatives, Form, Items, Maybe, Number, Tagged, Text, exactly_one, text_form};
use super::several_types::several_types;
use crate::{InputName, RefName, RepoName, StageName};

/// One input: its type and bounds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Input {
    /// Text.
    String {
        /// What the value is, for the person who gives it.
        #[serde(default, with = "Maybe::<Text<1, 400>>", skip_serializing_if = "Option::is_none")]
        description: Option<String>,
        /// The value used when the caller gives none; without it the input must be given.
        #[serde(default, with = "Maybe::<String>", skip_serializing_if = "Option::is_none")]
        default: Option<String>,
        /// A regular expression that the whole value must match (RE2 syntax: no look-around, no back-references).
        #[serde(default, with = "Maybe::<Text<1, 500>>", skip_serializing_if = "Option::is_none")]
        pattern: Option<String>,
        /// The least number of characters.
        #[serde(default, with = "Maybe::<Number<0, 20_000>>", skip_serializing_if = "Option::is_none")]
        min_length: Option<u32>,
        /// The greatest number of characters.
        #[serde(default, with = "Maybe::<Number<1, 20_000>>", skip_serializing_if = "Option::is_none")]
        max_length: Option<u32>,
    },
    /// A whole number.
    Integer {
        /// What the value is, for the person who gives it.
        #[serde(default, with = "Maybe::<Text<1, 400>>", skip_serializing_if = "Option::is_none")]
        description: Option<String>,
        /// The value used when the caller gives none.
        #[serde(default, with = "Maybe::<i64>", skip_serializing_if = "Option::is_none")]
        default: Option<i64>,
        /// The least value.
        #[serde(default, with = "Maybe::<i64>", skip_serializing_if = "Option::is_none")]
        minimum: Option<i64>,
        /// The greatest value.
        #[serde(default, with = "Maybe::<i64>", skip_serializing_if = "Option::is_none")]
        maximum: Option<i64>,
    },
    /// `true` or `false`.
    Boolean {
        /// What the value is, for the person who gives it.
        #[serde(default, with = "Maybe::<Text<1, 400>>", skip_serializing_if = "Option::is_none")]
        description: Option<String>,
        /// The value used when the caller gives none.
        #[serde(default, with = "Maybe::<bool>", skip_serializing_if = "Option::is_none")]
        default: Option<bool>,
    },
    /// One of a few texts.
    Choice {
        /// What the value is, for the person who gives it.
        #[serde(default, with = "Maybe::<Text<1, 400>>", skip_serializing_if = "Option::is_none")]
        description: Option<String>,
        /// The texts to choose from.
        #[serde(with = "Items::<String, 1, 200>")]
        values: Vec<String>,
        /// The value used when the caller gives none.
        #[serde(default, with = "Maybe::<String>", skip_serializing_if = "Option::is_none")]
        default: Option<String>,
    },
    /// Several values of one type.
    List {
        /// What the value is, for the person who gives it.
        #[serde(default, with = "Maybe::<Text<1, 400>>", skip_serializing_if = "Option::is_none")]
        description: Option<String>,
        /// What each value is.
        #[serde(with = "Tagged::<ItemType>")]
        of: ItemType,
        /// The greatest number of values.
        #[serde(default, with = "Maybe::<Number<1, 1000>>", skip_serializing_if = "Option::is_none")]
        max_items: Option<u32>,
        /// The value used when the caller gives none.
        #[serde(default, with = "Maybe::<Vec<InputValue>>", skip_serializing_if = "Option::is_none")]
        default: Option<Vec<InputValue>>,
    },
}

/// The type of a list's values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum ItemType {
    /// Text.
    String {
        /// A regular expression that each whole value must match.
        #[serde(default, with = "Maybe::<Text<1, 500>>", skip_serializing_if = "Option::is_none")]
        pattern: Option<String>,
        /// The least number of characters.
        #[serde(default, with = "Maybe::<Number<0, 20_000>>", skip_serializing_if = "Option::is_none")]
        min_length: Option<u32>,
        /// The greatest number of characters.
        #[serde(default, with = "Maybe::<Number<1, 20_000>>", skip_serializing_if = "Option::is_none")]
        max_length: Option<u32>,
    },
    /// A whole number.
    Integer {
        /// The least value.
        #[serde(default, with = "Maybe::<i64>", skip_serializing_if = "Option::is_none")]
        minimum: Option<i64>,
        /// The greatest value.
        #[serde(default, with = "Maybe::<i64>", skip_serializing_if = "Option::is_none")]
        maximum: Option<i64>,
    },
    /// `true` or `false`.
    Boolean {},
    /// One of a few texts.
    Choice {
        /// The texts to choose from.
        #[serde(with = "Items::<String, 1, 200>")]
        values: Vec<String>,
    },
}

/// A value that a caller, an example or a default gives for an input.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum InputValue {
    /// `true` or `false`.
    Boolean(bool),
    /// A whole number.
    Integer(i64),
    /// Text.
    String(String),
    /// Several values.
    List(Vec<InputValue>),
}

impl<'de> Deserialize<'de> for InputValue {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyValue { in_list: false })
    }
}

/// Reads a value; one within a list is no list.
struct AnyValue {
    in_list: bool,
}

impl<'de> DeserializeSeed<'de> for AnyValue {
    type Value = InputValue;

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<InputValue, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for AnyValue {
    type Value = InputValue;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("text, a whole number, `true` or `false`")?;
        if self.in_list { Ok(()) } else { f.write_str(", or a list of these") }
    }

    fn visit_bool<E>(self, value: bool) -> Result<InputValue, E> {
        Ok(InputValue::Boolean(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<InputValue, E> {
        Ok(InputValue::Integer(value))
    }

    fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<InputValue, E> {
        i64::try_from(value).map(InputValue::Integer).map_err(|_| E::invalid_value(Unexpected::Unsigned(value), &self))
    }

    fn visit_str<E>(self, value: &str) -> Result<InputValue, E> {
        Ok(InputValue::String(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<InputValue, A::Error> {
        if self.in_list {
            return Err(serde::de::Error::invalid_type(Unexpected::Seq, &self));
        }
        let mut values = Vec::new();
        while let Some(value) = items.next_element_seed(AnyValue { in_list: true })? {
            values.push(value);
        }
        Ok(InputValue::List(values))
    }
}

several_types!(InputValue, {
    "type": ["boolean", "integer", "string", "array"],
    "items": { "type": ["boolean", "integer", "string"] }
});

/// The prompt's template: exactly one of the two.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(transform = exactly_one::<Prompt>)]
pub struct Prompt {
    /// The template itself, as a literal block (MiniJinja; it knows `inputs.*` and `run.*` and nothing else).
    #[serde(default, with = "Maybe::<Text<1, 60_000>>", skip_serializing_if = "Option::is_none")]
    pub template: Option<String>,
    /// The file that holds it, relative to the class's folder: `prompts/<name>.md`. It enters the digest.
    #[serde(default, with = "Maybe::<PromptFile>", skip_serializing_if = "Option::is_none")]
    #[schemars(example = "prompts/dependency-bump.md")]
    pub file: Option<String>,
}

impl Alternatives for Prompt {
    const NAMES: [&'static str; 2] = ["template", "file"];

    fn given(&self) -> usize {
        usize::from(self.template.is_some()) + usize::from(self.file.is_some())
    }
}

text_form!(
    /// The name of a prompt's file.
    PromptFile, "a file under `prompts/` whose name ends in `.md`",
    { "pattern": r"^prompts/[^\\\x00-\x1f]+\.md$", "maxLength": 200 },
    |text| {
        let name = text.strip_prefix("prompts/").and_then(|rest| rest.strip_suffix(".md"));
        text.chars().count() <= 200 && name.is_some_and(|name| !name.is_empty() && !name.contains(|c| c == '\\' || c < ' '))
    }
);

/// An example run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Example {
    /// The example's name, unique in the class; `taskclass render CLASS --example NAME` shows it.
    pub name: StageName,
    /// The repository that it runs on; one that the class allows.
    pub repository: RepoName,
    /// The branch that it starts from. Left out, `base_ref.default`.
    #[serde(default, with = "Maybe::<RefName>", skip_serializing_if = "Option::is_none")]
    pub base_ref: Option<RefName>,
    /// The inputs' values, as a caller would give them. An input left out takes its default.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub inputs: BTreeMap<InputName, InputValue>,
    /// What the rendered prompt must be like. Lint checks it.
    #[serde(default, with = "Maybe::<Expect>", skip_serializing_if = "Option::is_none")]
    pub expect: Option<Expect>,
}

/// What a rendered prompt must be like.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Expect {
    /// Texts that the prompt must contain.
    #[serde(default, with = "Items::<String, 0, 50>", skip_serializing_if = "Vec::is_empty")]
    pub contains: Vec<String>,
    /// Texts that the prompt must not contain.
    #[serde(default, with = "Items::<String, 0, 50>", skip_serializing_if = "Vec::is_empty")]
    pub excludes: Vec<String>,
    /// The most characters that the prompt may have, the trailer not counted.
    #[serde(default, with = "Maybe::<Number<1, 1_000_000>>", skip_serializing_if = "Option::is_none")]
    pub max_chars: Option<u32>,
}
