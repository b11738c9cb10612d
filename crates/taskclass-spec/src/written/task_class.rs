//! `task-class/v1`: the document, and where and by whom its tasks are done.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

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
    /// A whole number that must rise whenever the digest changes.
    #[schemars(range(min = 1, max = 1_000_000))]
    pub version: u32,
    /// One line that says what a task of this class does.
    #[schemars(length(min = 1, max = 120), example = "Bump one dependency")]
    pub title: String,
    /// What the class is for, when to use it and when not.
    #[schemars(length(min = 1, max = 2000))]
    pub description: String,
    /// Who answers for the class; where escalation goes first.
    #[schemars(length(min = 1, max = 20))]
    pub owners: Vec<Owner>,
    /// How much harm a bad result can do; sets the approval quorum and the policy tier.
    pub risk: Risk,
    /// Whether a task changes the repository or only explores it; `explore` never opens a pull request.
    pub intent: Intent,
    /// Which model works on the task.
    pub model: Model,
    /// A custom agent of the target repository: `.github/agents/<name>.agent.md`, given without its ending.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub custom_agent: Option<AgentName>,
    /// Where tasks may run.
    pub repositories: Repositories,
    /// Which branch a task starts from.
    pub base_ref: BaseRef,
    /// The values that a caller gives, typed and bounded.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[schemars(extend("maxProperties" = 40))]
    pub inputs: BTreeMap<InputName, Input>,
    /// The prompt's template: inline, or in a file of its own.
    pub prompt: Prompt,
    /// Example runs. Lint renders each; the diff shows how each rendered prompt changes.
    #[schemars(length(min = 1, max = 50))]
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
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rollout: Option<Rollout>,
    /// Who may run the class. Left out, only its owners may.
    #[serde(default, skip_serializing_if = "Option::is_none")]
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
    /// What a caller may choose instead; nothing else.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 20))]
    pub allowed: Vec<ModelId>,
    /// Other choices for some repositories, only ever stricter. The first that matches counts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 50))]
    pub overrides: Vec<ModelOverride>,
}

/// Models for some repositories.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ModelOverride {
    /// Where this counts.
    #[schemars(length(min = 1, max = 100))]
    pub repositories: Vec<RepoPattern>,
    /// The model that is asked for there.
    pub default: ModelId,
    /// What a caller may choose instead there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 20))]
    pub allowed: Vec<ModelId>,
}

/// Where tasks may run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Repositories {
    /// A repository must match one of these.
    #[schemars(length(min = 1, max = 500))]
    pub allow: Vec<RepoPattern>,
    /// A repository that matches one of these is out of bounds, whatever `allow` says.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 500))]
    pub deny: Vec<RepoPattern>,
    /// What is checked on the live repository before a submission.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub require: Option<Require>,
}

/// Conditions on the live repository. What cannot be checked counts as not met.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Require {
    /// The repository's visibility is one of these.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 3))]
    pub visibility: Option<Vec<Visibility>>,
    /// The rules for the base branch ask for at least this many approving reviews.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 10))]
    pub required_reviews: Option<u32>,
    /// The rules for the base branch ask for these checks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 50))]
    pub required_checks: Vec<CheckName>,
    /// The cloud agent's firewall is on (or, for `false`, need not be).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub firewall: Option<bool>,
    /// A repository that holds a file at one of these paths is out of bounds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 50))]
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
    /// The branch used when the caller names none; must be allowed as well.
    pub default: RefName,
    /// The branches that a caller may name.
    #[schemars(length(min = 1, max = 50))]
    pub allow: Vec<RefPattern>,
}
