//! The live repository: that it is there, takes work, and is what the class asks for. What cannot be read counts as not met.

use jiff::Timestamp;
use taskclass_github::{ApiErrorKind, CallError, Repository};
use taskclass_spec::model::TaskClass;
use taskclass_spec::{RefName, RepoName};

use super::{Refusal, require, reviewers};
use crate::port::{Github, github_repo, is_answer};

/// What is looked at, and for whom.
pub(crate) struct Look<'a, 'g> {
    pub(crate) github: &'a Github<'g>,
    pub(crate) class: &'a TaskClass,
    pub(crate) repository: &'a RepoName,
    pub(crate) base_ref: &'a RefName,
    /// The token's owner.
    pub(crate) login: &'a str,
    /// The database id that the name stood for when it was last looked at for this very class, if it was.
    pub(crate) known_id: Option<i64>,
    /// Whether its reviewers are asked about as well.
    pub(crate) reviewers: bool,
}

/// What was found. Only without a reason are all facts there.
#[derive(Default)]
pub(crate) struct Seen {
    pub(crate) repository: Option<Repository>,
    pub(crate) base_sha: Option<String>,
    /// When the token ends, as GitHub said beside its answer.
    pub(crate) token_expires: Option<Timestamp>,
    pub(crate) reasons: Vec<Refusal>,
}

/// A refusal by GitHub itself is an answer; all else is no answer, and ends the check.
pub(crate) fn definite<T>(outcome: Result<T, CallError>) -> Result<Result<T, CallError>, CallError> {
    match outcome {
        Ok(value) => Ok(Ok(value)),
        Err(error) if is_answer(&error) => Ok(Err(error)),
        Err(error) => Err(error),
    }
}

/// Checks all of it at once, as far as one thing does not need another.
pub(crate) fn check(look: &Look<'_, '_>) -> Result<Seen, CallError> {
    let mut seen = Seen::default();
    let repo = github_repo(look.repository)?;
    let live = match definite(look.github.get_repo(&repo))? {
        Ok(answer) => {
            seen.token_expires = answer.meta.token.expires;
            answer.value
        }
        Err(error) => {
            seen.reasons.push(unseen(look.repository, &error));
            return Ok(seen);
        }
    };
    // The patterns are about names, so a repository under another name is another repository.
    if live.full_name.parse::<RepoName>().is_ok_and(|name| name == *look.repository) {
        if let Some(was) = look.known_id.filter(|id| *id != live.id.0) {
            let (repository, is) = (look.repository.clone(), live.id.0);
            seen.reasons.push(Refusal::AnotherRepository { repository, was, is });
        }
    } else {
        let now = Some(live.full_name.escape_default().to_string());
        seen.reasons.push(Refusal::Renamed { asked: look.repository.clone(), now });
        return Ok(seen);
    }
    state(look, &live, &mut seen.reasons);
    let base_ref = look.base_ref;
    match definite(look.github.get_branch(&repo, base_ref.as_str()))? {
        Ok(answer) => seen.base_sha = Some(answer.value.commit.sha),
        Err(error) if error.is_not_found() => {
            let (repository, base_ref) = (look.repository.clone(), base_ref.to_string());
            seen.reasons.push(Refusal::NoBaseRef { repository, base_ref });
        }
        Err(error) => seen.reasons.push(Refusal::unreadable("base_ref", &error)),
    }
    if let Some(agent) = &look.class.written().custom_agent {
        let path = format!(".github/agents/{agent}.agent.md");
        match definite(look.github.get_content(&repo, &path, Some(base_ref.as_str())))? {
            Ok(_) => {}
            Err(error) if error.is_not_found() => {
                let (repository, base_ref) = (look.repository.clone(), base_ref.to_string());
                seen.reasons.push(Refusal::NoCustomAgent { repository, path, base_ref });
            }
            Err(error) => seen.reasons.push(Refusal::unreadable("custom_agent", &error)),
        }
    }
    if let Some(required) = &look.class.written().repositories.require {
        seen.reasons.extend(require::unmet(look, required, &live, seen.base_sha.as_deref())?);
    }
    if look.reviewers {
        seen.reasons.extend(reviewers::unable(look, &live)?);
    }
    seen.repository = Some(live);
    Ok(seen)
}

/// Why there is nothing to look at.
fn unseen(repository: &RepoName, error: &CallError) -> Refusal {
    match error.api().map(|api| &api.kind) {
        Some(ApiErrorKind::Redirected) => Refusal::Renamed { asked: repository.clone(), now: None },
        Some(ApiErrorKind::NotFound) => Refusal::NoRepository { repository: repository.clone() },
        _ => Refusal::unreadable("repositories.allow", error),
    }
}

/// Whether it takes work at all.
fn state(look: &Look<'_, '_>, live: &Repository, reasons: &mut Vec<Refusal>) {
    let name = look.repository;
    for (state, how, unknown) in [
        (
            live.archived,
            "archived: it takes no changes; unarchive it in its settings, or deny it in the class",
            "perhaps archived: GitHub does not say",
        ),
        (
            live.disabled,
            "disabled by GitHub: its owner must settle that with GitHub first",
            "perhaps disabled: GitHub does not say",
        ),
    ] {
        match state {
            Some(false) => {}
            Some(true) => reasons.push(Refusal::NotUsable { repository: name.clone(), how }),
            None => reasons.push(Refusal::NotUsable { repository: name.clone(), how: unknown }),
        }
    }
    // What GitHub does not say counts as no.
    if live.permissions.is_none_or(|permissions| !permissions.push) {
        reasons.push(Refusal::NoWriteAccess { login: look.login.to_owned(), repository: name.clone() });
    }
}
