//! Every field that an auditor asks for is there, and filled, over a whole life; and every event of a task says which task it is.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use taskclass_executor::vocab::{State, Verdict};

use crate::registry;
use crate::rig::{Rig, bump};

/// A pull request of a change that the agent opens, which people approve and merge, and take back.
fn life() -> (Rig, Vec<Value>) {
    let class = registry::edited(&[
        ("{name: proof, repositories: 1, repeat: 3, pull_request: never}", "{name: proof, repositories: 1, repeat: 3}"),
        ("create: after_validation", "create: by_agent"),
    ]);
    let later = "    later: [{after: 1h, do: {kind: approve}}, {after: 1h, do: {kind: merge}}]\n";
    let rig = Rig::with(class, &format!("agents:\n  - sessions: [{{}}]\n{later}"));
    let mut executor = rig.open();
    let (_, key) = rig.bump(&mut executor);
    rig.run_for(&mut executor, 4 * 3600);
    let task = &executor.ledger().tasks[&key];
    assert_eq!(task.state, State::Merged, "{:?}", task.judgement);
    // A run that is refused is in the log as well.
    let refused = executor.start_run(&rig.class("dependency-bump"), &bump("other/place"));
    assert!(refused.is_err());
    drop(executor);
    let events = rig.store.all().iter().map(|line| serde_json::from_str(line).unwrap()).collect();
    (rig, events)
}

/// The value at a path, if it says anything.
fn filled<'a>(event: &'a Value, path: &str) -> Option<&'a Value> {
    let value = event.pointer(path)?;
    let empty = match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        _ => false,
    };
    (!empty).then_some(value)
}

#[test]
fn every_field_is_filled_somewhere() {
    let (_rig, events) = life();
    for path in [
        "/schema",
        "/seq",
        "/occurred",
        "/observed",
        "/kind",
        "/run",
        "/key",
        "/attempt",
        "/class",
        "/version",
        "/digest",
        "/prompt_sha256",
        "/inputs_sha256",
        "/model_asked",
        "/models_used/0",
        "/repository",
        "/repository_id",
        "/base_ref",
        "/base_sha",
        "/head_ref",
        "/task_id",
        "/task_url",
        "/session_ids/0",
        "/pull_request",
        "/from",
        "/to",
        "/caller/person",
        "/caller/system",
        "/caller/trigger",
        "/caller/admitted_as",
        "/token_owner/login",
        "/token_owner/id",
        "/approvals/0/principal",
        "/approvals/0/fingerprint",
        "/stage",
        "/data/gate/0/check",
        "/nano_credits",
        "/http_status",
        "/http_request_id",
        "/executor_version",
        "/epoch",
        "/previous",
        "/hash",
    ] {
        assert!(events.iter().any(|event| filled(event, path).is_some()), "no event has {path}");
    }
}

#[test]
fn every_event_of_a_task_says_whose_it_is_and_no_fact_is_lost_again() {
    let (_rig, events) = life();
    let fixed = [
        "/run",
        "/attempt",
        "/class",
        "/version",
        "/digest",
        "/prompt_sha256",
        "/inputs_sha256",
        "/model_asked",
        "/repository",
        "/repository_id",
        "/base_ref",
        "/base_sha",
        "/caller",
        "/token_owner",
        "/approvals",
        "/stage",
        "/to",
        "/executor_version",
        "/epoch",
        "/previous",
        "/hash",
    ];
    let learned =
        ["/task_id", "/task_url", "/session_ids", "/head_ref", "/models_used", "/pull_request", "/nano_credits"];
    let mut known: BTreeMap<&str, &Value> = BTreeMap::new();
    let mut of_task = 0;
    for event in events.iter().filter(|event| event.get("key").is_some()) {
        of_task += 1;
        for path in fixed {
            assert!(filled(event, path).is_some(), "{path} is missing: {event}");
        }
        for path in learned {
            match filled(event, path) {
                Some(value) => drop(known.insert(path, value)),
                None => assert!(!known.contains_key(path), "{path} was known before: {event}"),
            }
        }
        assert_eq!(event.get("from").is_none(), event["kind"] == "planned", "{event}");
    }
    assert!(of_task > 12 && known.len() == learned.len(), "{of_task}, {known:?}");
}

#[test]
fn what_github_answered_stands_with_what_it_led_to() {
    let (_rig, events) = life();
    let with: BTreeSet<&str> = events
        .iter()
        .filter(|event| filled(event, "/http_status").is_some() && filled(event, "/http_request_id").is_some())
        .map(|event| event["kind"].as_str().unwrap())
        .collect();
    for kind in ["accepted", "observed", "acted", "merged"] {
        assert!(with.contains(kind), "{kind} is not among {with:?}");
    }
}

#[test]
fn the_gates_word_is_in_the_log_whether_it_said_yes_or_no() {
    let (_rig, events) = life();
    let find = |kind: &str| events.iter().find(|event| event["kind"] == kind).unwrap();
    let planned = find("planned")["data"]["gate"].as_array().unwrap();
    let names: Vec<&str> = planned.iter().map(|result| result["check"].as_str().unwrap()).collect();
    for check in ["stopped", "token", "caller", "live_repository", "base_ref", "model", "free_reach", "budget"] {
        assert!(names.contains(&check), "{check} is not in {names:?}");
    }
    assert!(planned.iter().all(|result| result["passed"] == true));
    let refused = find("run_refused");
    assert_eq!(
        (&refused["class"], &refused["repository"]),
        (&"dependency-bump".into(), &"other/place".into()),
        "{refused}"
    );
    assert_eq!(refused["caller"]["system"], "a test");
    let reasons = refused["data"]["gate"].as_array().unwrap();
    assert!(reasons.iter().any(|result| result["check"] == "repository" && result["passed"] == false), "{refused}");
    assert!(reasons.iter().all(|result| !result["found"].as_str().unwrap().is_empty()));
}

#[test]
fn no_token_and_no_prompt_is_in_any_line() {
    let (rig, _) = life();
    let text = rig.store.all().join("\n");
    for secret in ["github_pat_", "ghp_", "Bearer", "Done when", "Task-Class-Key:"] {
        assert!(!text.contains(secret), "{secret}");
    }
    assert_ne!(rig.sim.borrow().tasks()[0].prompt.find("Done when"), None, "the prompt has what is looked for");
    let verdict = State::Judged(Verdict::Accepted).to_string();
    assert!(text.contains(&verdict));
}
