//! `task-class/v1`: inputs, prompt, examples.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::several_types::several_types;
use crate::{InputName, RefName, RepoName, StageName};

/// One input: its type and bounds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Input {
    /// Text.
    String {
        /// What the value is, for the person who gives it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schemars(length(min = 1, max = 400))]
        description: Option<String>,
        /// The value used when the caller gives none; without it the input must be given.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        default: Option<String>,
        /// A regular expression that the whole value must match (RE2 syntax: no look-around, no back-references).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schemars(length(min = 1, max = 500))]
        pattern: Option<String>,
        /// The least number of characters.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schemars(range(max = 20_000))]
        min_length: Option<u32>,
        /// The greatest number of characters.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schemars(range(min = 1, max = 20_000))]
        max_length: Option<u32>,
    },
    /// A whole number.
    Integer {
        /// What the value is, for the person who gives it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schemars(length(min = 1, max = 400))]
        description: Option<String>,
        /// The value used when the caller gives none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        default: Option<i64>,
        /// The least value.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        minimum: Option<i64>,
        /// The greatest value.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        maximum: Option<i64>,
    },
    /// `true` or `false`.
    Boolean {
        /// What the value is, for the person who gives it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schemars(length(min = 1, max = 400))]
        description: Option<String>,
        /// The value used when the caller gives none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        default: Option<bool>,
    },
    /// One of a few texts.
    Choice {
        /// What the value is, for the person who gives it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schemars(length(min = 1, max = 400))]
        description: Option<String>,
        /// The texts to choose from.
        #[schemars(length(min = 1, max = 200))]
        values: Vec<String>,
        /// The value used when the caller gives none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        default: Option<String>,
    },
    /// Several values of one type.
    List {
        /// What the value is, for the person who gives it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schemars(length(min = 1, max = 400))]
        description: Option<String>,
        /// What each value is.
        of: ItemType,
        /// The greatest number of values.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schemars(range(min = 1, max = 1000))]
        max_items: Option<u32>,
        /// The value used when the caller gives none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
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
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schemars(length(min = 1, max = 500))]
        pattern: Option<String>,
        /// The least number of characters.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schemars(range(max = 20_000))]
        min_length: Option<u32>,
        /// The greatest number of characters.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schemars(range(min = 1, max = 20_000))]
        max_length: Option<u32>,
    },
    /// A whole number.
    Integer {
        /// The least value.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        minimum: Option<i64>,
        /// The greatest value.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        maximum: Option<i64>,
    },
    /// `true` or `false`.
    Boolean {},
    /// One of a few texts.
    Choice {
        /// The texts to choose from.
        #[schemars(length(min = 1, max = 200))]
        values: Vec<String>,
    },
}

/// A value that a caller, an example or a default gives for an input.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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

several_types!(InputValue, {
    "type": ["boolean", "integer", "string", "array"],
    "items": { "type": ["boolean", "integer", "string"] }
});

/// The prompt's template: exactly one of the two.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("oneOf" = [{"required": ["template"]}, {"required": ["file"]}]))]
pub struct Prompt {
    /// The template itself (MiniJinja; `inputs.*` and `run.*`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 60_000))]
    pub template: Option<String>,
    /// A file that holds it, relative to the class's folder: `prompts/<name>.md`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(
        regex(pattern = r"^prompts/[^\\\x00-\x1f]+\.md$"),
        length(max = 200),
        example = "prompts/dependency-bump.md"
    )]
    pub file: Option<String>,
}

/// An example run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Example {
    /// The example's name, unique in the class.
    pub name: StageName,
    /// A repository that the class may run on.
    pub repository: RepoName,
    /// A base branch, if not the default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base_ref: Option<RefName>,
    /// The inputs' values.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub inputs: BTreeMap<InputName, InputValue>,
    /// What the rendered prompt must be like.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expect: Option<Expect>,
}

/// What a rendered prompt must be like.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Expect {
    /// Texts that it contains.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 50))]
    pub contains: Vec<String>,
    /// Texts that it does not contain.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 50))]
    pub excludes: Vec<String>,
    /// The most characters it has, the trailer not counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 1_000_000))]
    pub max_chars: Option<u32>,
}
