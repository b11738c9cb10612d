//! Who and what calls, as far as this machine can say. It goes into the log beside the token's owner, whom GitHub vouches for.

use std::env;

/// A user name that is longer is none.
const LONGEST: usize = 32;

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

/// `user@machine`, as the operating system knows the user that this process runs as. Where the environment names another one, such as
/// whoever became `root`, that stands behind it: `root@build-7 (USER alice)`. Anybody can write an environment; nobody another's process.
pub(crate) fn person() -> String {
    let machine = std::fs::read_to_string("/etc/hostname").ok();
    let machine = machine.map(|name| name.trim().to_owned()).filter(|name| !name.is_empty());
    told(&user(), machine.as_deref().unwrap_or("unknown"), env::var("USER").or_else(|_| env::var("LOGNAME")).ok())
}

fn told(user: &str, machine: &str, claimed: Option<String>) -> String {
    let plain = |name: &String| {
        let fits = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
        (1..=LONGEST).contains(&name.len()) && name.chars().all(fits)
    };
    match claimed.filter(plain).filter(|claimed| claimed != user) {
        Some(claimed) => format!("{user}@{machine} (USER {claimed})"),
        None => format!("{user}@{machine}"),
    }
}

/// The name of the user that this process runs as; its number where the system has no name for it, as in many containers.
#[cfg(unix)]
fn user() -> String {
    let uid = nix::unistd::getuid();
    let known = nix::unistd::User::from_uid(uid).ok().flatten();
    known.map_or_else(|| format!("uid {uid}"), |user| user.name)
}

#[cfg(not(unix))]
fn user() -> String {
    "unknown".to_owned()
}

fn workflow_run() -> Option<String> {
    env::var("GITHUB_ACTIONS").ok().filter(|value| value == "true")?;
    let repository = env::var("GITHUB_REPOSITORY").ok()?;
    let run = env::var("GITHUB_RUN_ID").ok()?;
    Some(format!("{repository}/actions/runs/{run}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_environment_says_stands_beside_what_the_system_says_and_never_in_its_place() {
        let told = |claimed: Option<&str>| told("root", "vm", claimed.map(str::to_owned));
        assert_eq!(told(None), "root@vm");
        assert_eq!(told(Some("root")), "root@vm");
        assert_eq!(told(Some("alice")), "root@vm (USER alice)");
        for forged in ["", "alice@acme.com", "al ice", "x\u{1b}[2J", &"a".repeat(33)] {
            assert_eq!(told(Some(forged)), "root@vm");
        }
    }

    #[test]
    #[cfg(unix)]
    fn the_system_knows_who_this_is() {
        assert!(!user().is_empty() && user() != "unknown");
    }
}
