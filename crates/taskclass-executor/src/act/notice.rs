//! Telling people: an issue in the target, or in the policy's escalation repository where the target takes none; or a comment on the
//! pull request; or a webhook. An issue bears its identity in plain sight, by which it is found before it is opened again.

use std::fmt::Write as _;

use jiff::{SignedDuration, Timestamp};
use taskclass_github::{CallError, CreateIssue, IssueQuery, Meta, PullNumber, RepoName as GithubRepo};
use taskclass_spec::prompt::KEY_NAME;
use taskclass_spec::written::{AfterDeadline, Notice};

use super::text::code;
use super::told::{Told, words};
use super::{Outcome, comment, webhook};
use crate::context::Context;
use crate::lifecycle::{Doing, Episode, Task};
use crate::port::{github_repo, http, is_answer};
use crate::vocab::{Acted, Http, Key};

/// The line by which a notice is found again.
fn mark(key: &Key, episode: u32, rung: u32) -> String {
    format!("Task-Class-Notice: {key}/{episode}/{rung}")
}

fn posted(repository: &GithubRepo, number: i64, url: String) -> Acted {
    Acted::Posted { repository: repository.to_string(), number, url }
}

/// Where issues go: the target, unless it takes none, or has refused one. With GitHub's own time, if it was asked.
fn place(context: &Context<'_>, task: &Task, refused: bool) -> Result<(GithubRepo, Option<Timestamp>), CallError> {
    let elsewhere = || github_repo(&task.contract().escalation_repository);
    let target = github_repo(&task.plan.repository)?;
    let (takes, date) = match context.github.get_repo(&target) {
        Ok(answer) => {
            let open = answer.value.has_issues != Some(false) && answer.value.archived != Some(true);
            (open && !refused, answer.meta.date)
        }
        Err(error) if is_answer(&error) => (false, error.meta().and_then(|meta| meta.date)),
        Err(error) => return Err(error),
    };
    Ok((if takes { target } else { elsewhere()? }, date))
}

/// The notice, if it has been sent already.
pub(super) fn present(
    context: &mut Context<'_>,
    task: &Task,
    refused: bool,
    episode: u32,
    rung: u32,
    notice: &Notice,
) -> Result<Option<Outcome>, CallError> {
    let commented = *notice == Notice::Comment && commentable(task, refused);
    if commented || matches!(notice, Notice::Webhook(_)) {
        return Ok(None);
    }
    let (repo, date) = place(context, task, refused)?;
    // By GitHub's own clock, which ours need not be with: what is this old by ours is this old by theirs, and an hour more.
    let now = context.now();
    let opened = episode_of(task, episode).map_or(now, |episode| episode.opened);
    let age = now.duration_since(opened).max(SignedDuration::ZERO).saturating_add(SignedDuration::from_hours(1));
    let since = date.unwrap_or(now).checked_sub(age).ok();
    let mut issues = Vec::new();
    for account in context.accounts(task)? {
        let query = IssueQuery { creator: Some(account.login), since, ..IssueQuery::default() };
        let first = context.github.list_issues(&repo, &query)?;
        issues.extend(context.github.collect(first, 10)?.items);
    }
    let mark = mark(&task.key, episode, rung);
    let found = issues
        .into_iter()
        .find(|issue| issue.body.as_deref().is_some_and(|body| body.lines().any(|line| line.trim_end() == mark)));
    Ok(found.map(|issue| Outcome::Stands(posted(&repo, issue.number.0, issue.html_url), Http::default())))
}

fn episode_of(task: &Task, number: u32) -> Option<&Episode> {
    task.episodes.iter().find(|episode| episode.number == number)
}

/// Whether there is a pull request to comment on. Where there is none, or it takes no comment, people are told by an issue instead.
pub(super) fn commentable(task: &Task, refused: bool) -> bool {
    task.pull.is_some() && !refused
}

/// Sends it. `doing` counts this try.
pub(super) fn send(
    context: &mut Context<'_>,
    task: &Task,
    doing: &Doing,
    episode: u32,
    rung: u32,
    notice: &Notice,
) -> Outcome {
    let Some(found) = episode_of(task, episode) else {
        return Outcome::Never("there is no such escalation".to_owned());
    };
    let sent = match notice {
        Notice::Webhook(name) => return webhook::send(context, task, doing, found, rung, name),
        Notice::Comment if commentable(task, doing.refused) => comment(context, task, &body(task, doing, found, rung)),
        Notice::Issue | Notice::Comment => match place(context, task, doing.refused) {
            Ok((repo, _)) => issue(context, &repo, task, doing, found, rung),
            Err(error) => return Outcome::Unread(error),
        },
    };
    match sent {
        Ok((outcome, meta)) => Outcome::Stands(outcome, http(Some(&meta))),
        Err(error) => error.into(),
    }
}

fn issue(
    context: &Context<'_>,
    repo: &GithubRepo,
    task: &Task,
    doing: &Doing,
    episode: &Episode,
    rung: u32,
) -> Result<(Acted, Meta), CallError> {
    let (class, repository) = (&task.contract().class, &task.plan.repository);
    let title = format!("Agent task `{class}` on {repository}: {}", words(episode.trigger));
    let issue = CreateIssue { title, body: body(task, doing, episode, rung), ..CreateIssue::default() };
    let answer = context.github.create_issue(repo, &issue)?;
    Ok((posted(repo, answer.value.number.0, answer.value.html_url), answer.meta))
}

fn comment(context: &Context<'_>, task: &Task, text: &str) -> Result<(Acted, Meta), CallError> {
    let repo = github_repo(&task.plan.repository)?;
    let number = PullNumber(task.pull.as_ref().map_or(0, |pull| pull.number));
    let answer = context.github.create_issue_comment(&repo, number.into(), text)?;
    Ok((posted(&repo, number.0, answer.value.html_url), answer.meta))
}

/// What people read. Owners are mentioned, so that GitHub tells them; nothing else in it can mention anybody.
fn body(task: &Task, doing: &Doing, episode: &Episode, rung: u32) -> String {
    let (plan, contract) = (&task.plan, task.contract());
    let told = Told::of(task, episode);
    let mut text = format!(
        "**{}** — a task of the class `{}`, version {}, on {}.\n\n",
        told.reason, contract.class, contract.version, plan.repository
    );
    let _ = writeln!(text, "- who answers: {}", told.owners.join(", "));
    let _ = writeln!(text, "- state: `{}` since {}", task.state, task.since);
    if let Some(url) = &told.task_url {
        let _ = writeln!(text, "- the agent's session: {url}");
    }
    if let Some(url) = &told.pull_request_url {
        let _ = writeln!(text, "- pull request: {url}");
    }
    for fact in &told.facts {
        let said = fact.said.as_deref().map(|said| format!(" {}", code(said))).unwrap_or_default();
        let _ = writeln!(text, "- {}{said}", fact.what);
    }
    if let Some(url) = &told.earlier {
        let _ = writeln!(text, "- told before: {url}");
    }
    let _ = match told.deadline {
        Some((at, AfterDeadline::Cancel)) => writeln!(text, "- without an answer by {at}: the task is stopped"),
        Some((at, AfterDeadline::Hold)) => writeln!(text, "- without an answer by {at}: it waits on"),
        None => writeln!(text, "- without an answer: it goes on, and stays in the inbox"),
    };
    let next: Vec<_> = told.next.iter().map(|command| format!("`{command}`")).collect();
    let _ = write!(text, "\nWhat to do: {}.\n", next.join(", "));
    comment::mark_repetition(&mut text, doing);
    let _ = write!(text, "\n{KEY_NAME}: {}\n{}\n", task.key, mark(&task.key, episode.number, rung));
    text
}
