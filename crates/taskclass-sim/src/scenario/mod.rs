//! What a simulation starts from: who exists, which tokens they hold, which repositories there are, what the agents do,
//! which limits hold and which faults strike.
//!
//! # The file
//! A scenario is YAML. Every section may be left out, and the built-in scenario's is used then (`default.yaml` beside this
//! file, with which `acme` and its twelve repositories come). Unknown fields are errors.
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
mod check;
mod duration;
mod fault;
mod limits;
mod people;
mod repository;

pub use agent::{
    AgentMatch, AgentScript, CheckScript, FileScript, OnCancel, Pause, PullRequestScript, RunScript, SessionScript,
    StatusScript, Step, StepKind, UsageField, UsageScript,
};
pub use duration::Span;
pub use fault::{Fault, FaultKind, Moment};
pub use limits::Limits;
pub use people::{Access, TeamScript, Token, TokenKind, TokenScript, UserScript};
pub use repository::{RepositoryScript, RuleScript, Visibility};

pub(crate) use check::{check_agent, check_fault};

use serde::Deserialize;

/// The scenario that ships: see the module's documentation.
const BUILT_IN: &str = include_str!("default.yaml");

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

/// The file as written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    schema: String,
    users: Option<Vec<UserScript>>,
    tokens: Option<Vec<TokenScript>>,
    teams: Option<Vec<TeamScript>>,
    repositories: Option<Vec<RepositoryScript>>,
    agents: Option<Vec<AgentScript>>,
    limits: Option<Limits>,
    faults: Option<Vec<Fault>>,
    rejected_models: Option<Vec<String>>,
}

/// Why a scenario was refused.
#[derive(Debug, thiserror::Error)]
pub enum ScenarioError {
    /// It is not YAML, or not of the form that [`Scenario`] documents. The message has the line.
    #[error("the scenario cannot be read: {0}")]
    Form(#[from] serde_yaml::Error),
    /// It is well formed and makes no sense.
    #[error("the scenario makes no sense at {at}: {problem}")]
    Sense {
        /// Where, as a path into the file.
        at: String,
        /// What is wrong, and what would be right.
        problem: String,
    },
}

impl Scenario {
    /// Reads a scenario file. Sections that it leaves out are the built-in scenario's; its agents come before those.
    ///
    /// # Errors
    /// [`ScenarioError`], with the line or the path of what is wrong.
    pub fn from_yaml(text: &str) -> Result<Self, ScenarioError> {
        let mut written = read(text)?;
        let mut scenario = Self::default();
        if let Some(mut agents) = written.agents.take() {
            agents.append(&mut scenario.agents);
            scenario.agents = agents;
        }
        scenario.take(written);
        check::check(&scenario)?;
        Ok(scenario)
    }

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

    /// Puts what is written in the place of what is there.
    fn take(&mut self, written: Written) {
        fn put<T>(place: &mut T, value: Option<T>) {
            if let Some(value) = value {
                *place = value;
            }
        }
        put(&mut self.users, written.users);
        put(&mut self.tokens, written.tokens);
        put(&mut self.teams, written.teams);
        put(&mut self.repositories, written.repositories);
        put(&mut self.agents, written.agents);
        put(&mut self.limits, written.limits);
        put(&mut self.faults, written.faults);
        put(&mut self.rejected_models, written.rejected_models);
    }
}

impl Default for Scenario {
    /// The built-in scenario.
    fn default() -> Self {
        let mut scenario = Self::empty();
        // A test holds that the built-in file can be read; were it not so, the world would be empty, never half there.
        if let Ok(written) = read(BUILT_IN) {
            scenario.take(written);
        }
        scenario
    }
}

fn read(text: &str) -> Result<Written, ScenarioError> {
    let written: Written = serde_yaml::from_str(text)?;
    if written.schema == "simulation/v1" {
        Ok(written)
    } else {
        let problem = format!("`{}` is unknown; write `simulation/v1`", written.schema);
        Err(ScenarioError::Sense { at: "schema".to_owned(), problem })
    }
}

#[cfg(test)]
mod tests;
