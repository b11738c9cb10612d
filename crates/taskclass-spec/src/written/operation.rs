//! `task-class/v1`: time, rate, money, and who is told.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::form::{Form, Items, Maybe, Number};
use super::one;
use crate::{Credits, Duration, NotifierName};

/// Time, concurrency and rate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// How long each part of a task's life may take.
    pub timeouts: Timeouts,
    /// How many tasks may be under way at once.
    #[serde(default, with = "Maybe::<InFlight>", skip_serializing_if = "Option::is_none")]
    pub in_flight: Option<InFlight>,
    /// How many tasks may be started in a time.
    #[serde(default, with = "Maybe::<Submissions>", skip_serializing_if = "Option::is_none")]
    pub submissions: Option<Submissions>,
    /// How many pull requests of this class may be open; beyond that nothing is started until some are merged or closed.
    #[serde(default, with = "Maybe::<OpenPullRequests>", skip_serializing_if = "Option::is_none")]
    pub open_pull_requests: Option<OpenPullRequests>,
    /// Which waiting work goes first when not all of it can be started.
    #[serde(default)]
    pub priority: Priority,
}

/// How long each part of a task's life may take. Each clock runs by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Timeouts {
    /// From submission until the agent begins.
    pub queue: Duration,
    /// How long the agent may work, the time that it waits for a person not counted. One session of GitHub's agent ends
    /// after 59 minutes.
    pub run: Duration,
    /// How long a working task may show no change before it counts as `stale`.
    pub stale: Duration,
    /// How long a task may wait for a person. It is a clock of its own: waiting does not use up `run`.
    pub waiting: Duration,
    /// How long the pull request may be open.
    pub review: Duration,
    /// From submission to the end of everything, waiting and review included.
    pub total: Duration,
}

/// Tasks under way at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct InFlight {
    /// In all repositories together. Left out, only the policy's `maxima.in_flight` counts.
    #[serde(default, with = "Maybe::<Number<1, 100>>", skip_serializing_if = "Option::is_none")]
    pub total: Option<u32>,
    /// In any one repository.
    #[serde(default = "one", with = "Number::<1, 100>")]
    pub per_repository: u32,
}

/// Tasks started.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Submissions {
    /// In any 60 minutes. GitHub lets one token start 500.
    #[serde(default, with = "Maybe::<Number<1, 500>>", skip_serializing_if = "Option::is_none")]
    pub per_hour: Option<u32>,
    /// In any 24 hours. Left out, as many as `per_hour` and the budget let through.
    #[serde(default, with = "Maybe::<Number<1, 12_000>>", skip_serializing_if = "Option::is_none")]
    pub per_day: Option<u32>,
}

/// Open pull requests that this class made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenPullRequests {
    /// In all repositories together. Left out, only the policy's `maxima.open_pull_requests` counts.
    #[serde(default, with = "Maybe::<Number<1, 10_000>>", skip_serializing_if = "Option::is_none")]
    pub total: Option<u32>,
    /// Waiting for any one reviewer: nobody reviews fifty of a kind with care.
    #[serde(default, with = "Maybe::<Number<1, 1000>>", skip_serializing_if = "Option::is_none")]
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
    /// What one task may spend, in whole AI credits (1 credit is US$0.01). As much is reserved for it until ten of the class's tasks
    /// have told what they used; from then on what nine of ten used at most.
    pub per_task: Credits,
    /// What all tasks of the class may spend in a day (UTC), in whole AI credits.
    pub per_day: Credits,
    /// What all tasks of the class may spend in a month (UTC), in whole AI credits.
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
    /// The states in which a task needs a person: any of them starts the ladder.
    #[serde(with = "Items::<EscalationTrigger, 1, 9>")]
    pub on: Vec<EscalationTrigger>,
    /// Who is told when, each rung once, counted from the event that started it.
    #[serde(with = "Items::<Rung, 1, 20>")]
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
    /// How long after the event this rung is reached; `0m` is at once. Each rung is later than the one before it.
    pub after: Duration,
    /// How people are told.
    #[serde(with = "Items::<Notice, 1, 10>")]
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
    /// How long after the event: later than the last rung.
    pub after: Duration,
    /// What happens then.
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
