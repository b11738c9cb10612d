//! `task-class/v1`.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::schema_id;
use crate::{
    AgentName, Caller, CheckName, ClassName, Credits, Duration, InputName, ModelId, NotifierName, Owner, PathPattern,
    Percent, RefName, RefPattern, RepoName, RepoPattern, StageName,
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

/// A schema of several types instead of `anyOf`: its errors name the type, and each keyword looks at its own type only.
macro_rules! several_types {
    ($name:ident, $($schema:tt)+) => {
        impl JsonSchema for $name {
            fn inline_schema() -> bool {
                true
            }
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }
            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!($($schema)+)
            }
        }
    };
}

several_types!(InputValue, {
    "type": ["boolean", "integer", "string", "array"],
    "items": { "type": ["boolean", "integer", "string"] }
});
several_types!(Threshold, {
    "type": ["integer", "string"],
    "minimum": 0, "maximum": 1_000_000_000,
    "pattern": "^(0*[0-9]{1,2}|0*100)%$",
    "examples": [0, "20%"]
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

/// Whether and how a pull request is opened.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PullRequest {
    /// Who opens it, if anyone.
    #[serde(default)]
    pub create: CreatePullRequest,
    /// Labels that it gets.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 20), inner(length(min = 1, max = 50)))]
    pub labels: Vec<String>,
    /// Who is asked to review it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 15))]
    pub reviewers: Vec<Owner>,
}

/// Who opens the pull request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum CreatePullRequest {
    /// Nobody.
    #[default]
    Never,
    /// The agent, before its work is judged.
    ByAgent,
    /// The executor, once the branch is accepted.
    AfterValidation,
}

/// What makes a result acceptable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Validation {
    /// Which files the agent may touch.
    pub paths: Paths,
    /// The most files it may touch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 3000))]
    pub max_files: Option<u32>,
    /// The most lines it may add and delete together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 1_000_000))]
    pub max_lines: Option<u32>,
    /// Checks that must have succeeded; one that did not run is inconclusive, never passed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 50))]
    pub required_checks: Vec<CheckName>,
    /// Approving reviews a merge needs; the token owner's own does not count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(max = 10))]
    pub min_approvals: Option<u32>,
    /// What a result without any change is.
    #[serde(default)]
    pub empty_result: EmptyResult,
    /// What happens to a rejected result.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 3))]
    pub on_rejected: Vec<OnRejected>,
}

/// Which files the agent may touch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Paths {
    /// Every touched file must match one of these.
    #[schemars(length(min = 1, max = 200))]
    pub allow: Vec<PathPattern>,
    /// No touched file may match one of these; the policy's are added.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 200))]
    pub deny: Vec<PathPattern>,
}

/// What a result without any change is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum EmptyResult {
    /// Rejected.
    #[default]
    Rejected,
    /// Accepted: the task may find that there is nothing to do.
    Accepted,
}

/// What happens to a rejected result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum OnRejected {
    /// A comment on the pull request says what was out of bounds.
    Comment,
    /// The escalation ladder starts.
    Escalate,
    /// The pull request is closed.
    ClosePullRequest,
}

/// Time, concurrency and rate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// How long each part of a task's life may take.
    pub timeouts: Timeouts,
    /// Tasks under way at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_flight: Option<InFlight>,
    /// Tasks started.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub submissions: Option<Submissions>,
    /// Open pull requests that this class made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub open_pull_requests: Option<OpenPullRequests>,
    /// Which waiting work goes first.
    #[serde(default)]
    pub priority: Priority,
}

/// How long each part of a task's life may take. Each clock runs by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Timeouts {
    /// From submission until the agent begins.
    pub queue: Duration,
    /// Work, the time that it waits for a person not counted. One session of GitHub's agent ends after 59 minutes.
    pub run: Duration,
    /// Without any change.
    pub stale: Duration,
    /// Waiting for a person.
    pub waiting: Duration,
    /// The pull request is open.
    pub review: Duration,
    /// From submission to the end of everything.
    pub total: Duration,
}

/// Tasks under way at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct InFlight {
    /// In all repositories together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 100))]
    pub total: Option<u32>,
    /// In one repository.
    #[serde(default = "one")]
    #[schemars(range(min = 1, max = 100))]
    pub per_repository: u32,
}

fn one() -> u32 {
    1
}

/// Tasks started.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Submissions {
    /// In any 60 minutes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 500))]
    pub per_hour: Option<u32>,
    /// In any 24 hours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 12_000))]
    pub per_day: Option<u32>,
}

/// Open pull requests that this class made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenPullRequests {
    /// In all repositories together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 10_000))]
    pub total: Option<u32>,
    /// Waiting for any one reviewer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 1000))]
    pub per_reviewer: Option<u32>,
}

/// Which waiting work goes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum Priority {
    /// Goes first, with capacity that the policy keeps for it.
    Critical,
    /// The usual.
    #[default]
    Normal,
    /// Goes last.
    Bulk,
}

/// What tasks may spend, in whole AI credits (1 credit = US$0.01).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Budget {
    /// One task.
    pub per_task: Credits,
    /// All tasks of a day (UTC).
    pub per_day: Credits,
    /// All tasks of a month (UTC).
    pub per_month: Credits,
    /// What happens to a task that is over `per_task`.
    #[serde(default)]
    pub on_exceeded: OnExceeded,
}

/// What happens to a task that is over its budget.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum OnExceeded {
    /// Nothing more of the class is started, and a person is told; the task goes on.
    #[default]
    Pause,
    /// The task is stopped as well.
    Cancel,
}

/// Who is told when a task needs a person, and what happens when nobody answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Escalation {
    /// What starts the ladder.
    #[schemars(length(min = 1, max = 9))]
    pub on: Vec<EscalationTrigger>,
    /// Who is told when, each rung once, from the event that started it.
    #[schemars(length(min = 1, max = 20))]
    pub ladder: Vec<Rung>,
    /// What happens when nobody has answered.
    pub deadline: Deadline,
}

/// What starts the escalation ladder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum EscalationTrigger {
    /// The agent waits for a person.
    WaitingForUser,
    /// The task failed.
    Failed,
    /// A clock of `limits.timeouts` ran out, or GitHub's own did.
    TimedOut,
    /// Nothing changed for `limits.timeouts.stale`.
    Stale,
    /// It could not be found out whether a submission started a task.
    Unresolved,
    /// The task spent more than `budget.per_task`.
    OverBudget,
    /// The verdict is `rejected`.
    Rejected,
    /// A rollout gate failed.
    GateFailed,
    /// A task was told to stop, and nothing shows that it did.
    CancelUnconfirmed,
}

/// One rung of the ladder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rung {
    /// How long after the event.
    pub after: Duration,
    /// How people are told.
    #[schemars(length(min = 1, max = 10))]
    pub notify: Vec<Notice>,
}

/// How people are told.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Notice {
    /// `issue`: an issue in the target, or in the policy's escalation repository.
    Issue,
    /// `comment`: a comment on the task's pull request.
    Comment,
    /// `webhook:NAME`: a signed webhook that the executor's configuration defines.
    Webhook(NotifierName),
}

impl std::str::FromStr for Notice {
    type Err = crate::Malformed;

    fn from_str(text: &str) -> Result<Self, crate::Malformed> {
        let malformed =
            || crate::Malformed { expected: "`issue`, `comment` or `webhook:NAME`", found: text.to_owned() };
        match text {
            "issue" => Ok(Self::Issue),
            "comment" => Ok(Self::Comment),
            _ => {
                let name = text.strip_prefix("webhook:").ok_or_else(malformed)?;
                Ok(Self::Webhook(name.parse().map_err(|_| malformed())?))
            }
        }
    }
}

impl std::fmt::Display for Notice {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Issue => f.write_str("issue"),
            Self::Comment => f.write_str("comment"),
            Self::Webhook(name) => write!(f, "webhook:{name}"),
        }
    }
}

impl Serialize for Notice {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

crate::newtype::string_serde!(
    Notice,
    "`issue`, `comment` or `webhook:NAME`",
    "^(issue|comment|webhook:[a-z][a-z0-9-]{0,39})$",
    ["issue", "webhook:oncall"]
);

/// What happens when nobody has answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Deadline {
    /// How long after the event.
    pub after: Duration,
    /// What then.
    #[serde(rename = "do")]
    pub action: AfterDeadline,
}

/// What happens at the deadline. There is no `approve`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum AfterDeadline {
    /// The task is stopped.
    Cancel,
    /// Nothing: it waits on.
    Hold,
}

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
