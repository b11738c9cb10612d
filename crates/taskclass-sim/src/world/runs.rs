//! The Actions runs behind sessions.

use jiff::Timestamp;

use super::agenda::{Event, later};
use super::{RepoIndex, TaskIndex, UserIndex, World};
use crate::scenario::OnCancel;

/// Where the agent's own workflow is said to be.
pub(crate) const AGENT_PATH: &str = "dynamic/copilot-swe-agent/copilot";
/// Where GitHub's code review is said to be; it is not the agent.
pub(crate) const REVIEWER_PATH: &str = "dynamic/copilot-pull-request-reviewer/copilot-pull-request-reviewer";

/// One workflow run.
#[derive(Debug, Clone)]
pub(crate) struct Run {
    pub(crate) id: u64,
    pub(crate) number: u64,
    pub(crate) path: &'static str,
    pub(crate) title: String,
    pub(crate) head_branch: String,
    pub(crate) head_sha: String,
    pub(crate) actor: UserIndex,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
    /// None while it is in progress.
    pub(crate) conclusion: Option<&'static str>,
    /// The session that it carries; a code review carries none.
    pub(crate) session: Option<(TaskIndex, usize)>,
}

impl Run {
    pub(crate) fn status(&self) -> &'static str {
        if self.conclusion.is_some() { "completed" } else { "in_progress" }
    }

    pub(crate) fn finish(&mut self, at: Timestamp, conclusion: &'static str) {
        if self.conclusion.is_none() {
            self.conclusion = Some(conclusion);
            self.updated_at = at;
        }
    }
}

/// What was made of the wish to cancel a run.
pub(crate) enum CancelAnswer {
    /// No such run.
    Unknown,
    /// It has ended, or cannot be cancelled.
    Conflict,
    /// Taken note of.
    Accepted,
}

impl World {
    /// The runs of a session that begins.
    pub(crate) fn start_runs(&mut self, at: Timestamp, task: TaskIndex, session: usize, head_sha: &str) {
        let record = self.tasks.get(task);
        let (repo, title, script) = (record.repo, record.name.clone(), record.script.run.clone());
        let head_branch = record.sessions[session].head_ref.clone().unwrap_or_default();
        let agents = (0..script.count).map(|_| (AGENT_PATH, Some((task, session))));
        let reviewer = script.reviewer.then_some((REVIEWER_PATH, None));
        for (path, session) in agents.chain(reviewer) {
            let id = self.ids.database_id();
            let runs = &mut self.repos[repo].runs;
            runs.push(Run {
                id,
                number: runs.len() as u64 + 1,
                path,
                title: title.clone(),
                head_branch: head_branch.clone(),
                head_sha: head_sha.to_owned(),
                actor: self.people.copilot(),
                created_at: at,
                updated_at: at,
                conclusion: None,
                session,
            });
        }
    }

    /// The runs of a session end with it.
    pub(crate) fn end_runs(
        &mut self,
        at: Timestamp,
        repo: RepoIndex,
        task: TaskIndex,
        session: usize,
        how: &'static str,
    ) {
        let branch = self.tasks.get(task).sessions[session].head_ref.clone();
        // Newest last: the session's runs are found without going through all that ever were.
        for run in self.repos[repo].runs.iter_mut().rev().take(4096) {
            let mine = run.session == Some((task, session));
            if mine || (run.session.is_none() && Some(&run.head_branch) == branch.as_ref()) {
                run.finish(at, how);
            }
        }
    }

    /// A person wishes a run cancelled. With `ignored` nothing comes of it.
    pub(crate) fn cancel_run(&mut self, at: Timestamp, repo: RepoIndex, id: u64, ignored: bool) -> CancelAnswer {
        let Some(run) = self.repos[repo].runs.iter().find(|run| run.id == id) else { return CancelAnswer::Unknown };
        if run.conclusion.is_some() {
            return CancelAnswer::Conflict;
        }
        let script = run.session.map(|(task, _)| self.tasks.get(task).script.run.clone()).unwrap_or_default();
        match script.on_cancel {
            OnCancel::Conflict => return CancelAnswer::Conflict,
            OnCancel::Ignored => {}
            OnCancel::Stops | OnCancel::LeavesTask if ignored => {}
            OnCancel::Stops | OnCancel::LeavesTask => {
                self.agenda.put(later(at, script.stops_after.get()), Event::RunStops { repo, run: id });
            }
        }
        CancelAnswer::Accepted
    }

    /// A cancelled run has stopped; its session with it, unless the script says otherwise.
    pub(crate) fn stop_run(&mut self, at: Timestamp, repo: RepoIndex, id: u64) {
        let Some(run) = self.repos[repo].runs.iter_mut().find(|run| run.id == id && run.conclusion.is_none()) else {
            return;
        };
        run.finish(at, "cancelled");
        let Some((task, session)) = run.session else { return };
        if self.tasks.get(task).script.run.on_cancel == OnCancel::Stops {
            self.end_session(at, task, session, "cancelled");
        } else {
            self.strand_session(at, task, session);
        }
    }
}
