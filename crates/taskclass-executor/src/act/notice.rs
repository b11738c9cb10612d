//! Telling people: an issue in the target, or in the policy's escalation repository where the target takes none; or a comment on the
//! pull request. Each notice bears its identity in plain sight, by which it is found before it is sent again.

use std::fmt::Write as _;

use jiff::SignedDuration;
use taskclass_github::{CallError, CreateIssue, IssueQuery, Meta, PullNumber, RepoName as GithubRepo};
use taskclass_spec::Owner;
use taskclass_spec::prompt::KEY_NAME;
use taskclass_spec::written::{AfterDeadline, EscalationTrigger, Notice};

use super::Outcome;
use super::text::code;
use crate::context::Context;
use crate::lifecycle::{Episode, Occasion, Progress, Task};
use crate::port::{github_repo, http};
use crate::vocab::{Acted, Action, Http, Key};

/// The line by which a notice is found again.
fn mark(key: &Key, episode: u32, rung: u32) -> String {
    format!("Task-Class-Notice: {key}/{episode}/{rung}")
}

fn words(trigger: Occasion) -> &'static str {
    let trigger = match trigger {
        Occasion::BreakGlass => return "it runs under a break-glass approval",
        Occasion::Class(trigger) => trigger,
    };
    match trigger {
        EscalationTrigger::WaitingForUser => "the agent waits for a person",
        EscalationTrigger::Failed => "the task failed",
        EscalationTrigger::TimedOut => "time ran out",
        EscalationTrigger::Stale => "nothing has changed for too long",
        EscalationTrigger::Unresolved => "it is not known whether the task exists, or whether it exists once",
        EscalationTrigger::OverBudget => "the task has used more than its budget",
        EscalationTrigger::Rejected => "the result was rejected",
        EscalationTrigger::GateFailed => "a rollout gate failed",
        EscalationTrigger::CancelUnconfirmed => "the task was told to stop, and nothing shows that it did",
    }
}

fn posted(repository: &GithubRepo, number: i64, url: String) -> Acted {
    Acted::Posted { repository: repository.to_string(), number, url }
}

/// Where issues go: the target, unless it takes none, or has refused one.
fn place(context: &Context<'_>, task: &Task, refused: bool) -> Result<GithubRepo, CallError> {
    if refused {
        return github_repo(&task.contract().escalation_repository);
    }
    let target = github_repo(&task.plan.repository)?;
    let takes = match context.github.get_repo(&target) {
        Ok(answer) => answer.value.has_issues != Some(false) && answer.value.archived != Some(true),
        Err(error) if error.is_not_found() => false,
        Err(error) => return Err(error),
    };
    if takes { Ok(target) } else { github_repo(&task.contract().escalation_repository) }
}

/// The notice, if it has been sent already.
pub(super) fn present(
    context: &Context<'_>,
    task: &Task,
    refused: bool,
    episode: u32,
    rung: u32,
    notice: &Notice,
) -> Result<Option<Outcome>, CallError> {
    match notice {
        Notice::Comment if commentable(task, refused) => Ok(None),
        Notice::Issue | Notice::Comment => {
            let repo = place(context, task, refused)?;
            let since = episode_of(task, episode)
                .and_then(|episode| episode.opened.checked_sub(SignedDuration::from_hours(1)).ok());
            let creator = Some(task.plan.token_owner.login.clone());
            let query = IssueQuery { creator, since, ..IssueQuery::default() };
            let first = context.github.list_issues(&repo, &query)?;
            let issues = context.github.collect(first, 10)?.items;
            let mark = mark(&task.key, episode, rung);
            let found = issues.into_iter().find(|issue| {
                issue.body.as_deref().is_some_and(|body| body.lines().any(|line| line.trim_end() == mark))
            });
            Ok(found.map(|issue| Outcome::Stands(posted(&repo, issue.number.0, issue.html_url), Http::default())))
        }
        Notice::Webhook(_) => Ok(Some(Outcome::Never("this version sends no webhooks".to_owned()))),
    }
}

fn episode_of(task: &Task, number: u32) -> Option<&Episode> {
    task.episodes.iter().find(|episode| episode.number == number)
}

/// Whether there is a pull request to comment on. Where there is none, or it takes no comment, people are told by an issue instead.
fn commentable(task: &Task, refused: bool) -> bool {
    task.pull.is_some() && !refused
}

pub(super) fn send(
    context: &Context<'_>,
    task: &Task,
    refused: bool,
    episode: u32,
    rung: u32,
    notice: &Notice,
) -> Outcome {
    let Some(found) = episode_of(task, episode) else {
        return Outcome::Never("there is no such escalation".to_owned());
    };
    let text = body(task, found, rung);
    let sent = match notice {
        Notice::Comment if commentable(task, refused) => comment(context, task, &text),
        Notice::Issue | Notice::Comment | Notice::Webhook(_) => place(context, task, refused).and_then(|repo| {
            let contract = task.contract();
            let title =
                format!("Agent task `{}` on {}: {}", contract.class, task.plan.repository, words(found.trigger));
            let issue = CreateIssue { title, body: text, ..CreateIssue::default() };
            let answer = context.github.create_issue(&repo, &issue)?;
            Ok((posted(&repo, answer.value.number.0, answer.value.html_url), answer.meta))
        }),
    };
    match sent {
        Ok((outcome, meta)) => Outcome::Stands(outcome, http(Some(&meta))),
        Err(error) => error.into(),
    }
}

fn comment(context: &Context<'_>, task: &Task, text: &str) -> Result<(Acted, Meta), CallError> {
    let repo = github_repo(&task.plan.repository)?;
    let number = PullNumber(task.pull.as_ref().map_or(0, |pull| pull.number));
    let answer = context.github.create_issue_comment(&repo, number.into(), text)?;
    Ok((posted(&repo, number.0, answer.value.html_url), answer.meta))
}

/// What people read. Owners are mentioned, so that GitHub tells them; nothing else in it can mention anybody.
fn body(task: &Task, episode: &Episode, rung: u32) -> String {
    let (plan, contract) = (&task.plan, task.contract());
    let owners: Vec<_> = contract.owners.iter().chain([&contract.escalation_owner]).map(Owner::to_string).collect();
    let mut text = format!(
        "**{}** — a task of the class `{}`, version {}, on {}.\n\n",
        words(episode.trigger),
        contract.class,
        contract.version,
        plan.repository
    );
    let _ = writeln!(text, "- who answers: {}", owners.join(", "));
    for broken in &task.break_glass {
        let _ = writeln!(text, "- break-glass approval of {}", code(&broken.to_string()));
    }
    let _ = writeln!(text, "- state: `{}` since {}", task.state, task.since);
    if let Some(url) = task.at_github.as_ref().and_then(|task| task.url.as_deref()) {
        let _ = writeln!(text, "- the agent's session: {url}");
    }
    if let Some(pull) = &task.pull {
        let _ = writeln!(text, "- pull request: {}", pull.url);
    }
    if let Some(person) = &plan.caller.person {
        let _ = writeln!(text, "- asked for by {}", code(person));
    }
    if let Some(error) = task.agent.as_ref().and_then(|agent| agent.error.as_deref()) {
        let _ = writeln!(text, "- the agent's last word: {}", code(error));
    }
    for reason in task.judgement.iter().flat_map(|judgement| &judgement.reasons) {
        let _ = writeln!(text, "- {} (`{}`)", code(&reason.to_string()), reason.field());
    }
    for other in &task.quarantined {
        let _ = writeln!(text, "- a second task bears the same key and is not watched: {}", code(&other.id));
    }
    let earlier = task.actions.values().find_map(|doing| match (&doing.action, &doing.progress) {
        (Action::Notify { .. }, Progress::Done { outcome: Acted::Posted { url, .. } }) => Some(url.clone()),
        _ => None,
    });
    if let Some(url) = earlier {
        let _ = writeln!(text, "- told before: {url}");
    }
    let deadline = contract.escalation.deadline;
    let then = match deadline.action {
        AfterDeadline::Cancel => "the task is stopped",
        AfterDeadline::Hold => "it waits on",
    };
    if episode.trigger == Occasion::BreakGlass {
        let _ = writeln!(text, "- without an answer: it goes on, and stays in the inbox");
    } else {
        let _ = writeln!(text, "- without an answer by {}: {then}", deadline.after.after(episode.opened));
    }
    let _ = write!(
        text,
        "\nWhat to do: `taskclass show {short}` tells the whole story; `taskclass resolve {short} --acknowledge` ends this notice, \
         `taskclass cancel {short}` stops the task.\n\n{KEY_NAME}: {}\n{}\n",
        task.key,
        mark(&task.key, episode.number, rung),
        short = task.key.short(),
    );
    text
}
