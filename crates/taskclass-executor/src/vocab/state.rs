//! A task's states, as the design names them. In text they are dotted: `intent.sending`, `task.in_progress`,
//! `outcome.delivered`, `verdict.accepted`, `end.merged`.

use std::{borrow::Cow, fmt, str::FromStr};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// What GitHub says of its task, or of a session. States that this version does not know are kept as text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AgentState {
    /// Not begun.
    Queued,
    /// At work.
    InProgress,
    /// Stopped without being done; counts as waiting.
    Idle,
    /// Asks a person.
    WaitingForUser,
    /// The session ended by itself. Not the same as success.
    Completed,
    /// The session ended in an error.
    Failed,
    /// GitHub's own limit ended it.
    TimedOut,
    /// Somebody stopped it.
    Cancelled,
    /// A state that GitHub has added since.
    Other(String),
}

impl AgentState {
    /// Reads GitHub's spelling; never fails.
    pub fn parse(text: &str) -> Self {
        match text {
            "queued" => Self::Queued,
            "in_progress" => Self::InProgress,
            "idle" => Self::Idle,
            "waiting_for_user" => Self::WaitingForUser,
            "completed" => Self::Completed,
            "failed" => Self::Failed,
            "timed_out" => Self::TimedOut,
            "cancelled" => Self::Cancelled,
            other => Self::Other(other.to_owned()),
        }
    }

    /// GitHub's spelling.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Queued => "queued",
            Self::InProgress => "in_progress",
            Self::Idle => "idle",
            Self::WaitingForUser => "waiting_for_user",
            Self::Completed => "completed",
            Self::Failed => "failed",
            Self::TimedOut => "timed_out",
            Self::Cancelled => "cancelled",
            Self::Other(text) => text,
        }
    }

    /// Ended, until a session is added.
    pub fn is_settled(&self) -> bool {
        matches!(self, Self::Completed | Self::Failed | Self::TimedOut | Self::Cancelled)
    }

    /// A person must do something.
    pub fn waits(&self) -> bool {
        matches!(self, Self::Idle | Self::WaitingForUser)
    }
}

/// How a result was judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum Verdict {
    /// All that the class asks for is shown by evidence.
    Accepted,
    /// At least one definite breach.
    Rejected,
    /// No breach is shown, and something is not known.
    Inconclusive,
}

impl Verdict {
    /// The word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Rejected => "rejected",
            Self::Inconclusive => "inconclusive",
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Where a task of ours stands.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// Decided on, not yet let through to the queue.
    Planned,
    /// Waits for its turn to be sent.
    Queued,
    /// Written ahead; the request may be on its way.
    Sending,
    /// GitHub answered 201 with an id.
    Accepted,
    /// GitHub said a definite no, or the class is no longer approved.
    Refused,
    /// Nobody knows whether the task exists.
    Unknown,
    /// It was found to exist after all.
    Adopted,
    /// It was looked for long enough and not found; a person decides.
    Unresolved,
    /// GitHub's task is in this state.
    Task(AgentState),
    /// It ended with changes.
    Delivered,
    /// It ended without any.
    Empty,
    /// It was judged.
    Judged(Verdict),
    /// Its pull request was merged.
    Merged,
    /// Its pull request was closed without merging.
    Closed,
    /// What was merged was taken back.
    Reverted,
    /// Given up: by a person, or by the `total` clock.
    Abandoned,
}

impl State {
    /// Every state, with one unknown agent state for all of those.
    pub fn all() -> Vec<Self> {
        use AgentState as A;
        let agent =
            [A::Queued, A::InProgress, A::Idle, A::WaitingForUser, A::Completed, A::Failed, A::TimedOut, A::Cancelled];
        let mut all = vec![
            Self::Planned,
            Self::Queued,
            Self::Sending,
            Self::Accepted,
            Self::Refused,
            Self::Unknown,
            Self::Adopted,
            Self::Unresolved,
        ];
        all.extend(agent.into_iter().chain([A::Other("new_state".to_owned())]).map(Self::Task));
        all.extend([Self::Delivered, Self::Empty]);
        all.extend([Verdict::Accepted, Verdict::Rejected, Verdict::Inconclusive].map(Self::Judged));
        all.extend([Self::Merged, Self::Closed, Self::Reverted, Self::Abandoned]);
        all
    }

    /// Nothing more is expected of it.
    pub fn is_ended(&self) -> bool {
        matches!(self, Self::Refused | Self::Merged | Self::Closed | Self::Reverted | Self::Abandoned)
    }

    /// GitHub's task exists and is not settled, or may exist: it takes up room.
    pub fn is_in_flight(&self) -> bool {
        match self {
            Self::Sending | Self::Accepted | Self::Unknown | Self::Adopted | Self::Unresolved => true,
            Self::Task(agent) => !agent.is_settled(),
            _ => false,
        }
    }

    fn text(&self) -> Cow<'static, str> {
        Cow::Borrowed(match self {
            Self::Planned => "intent.planned",
            Self::Queued => "intent.queued",
            Self::Sending => "intent.sending",
            Self::Accepted => "intent.accepted",
            Self::Refused => "intent.refused",
            Self::Unknown => "intent.unknown",
            Self::Adopted => "intent.adopted",
            Self::Unresolved => "intent.unresolved",
            Self::Task(agent) => return Cow::Owned(format!("task.{}", agent.as_str())),
            Self::Delivered => "outcome.delivered",
            Self::Empty => "outcome.empty",
            Self::Judged(Verdict::Accepted) => "verdict.accepted",
            Self::Judged(Verdict::Rejected) => "verdict.rejected",
            Self::Judged(Verdict::Inconclusive) => "verdict.inconclusive",
            Self::Merged => "end.merged",
            Self::Closed => "end.closed",
            Self::Reverted => "end.reverted",
            Self::Abandoned => "end.abandoned",
        })
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text())
    }
}

impl FromStr for State {
    type Err = taskclass_spec::Malformed;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if let Some(agent) = text.strip_prefix("task.") {
            return Ok(Self::Task(AgentState::parse(agent)));
        }
        Self::all()
            .into_iter()
            .find(|state| state.text() == text)
            .ok_or_else(|| taskclass_spec::Malformed { expected: "a task's state", found: text.to_owned() })
    }
}

/// The clocks of `limits.timeouts`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum ClockName {
    /// From submission until the agent begins.
    Queue,
    /// At work, waiting not counted.
    Run,
    /// At work without any change.
    Stale,
    /// Waiting for a person.
    Waiting,
    /// The pull request is open.
    Review,
    /// From planning to the end of everything.
    Total,
}

impl ClockName {
    /// Every clock.
    pub const ALL: [Self; 6] = [Self::Queue, Self::Run, Self::Stale, Self::Waiting, Self::Review, Self::Total];

    /// The field of `limits.timeouts`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Queue => "queue",
            Self::Run => "run",
            Self::Stale => "stale",
            Self::Waiting => "waiting",
            Self::Review => "review",
            Self::Total => "total",
        }
    }
}

impl fmt::Display for ClockName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for AgentState {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for AgentState {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self::parse(&Cow::<str>::deserialize(deserializer)?))
    }
}

impl Serialize for State {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for State {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Cow::<str>::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

macro_rules! text_schema {
    ($name:ident, $examples:expr) => {
        impl JsonSchema for $name {
            fn inline_schema() -> bool {
                true
            }
            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }
            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({ "type": "string", "examples": $examples })
            }
        }
    };
}
text_schema!(AgentState, ["queued", "in_progress", "waiting_for_user", "completed"]);
text_schema!(State, ["intent.sending", "task.in_progress", "outcome.delivered", "verdict.accepted", "end.merged"]);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_reads_back() {
        for state in State::all() {
            assert_eq!(state.to_string().parse::<State>().unwrap(), state);
        }
        assert!("intent.lost".parse::<State>().is_err());
    }
}
