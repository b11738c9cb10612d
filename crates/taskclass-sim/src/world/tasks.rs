//! Agent tasks and their sessions, and the orders in which lists show them.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::{RepoIndex, TaskIndex, UserIndex};
use crate::scenario::{AgentScript, SessionScript};

/// A session's state, and so its task's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    Queued,
    InProgress,
    Completed,
    Failed,
    Idle,
    WaitingForUser,
    TimedOut,
    Cancelled,
}

impl State {
    const ALL: [Self; 8] = [
        Self::Queued,
        Self::InProgress,
        Self::Completed,
        Self::Failed,
        Self::Idle,
        Self::WaitingForUser,
        Self::TimedOut,
        Self::Cancelled,
    ];

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::InProgress => "in_progress",
            Self::Completed => "completed",
            Self::Failed => "failed",
            Self::Idle => "idle",
            Self::WaitingForUser => "waiting_for_user",
            Self::TimedOut => "timed_out",
            Self::Cancelled => "cancelled",
        }
    }

    pub(crate) fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }

    /// Whether the agent may still go on.
    pub(crate) fn is_open(self) -> bool {
        matches!(self, Self::Queued | Self::InProgress | Self::Idle | Self::WaitingForUser)
    }
}

/// One session.
#[derive(Debug, Clone)]
pub(crate) struct Session {
    pub(crate) id: String,
    pub(crate) prompt: String,
    pub(crate) script: SessionScript,
    /// How long it is to work: the script's, varied by the seed.
    pub(crate) work: SignedDuration,
    pub(crate) state: State,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
    /// When it last went to work, and how long it had worked until then.
    pub(crate) working_since: Option<Timestamp>,
    pub(crate) worked: SignedDuration,
    pub(crate) completed_at: Option<Timestamp>,
    pub(crate) head_ref: Option<String>,
    pub(crate) model: Option<String>,
    pub(crate) error: Option<String>,
    /// In the unit of its script's usage, varied by the seed; what the whole session would use.
    pub(crate) full_usage: f64,
    /// Its run was stopped and it does not know.
    pub(crate) stranded: bool,
}

impl Session {
    /// How long it has worked by now, pauses not counted.
    pub(crate) fn worked_by(&self, now: Timestamp) -> SignedDuration {
        self.worked + self.working_since.map(|since| now.duration_since(since)).unwrap_or_default()
    }
}

/// What was asked for.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) repo: RepoIndex,
    pub(crate) creator: UserIndex,
    pub(crate) prompt: String,
    pub(crate) model: Option<String>,
    pub(crate) custom_agent: Option<String>,
    pub(crate) create_pull_request: bool,
    pub(crate) base_ref: String,
    pub(crate) head_ref: Option<String>,
}

/// One task.
#[derive(Debug, Clone)]
pub(crate) struct Task {
    pub(crate) id: String,
    pub(crate) repo: RepoIndex,
    pub(crate) asked: Asked,
    /// What GitHub calls it: the prompt's first line.
    pub(crate) name: String,
    pub(crate) script: Arc<AgentScript>,
    /// The model that works in silence in the place of the one asked for.
    pub(crate) substitute: Option<String>,
    pub(crate) sessions: Vec<Session>,
    /// The number of its pull request.
    pub(crate) pull: Option<u64>,
    /// The branch that it has pushed.
    pub(crate) branch: Option<String>,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
    pub(crate) archived_at: Option<Timestamp>,
    /// From when on lists show it.
    pub(crate) listed_from: Timestamp,
    /// From when on it can be got.
    pub(crate) found_from: Timestamp,
    /// Whether its pull request's later steps are on the agenda.
    pub(crate) later_planned: bool,
}

impl Task {
    /// The newest session's.
    pub(crate) fn state(&self) -> State {
        self.sessions.last().map_or(State::Queued, |session| session.state)
    }
}

/// How many tasks there are, and how many of them are archived.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Tally {
    pub(crate) all: u64,
    pub(crate) archived: u64,
}

/// All tasks.
#[derive(Debug, Clone)]
pub(crate) struct Tasks {
    tasks: Vec<Task>,
    by_id: HashMap<String, TaskIndex>,
    /// By the moment of the last change: each repository's, and all.
    updated: Vec<BTreeSet<(Timestamp, TaskIndex)>>,
    updated_all: BTreeSet<(Timestamp, TaskIndex)>,
    /// By creation: each repository's.
    created: Vec<Vec<TaskIndex>>,
    repo_tally: Vec<Tally>,
    user_tally: HashMap<UserIndex, Tally>,
}

impl Tasks {
    pub(crate) fn new(repositories: usize) -> Self {
        Self {
            tasks: Vec::new(),
            by_id: HashMap::new(),
            updated: vec![BTreeSet::new(); repositories],
            updated_all: BTreeSet::new(),
            created: vec![Vec::new(); repositories],
            repo_tally: vec![Tally::default(); repositories],
            user_tally: HashMap::new(),
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.tasks.len()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Task> {
        self.tasks.iter()
    }

    pub(crate) fn get(&self, index: TaskIndex) -> &Task {
        &self.tasks[index]
    }

    pub(crate) fn get_mut(&mut self, index: TaskIndex) -> &mut Task {
        &mut self.tasks[index]
    }

    pub(crate) fn find(&self, id: &str) -> Option<TaskIndex> {
        self.by_id.get(id).copied()
    }

    /// A new task, which comes last.
    pub(crate) fn add(&mut self, task: Task) -> TaskIndex {
        let index = self.tasks.len();
        self.by_id.insert(task.id.clone(), index);
        self.updated[task.repo].insert((task.updated_at, index));
        self.updated_all.insert((task.updated_at, index));
        self.created[task.repo].push(index);
        self.repo_tally[task.repo].all += 1;
        self.user_tally.entry(task.asked.creator).or_default().all += 1;
        self.tasks.push(task);
        index
    }

    /// Something about the task has changed.
    pub(crate) fn touch(&mut self, index: TaskIndex, at: Timestamp) {
        let task = &mut self.tasks[index];
        let old = std::mem::replace(&mut task.updated_at, at);
        for set in [&mut self.updated[task.repo], &mut self.updated_all] {
            set.remove(&(old, index));
            set.insert((at, index));
        }
    }

    /// Hides the task from lists that do not ask for archived ones.
    pub(crate) fn archive(&mut self, index: TaskIndex, at: Timestamp) {
        let task = &mut self.tasks[index];
        if task.archived_at.is_none() {
            task.archived_at = Some(at);
            self.repo_tally[task.repo].archived += 1;
            self.user_tally.entry(task.asked.creator).or_default().archived += 1;
        }
    }

    /// Those of a repository, or all, changed at `since` or after, oldest change first.
    pub(crate) fn by_update(
        &self,
        repo: Option<RepoIndex>,
        since: Timestamp,
    ) -> impl DoubleEndedIterator<Item = TaskIndex> {
        let set = repo.map_or(&self.updated_all, |repo| &self.updated[repo]);
        set.range((since, 0)..).map(|(_, index)| *index)
    }

    /// Those of a repository, or all, oldest first.
    pub(crate) fn by_creation(&self, repo: Option<RepoIndex>) -> Box<dyn DoubleEndedIterator<Item = TaskIndex> + '_> {
        match repo {
            Some(repo) => Box::new(self.created[repo].iter().copied()),
            None => Box::new(0..self.tasks.len()),
        }
    }

    pub(crate) fn tally_of_repo(&self, repo: RepoIndex) -> Tally {
        self.repo_tally[repo]
    }

    pub(crate) fn tally_of_user(&self, user: UserIndex) -> Tally {
        self.user_tally.get(&user).copied().unwrap_or_default()
    }
}
