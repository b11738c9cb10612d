//! Whether a well-formed scenario makes sense.

use std::collections::HashSet;

use super::ScenarioError;
use crate::api;
use crate::scenario::{AgentScript, Fault, FaultKind, FileScript, RepositoryScript, Scenario, StepKind, TokenScript};

const OUTCOMES: [&str; 6] = ["completed", "failed", "timed_out", "cancelled", "waiting_for_user", "idle"];
const PAUSES: [&str; 2] = ["waiting_for_user", "idle"];
const CONCLUSIONS: [&str; 7] =
    ["success", "failure", "neutral", "cancelled", "skipped", "timed_out", "action_required"];
const FILE_STATUSES: [&str; 4] = ["added", "removed", "modified", "renamed"];
const ROLES: [&str; 6] = ["admin", "maintain", "write", "triage", "read", "none"];
const STATES: [&str; 4] = ["success", "failure", "error", "pending"];

type Checked = Result<(), ScenarioError>;

fn wrong(at: String, problem: String) -> Checked {
    Err(ScenarioError::Sense { at, problem })
}

fn one_of(at: impl FnOnce() -> String, value: &str, allowed: &[&str]) -> Checked {
    if allowed.contains(&value) {
        return Ok(());
    }
    wrong(at(), format!("`{value}` is unknown; it is one of {}", allowed.join(", ")))
}

/// All that a type cannot say.
pub(super) fn check(scenario: &Scenario) -> Checked {
    let logins: HashSet<&str> = scenario.users.iter().map(|user| user.login.as_str()).collect();
    for (index, token) in scenario.tokens.iter().enumerate() {
        check_token(index, token, &logins)?;
    }
    let mut names = HashSet::new();
    for (index, repository) in scenario.repositories.iter().enumerate() {
        check_repository(index, repository)?;
        if !names.insert(repository.name.to_ascii_lowercase()) {
            return wrong(format!("repositories[{index}].name"), format!("`{}` is there twice", repository.name));
        }
    }
    for (index, agent) in scenario.agents.iter().enumerate() {
        check_agent(&format!("agents[{index}]"), agent)?;
    }
    for (index, fault) in scenario.faults.iter().enumerate() {
        check_fault(&format!("faults[{index}]"), fault)?;
    }
    one_of(|| "limits.secondary_status".to_owned(), &scenario.limits.secondary_status.to_string(), &["403", "429"])
}

fn check_token(index: usize, token: &TokenScript, logins: &HashSet<&str>) -> Checked {
    if !logins.contains(token.login.as_str()) {
        return wrong(
            format!("tokens[{index}].login"),
            format!("no user is called `{}`; add one to users", token.login),
        );
    }
    let prefix = token.kind.prefix();
    if token.token.starts_with(prefix) {
        return Ok(());
    }
    wrong(format!("tokens[{index}].token"), format!("a token of this kind begins with `{prefix}`"))
}

fn check_repository(index: usize, repository: &RepositoryScript) -> Checked {
    let parts: Vec<&str> = repository.name.split('/').collect();
    if parts.len() != 2 || parts.iter().any(|part| part.is_empty()) {
        return wrong(format!("repositories[{index}].name"), format!("`{}` is not `owner/name`", repository.name));
    }
    for (login, role) in &repository.collaborators {
        one_of(|| format!("repositories[{index}].collaborators.{login}"), role, &ROLES)?;
    }
    Ok(())
}

/// An agent's script, wherever it came from.
pub(crate) fn check_agent(at: &str, agent: &AgentScript) -> Checked {
    if agent.jitter > 100 {
        return wrong(format!("{at}.jitter"), "at most 100 percent".to_owned());
    }
    if agent.matches.nth == Some(0) || agent.matches.every == Some(0) {
        return wrong(format!("{at}.match"), "nth and every count from 1".to_owned());
    }
    let sessions = agent.sessions.as_deref().unwrap_or_default();
    if agent.sessions.is_some() && sessions.is_empty() {
        return wrong(format!("{at}.sessions"), "a task has at least one session".to_owned());
    }
    for (index, session) in sessions.iter().enumerate() {
        let at = format!("{at}.sessions[{index}]");
        one_of(|| format!("{at}.outcome"), &session.outcome, &OUTCOMES)?;
        if let Some(pause) = &session.pause {
            one_of(|| format!("{at}.pause.state"), &pause.state, &PAUSES)?;
        }
        check_files(&at, session.files.as_deref().unwrap_or_default())?;
        if let Some(usage) = &session.usage {
            let amounts = [usage.credits.is_some(), usage.nanos.is_some(), usage.premium_requests.is_some()];
            if amounts.into_iter().filter(|given| *given).count() != 1 {
                return wrong(format!("{at}.usage"), "give one of credits, nanos, premium_requests".to_owned());
            }
        }
    }
    for (index, check) in agent.checks.iter().flatten().enumerate() {
        one_of(|| format!("{at}.checks[{index}].conclusion"), &check.conclusion, &CONCLUSIONS)?;
    }
    for (index, status) in agent.statuses.iter().enumerate() {
        one_of(|| format!("{at}.statuses[{index}].state"), &status.state, &STATES)?;
    }
    for (index, step) in agent.later.iter().enumerate() {
        match &step.kind {
            StepKind::Push { files, .. } => check_files(&format!("{at}.later[{index}].do"), files)?,
            StepKind::Status { state, .. } => one_of(|| format!("{at}.later[{index}].do.state"), state, &STATES)?,
            _ => {}
        }
    }
    Ok(())
}

fn check_files(at: &str, files: &[FileScript]) -> Checked {
    for (index, file) in files.iter().enumerate() {
        if let Some(status) = &file.status {
            one_of(|| format!("{at}.files[{index}].status"), status, &FILE_STATUSES)?;
            if status == "renamed" && file.previous_path.is_none() {
                return wrong(format!("{at}.files[{index}]"), "a rename needs its previous_path".to_owned());
            }
        }
    }
    Ok(())
}

/// A fault, wherever it came from.
pub(crate) fn check_fault(at: &str, fault: &Fault) -> Checked {
    if fault.operation != "*" && !api::operations().any(|name| name == fault.operation) {
        let problem = format!("`{}` is not an operation; they are `*` and GitHub's operation ids", fault.operation);
        return wrong(format!("{at}.operation"), problem);
    }
    if fault.nth == 0 || fault.every == 0 {
        return wrong(at.to_owned(), "nth and every count from 1".to_owned());
    }
    match &fault.kind {
        FaultKind::Status { status, .. } if !(400..600).contains(status) => {
            wrong(format!("{at}.do.status"), format!("{status} is not an error"))
        }
        FaultKind::RateLimit { status, .. } => {
            one_of(|| format!("{at}.do.status"), &status.to_string(), &["403", "429"])
        }
        _ => Ok(()),
    }
}
