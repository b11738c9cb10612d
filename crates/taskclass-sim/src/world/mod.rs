//! The state of GitHub's side, and how time moves it.
//!
//! Whatever is to happen later stands on the [`agenda`] with its moment; [`World::advance`] lets it happen, in order.
//! Nothing else changes the world but GitHub's operations.

pub(crate) mod agenda;
pub(crate) mod agents;
pub(crate) mod checks;
pub(crate) mod git;
pub(crate) mod issues;
pub(crate) mod people;
pub(crate) mod progress;
pub(crate) mod repos;
pub(crate) mod reviews;
pub(crate) mod runs;
pub(crate) mod tasks;
mod words;

use std::collections::HashMap;

use jiff::Timestamp;

use crate::hash::Ids;
use crate::scenario::{Limits, Scenario};

use self::agenda::{Agenda, Event};
use self::agents::Agents;
use self::people::People;
use self::repos::Repo;
use self::tasks::Tasks;

/// A repository's place in [`World::repos`].
pub(crate) type RepoIndex = usize;
/// A user's place in the list of people.
pub(crate) type UserIndex = usize;
/// A task's place in the list of tasks, which is the order of their creation.
pub(crate) type TaskIndex = usize;

/// Everything there is.
#[derive(Debug, Clone)]
pub(crate) struct World {
    pub(crate) people: People,
    pub(crate) repos: Vec<Repo>,
    /// Lower-case `owner/name`, former names too.
    repo_names: HashMap<String, RepoIndex>,
    pub(crate) tasks: Tasks,
    pub(crate) agents: Agents,
    pub(crate) agenda: Agenda,
    pub(crate) ids: Ids,
    pub(crate) limits: Limits,
    pub(crate) rejected_models: Vec<String>,
}

impl World {
    pub(crate) fn new(scenario: &Scenario, seed: u64) -> Self {
        let mut ids = Ids::new(seed);
        let people = People::new(scenario);
        let mut repos = Vec::new();
        let mut repo_names = HashMap::new();
        for (index, script) in scenario.repositories.iter().enumerate() {
            repo_names.insert(script.name.to_ascii_lowercase(), index);
            for former in &script.former_names {
                repo_names.entry(former.to_ascii_lowercase()).or_insert(index);
            }
            repos.push(Repo::new(script, index, &mut ids));
        }
        Self {
            people,
            tasks: Tasks::new(repos.len()),
            repos,
            repo_names,
            agents: Agents::new(&scenario.agents),
            agenda: Agenda::default(),
            ids,
            limits: scenario.limits.clone(),
            rejected_models: scenario.rejected_models.clone(),
        }
    }

    /// The repository of this `owner` and `name`, in whatever case, under its present or a former name.
    pub(crate) fn find_repo(&self, owner: &str, name: &str) -> Option<RepoIndex> {
        self.repo_names.get(&format!("{owner}/{name}").to_ascii_lowercase()).copied()
    }

    /// Lets everything happen that is due.
    pub(crate) fn advance(&mut self, now: Timestamp) {
        while let Some((at, event)) = self.agenda.take_due(now) {
            match event {
                Event::Session(move_) => self.session_event(at, move_),
                Event::NextSession { task } => self.start_next_session(at, task),
                Event::RunStops { repo, run } => self.stop_run(at, repo, run),
                Event::Check { repo, sha, index } => self.repos[repo].checks.finish(&sha, index, at),
                Event::Status { repo, sha, script } => self.set_status(at, repo, &sha, script),
                Event::Later { repo, number, step } => self.person_acts(at, repo, number, *step),
            }
        }
    }
}
