//! What the agent does: how a task is made, how its sessions move, what they leave behind.

use jiff::{SignedDuration, Timestamp};

use super::agenda::{Event, MoveKind, SessionMove, later};
use super::checks::CheckRun;
use super::issues::Pull;
use super::tasks::{Asked, Session, State, Task};
use super::words::{name_of, slug, trailers};
use super::{RepoIndex, TaskIndex, World};
use crate::scenario::{CheckScript, FileScript, SessionScript};

/// The model that works where none is asked for.
const AUTO_MODEL: &str = "gpt-5.3-codex";
/// How the title of a draft begins on which the agent is at work.
const WIP: &str = "[WIP] ";
/// The app whose checks can wait for a person.
const ACTIONS: &str = "github-actions";

impl World {
    /// A new task, with its first session queued.
    pub(crate) fn create_task(&mut self, at: Timestamp, asked: Asked) -> TaskIndex {
        let full_name = self.repos[asked.repo].full_name();
        let script = self.agents.choose(&full_name, &asked.prompt, asked.model.as_deref());
        let task = Task {
            id: self.ids.uuid("task", self.tasks.len()),
            repo: asked.repo,
            name: name_of(&asked.prompt),
            script,
            substitute: None,
            sessions: Vec::new(),
            pull: None,
            branch: None,
            created_at: at,
            updated_at: at,
            archived_at: None,
            listed_from: at,
            found_from: at,
            later_planned: false,
            asked,
        };
        let prompt = task.asked.prompt.clone();
        let index = self.tasks.add(task);
        self.add_session(at, index, prompt);
        index
    }

    /// One more session for a task, by its script or by a person's word. A task that is already at work takes no second one.
    pub(crate) fn add_session(&mut self, at: Timestamp, task: TaskIndex, prompt: String) {
        let record = self.tasks.get(task);
        if record.sessions.last().is_some_and(|session| matches!(session.state, State::Queued | State::InProgress)) {
            return;
        }
        let index = record.sessions.len();
        let script = session_script(record.script.sessions.as_deref(), index);
        let full = script.usage.as_ref().map_or(0.0, |usage| {
            usage
                .nanos
                .map(|nanos| nanos as f64)
                .or(usage.premium_requests)
                .or(usage.credits.map(|credits| credits * 1e9))
                .unwrap_or(0.0)
        });
        let vary = |what: &str| {
            let spread = u64::from(record.script.jitter) * 10;
            1000 - spread + self.ids.permille(&[what, &record.id, &index.to_string()]) * spread / 500
        };
        let session = Session {
            id: self.ids.uuid(&record.id, index),
            prompt,
            work: script.work.scaled(vary("work")).get(),
            full_usage: if record.script.jitter == 0 { full } else { (full * vary("usage") as f64 / 1000.0).round() },
            state: State::Queued,
            created_at: at,
            updated_at: at,
            working_since: None,
            worked: SignedDuration::ZERO,
            completed_at: None,
            head_ref: None,
            model: None,
            error: None,
            stranded: false,
            script,
        };
        let begins = later(at, session.script.queue.get());
        self.tasks.get_mut(task).sessions.push(session);
        self.tasks.touch(task, at);
        self.plan(begins, task, index, MoveKind::Begin);
    }

    /// The next session that the script has, if the task has ended and no person was quicker.
    pub(crate) fn start_next_session(&mut self, at: Timestamp, task: TaskIndex) {
        let prompt = self.tasks.get(task).asked.prompt.clone();
        self.add_session(at, task, prompt);
    }

    fn plan(&mut self, at: Timestamp, task: TaskIndex, session: usize, kind: MoveKind) {
        self.agenda.put(at, Event::Session(SessionMove { task, session, kind }));
    }

    /// A session moves, if it is still where the move leads from.
    pub(crate) fn session_event(&mut self, at: Timestamp, SessionMove { task, session, kind }: SessionMove) {
        let record = &self.tasks.get(task).sessions[session];
        match (kind, record.state) {
            (MoveKind::Begin, State::Queued) => self.begin(at, task, session),
            (MoveKind::Pause, State::InProgress) if !record.stranded => self.pause(at, task, session),
            (MoveKind::Resume, State::WaitingForUser | State::Idle) => self.resume(at, task, session),
            (MoveKind::End, State::InProgress) if !record.stranded => {
                let outcome = State::parse(&record.script.outcome).unwrap_or(State::Completed);
                self.deliver(at, task, session, outcome);
            }
            (MoveKind::TimeOut, State::InProgress) => self.deliver(at, task, session, State::TimedOut),
            _ => {}
        }
    }

    fn begin(&mut self, at: Timestamp, task: TaskIndex, session: usize) {
        let record = self.tasks.get(task);
        let before = || record.sessions.iter().find_map(|session| session.head_ref.clone());
        let head = record.asked.head_ref.clone().or_else(before);
        let head = head.unwrap_or_else(|| format!("copilot/{}-{}", slug(&record.name), &record.id[..8]));
        let asked_model = record.substitute.as_deref().or(record.asked.model.as_deref()).unwrap_or(AUTO_MODEL);
        let model = record.sessions[session].script.model.replace("{model}", asked_model);
        let (repo, base) = (record.repo, record.asked.base_ref.clone());
        let opens = record.asked.create_pull_request && record.script.pull_request.opens && record.pull.is_none();
        let record = &mut self.tasks.get_mut(task).sessions[session];
        record.head_ref = Some(head.clone());
        record.model = Some(model);
        // Given both refs, the agent goes on with the pull request that is open between them.
        let open = self.repos[repo].open_pull(&head, &base);
        match open {
            Some(number) => self.tasks.get_mut(task).pull = Some(number),
            None if opens => self.open_pull(at, task, session, &head),
            None => {}
        }
        let git = &self.repos[repo].git;
        let sha = git.branch(&head).or_else(|| git.branch(&base)).unwrap_or_default().to_owned();
        self.start_runs(at, task, session, &sha);
        self.resume(at, task, session);
    }

    /// Goes to work, for the first time or again, and plans how that ends.
    fn resume(&mut self, at: Timestamp, task: TaskIndex, session: usize) {
        let limit = self.limits.session.get();
        let record = &mut self.tasks.get_mut(task).sessions[session];
        record.state = State::InProgress;
        record.updated_at = at;
        record.working_since = Some(at);
        let timed_out = record.script.outcome == "timed_out" || record.work > limit;
        let total = if timed_out { limit } else { record.work };
        let pause = record.script.pause.as_ref().map(|pause| pause.after.get());
        let (until, kind) = match pause.filter(|after| record.worked.is_zero() && *after < total) {
            Some(after) => (after, MoveKind::Pause),
            None => (total - record.worked, if timed_out { MoveKind::TimeOut } else { MoveKind::End }),
        };
        self.tasks.touch(task, at);
        self.plan(later(at, until), task, session, kind);
    }

    fn pause(&mut self, at: Timestamp, task: TaskIndex, session: usize) {
        let record = &mut self.tasks.get_mut(task).sessions[session];
        let Some(pause) = record.script.pause.clone() else { return };
        record.worked = record.worked_by(at);
        record.working_since = None;
        record.state = State::parse(&pause.state).unwrap_or(State::WaitingForUser);
        record.updated_at = at;
        self.tasks.touch(task, at);
        if let Some(lasts) = pause.lasts {
            self.plan(later(at, lasts.get()), task, session, MoveKind::Resume);
        }
    }

    /// The session ends as its script has it, and leaves what it made.
    fn deliver(&mut self, at: Timestamp, task: TaskIndex, session: usize, outcome: State) {
        let record = self.tasks.get(task);
        let script = &record.sessions[session].script;
        let good = !matches!(outcome, State::Failed | State::TimedOut | State::Cancelled);
        let files = match &script.files {
            _ if record.sessions[session].stranded => Vec::new(),
            Some(files) => files.clone(),
            None if good => usual_files(),
            None => Vec::new(),
        };
        let error = script.error.clone().filter(|_| outcome == State::Failed);
        let again = record.script.sessions.as_ref().and_then(|scripts| scripts.get(session + 1)).map(|next| next.after);
        self.tasks.get_mut(task).sessions[session].error = error;
        if !files.is_empty() {
            self.push_work(at, task, session, &files);
        }
        self.end_session(at, task, session, outcome.as_str());
        if let Some(number) = self.tasks.get(task).pull {
            self.finish_pull(at, task, number);
        }
        if let Some(after) = again {
            self.agenda.put(later(at, after.get()), Event::NextSession { task });
        }
    }

    /// A session ends in this state, with its runs.
    pub(crate) fn end_session(&mut self, at: Timestamp, task: TaskIndex, session: usize, state: &str) {
        let repo = self.tasks.get(task).repo;
        let state = State::parse(state).unwrap_or(State::Cancelled);
        let record = &mut self.tasks.get_mut(task).sessions[session];
        if !record.state.is_open() {
            return;
        }
        record.worked = record.worked_by(at);
        record.working_since = None;
        record.state = state;
        record.updated_at = at;
        record.completed_at = (!state.is_open()).then_some(at);
        let conclusion = match state {
            State::Failed => "failure",
            State::TimedOut => "timed_out",
            State::Cancelled => "cancelled",
            _ => "success",
        };
        self.end_runs(at, repo, task, session, conclusion);
        self.tasks.touch(task, at);
    }

    /// The run behind a session was stopped, and the session goes on saying that it works until the limit.
    pub(crate) fn strand_session(&mut self, at: Timestamp, task: TaskIndex, session: usize) {
        let limit = self.limits.session.get();
        let record = &mut self.tasks.get_mut(task).sessions[session];
        record.stranded = true;
        let left = limit - record.worked_by(at);
        self.plan(later(at, left), task, session, MoveKind::TimeOut);
    }

    /// Commits and pushes the session's work.
    fn push_work(&mut self, at: Timestamp, task: TaskIndex, session: usize, files: &[FileScript]) {
        let record = self.tasks.get(task);
        let (repo, base) = (record.repo, record.asked.base_ref.clone());
        let branch = record.sessions[session].head_ref.clone().unwrap_or_default();
        let message = self.commit_message(task, session);
        let git = &mut self.repos[repo].git;
        if git.branch(&branch).is_none() {
            let start = git.branch(&base).unwrap_or_default().to_owned();
            git.set_branch(&branch, &start);
        }
        let copilot = self.people.copilot();
        let sha = self.push(at, repo, &branch, (copilot, &message), files);
        self.tasks.get_mut(task).branch = Some(branch);
        self.start_checks(at, repo, &sha, task);
    }

    fn commit_message(&self, task: TaskIndex, session: usize) -> String {
        let record = self.tasks.get(task);
        let creator = self.people.get(record.asked.creator);
        let logs = format!(
            "https://github.com/{}/sessions/{}",
            self.repos[record.repo].full_name(),
            record.sessions[session].id
        );
        let mut lines = vec![record.name.clone(), String::new(), format!("Agent-Logs-Url: {logs}")];
        if record.script.pull_request.trailers {
            lines.extend(trailers(&record.asked.prompt));
        }
        lines.push(format!("Co-authored-by: {} <{}>", creator.login, creator.email()));
        lines.join("\n")
    }

    /// Opens the draft with which the agent begins.
    fn open_pull(&mut self, at: Timestamp, task: TaskIndex, session: usize, head: &str) {
        let record = self.tasks.get(task);
        let (repo, base, name) = (record.repo, record.asked.base_ref.clone(), record.name.clone());
        let mergeable = record.script.pull_request.mergeable;
        let copilot = self.people.copilot();
        if self.repos[repo].git.branch(head).is_none() {
            let start = self.repos[repo].git.branch(&base).unwrap_or_default().to_owned();
            self.repos[repo].git.set_branch(head, &start);
            let plan = self.commit_message(task, session).replacen(&name, "Initial plan", 1);
            self.push(at, repo, head, (copilot, &plan), &[]);
        }
        let git = &self.repos[repo].git;
        let (head_sha, base_sha) =
            (git.branch(head).unwrap_or_default().to_owned(), git.branch(&base).unwrap_or_default().to_owned());
        let new = Pull::new(self.ids.database_id(), (head.to_owned(), head_sha), (base, base_sha), at);
        let pull = Pull { draft: true, mergeable, task: Some(task), ..new };
        let id = self.ids.database_id();
        let text = (format!("{WIP}{name}"), Some("The agent is at work.".to_owned()));
        let number = self.repos[repo].open_issue(id, text, copilot, at, Some(pull));
        self.tasks.get_mut(task).pull = Some(number);
    }

    /// Gives the pull request its title and text, and asks the creator for a review.
    fn finish_pull(&mut self, at: Timestamp, task: TaskIndex, number: u64) {
        let record = self.tasks.get(task);
        let (repo, creator) = (record.repo, record.asked.creator);
        let mut body = format!("{}\n\nThe agent's work on what was asked for.", record.name);
        let lines = trailers(&record.asked.prompt);
        if record.script.pull_request.trailers && !lines.is_empty() {
            body.push_str("\n\n");
            body.push_str(&lines.join("\n"));
        }
        let title = record.name.clone();
        // Once it is no longer the agent's draft, its words are somebody's own.
        if let Some(issue) = self.repos[repo].issues.get_mut(&number).filter(|issue| issue.title.starts_with(WIP)) {
            issue.title = title;
            issue.body = Some(body);
            issue.updated_at = at;
            if let Some(pull) = issue.pull.as_mut().filter(|pull| !pull.requested_reviewers.contains(&creator)) {
                pull.requested_reviewers.push(creator);
            }
        }
        self.plan_later(at, repo, number);
    }

    /// The checks and statuses that a push sets off.
    pub(crate) fn start_checks(&mut self, at: Timestamp, repo: RepoIndex, sha: &str, task: TaskIndex) {
        let script = std::sync::Arc::clone(&self.tasks.get(task).script);
        let usual = [CheckScript::new("build", "success"), CheckScript::new("test", "success")];
        let by_agent = self.repos[repo].git.commit_of(sha).is_some_and(|commit| commit.author == self.people.copilot());
        let approval = by_agent && self.repos[repo].script.require_actions_workflow_approval;
        for check in script.checks.as_deref().unwrap_or(&usual) {
            // What waits for "Approve and run workflows" has ended, as GitHub has it, and says what it needs.
            let waits = approval && check.app == ACTIONS;
            let run = CheckRun {
                id: self.ids.database_id(),
                name: check.name.clone(),
                app: check.app.clone(),
                created_at: at,
                completed_at: waits.then_some(at),
                conclusion: if waits { "action_required".to_owned() } else { check.conclusion.clone() },
            };
            let index = self.repos[repo].checks.start(sha, run);
            if let Some(after) = check.after.filter(|_| !waits) {
                self.agenda.put(later(at, after.get()), Event::Check { repo, sha: sha.to_owned(), index });
            }
        }
        for status in &script.statuses {
            let event = Event::Status { repo, sha: sha.to_owned(), script: status.clone() };
            self.agenda.put(later(at, status.after.get()), event);
        }
    }
}

/// The script of a task's nth session (from 0): the last one goes on for all beyond.
fn session_script(scripts: Option<&[SessionScript]>, index: usize) -> SessionScript {
    let scripts = scripts.unwrap_or_default();
    scripts.get(index).or(scripts.last()).cloned().unwrap_or_default()
}

/// What an agent changes where its script does not say.
fn usual_files() -> Vec<FileScript> {
    vec![FileScript::new("Cargo.toml", 1, 1), FileScript::new("Cargo.lock", 6, 4)]
}
