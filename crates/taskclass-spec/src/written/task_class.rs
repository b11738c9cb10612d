//! `task-class/v1`: the document, and where and by whom its tasks are done.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::form::{Entries, Exactly, Form, Items, Maybe, Number, Tagged, Text};
use super::{Budget, Callers, Escalation, Example, Input, Limits, Prompt, PullRequest, Rollout, Validation, schema_id};
use crate::{
    AgentName, CheckName, ClassName, InputName, ModelId, Owner, PathPattern, RefName, RefPattern, RepoPattern,
};

schema_id!(TaskClassSchema, "task-class/v1");

/// A task class: everything that a coding-agent task of one kind may be and do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TaskClass {
    /// The document's format and version.
    pub schema: TaskClassSchema,
    /// The class's name; the same as its file's stem. It is what `taskclass run` is given.
    pub name: ClassName,
    /// A whole number that must rise whenever the digest changes. It stands in every prompt's trailer and in the log, so that
    /// results can be compared by version.
    #[serde(with = "Number::<1, 1_000_000>")]
    pub version: u32,
    /// One line that says what a task of this class does.
    #[schemars(example = "Bump one dependency")]
    #[serde(with = "Text::<1, 120>")]
    pub title: String,
    /// What the class is for, when to use it and when not: what a caller reads before running it.
    #[serde(with = "Text::<1, 2000>")]
    pub description: String,
    /// Who answers for the class; where escalation goes first. Teams, so that somebody is there when a person has left.
    #[serde(with = "Items::<Owner, 1, 20>")]
    pub owners: Vec<Owner>,
    /// How much harm a bad result can do; sets how many people must approve the class (`approvals.quorum` in the policy).
    pub risk: Risk,
    /// Whether a task changes the repository or only explores it; `explore` never opens a pull request.
    pub intent: Intent,
    /// Which model works on the task.
    pub model: Model,
    /// A custom agent of the target repository: `.github/agents/<name>.agent.md`, given without its ending.
    #[serde(default, with = "Maybe::<AgentName>", skip_serializing_if = "Option::is_none")]
    pub custom_agent: Option<AgentName>,
    /// Where tasks may run: patterns of repositories, and what must hold in each of them.
    pub repositories: Repositories,
    /// Which branch a task starts from.
    pub base_ref: BaseRef,
    /// The values that a caller gives, typed and bounded.
    #[serde(default, with = "Entries::<InputName, Tagged<Input>, 40>", skip_serializing_if = "BTreeMap::is_empty")]
    pub inputs: BTreeMap<InputName, Input>,
    /// The prompt's template: inline, or in a file of its own.
    #[serde(with = "Exactly::<Prompt>")]
    pub prompt: Prompt,
    /// Example runs. Lint renders each; the diff shows how each rendered prompt changes.
    #[serde(with = "Items::<Example, 1, 50>")]
    pub examples: Vec<Example>,
    /// Whether and how a pull request is opened.
    pub pull_request: PullRequest,
    /// What makes a result acceptable, judged from evidence and never from the agent's word.
    pub validation: Validation,
    /// Time, concurrency and rate.
    pub limits: Limits,
    /// What tasks of this class may spend.
    pub budget: Budget,
    /// Who is told when a task needs a person, and what happens when nobody answers.
    pub escalation: Escalation,
    /// The stages by which the class reaches more repositories; needed beyond the policy's `free_reach`.
    #[serde(default, with = "Maybe::<Rollout>", skip_serializing_if = "Option::is_none")]
    pub rollout: Option<Rollout>,
    /// Who may run the class. Left out, only its owners may.
    #[serde(default, with = "Maybe::<Callers>", skip_serializing_if = "Option::is_none")]
    pub callers: Option<Callers>,
}

/// How much harm a bad result can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum Risk {
    /// A bad result costs a reviewer's time.
    Low,
    /// A bad result could reach users if review fails.
    Medium,
    /// A bad result could harm users, data or security.
    High,
}

impl Risk {
    /// As it is written.
    pub fn word(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

/// What a task is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum Intent {
    /// The task changes the repository.
    Change,
    /// The task looks and writes down what it found; it never opens a pull request.
    Explore,
}

/// Which model works on the task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Model {
    /// The model that is asked for; `auto` leaves the choice to GitHub and must be said.
    pub default: ModelId,
    /// What a caller may choose instead with `--model`; nothing else. Left out, there is no choice.
    #[serde(default, with = "Items::<ModelId, 0, 20>", skip_serializing_if = "Vec::is_empty")]
    pub allowed: Vec<ModelId>,
    /// Other choices for some repositories, only ever stricter. The first that matches counts.
    #[serde(default, with = "Items::<ModelOverride, 0, 50>", skip_serializing_if = "Vec::is_empty")]
    pub overrides: Vec<ModelOverride>,
}

/// Models for some repositories.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ModelOverride {
    /// The repositories that this counts for.
    #[serde(with = "Items::<RepoPattern, 1, 100>")]
    pub repositories: Vec<RepoPattern>,
    /// The model that is asked for there.
    pub default: ModelId,
    /// What a caller may choose instead there. Left out, there is no choice.
    #[serde(default, with = "Items::<ModelId, 0, 20>", skip_serializing_if = "Vec::is_empty")]
    pub allowed: Vec<ModelId>,
}

/// Where tasks may run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Repositories {
    /// A repository must match one of these. The owner in a pattern is literal; `*` stands for any part of the name.
    #[serde(with = "Items::<RepoPattern, 1, 500>")]
    pub allow: Vec<RepoPattern>,
    /// A repository that matches one of these is out of bounds, whatever `allow` says. The policy's are added.
    #[serde(default, with = "Items::<RepoPattern, 0, 500>", skip_serializing_if = "Vec::is_empty")]
    pub deny: Vec<RepoPattern>,
    /// What is checked on the live repository before each submission. What cannot be read counts as not met.
    #[serde(default, with = "Maybe::<Require>", skip_serializing_if = "Option::is_none")]
    pub require: Option<Require>,
}

/// Conditions on the live repository. What cannot be checked counts as not met.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Require {
    /// The repository's visibility is one of these. Left out, any.
    #[serde(default, with = "Maybe::<Items<Visibility, 1, 3>>", skip_serializing_if = "Option::is_none")]
    pub visibility: Option<Vec<Visibility>>,
    /// The rules for the base branch ask for at least this many approving reviews.
    #[serde(default, with = "Maybe::<Number<1, 10>>", skip_serializing_if = "Option::is_none")]
    pub required_reviews: Option<u32>,
    /// The rules for the base branch ask for these checks, by their exact names.
    #[serde(default, with = "Items::<CheckName, 0, 50>", skip_serializing_if = "Vec::is_empty")]
    pub required_checks: Vec<CheckName>,
    /// The cloud agent's firewall is on (or, for `false`, need not be).
    #[serde(default, with = "Maybe::<bool>", skip_serializing_if = "Option::is_none")]
    pub firewall: Option<bool>,
    /// A repository that holds a file at one of these paths is out of bounds. `*` stops at `/`, `**` does not.
    #[serde(default, with = "Items::<PathPattern, 0, 50>", skip_serializing_if = "Vec::is_empty")]
    pub absent_paths: Vec<PathPattern>,
}

/// A repository's visibility.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum Visibility {
    /// Anyone can read it.
    Public,
    /// Members of the enterprise can read it.
    Internal,
    /// Only those with access can read it.
    Private,
}

/// Which branch a task starts from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BaseRef {
    /// The branch used when the caller names none; `allow` must match it as well.
    pub default: RefName,
    /// The branches that a caller may name with `--base-ref`: names, or patterns in which `*` stops at `/` and `**` does not.
    #[serde(with = "Items::<RefPattern, 1, 50>")]
    pub allow: Vec<RefPattern>,
}
