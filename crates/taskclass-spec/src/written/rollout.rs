//! `task-class/v1`: stages, gates, callers.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{CreatePullRequest, one, several_types::several_types};
use crate::{Caller, Duration, Percent, StageName};

/// The stages by which a class reaches more repositories.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rollout {
    /// The stages in order.
    #[schemars(length(min = 1, max = 20))]
    pub stages: Vec<Stage>,
    /// What lets one stage follow another.
    pub gates: Gates,
}

/// One stage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Stage {
    /// The stage's name, unique in the class.
    pub name: StageName,
    /// How many repositories it reaches.
    #[schemars(range(min = 1, max = 100_000))]
    pub repositories: u32,
    /// How often the task runs on each.
    #[serde(default = "one")]
    #[schemars(range(min = 1, max = 20))]
    pub repeat: u32,
    /// Another pull request behaviour for this stage; only `never` is stricter than the class's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pull_request: Option<CreatePullRequest>,
    /// How long results are watched before the gate is judged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub soak: Option<Duration>,
    /// How many repositories at a time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 100_000))]
    pub batch: Option<u32>,
    /// A person must say that this stage may begin.
    #[serde(default)]
    pub approve: bool,
}

/// What lets one stage follow another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Gates {
    /// How many results each stage must have before its gate can pass or fail.
    pub min_samples: BTreeMap<StageName, u32>,
    /// All of these must hold.
    #[schemars(length(min = 1, max = 40))]
    pub require: Vec<Gate>,
    /// As soon as one of these does not hold, the rollout ends.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 40))]
    pub abort_on: Vec<Gate>,
}

/// A bound on a measure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("oneOf" = [{"required": ["max"]}, {"required": ["min"]}]))]
pub struct Gate {
    /// The measure; `.p50` or `.p90` takes a percentile of a measure that has a value for each task.
    #[schemars(regex(pattern = r"^[a-z][a-z0-9_]*(\.p(50|90))?$"), example = "files_changed.p90")]
    pub metric: String,
    /// It must be at most this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<Threshold>,
    /// It must be at least this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<Threshold>,
}

/// A count, or a percentage for a rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Threshold {
    /// A whole number.
    Count(u32),
    /// A percentage.
    Rate(Percent),
}

/// Who may run the class.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Callers {
    /// One of these must be the caller, verified.
    #[schemars(length(min = 1, max = 100))]
    pub allow: Vec<Caller>,
}

several_types!(Threshold, {
    "type": ["integer", "string"],
    "minimum": 0, "maximum": 1_000_000_000,
    "pattern": "^(0*[0-9]{1,2}|0*100)%$",
    "examples": [0, "20%"]
});
