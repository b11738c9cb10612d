//! `task-class/v1`: time, rate, money, and who is told.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::one;
use crate::{Credits, Duration, NotifierName};

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
