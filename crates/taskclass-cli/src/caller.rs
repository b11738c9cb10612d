//! Who and what calls, as far as this machine can say. It goes into the log beside the token's owner, whom GitHub vouches for.

use std::env;

/// The system that calls: a workflow run, or a person at a machine.
pub(crate) fn system() -> String {
    match workflow_run() {
        Some(run) => format!("github-actions {run}"),
        None => format!("terminal {}", person()),
    }
}

/// What led to the call, where the system says so by itself.
pub(crate) fn trigger() -> Option<String> {
    workflow_run()?;
    let event = env::var("GITHUB_EVENT_NAME").ok()?;
    let actor = env::var("GITHUB_ACTOR").unwrap_or_default();
    Some(format!("event {event} by {actor}"))
}

/// `user@machine`.
pub(crate) fn person() -> String {
    let user = env::var("USER").or_else(|_| env::var("LOGNAME")).unwrap_or_else(|_| "unknown".to_owned());
    let machine = std::fs::read_to_string("/etc/hostname").ok();
    let machine = machine.map(|name| name.trim().to_owned()).filter(|name| !name.is_empty());
    format!("{user}@{}", machine.unwrap_or_else(|| "unknown".to_owned()))
}

fn workflow_run() -> Option<String> {
    env::var("GITHUB_ACTIONS").ok().filter(|value| value == "true")?;
    let repository = env::var("GITHUB_REPOSITORY").ok()?;
    let run = env::var("GITHUB_RUN_ID").ok()?;
    Some(format!("{repository}/actions/runs/{run}"))
}
