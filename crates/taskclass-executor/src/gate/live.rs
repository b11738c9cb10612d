//! The live repository: that it is there, takes work, and is what the class asks for. What cannot be read counts as not met.

use taskclass_github::{ApiErrorKind, BranchRule, CallError, Repository, RuleParameters};
use taskclass_spec::written::{Require, Visibility};
use taskclass_spec::{RefName, RepoName};

use super::{Asked, GateError, Refusal};
use crate::port::{github_repo, is_answer};
use crate::vocab::TokenOwner;

/// What was found.
pub(super) struct Found {
    pub(super) repository: RepoName,
    pub(super) repository_id: i64,
    pub(super) base_sha: String,
}

/// A refusal by GitHub itself is an answer; all else is no answer, and ends the check.
fn definite<T>(outcome: Result<T, CallError>) -> Result<Result<T, CallError>, CallError> {
    match outcome {
        Ok(value) => Ok(Ok(value)),
        Err(error) if is_answer(&error) => Ok(Err(error)),
        Err(error) => Err(error),
    }
}

/// Checks all of it at once, as far as one thing does not need another.
pub(super) fn check(asked: &Asked<'_, '_>, base_ref: &RefName, owner: &TokenOwner) -> Result<Found, GateError> {
    let class = asked.class.get();
    let refused = |reasons: Vec<Refusal>| GateError::Refused(reasons, Some(owner.clone()));
    let asked_for = &asked.request.repository;
    let repo = github_repo(asked_for)?;
    let live = match definite(asked.github.get_repo(&repo))? {
        Ok(answer) => answer.value,
        Err(error) if error.api().is_some_and(|api| api.kind == ApiErrorKind::Redirected) => {
            let renamed = Refusal::Renamed { asked: asked_for.clone(), now: "something else".to_owned() };
            return Err(refused(vec![renamed]));
        }
        Err(_) => return Err(refused(vec![Refusal::NoRepository { repository: asked_for.clone() }])),
    };
    let name = match live.full_name.parse::<RepoName>() {
        // The patterns are about names, so a repository under another name is another repository.
        Ok(name) if name == *asked_for => name,
        _ => {
            let renamed =
                Refusal::Renamed { asked: asked_for.clone(), now: live.full_name.escape_default().to_string() };
            return Err(refused(vec![renamed]));
        }
    };
    let mut reasons = state(&live, &name, owner);
    let base_sha = match definite(asked.github.get_branch(&repo, base_ref.as_str()))? {
        Ok(answer) => Some(answer.value.commit.sha),
        Err(error) if error.is_not_found() => {
            reasons.push(Refusal::NoBaseRef { repository: name.clone(), base_ref: base_ref.to_string() });
            None
        }
        Err(error) => {
            reasons.push(Refusal::Unreadable { field: "base_ref", why: error.to_string() });
            None
        }
    };
    if let Some(agent) = &class.written().custom_agent {
        let path = format!(".github/agents/{agent}.agent.md");
        if definite(asked.github.get_content(&repo, &path, Some(base_ref.as_str())))?.is_err() {
            reasons.push(Refusal::NoCustomAgent { repository: name.clone(), path, base_ref: base_ref.to_string() });
        }
    }
    if let Some(require) = &class.written().repositories.require {
        reasons.extend(required(asked, require, &live, base_ref, base_sha.as_deref())?);
    }
    match base_sha {
        Some(base_sha) if reasons.is_empty() => Ok(Found { repository: name, repository_id: live.id.0, base_sha }),
        _ => Err(refused(reasons)),
    }
}

/// Whether it takes work at all.
fn state(live: &Repository, name: &RepoName, owner: &TokenOwner) -> Vec<Refusal> {
    let mut reasons = Vec::new();
    for (state, how, unknown) in [
        (live.archived, "archived: it takes no changes", "perhaps archived: GitHub does not say"),
        (live.disabled, "disabled by GitHub", "perhaps disabled: GitHub does not say"),
    ] {
        match state {
            Some(false) => {}
            Some(true) => reasons.push(Refusal::NotUsable { repository: name.clone(), how }),
            None => reasons.push(Refusal::NotUsable { repository: name.clone(), how: unknown }),
        }
    }
    // What GitHub does not say counts as no.
    if live.permissions.is_none_or(|permissions| !permissions.push) {
        reasons.push(Refusal::NoWriteAccess { login: owner.login.clone(), repository: name.clone() });
    }
    reasons
}

/// The conditions of `repositories.require`.
fn required(
    asked: &Asked<'_, '_>,
    require: &Require,
    live: &Repository,
    base_ref: &RefName,
    base_sha: Option<&str>,
) -> Result<Vec<Refusal>, GateError> {
    let repo = github_repo(&asked.request.repository)?;
    let mut reasons = Vec::new();
    if let Some(allowed) = &require.visibility {
        let found = live.visibility.as_deref().unwrap_or(if live.private { "private" } else { "public" });
        let allowed: Vec<_> = allowed.iter().map(|visibility| word(*visibility)).collect();
        if !allowed.contains(&found) {
            let what = format!("it is {found}, and the class asks for {}", allowed.join(" or "));
            reasons.push(Refusal::Require { field: "visibility", what });
        }
    }
    if require.required_reviews.is_some() || !require.required_checks.is_empty() {
        let field = "repositories.require.required_reviews and required_checks";
        match definite(
            asked.github.get_branch_rules(&repo, base_ref.as_str()).and_then(|first| asked.github.collect(first, 10)),
        )? {
            Ok(rules) => reasons.extend(by_rules(require, &rules.items, base_ref)),
            Err(error) => reasons.push(Refusal::Unreadable { field, why: error.to_string() }),
        }
    }
    if require.firewall == Some(true) {
        match definite(asked.github.get_cloud_agent_configuration(&repo))? {
            Ok(answer) if answer.value.is_firewall_enabled == Some(true) => {}
            Ok(answer) => {
                let found = if answer.value.is_firewall_enabled == Some(false) { "off" } else { "not known to be on" };
                let what =
                    format!("the cloud agent's firewall is {found}; turn it on in the repository's Copilot settings");
                reasons.push(Refusal::Require { field: "firewall", what });
            }
            Err(error) => {
                reasons.push(Refusal::Unreadable { field: "repositories.require.firewall", why: error.to_string() });
            }
        }
    }
    if let (false, Some(sha)) = (require.absent_paths.is_empty(), base_sha) {
        let field = "repositories.require.absent_paths";
        match definite(asked.github.get_tree(&repo, sha, true))? {
            Ok(answer) => {
                let mut hits = answer.value.tree.iter().filter(|entry| entry.kind != "tree").filter_map(|entry| {
                    require
                        .absent_paths
                        .iter()
                        .find(|pattern| pattern.matches(&entry.path))
                        .map(|pattern| (entry, pattern))
                });
                if let Some((entry, pattern)) = hits.next() {
                    let what = format!("it holds `{}`, which `{pattern}` rules out", entry.path.escape_default());
                    reasons.push(Refusal::Require { field: "absent_paths", what });
                } else if answer.value.truncated {
                    let why = "the repository is too large for GitHub to list whole".to_owned();
                    reasons.push(Refusal::Unreadable { field, why });
                }
            }
            Err(error) => reasons.push(Refusal::Unreadable { field, why: error.to_string() }),
        }
    }
    Ok(reasons)
}

fn by_rules(require: &Require, rules: &[BranchRule], base_ref: &RefName) -> Vec<Refusal> {
    let mut reasons = Vec::new();
    let found = rules.iter().filter_map(|rule| match &rule.parameters {
        RuleParameters::PullRequest(rule) => Some(rule.required_approving_review_count),
        _ => None,
    });
    let found = found.max().unwrap_or(0);
    if let Some(needed) = require.required_reviews.filter(|needed| found < *needed) {
        let what =
            format!("the rules for `{base_ref}` ask for {found} approving reviews, the class for at least {needed}");
        reasons.push(Refusal::Require { field: "required_reviews", what });
    }
    let asked: Vec<&str> = rules
        .iter()
        .filter_map(|rule| match &rule.parameters {
            RuleParameters::RequiredStatusChecks(checks) => Some(checks),
            _ => None,
        })
        .flat_map(|checks| checks.required_status_checks.iter().map(|check| check.context.as_str()))
        .collect();
    let missing: Vec<_> = require
        .required_checks
        .iter()
        .map(taskclass_spec::CheckName::as_str)
        .filter(|name| !asked.contains(name))
        .collect();
    if !missing.is_empty() {
        let what = format!("the rules for `{base_ref}` do not require {}", missing.join(", "));
        reasons.push(Refusal::Require { field: "required_checks", what });
    }
    reasons
}

fn word(visibility: Visibility) -> &'static str {
    match visibility {
        Visibility::Public => "public",
        Visibility::Internal => "internal",
        Visibility::Private => "private",
    }
}
