//! `task-class/v1`: stages, gates, callers.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::form::{Alternatives, Exactly, Form, Items, Maybe, Number, exactly_one, text_form};
use super::{CreatePullRequest, one, several_types::several_types};
use crate::newtype::word;
use crate::{Caller, Duration, Percent, StageName};

/// The stages by which a class reaches more repositories.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rollout {
    /// The stages in order, each reaching at least as many repositories as the one before it.
    #[serde(with = "Items::<Stage, 1, 20>")]
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
    /// How many repositories the stage reaches.
    #[serde(with = "Number::<1, 100_000>")]
    pub repositories: u32,
    /// How often the task runs on each of them.
    #[serde(default = "one", with = "Number::<1, 20>")]
    pub repeat: u32,
    /// Another pull request behaviour for this stage; only `never` is stricter than the class's own. Left out, the class's.
    #[serde(default, with = "Maybe::<CreatePullRequest>", skip_serializing_if = "Option::is_none")]
    pub pull_request: Option<CreatePullRequest>,
    /// How long results are watched before the gate is judged. Left out, not at all.
    #[serde(default, with = "Maybe::<Duration>", skip_serializing_if = "Option::is_none")]
    pub soak: Option<Duration>,
    /// How many repositories are started at a time. Left out, all at once, as far as `limits` let them.
    #[serde(default, with = "Maybe::<Number<1, 100_000>>", skip_serializing_if = "Option::is_none")]
    pub batch: Option<u32>,
    /// Whether a person must say that this stage may begin.
    #[serde(default)]
    pub approve: bool,
}

/// What lets one stage follow another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Gates {
    /// How many results each stage must have before its gate can pass or fail.
    pub min_samples: BTreeMap<StageName, u32>,
    /// All of these must hold before the next stage begins. What is not known yet does not hold.
    #[serde(with = "Items::<Exactly<Gate>, 1, 40>")]
    pub require: Vec<Gate>,
    /// As soon as one of these does not hold, the rollout ends.
    #[serde(default, with = "Items::<Exactly<Gate>, 0, 40>", skip_serializing_if = "Vec::is_empty")]
    pub abort_on: Vec<Gate>,
}

/// A bound on a measure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(transform = exactly_one::<Gate>)]
pub struct Gate {
    /// The measure; `.p50` or `.p90` takes a percentile of a measure that has a value for each task.
    #[serde(with = "MetricName")]
    #[schemars(example = "files_changed.p90")]
    pub metric: String,
    /// The measure must be at most this: a whole number, or a percentage for a rate.
    #[serde(default, with = "Maybe::<Threshold>", skip_serializing_if = "Option::is_none")]
    pub max: Option<Threshold>,
    /// The measure must be at least this: a whole number, or a percentage for a rate.
    #[serde(default, with = "Maybe::<Threshold>", skip_serializing_if = "Option::is_none")]
    pub min: Option<Threshold>,
}

impl Alternatives for Gate {
    const NAMES: [&'static str; 2] = ["max", "min"];

    fn given(&self) -> usize {
        usize::from(self.max.is_some()) + usize::from(self.min.is_some())
    }
}

text_form!(
    /// A measure's name.
    MetricName, "a measure's name, with `.p50` or `.p90` behind it for a percentile",
    { "pattern": r"^[a-z][a-z0-9_]*(\.p(50|90))?$" },
    |text| {
        let name = text.strip_suffix(".p50").or_else(|| text.strip_suffix(".p90")).unwrap_or(text);
        word(name, usize::MAX, |c| c.is_ascii_lowercase(), |c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
    }
);

/// A count, or a percentage for a rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Threshold {
    /// A whole number.
    Count(#[serde(with = "Number::<0, 1_000_000_000>")] u32),
    /// A percentage.
    Rate(Percent),
}

/// Who may run the class.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Callers {
    /// The caller must be one of these, verified: a GitHub user, a team, or a workload by its OIDC subject.
    #[serde(with = "Items::<Caller, 1, 100>")]
    pub allow: Vec<Caller>,
}

several_types!(Threshold, {
    "type": ["integer", "string"],
    "minimum": 0, "maximum": 1_000_000_000,
    "pattern": "^(0*[0-9]{1,2}|0*100)%$",
    "examples": [0, "20%"],
    "x-expected": "a whole number, or a percentage such as `20%`"
});
