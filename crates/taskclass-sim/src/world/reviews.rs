//! What people do with a pull request: review, comment, push, merge, close, revert.

use jiff::Timestamp;

use super::agenda::{Event, later};
use super::checks::Status;
use super::git::NewCommit;
use super::issues::{Merge, Pull};
use super::{RepoIndex, UserIndex, World};
use crate::scenario::{FileScript, StatusScript, Step, StepKind};

/// One review.
#[derive(Debug, Clone)]
pub(crate) struct Review {
    pub(crate) id: u64,
    pub(crate) author: UserIndex,
    pub(crate) state: &'static str,
    pub(crate) body: String,
    pub(crate) commit: String,
    pub(crate) at: Timestamp,
}

/// One comment on a line.
#[derive(Debug, Clone)]
pub(crate) struct ReviewComment {
    pub(crate) id: u64,
    pub(crate) review: u64,
    pub(crate) author: UserIndex,
    pub(crate) body: String,
    pub(crate) path: String,
    pub(crate) commit: String,
    pub(crate) at: Timestamp,
}

impl World {
    /// Puts a pull request's scripted steps on the agenda, once: when it is open and its task's first session has ended.
    pub(crate) fn plan_later(&mut self, at: Timestamp, repo: RepoIndex, number: u64) {
        let Some(task) = self.repos[repo].pull(number).and_then(|(_, pull)| pull.task) else { return };
        let task = self.tasks.get_mut(task);
        let ended = task.sessions.first().is_some_and(|session| session.completed_at.is_some());
        if !ended || std::mem::replace(&mut task.later_planned, true) {
            return;
        }
        for step in &task.script.later {
            let event = Event::Later { repo, number, step: Box::new(step.clone()) };
            self.agenda.put(later(at, step.after.get()), event);
        }
    }

    /// A person does what a script says.
    pub(crate) fn person_acts(&mut self, at: Timestamp, repo: RepoIndex, number: u64, step: Step) {
        let by = self.people.find_or_copilot(&step.by);
        match step.kind {
            StepKind::Approve {} => self.review(at, repo, number, by, "APPROVED", String::new()),
            StepKind::RequestChanges { body } => self.review(at, repo, number, by, "CHANGES_REQUESTED", body),
            StepKind::Comment { body, path } => self.comment_on_line(at, repo, number, by, body, path),
            StepKind::Dismiss {} => self.touch_pull(at, repo, number, |pull| {
                for review in pull.reviews.iter_mut().filter(|review| review.author == by) {
                    review.state = "DISMISSED";
                }
            }),
            StepKind::Ready {} => self.touch_pull(at, repo, number, |pull| pull.draft = false),
            StepKind::Push { files, force } => self.push_by_person(at, repo, number, by, &files, force),
            StepKind::Status { context, state } => {
                let Some((_, pull)) = self.repos[repo].pull(number) else { return };
                let sha = pull.head_sha.clone();
                let status =
                    StatusScript { context, state, after: crate::scenario::Span::default(), by: Some(step.by) };
                self.set_status(at, repo, &sha, status);
            }
            StepKind::Retarget { base } => {
                let base_sha = self.repos[repo].git.branch(&base).unwrap_or_default().to_owned();
                self.touch_pull(at, repo, number, |pull| (pull.base, pull.base_sha) = (base, base_sha));
            }
            StepKind::Merge { squash } => self.merge(at, repo, number, by, squash),
            StepKind::Close {} => {
                if let Some(issue) = self.repos[repo].issues.get_mut(&number).filter(|issue| issue.closed_at.is_none())
                {
                    issue.closed_at = Some(at);
                    issue.updated_at = at;
                }
            }
            StepKind::Reopen {} => {
                if let Some(issue) = self.repos[repo].issues.get_mut(&number) {
                    issue.closed_at = None;
                    issue.updated_at = at;
                }
            }
            StepKind::Revert { directly } => self.revert(at, repo, number, by, directly),
            StepKind::Commit { message } => {
                let Some((_, pull)) = self.repos[repo].pull(number) else { return };
                let merge = pull.merged.as_ref().map(|merge| merge.sha.clone()).unwrap_or_default();
                let base = pull.base.clone();
                self.push(at, repo, &base, (by, &message.replace("{merge}", &merge)), &[]);
            }
        }
    }

    /// Changes a pull request and says when.
    pub(crate) fn touch_pull(&mut self, at: Timestamp, repo: RepoIndex, number: u64, change: impl FnOnce(&mut Pull)) {
        if let Some(issue) = self.repos[repo].issues.get_mut(&number) {
            issue.updated_at = at;
            if let Some(pull) = &mut issue.pull {
                change(pull);
            }
        }
    }

    fn review(
        &mut self,
        at: Timestamp,
        repo: RepoIndex,
        number: u64,
        by: UserIndex,
        state: &'static str,
        body: String,
    ) {
        let id = self.ids.database_id();
        self.touch_pull(at, repo, number, |pull| {
            let commit = pull.head_sha.clone();
            pull.requested_reviewers.retain(|reviewer| *reviewer != by);
            pull.reviews.push(Review { id, author: by, state, body, commit, at });
        });
    }

    fn comment_on_line(
        &mut self,
        at: Timestamp,
        repo: RepoIndex,
        number: u64,
        by: UserIndex,
        body: String,
        path: String,
    ) {
        self.review(at, repo, number, by, "COMMENTED", String::new());
        let id = self.ids.database_id();
        self.touch_pull(at, repo, number, |pull| {
            let review = pull.reviews.last().map_or(0, |review| review.id);
            let commit = pull.head_sha.clone();
            pull.review_comments.push(ReviewComment { id, review, author: by, body, path, commit, at });
        });
    }

    /// Some system, or somebody, sets a status.
    pub(crate) fn set_status(&mut self, at: Timestamp, repo: RepoIndex, sha: &str, script: StatusScript) {
        let by = script.by.as_deref().and_then(|login| self.people.find(login));
        let status = Status::by_system(self.ids.database_id(), script.context, script.state, by, at);
        self.repos[repo].checks.set_status(sha, status);
    }

    fn push_by_person(
        &mut self,
        at: Timestamp,
        repo: RepoIndex,
        number: u64,
        by: UserIndex,
        files: &[FileScript],
        force: bool,
    ) {
        let Some((_, pull)) = self.repos[repo].pull(number) else { return };
        let (branch, task, base_sha) = (pull.head.clone(), pull.task, pull.base_sha.clone());
        if force {
            self.repos[repo].git.set_branch(&branch, &base_sha);
        }
        let sha = self.push(at, repo, &branch, (by, "Touch up"), files);
        if let Some(task) = task {
            self.start_checks(at, repo, &sha, task);
        }
    }

    /// A commit on top of a branch; open pull requests from it follow. Gives the new head.
    pub(crate) fn push(
        &mut self,
        at: Timestamp,
        repo: RepoIndex,
        branch: &str,
        (author, message): (UserIndex, &str),
        files: &[FileScript],
    ) -> String {
        let ids = &self.ids;
        let repository = &mut self.repos[repo];
        let name = repository.full_name();
        let parent = repository.git.branch(branch).unwrap_or_default().to_owned();
        let changes = files.iter().map(|file| repository.git.change(&parent, file)).collect();
        let new = NewCommit { parents: vec![parent], message, author, at, changes };
        let sha = repository.git.commit(&name, new, ids);
        repository.git.set_branch(branch, &sha);
        repository.pushed_at = at;
        for issue in repository.issues.values_mut().filter(|issue| issue.closed_at.is_none()) {
            let Some(pull) = issue.pull.as_mut().filter(|pull| pull.head == branch) else { continue };
            let wait = pull.task.map(|task| self.tasks.get(task).script.pull_request.mergeable_unknown.get());
            pull.head_sha.clone_from(&sha);
            pull.mergeable_from = later(at, wait.unwrap_or_default());
            issue.updated_at = at;
        }
        sha
    }

    fn merge(&mut self, at: Timestamp, repo: RepoIndex, number: u64, by: UserIndex, squash: bool) {
        let repository = &mut self.repos[repo];
        let name = repository.full_name();
        let Some((issue, pull)) = repository.pull(number) else { return };
        let Some(base) = repository.git.branch(&pull.base).map(str::to_owned) else { return };
        if issue.closed_at.is_some() {
            return;
        }
        let changes = repository.git.compare(&base, &pull.head_sha).map(|found| found.files).unwrap_or_default();
        let (head, head_sha, target) = (pull.head.clone(), pull.head_sha.clone(), pull.base.clone());
        let body = issue.body.clone().unwrap_or_default();
        let (message, parents) = if squash {
            (format!("{} (#{number})\n\n{body}", issue.title), vec![base])
        } else {
            let owner = &repository.owner;
            (format!("Merge pull request #{number} from {owner}/{head}\n\n{}", issue.title), vec![base, head_sha])
        };
        let new = NewCommit { parents, message: message.trim_end(), author: by, at, changes };
        let sha = repository.git.commit(&name, new, &self.ids);
        repository.git.set_branch(&target, &sha);
        repository.pushed_at = at;
        if let Some(issue) = repository.issues.get_mut(&number) {
            issue.closed_at = Some(at);
            issue.updated_at = at;
            if let Some(pull) = &mut issue.pull {
                pull.draft = false;
                pull.merged = Some(Merge { sha, at, by });
            }
        }
    }

    fn revert(&mut self, at: Timestamp, repo: RepoIndex, number: u64, by: UserIndex, directly: bool) {
        let Some((issue, pull)) = self.repos[repo].pull(number) else { return };
        let Some(merge) = pull.merged.as_ref().map(|merge| merge.sha.clone()) else { return };
        let title = format!("Revert \"{}\"", issue.title);
        let base = pull.base.clone();
        let head = format!("revert-{number}-{}", pull.head);
        let full_name = self.repos[repo].full_name();
        let body = format!("Reverts {full_name}#{number}\n\nThis reverts commit {merge}.");
        let undone: Vec<FileScript> =
            self.repos[repo].git.commit_of(&merge).into_iter().flat_map(|commit| &commit.changes).map(undo).collect();
        let Some(base_sha) = self.repos[repo].git.branch(&base).map(str::to_owned) else { return };
        let message = format!("{title}\n\nThis reverts commit {merge}.");
        if directly {
            self.push(at, repo, &base, (by, &message), &undone);
            return;
        }
        self.repos[repo].git.set_branch(&head, &base_sha);
        let head_sha = self.push(at, repo, &head, (by, &message), &undone);
        let pull = Pull::new(self.ids.database_id(), (head, head_sha), (base, base_sha), at);
        let id = self.ids.database_id();
        let second = self.repos[repo].open_issue(id, (title, Some(body)), by, at, Some(pull));
        self.merge(at, repo, second, by, true);
    }
}

/// The change that takes a change back.
fn undo(change: &super::git::FileChange) -> FileScript {
    let (path, previous_path) = match &change.previous {
        Some(previous) => (previous.clone(), Some(change.path.clone())),
        None => (change.path.clone(), None),
    };
    let status = match change.status.as_str() {
        "added" => "removed",
        "removed" => "added",
        other => other,
    };
    FileScript {
        path,
        additions: change.deletions,
        deletions: Some(change.additions),
        status: Some(status.to_owned()),
        entry: change.entry,
        previous_path,
    }
}
