//! Reading a scenario file, and the scenario that ships.

mod check;

pub(crate) use check::{check_agent, check_fault};

use serde::Deserialize;

use crate::scenario::{AgentScript, Fault, Limits, RepositoryScript, Scenario, TeamScript, TokenScript, UserScript};

/// The scenario that ships: see the module's documentation.
const BUILT_IN: &str = include_str!("default.yaml");

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
