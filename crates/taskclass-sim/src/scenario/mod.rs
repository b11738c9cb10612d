//! What a simulation starts from: who exists, which tokens they hold, which repositories there are, what the agents do,
//! which limits hold and which faults strike.
//!
//! # The file
//! A scenario is YAML. Every section may be left out, and the built-in scenario's is used then (`load/default.yaml`, with which `acme` and its twelve repositories come). Unknown fields are errors.
//!
//! ```yaml
//! schema: simulation/v1
//! users: [{login: octocat, id: 583231}]
//! tokens: [{token: github_pat_simulator, login: octocat, kind: fine_grained_pat}]
//! teams: [{organization: acme, slug: platform, members: [octocat]}]
//! repositories:
//!   - {name: acme/svc-orders}                     # private, main and release/1.0, one review, checks build and test
//! agents:                                         # the first that matches a new task; the built-in ones come after
//!   - match: {repository: "acme/svc-*", prompt: "Task-Class: dependency-bump", nth: 2}
//!     sessions:
//!       - {queue: 20s, work: 6m, outcome: failed, error: "CAPIError: 429"}
//!       - {after: 1h, work: 3m, outcome: completed}       # it comes back to life
//! limits: {content_per_minute: 80, content_per_hour: 500}
//! faults:
//!   - {operation: agent-tasks/create-task-in-repo, nth: 1, do: {kind: lose_response}}
//! ```
//!
//! Durations are `20s`, `6m`, `1h30m`, `7d`. Repository patterns and branch patterns have `*` for any run of characters.
//! Each section's fields are documented on its type: [`UserScript`], [`TokenScript`], [`TeamScript`],
//! [`RepositoryScript`], [`AgentScript`], [`Limits`], [`Fault`].

mod agent;
mod duration;
mod fault;
mod later;
mod limits;
mod people;
mod repository;

pub use agent::{
    AgentMatch, AgentScript, CheckScript, EntryKind, FileScript, OnCancel, Pause, PullRequestScript, RunScript,
    SessionScript, StatusScript, UsageField, UsageScript,
};
pub use duration::Span;
pub use fault::{Fault, FaultKind, Moment};
pub use later::{Step, StepKind};
pub use limits::Limits;
pub use people::{Access, TeamScript, Token, TokenKind, TokenScript, UserScript};
pub use repository::{RepositoryScript, RuleScript, Visibility};

/// A whole scenario. See the [module](self) for the file's form.
#[derive(Debug, Clone)]
pub struct Scenario {
    /// The people.
    pub users: Vec<UserScript>,
    /// The tokens they hold.
    pub tokens: Vec<TokenScript>,
    /// The organisations' teams.
    pub teams: Vec<TeamScript>,
    /// The repositories. Their owners are the organisations.
    pub repositories: Vec<RepositoryScript>,
    /// What agents do; the first that matches a new task is used.
    pub agents: Vec<AgentScript>,
    /// GitHub's limits.
    pub limits: Limits,
    /// The faults in force from the start. More can be added while it runs.
    pub faults: Vec<Fault>,
    /// Models for which a new task is answered with 422.
    pub rejected_models: Vec<String>,
}

impl Scenario {
    /// A world without anything in it, in which every token is wrong.
    #[must_use]
    pub fn empty() -> Self {
        Self {
            users: Vec::new(),
            tokens: Vec::new(),
            teams: Vec::new(),
            repositories: Vec::new(),
            agents: Vec::new(),
            limits: Limits::default(),
            faults: Vec::new(),
            rejected_models: Vec::new(),
        }
    }
}
