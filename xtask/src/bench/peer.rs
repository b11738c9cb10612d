//! Beside the loop that users write today: submit, repeat what failed, then GET each task every ten seconds until it has ended or an
//! hour has passed. Both sides meet the same agents and the same faults, in virtual time.

use std::{collections::BTreeSet, path::Path};

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use taskclass_executor::{Clock as _, Ledger, vocab::State};
use taskclass_github::{Headers, Method, Purpose, Request, Response, SendError, Transport as _};
use taskclass_storm::{
    registry,
    rig::{Rig, ToSim, bump},
};

use super::{run::grouped, table::Table};

/// How many repositories get one task each.
const REPOSITORIES: usize = 50;
/// How long both sides may take in all.
const HOURS: i64 = 24;
/// What the loop does.
const EVERY: SignedDuration = SignedDuration::from_secs(10);
const GIVES_UP_AFTER: SignedDuration = SignedDuration::from_hours(1);
const TRIES: u32 = 3;

/// Agents of whom some take long, some ask a person, some fail; and a network and a GitHub on an ordinary bad day.
const BAD_DAY: &str = "
agents:
  - match: {every: 9}
    sessions: [{work: 50m, queue: 15m}]
  - match: {every: 7}
    sessions: [{work: 6m, pause: {state: waiting_for_user, after: 2m, for: 3h}}]
  - match: {every: 11}
    sessions: [{outcome: failed, error: \"CAPIError: 429\"}]
faults:
  - {operation: agent-tasks/create-task-in-repo, nth: 4, every: 12, count: 0, do: {kind: lose_response}}
  - {operation: agent-tasks/create-task-in-repo, nth: 7, every: 17, count: 0, do: {kind: status, status: 502, when: after}}
  - {operation: agent-tasks/create-task-in-repo, nth: 9, every: 19, count: 0, do: {kind: status, status: 503, when: before}}
  - {operation: agent-tasks/create-task-in-repo, nth: 20, do: {kind: rate_limit, status: 403, retry_after: 60}}
  - {operation: agent-tasks/get-task-by-repo-and-id, nth: 30, every: 40, count: 0, do: {kind: status, status: 502, when: before}}
";

/// What became of it all.
#[derive(Debug, Default, PartialEq, Eq)]
struct Outcome {
    requests: u64,
    /// Those of them that ask for tasks or make them: all that the loop does.
    for_tasks: usize,
    /// Requests that were turned away for their rate.
    limited: u64,
    /// Tasks beyond the first in a repository.
    duplicates: usize,
    /// Tasks at GitHub that this side does not know of.
    lost: usize,
    /// Tasks it gave up as timed out that ended by themselves, or wait for a person's answer.
    false_timeouts: usize,
    /// Runs whose end it saw.
    concluded: usize,
    /// Runs of which it says that a person must decide whether they exist.
    asked: usize,
}

fn names() -> Vec<String> {
    (0..REPOSITORIES).map(|nth| format!("acme/svc-{nth:03}")).collect()
}

fn rig() -> Rig {
    let repositories: String = names().iter().map(|name| format!("  - {{name: {name}}}\n")).collect();
    Rig::with(registry::wide(), &format!("repositories:\n  - {{name: acme/agent-inbox}}\n{repositories}{BAD_DAY}"))
}

/// What the simulator says about the tasks, beside which of them `known` are.
fn judged(rig: &Rig, known: &BTreeSet<String>, given_up: &BTreeSet<String>) -> Outcome {
    let sim = rig.sim.borrow();
    let tasks = sim.tasks();
    let repositories: BTreeSet<&str> = tasks.iter().map(|task| task.repository.as_str()).collect();
    let ended = |state: &str| matches!(state, "completed" | "failed" | "waiting_for_user");
    Outcome {
        requests: sim.counts().requests,
        for_tasks: sim
            .requests()
            .filter(|one| one.operation.is_some_and(|name| name.starts_with("agent-tasks/")))
            .count(),
        limited: sim.counts().limited,
        duplicates: tasks.len() - repositories.len(),
        lost: tasks.iter().filter(|task| !known.contains(&task.id)).count(),
        false_timeouts: tasks.iter().filter(|task| given_up.contains(&task.id) && ended(&task.state)).count(),
        ..Outcome::default()
    }
}

/// One request of the loop, over the same wire as ours.
fn ask(wire: &ToSim, method: Method, path: &str, body: Option<String>) -> Result<Response, SendError> {
    let body = body.map(String::into_bytes);
    let purpose = if method == Method::Get { Purpose::Read } else { Purpose::Unrepeatable };
    let mut headers = Headers::new();
    for (name, value) in
        [("user-agent", "a-loop"), ("accept", "application/vnd.github+json"), ("content-type", "application/json")]
    {
        headers.push(name, value);
    }
    wire.send(&Request { method, path_and_query: path.to_owned(), headers, body, purpose })
}

/// A task as the loop follows it.
struct Followed {
    id: String,
    repository: String,
    since: Timestamp,
}

/// The loop.
fn the_loop() -> Result<Outcome, String> {
    let rig = rig();
    let wire = rig.transport();
    let pause = |by: SignedDuration| rig.clock.sleep_until(rig.clock.now() + by);
    let mut open = Vec::new();
    for repository in names() {
        for _ in 0..TRIES {
            let body = serde_json::json!({ "prompt": "Raise serde to 1.0.230", "model": "gpt-5.3-codex" });
            let answer = ask(&wire, Method::Post, &format!("/agents/repos/{repository}/tasks"), Some(body.to_string()));
            match answer {
                Ok(answer) if answer.status == 201 => {
                    let task: Value = serde_json::from_slice(&answer.body).map_err(|error| error.to_string())?;
                    let id = task["id"].as_str().unwrap_or_default().to_owned();
                    open.push(Followed { id, repository: repository.clone(), since: rig.clock.now() });
                    pause(SignedDuration::from_secs(1));
                    break;
                }
                Ok(answer) if matches!(answer.status, 403 | 429) => {
                    let wait = answer.headers.get("retry-after").and_then(|wait| wait.parse().ok()).unwrap_or(60);
                    pause(SignedDuration::from_secs(wait));
                }
                // As it is written everywhere: what failed is sent again.
                _ => {
                    pause(SignedDuration::from_secs(5));
                }
            }
        }
    }
    let known: BTreeSet<String> = open.iter().map(|task| task.id.clone()).collect();
    let (mut concluded, mut given_up) = (0, BTreeSet::new());
    while !open.is_empty() {
        let mut on = Vec::new();
        for task in open {
            let answer = ask(&wire, Method::Get, &format!("/agents/repos/{}/tasks/{}", task.repository, task.id), None);
            let state = answer.ok().filter(|answer| answer.status == 200).and_then(|answer| {
                let task: Value = serde_json::from_slice(&answer.body).ok()?;
                Some(task["state"].as_str()?.to_owned())
            });
            let ended = state.is_some_and(|s| matches!(s.as_str(), "completed" | "failed" | "timed_out" | "cancelled"));
            if ended {
                concluded += 1;
            } else if rig.clock.now().duration_since(task.since) >= GIVES_UP_AFTER {
                given_up.insert(task.id);
            } else {
                on.push(task);
            }
        }
        open = on;
        pause(EVERY);
    }
    // What the agents do after it has gone home.
    rig.clock.sleep_until(rig.clock.now() + SignedDuration::from_hours(HOURS));
    rig.sim.borrow_mut().advance(rig.clock.now());
    Ok(Outcome { concluded, ..judged(&rig, &known, &given_up) })
}

/// Ours.
fn ours() -> Result<Outcome, String> {
    let rig = rig();
    let mut executor = rig.open();
    let class = rig.class("dependency-bump");
    for repository in names() {
        executor.start_run(&class, &bump(&repository)).map_err(|error| error.to_string())?;
    }
    // Until every task is judged, so that both sides stop where the result is known.
    let end = rig.clock.now() + SignedDuration::from_hours(HOURS);
    let mut done = |ledger: &Ledger, now: Timestamp| {
        let known = |state: &State| matches!(state, State::Judged(_) | State::Unresolved) || state.is_ended();
        now >= end || ledger.tasks.values().all(|task| known(&task.state))
    };
    executor.run_until(&mut done, &mut |_, _| {}).map_err(|error| error.to_string())?;
    let tasks = &executor.ledger().tasks;
    let known = tasks.values().filter_map(|task| task.at_github.as_ref()).map(|task| task.id.clone()).collect();
    let timed_out = tasks.values().filter(|task| !task.expired.is_empty());
    let given_up = timed_out.filter_map(|task| task.at_github.as_ref()).map(|task| task.id.clone()).collect();
    let concluded = tasks.values().filter(|task| matches!(task.state, State::Judged(_))).count();
    let asked = tasks.values().filter(|task| task.state == State::Unresolved).count();
    let requests = rig.sim.borrow().counts().requests;
    rig.clock.sleep_until(rig.clock.now() + SignedDuration::from_hours(HOURS));
    rig.sim.borrow_mut().advance(rig.clock.now());
    Ok(Outcome { requests, concluded, asked, ..judged(&rig, &known, &given_up) })
}

/// Both, side by side.
pub(super) fn run(_: &Path, _: usize) -> Result<Table, String> {
    let title = "50 tasks on a bad day: the loop that users write, and ours";
    let head = [
        "",
        "requests",
        "of them for tasks",
        "turned away",
        "duplicates",
        "lost",
        "false timeouts",
        "ends seen",
        "asks a person",
    ];
    let mut table = Table::new(title, &head);
    for (name, outcome) in [("submit, then GET each task every 10 s", the_loop()?), ("taskclass", ours()?)] {
        let Outcome { requests, for_tasks, limited, duplicates, lost, false_timeouts, concluded, asked } = outcome;
        let count = |number: usize| grouped(number);
        let number = |number: u64| grouped(usize::try_from(number).unwrap_or(usize::MAX));
        table.row([
            name.to_owned(),
            number(requests),
            count(for_tasks),
            number(limited),
            count(duplicates),
            count(lost),
            count(false_timeouts),
            format!("{concluded} of {REPOSITORIES}"),
            count(asked),
        ]);
    }
    table.note(
        "Ours reads results, checks and reviews as well, publishes verdicts, opens pull requests and follows them.",
    );
    table.note("Faults: lost answers, 5xx before and after the effect, a rate limit; agents that take an hour or wait for a person.");
    Ok(table)
}
