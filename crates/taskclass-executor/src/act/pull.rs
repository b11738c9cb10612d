//! The pull request of a result: opened once the branch is accepted, labelled, given to its reviewers, commented on, closed.

use std::fmt::Write as _;

use jiff::SignedDuration;
use taskclass_github::{
    CallError, CreatePull, OpenState, PullNumber, PullQuery, RepoName as GithubRepo, Reviewers, UpdatePull,
};
use taskclass_spec::Owner;
use taskclass_spec::prompt::KEY_NAME;

use super::Outcome;
use super::text::code;
use crate::context::Context;
use crate::lifecycle::{Doing, Task};
use crate::port::{github_repo, http};
use crate::reading;
use crate::vocab::{Acted, Http, PullView, State, Verdict};

/// How long a pull request waits whose branch has moved since it was judged, at first and at the longest.
pub(super) const AGAIN: SignedDuration = SignedDuration::from_mins(1);
pub(super) const SELDOM: SignedDuration = SignedDuration::from_hours(1);

/// What is there of a pull request that is to be opened.
pub(super) enum Present {
    /// Nothing: it may be opened.
    Not,
    /// It, or why it is not opened.
    Is(Outcome),
    /// Its branch has moved to this commit since it was judged.
    Moved(String),
}

/// The pull request of the branch, if there is one; or why it is not opened now.
pub(super) fn present(context: &Context<'_>, task: &Task, doing: &Doing, head_ref: &str) -> Result<Present, CallError> {
    let repo = github_repo(&task.plan.repository)?;
    // One whose answer was lost stands there, whatever the verdict is by now.
    if doing.tries > 0
        && let Some(found) = find(context, task, &repo, head_ref)?
    {
        return Ok(Present::Is(found));
    }
    if task.state != State::Judged(Verdict::Accepted) {
        let why = "the result is not accepted any more".to_owned();
        // What a task at work comes to wants it anew.
        let never = task.state.is_ended();
        return Ok(Present::Is(if never { Outcome::Never(why) } else { Outcome::Later(why, context.now()) }));
    }
    // What was judged is what is offered: a push since then is judged first.
    let tip = context.github.get_branch(&repo, head_ref)?.value.commit.sha;
    let judged = task.judgement.as_ref().and_then(|judgement| judgement.head_sha.as_ref());
    let read = task.evidence.as_ref().and_then(|evidence| evidence.head_sha.as_ref());
    if judged != Some(&tip) || read != Some(&tip) {
        return Ok(Present::Moved(tip));
    }
    let found = if doing.tries > 0 { None } else { find(context, task, &repo, head_ref)? };
    Ok(found.map_or(Present::Not, Present::Is))
}

/// The open pull request of the branch.
fn find(context: &Context<'_>, task: &Task, repo: &GithubRepo, head_ref: &str) -> Result<Option<Outcome>, CallError> {
    let query = PullQuery { head: Some(head_ref.to_owned()), base: Some(task.plan.base_ref.clone()), open_only: true };
    let found = context.github.list_pulls(repo, &query)?.value.body;
    Ok(found.into_iter().next().map(|pull| {
        let outcome = Acted::PullRequest { number: pull.number.0, url: pull.html_url };
        Outcome::Stands(outcome, Http::default())
    }))
}

pub(super) fn open(context: &Context<'_>, task: &Task, head_ref: &str, base_ref: &str) -> Outcome {
    let contract = task.contract();
    let pull = CreatePull {
        title: format!("{} ({})", contract.title, task.plan.repository.name()),
        head: head_ref.to_owned(),
        base: base_ref.to_owned(),
        body: Some(description(task)),
        draft: false,
    };
    match github_repo(&task.plan.repository).and_then(|repo| context.github.create_pull(&repo, &pull)) {
        Ok(answer) => {
            let outcome = Acted::PullRequest { number: answer.value.number.0, url: answer.value.html_url };
            Outcome::Stands(outcome, http(Some(&answer.meta)))
        }
        Err(error) => error.into(),
    }
}

fn description(task: &Task) -> String {
    let (plan, contract) = (&task.plan, task.contract());
    let mut text = format!(
        "Made by a task of the approved class `{}`, version {}, and accepted by its validation.\n\n",
        contract.class, contract.version
    );
    if let Some(evidence) = &task.evidence {
        let _ = writeln!(text, "- {} files, {} lines", evidence.files, evidence.lines);
    }
    for flag in task.judgement.iter().flat_map(|judgement| &judgement.flags) {
        let _ = writeln!(text, "- to be known: {}", code(&flag.to_string()));
    }
    if !contract.validation.required_checks.is_empty() {
        let checks: Vec<_> = contract.validation.required_checks.iter().map(|check| code(check.as_str())).collect();
        let _ = writeln!(text, "- checks passed: {}", checks.join(", "));
    }
    let approved: Vec<_> = plan.approvals.iter().map(|approval| code(&approval.principal)).collect();
    let _ = writeln!(text, "- class approved by {}", approved.join(", "));
    for broken in &task.break_glass {
        let _ = writeln!(text, "- break-glass approval of {}", code(&broken.to_string()));
    }
    if let Some(person) = &plan.caller.person {
        let _ = writeln!(text, "- asked for by {}", code(person));
    }
    if let Some(trigger) = &plan.caller.trigger {
        let _ = writeln!(text, "- because of {}", code(trigger));
    }
    if let Some(url) = task.at_github.as_ref().and_then(|task| task.url.as_deref()) {
        let _ = writeln!(text, "- the agent's session: {url}");
    }
    let _ = write!(
        text,
        "\nTask-Class: {}\nTask-Class-Version: {}\n{KEY_NAME}: {}\n",
        contract.class, contract.version, task.key
    );
    text
}

/// The pull request that an action opened or found, read whole, so that it is watched from now on.
pub(super) fn opened(context: &Context<'_>, task: &Task, number: i64) -> Result<PullView, CallError> {
    let repo = github_repo(&task.plan.repository)?;
    Ok(reading::pull(&context.github.get_pull(&repo, PullNumber(number))?.value))
}

fn number(task: &Task) -> PullNumber {
    PullNumber(task.pull.as_ref().map_or(0, |pull| pull.number))
}

pub(super) fn label(context: &Context<'_>, task: &Task) -> Outcome {
    let labels = &task.contract().labels;
    match github_repo(&task.plan.repository)
        .and_then(|repo| context.github.add_labels(&repo, number(task).into(), labels))
    {
        Ok(answer) => Outcome::Stands(Acted::Done, http(Some(&answer.meta))),
        Err(error) => error.into(),
    }
}

/// Asks the class's reviewers. The author of a pull request cannot review it, and GitHub then refuses the whole request.
pub(super) fn ask_reviewers(context: &Context<'_>, task: &Task) -> Outcome {
    let mut asked = Reviewers { users: Vec::new(), teams: Vec::new() };
    for reviewer in &task.contract().reviewers {
        match reviewer {
            Owner::User(login) if login.eq_ignore_ascii_case(&task.plan.token_owner.login) => {}
            Owner::User(login) => asked.users.push(login.clone()),
            Owner::Team { slug, .. } => asked.teams.push(slug.clone()),
        }
    }
    if asked.users.is_empty() && asked.teams.is_empty() {
        return Outcome::Never(
            "the only reviewer is the token's owner, who cannot review their own pull request".to_owned(),
        );
    }
    match github_repo(&task.plan.repository)
        .and_then(|repo| context.github.request_reviewers(&repo, number(task), &asked))
    {
        Ok(answer) => Outcome::Stands(Acted::Done, http(Some(&answer.meta))),
        Err(error) => error.into(),
    }
}

pub(super) fn comment_rejected(context: &Context<'_>, task: &Task, doing: &Doing, head_sha: &str) -> Outcome {
    let contract = task.contract();
    let mut text = format!(
        "This result was **rejected** by the validation of class `{}`, version {}, at commit {}:\n\n",
        contract.class,
        contract.version,
        code(head_sha)
    );
    for reason in task.judgement.iter().flat_map(|judgement| &judgement.reasons) {
        let _ = writeln!(text, "- {} (`{}`)", code(&reason.words()), reason.field());
        let (paths, count) = reason.paths();
        for path in paths {
            let _ = writeln!(text, "  - {}", code(path));
        }
        let more = usize::try_from(count).unwrap_or(usize::MAX).saturating_sub(paths.len());
        if more > 0 {
            let _ = writeln!(text, "  - and {more} more");
        }
    }
    super::comment::mark_repetition(&mut text, doing);
    let _ = write!(text, "\n{KEY_NAME}: {}\n", task.key);
    let number = number(task);
    let sent = github_repo(&task.plan.repository)
        .and_then(|repo| context.github.create_issue_comment(&repo, number.into(), &text));
    match sent {
        Ok(answer) => {
            let url = answer.value.html_url;
            let posted = Acted::Posted { repository: task.plan.repository.to_string(), number: number.0, url };
            Outcome::Stands(posted, http(Some(&answer.meta)))
        }
        Err(error) => error.into(),
    }
}

pub(super) fn close(context: &Context<'_>, task: &Task) -> Outcome {
    let change = UpdatePull { state: Some(OpenState::Closed), ..UpdatePull::default() };
    match github_repo(&task.plan.repository).and_then(|repo| context.github.update_pull(&repo, number(task), &change)) {
        Ok(answer) => Outcome::Stands(Acted::Done, http(Some(&answer.meta))),
        Err(error) => error.into(),
    }
}
