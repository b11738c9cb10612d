//! Faults by script, in the core and through the administrative path.

use serde_json::json;
use taskclass_sim::scenario::{Fault, FaultKind, Moment, Span};
use taskclass_sim::{Outcome, Request};

use crate::support::{Bench, CREATE, REPO, TASKS};

fn bench(operation: &str, kind: FaultKind) -> Bench {
    let mut bench = Bench::new();
    bench.sim.add_fault(Fault::nth(operation, 1, kind));
    bench
}

fn create(bench: &mut Bench) -> Outcome {
    let request = bench.request("POST", TASKS).json(&json!({"prompt": "x"}));
    bench.raw(&request)
}

/// The status, or none for a dropped connection; and how many tasks there are then.
fn fate(kind: FaultKind) -> (Option<u16>, usize) {
    let mut bench = bench(CREATE, kind);
    let outcome = create(&mut bench);
    (outcome.response().map(|response| response.status), bench.sim.tasks().len())
}

#[test]
fn before_and_after_the_effect() {
    assert_eq!(fate(FaultKind::LoseResponse {}), (None, 1));
    assert_eq!(fate(FaultKind::Drop {}), (None, 0));
    assert_eq!(fate(FaultKind::Status { status: 502, when: Moment::Before }), (Some(502), 0));
    assert_eq!(fate(FaultKind::Status { status: 502, when: Moment::After }), (Some(502), 1));
    assert_eq!(fate(FaultKind::RateLimit { status: 429, retry_after: Some(7), primary: false }), (Some(429), 0));
    assert_eq!(fate(FaultKind::Sso {}), (Some(403), 0));
    assert_eq!(fate(FaultKind::Forbidden { message: "no".to_owned() }), (Some(403), 0));
}

#[test]
fn a_dropped_connection_says_whether_it_had_its_effect() {
    let mut lost = bench(CREATE, FaultKind::LoseResponse {});
    assert_eq!(create(&mut lost), Outcome::Dropped { committed: true, held: false });
    let mut dropped = bench(CREATE, FaultKind::Drop {});
    assert_eq!(create(&mut dropped), Outcome::Dropped { committed: false, held: false });
    assert!(matches!(create(&mut dropped), Outcome::Respond(_)), "once");
    assert_eq!(dropped.sim.counts().dropped, 1);
    for (when, committed) in [(Moment::Before, false), (Moment::After, true)] {
        let mut held = bench(CREATE, FaultKind::Hold { when });
        assert_eq!(create(&mut held), Outcome::Dropped { committed, held: true });
        assert_eq!(held.sim.tasks().len(), usize::from(committed));
    }
    let mut refused = bench(CREATE, FaultKind::LoseResponse {});
    let request = refused.request("POST", TASKS).json(&json!({}));
    assert_eq!(
        refused.raw(&request),
        Outcome::Dropped { committed: false, held: false },
        "a refusal has no effect to lose"
    );
}

#[test]
fn a_garbled_answer_cannot_be_read() {
    let mut bench = Bench::new();
    bench.sim.add_fault(Fault::nth(CREATE, 1, FaultKind::Garble {}));
    let request = bench.request("POST", TASKS).json(&json!({"prompt": "x"}));
    let outcome = bench.sim.handle(&request, bench.now);
    let response = outcome.response().unwrap();
    assert_eq!((response.status, response.json()), (201, None));
    assert_eq!(bench.sim.tasks().len(), 1);
}

#[test]
fn rate_limits_come_with_and_without_a_word() {
    let answer = |retry_after, primary| {
        let mut bench = bench(CREATE, FaultKind::RateLimit { status: 403, retry_after, primary });
        create(&mut bench).response().unwrap().clone()
    };
    let with = answer(Some(30), false);
    assert_eq!(with.header("retry-after"), Some("30"));
    let without = answer(None, false);
    assert_eq!(without.header("retry-after"), None);
    assert!(without.json().unwrap()["message"].as_str().unwrap().contains("secondary rate limit"));
    assert_ne!(without.header("x-ratelimit-remaining"), Some("0"));
    let primary = answer(None, true);
    assert_eq!(primary.header("x-ratelimit-remaining"), Some("0"));
}

#[test]
fn a_new_task_is_slow_to_show() {
    let mut bench = bench(CREATE, FaultKind::Unlisted { lasts: Span::seconds(90) });
    let id = bench.prompt("x");
    for (passed, expected) in [(0, 0), (89, 0), (1, 1)] {
        bench.pass(passed);
        assert_eq!(bench.read(TASKS)["tasks"].as_array().unwrap().len(), expected);
        assert_eq!(bench.read("/agents/tasks")["tasks"].as_array().unwrap().len(), expected);
    }
    bench.shown(&id);
}

#[test]
fn a_new_task_cannot_be_got_yet() {
    let mut bench = bench(CREATE, FaultKind::NotFound { lasts: Span::seconds(5) });
    let id = bench.prompt("x");
    assert_eq!(bench.get(&format!("{TASKS}/{id}")).status, 404);
    assert_eq!(bench.get(&format!("/agents/tasks/{id}")).status, 404);
    bench.pass(5);
    bench.shown(&id);
}

#[test]
fn the_rest() {
    let mut archived = bench(CREATE, FaultKind::Archived {});
    archived.prompt("x");
    assert!(archived.read(TASKS)["tasks"].as_array().unwrap().is_empty());
    assert_eq!(archived.read(&format!("{TASKS}?is_archived=true"))["tasks"].as_array().unwrap().len(), 1);

    let mut substituted = bench(CREATE, FaultKind::SubstituteModel { model: "cheap-1".to_owned() });
    let id = substituted.task(&json!({"prompt": "x", "model": "claude-opus-4.6"}));
    substituted.pass(60);
    assert_eq!(substituted.shown(&id)["sessions"][0]["model"], "cheap-1");

    let mut stubborn = bench("actions/cancel-workflow-run", FaultKind::IgnoreCancel {});
    let id = stubborn.prompt("x");
    stubborn.pass(60);
    let run = stubborn.read(&format!("{REPO}/actions/runs"))["workflow_runs"][0]["id"].clone();
    let cancel = format!("{REPO}/actions/runs/{run}/cancel");
    assert_eq!(stubborn.send("POST", &cancel, &json!({})).status, 202);
    stubborn.pass(60);
    assert_eq!(stubborn.state(&id), "in_progress");
    assert_eq!(stubborn.send("POST", &cancel, &json!({})).status, 202);
    stubborn.pass(60);
    assert_eq!(stubborn.state(&id), "cancelled", "the second time it listens");

    for (operation, target) in [
        ("agent-tasks/list-tasks-for-repo", TASKS.to_owned()),
        ("issues/list-for-repo", format!("{REPO}/issues")),
        ("checks/list-for-ref", format!("{REPO}/commits/main/check-runs")),
    ] {
        let mut empty = bench(operation, FaultKind::Empty {});
        empty.prompt("x");
        empty.send("POST", &format!("{REPO}/issues"), &json!({"title": "t"}));
        let hidden = empty.get(&target);
        assert_eq!(hidden.status, 200, "{target}");
        if operation == "issues/list-for-repo" {
            assert_eq!(hidden.json().unwrap(), json!([]));
            assert_eq!(empty.read(&target).as_array().unwrap().len(), 1);
        }
    }

    let mut reads = bench("repos/get", FaultKind::Status { status: 503, when: Moment::Before });
    assert_eq!(reads.get(REPO).status, 503);
    assert_eq!(reads.get(REPO).status, 200);
}

#[test]
fn a_fault_can_be_for_one_repository() {
    let mut bench = Bench::yaml("faults: [{operation: \"*\", repository: acme/docs, count: 0, do: {kind: drop}}]\n");
    let docs = bench.request("GET", "/repos/acme/docs");
    assert!(bench.raw(&docs).response().is_none());
    assert_eq!(bench.get(REPO).status, 200);
    assert_eq!(bench.get("/user").status, 200);
}

#[test]
fn the_administrative_path() {
    let mut bench = Bench::new();
    let mut admin = |method: &str, path: &str, body: Option<serde_json::Value>, status: u16| {
        let request = Request::new(method, &format!("/_sim/{path}"));
        let request = body.iter().fold(request, |request, body| request.json(body));
        let response = bench.sim.handle(&request, bench.now).response().unwrap().clone();
        assert_eq!(response.status, status, "{path}: {}", String::from_utf8_lossy(&response.body));
        response.json().unwrap()
    };
    let lose = json!({"operation": CREATE, "do": {"kind": "lose_response"}});
    admin("POST", "faults", Some(lose.clone()), 200);
    admin("POST", "faults", Some(json!([lose])), 200);
    admin("POST", "agents", Some(json!({"sessions": [{"outcome": "failed"}]})), 200);
    admin("POST", "faults", Some(json!({"operation": "nap", "do": {"kind": "drop"}})), 422);
    let wrong = admin("POST", "faults", Some(json!({"operation": CREATE, "do": {"kind": "explode"}})), 422);
    assert!(wrong["message"].as_str().unwrap().contains("explode"), "{wrong}");
    admin("POST", "agents", Some(json!({"sessions": [{"outcome": "won"}]})), 422);
    admin("POST", "advance", Some(json!({"hours": 1})), 422);

    let request = bench.request("POST", TASKS).json(&json!({"prompt": "x"}));
    assert!(bench.raw(&request).response().is_none());
    let mut admin = |method: &str, path: &str, body: serde_json::Value| {
        let request = Request::new(method, &format!("/_sim/{path}")).json(&body);
        bench.sim.handle(&request, bench.now).response().unwrap().json().unwrap()
    };
    assert_eq!(admin("GET", "counts", json!({}))["requests"], 1);
    let moved = admin("POST", "advance", json!({"seconds": 3600}));
    assert_eq!(moved["now"], "2026-11-21T11:00:00Z");
    let tasks = admin("GET", "tasks", json!({}));
    assert_eq!((tasks[0]["prompt"].as_str(), tasks[0]["state"].as_str()), (Some("x"), Some("failed")));
    let requests = admin("GET", "requests", json!({}));
    assert_eq!((requests[0]["operation"].as_str(), &requests[0]["status"]), (Some(CREATE), &json!(null)));
    assert_eq!(requests[0]["body"], "{\"prompt\":\"x\"}");
    assert!(requests.to_string().contains("user-agent") && !requests.to_string().contains("uthorization"));
    admin("DELETE", "faults", json!({}));
    let response = bench.get("/user");
    assert_eq!(response.header("date"), Some("Sat, 21 Nov 2026 11:00:00 GMT"), "the clock stays ahead");
}
