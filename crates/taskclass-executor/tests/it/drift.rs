//! Tasks that others started are listed, and none of ours is.

use jiff::Timestamp;
use serde_json::json;
use taskclass_executor::{
    Clock as _,
    auditor::{Drift, DriftScope, OutsideKind, drift},
};
use taskclass_github::{ApiUrl, Client, Transport};
use taskclass_sim::{Outcome, Request};

use crate::rig::Rig;

const OTHERS: &str = "users: [{login: octocat, id: 583231}, {login: mallory, id: 99}]\n\
                      tokens:\n\
                      \u{20} - {token: github_pat_simulator, login: octocat, kind: fine_grained_pat, expires_at: 2027-01-01T00:00:00Z}\n\
                      \u{20} - {token: github_pat_mallory, login: mallory, kind: fine_grained_pat, expires_at: 2027-01-01T00:00:00Z}\n";

/// A task that somebody starts without taskclass.
fn somebody_starts(rig: &Rig, token: &str, repository: &str, prompt: &str) -> String {
    let mut request = Request::new("POST", &format!("/agents/repos/{repository}/tasks"))
        .header("authorization", &format!("Bearer {token}"))
        .header("host", "api.github.com")
        .header("content-type", "application/json")
        .header("user-agent", "gh")
        .header("x-github-api-version", "2026-03-10")
        .header("accept", "application/vnd.github+json");
    request.body = json!({ "prompt": prompt }).to_string().into_bytes();
    match rig.sim.borrow_mut().handle(&request, rig.clock.now()) {
        Outcome::Respond(answer) => {
            let value: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
            assert_eq!(answer.status, 201, "{value}");
            value["id"].as_str().unwrap().to_owned()
        }
        Outcome::Dropped { .. } => panic!("dropped"),
    }
}

fn look(rig: &Rig, repositories: &[&str], own: bool, since: Timestamp) -> Drift {
    let api: ApiUrl = "https://api.github.com".parse().unwrap();
    let github = Client::new(Box::new(rig.transport()) as Box<dyn Transport>, api);
    let executor = rig.open();
    let repositories = repositories.iter().map(|name| name.parse().unwrap()).collect();
    drift(&github, executor.ledger(), &DriftScope { repositories, own, since }).unwrap()
}

fn world() -> Rig {
    let rig = Rig::new("");
    *rig.sim.borrow_mut() = taskclass_sim::Sim::new(
        &taskclass_sim::Scenario::from_yaml(&format!("schema: simulation/v1\n{OTHERS}")).unwrap(),
        7,
    );
    rig
}

#[test]
fn only_what_others_started_is_drift() {
    let rig = world();
    let task = rig.bump_to_the_end();
    let begin = rig.clock.now() - jiff::SignedDuration::from_hours(24);
    let nothing = look(&rig, &["acme/svc-orders"], true, begin);
    assert_eq!((nothing.examined, nothing.ours), (1, 1));
    assert!(nothing.outside.is_empty() && nothing.unlooked.is_empty(), "{nothing:?}");

    let key = task.key.as_str();
    let plain = somebody_starts(&rig, "github_pat_mallory", "acme/svc-orders", "Do something");
    let foreign = format!("Raise it\n\nTask-Class-Key: {}\n", "a".repeat(26));
    let unknown = somebody_starts(&rig, "github_pat_simulator", "acme/svc-payments", &foreign);
    let copied =
        somebody_starts(&rig, "github_pat_simulator", "acme/svc-orders", &format!("Again\n\nTask-Class-Key: {key}\n"));
    let found = look(&rig, &["acme/svc-orders"], true, begin);
    assert_eq!((found.examined, found.ours), (4, 1), "{found:?}");
    let of = |id: &str| {
        found.outside.iter().find(|outside| outside.task_id == id).unwrap_or_else(|| panic!("{id}: {found:?}"))
    };
    assert_eq!((of(&plain).kind, of(&plain).creator_id), (OutsideKind::NoKey, Some(99)));
    assert_eq!(of(&plain).repository.as_deref(), Some("acme/svc-orders"));
    assert!(of(&plain).url.is_some() && of(&plain).created_at.is_some());
    assert_eq!(
        (of(&unknown).kind, of(&unknown).key.as_deref()),
        (OutsideKind::UnknownKey, Some("a".repeat(26).as_str()))
    );
    assert_eq!(of(&unknown).creator.as_deref(), Some("octocat"));
    assert_eq!(of(&unknown).repository.as_deref(), Some("acme/svc-payments"), "out of its address");
    assert_eq!((of(&copied).kind, of(&copied).key.as_deref()), (OutsideKind::Duplicate, Some(key)));

    // Without the token's own list only the named repository is looked at; what is older than asked for is not told.
    assert_eq!(look(&rig, &["acme/svc-orders"], false, begin).outside.len(), 2);
    let later = rig.clock.now() + jiff::SignedDuration::from_hours(1);
    assert!(look(&rig, &["acme/svc-orders"], true, later).outside.is_empty());
}

#[test]
fn what_cannot_be_read_is_said_and_not_taken_for_none() {
    let rig = world();
    let found = look(&rig, &["acme/is-not-there", "acme/svc-orders"], false, rig.clock.now());
    assert!(found.outside.is_empty());
    assert_eq!(found.unlooked.len(), 1, "{found:?}");
    assert_eq!(found.unlooked[0].what, "acme/is-not-there");
}

#[test]
fn long_lists_are_read_to_their_end() {
    let rig = world();
    for number in 0..150 {
        somebody_starts(&rig, "github_pat_mallory", "acme/svc-orders", &format!("Task {number}"));
        rig.clock.sleep_until(rig.clock.now() + jiff::SignedDuration::from_secs(30));
    }
    let begin = rig.clock.now() - jiff::SignedDuration::from_hours(24);
    let before = rig.requests("agent-tasks/list-tasks-for-repo");
    let found = look(&rig, &["acme/svc-orders"], false, begin);
    assert_eq!((found.examined, found.outside.len()), (150, 150));
    assert!(rig.requests("agent-tasks/list-tasks-for-repo") - before <= 3);
    let times: Vec<_> = found.outside.iter().map(|outside| outside.created_at).collect();
    assert!(times.is_sorted_by(|a, b| a >= b), "newest first");
}
