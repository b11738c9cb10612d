//! What agents do, as the API shows it.

use serde_json::{Value, json};

use crate::support::{Bench, REPO};

fn bench(agent: &str) -> Bench {
    Bench::yaml(&format!("agents: [{agent}]\n"))
}

#[test]
fn the_usual_task_ends_well() {
    let mut bench = Bench::new();
    let id = bench.task(&json!({"prompt": "Raise serde", "model": "claude-sonnet-4.6"}));
    let task = bench.shown(&id);
    assert_eq!((task["state"].as_str(), &task["artifacts"]), (Some("queued"), &json!([])));
    assert!(task["sessions"][0].get("head_ref").is_none(), "no branch while it is queued");
    bench.pass(20);
    let task = bench.shown(&id);
    let head = task["sessions"][0]["head_ref"].as_str().unwrap().to_owned();
    assert!(head.starts_with("copilot/raise-serde-"), "{head}");
    assert_eq!(task["state"], "in_progress");
    assert!(task["sessions"][0].get("usage").is_none(), "nothing is said before the end");
    bench.pass(360);
    let task = bench.shown(&id);
    assert_eq!(task["state"], "completed");
    assert_eq!(task["artifacts"][0]["type"], "branch");
    assert_eq!(task["artifacts"][0]["data"], json!({"head_ref": head, "base_ref": "main"}));
    assert_eq!(task["sessions"][0]["usage"], json!({"type": "ai_credits", "amount": 12_400_000_000_u64}));
    assert_eq!(task["sessions"][0]["model"], "claude-sonnet-4.6");
    let compared = bench.read(&format!("{REPO}/compare/main...{head}"));
    let files: Vec<&str> =
        compared["files"].as_array().unwrap().iter().map(|f| f["filename"].as_str().unwrap()).collect();
    assert_eq!(files, ["Cargo.lock", "Cargo.toml"]);
    let sha = compared["commits"][0]["sha"].as_str().unwrap().to_owned();
    let runs = bench.read(&format!("{REPO}/commits/{sha}/check-runs"));
    assert!(
        runs["check_runs"]
            .as_array()
            .unwrap()
            .iter()
            .all(|run| run["status"] == "queued" && run["conclusion"].is_null())
    );
    bench.pass(180);
    let runs = bench.read(&format!("{REPO}/commits/{sha}/check-runs"));
    let ended: Vec<_> =
        runs["check_runs"].as_array().unwrap().iter().map(|r| (r["name"].as_str(), r["conclusion"].as_str())).collect();
    assert_eq!(ended, [(Some("build"), Some("success")), (Some("test"), Some("success"))]);
}

#[test]
fn the_five_classes_stay_in_their_scope() {
    for (class, prefix) in [
        ("release-note-draft", "docs/release-notes/"),
        ("migration-proposal", "docs/proposals/"),
        ("new-service-scaffold", "services/"),
        ("test-modernization", "tests/"),
        ("dependency-bump", "Cargo."),
    ] {
        let mut bench = Bench::new();
        let id = bench.prompt(&format!("Do it.\n\nTask-Class: {class}\nTask-Class-Key: K\n"));
        bench.pass(3600);
        let task = bench.shown(&id);
        assert_eq!(task["state"], "completed", "{class}");
        let head = task["artifacts"][0]["data"]["head_ref"].as_str().unwrap().to_owned();
        let compared = bench.read(&format!("{REPO}/compare/main...{head}"));
        let files = compared["files"].as_array().unwrap();
        assert!(
            !files.is_empty() && files.iter().all(|file| file["filename"].as_str().unwrap().starts_with(prefix)),
            "{class}"
        );
    }
}

#[test]
fn a_pull_request_is_a_draft_with_the_trailers() {
    let mut bench = Bench::new();
    let prompt = "Raise serde\n\nDo it well.\n\nTask-Class: dependency-bump\nTask-Class-Key: abc123\n";
    let id = bench.task(&json!({"prompt": prompt, "create_pull_request": true}));
    bench.pass(30);
    let artifact = bench.shown(&id)["artifacts"][0].clone();
    assert_eq!(artifact["type"], "pull");
    let open = bench.read(&format!("{REPO}/pulls"));
    assert_eq!(open[0]["id"], artifact["data"]["id"]);
    assert_eq!(open[0]["node_id"], artifact["data"]["global_id"]);
    assert_ne!(open[0]["number"], open[0]["id"]);
    assert_eq!((open[0]["draft"].as_bool(), open[0]["title"].as_str()), (Some(true), Some("[WIP] Raise serde")));
    let early = bench.read(&format!("{REPO}/pulls/1"));
    assert_eq!(early["changed_files"], 0);
    bench.pass(352);
    let pull = bench.read(&format!("{REPO}/pulls/1"));
    assert!(pull["mergeable"].is_null(), "not known at once");
    assert_eq!((pull["title"].as_str(), pull["changed_files"].as_u64()), (Some("Raise serde"), Some(2)));
    assert_eq!((pull["additions"].as_u64(), pull["deletions"].as_u64()), (Some(7), Some(5)));
    assert!(pull["body"].as_str().unwrap().ends_with("Task-Class: dependency-bump\nTask-Class-Key: abc123"));
    assert_eq!((pull["user"]["login"].as_str(), pull["user"]["type"].as_str()), (Some("Copilot"), Some("Bot")));
    assert_ne!(pull["head"]["sha"], early["head"]["sha"]);
    let sha = pull["head"]["sha"].as_str().unwrap().to_owned();
    let message = bench.read(&format!("{REPO}/commits/{sha}"))["commit"]["message"].as_str().unwrap().to_owned();
    for line in ["Task-Class-Key: abc123", "Agent-Logs-Url: https://", "Co-authored-by: octocat <"] {
        assert!(message.lines().any(|found| found.starts_with(line)), "{message}");
    }
    bench.pass(10);
    assert_eq!(bench.read(&format!("{REPO}/pulls/1"))["mergeable"], true);
    let head = pull["head"]["ref"].as_str().unwrap().to_owned();
    assert_eq!(bench.read(&format!("{REPO}/pulls?head=acme:{head}&state=all&base=main")).as_array().unwrap().len(), 1);
    assert!(bench.read(&format!("{REPO}/pulls?head=acme:other")).as_array().unwrap().is_empty());
}

#[test]
fn sessions_end_as_scripted() {
    for (script, after, state) in [
        ("{outcome: failed, error: boom}", 400, "failed"),
        ("{outcome: cancelled}", 400, "cancelled"),
        ("{outcome: idle}", 400, "idle"),
        ("{outcome: waiting_for_user}", 400, "waiting_for_user"),
        ("{outcome: timed_out}", 20 + 59 * 60 - 1, "in_progress"),
        ("{outcome: timed_out}", 20 + 59 * 60, "timed_out"),
        ("{work: 3h}", 20 + 59 * 60, "timed_out"),
        ("{queue: 2h}", 7199, "queued"),
        ("{queue: 2h}", 7200, "in_progress"),
    ] {
        let mut bench = bench(&format!("{{sessions: [{script}]}}"));
        let id = bench.prompt("x");
        bench.pass(after);
        assert_eq!(bench.state(&id), state, "{script} after {after}");
    }
    let mut bench = bench("{sessions: [{outcome: failed, error: boom}]}");
    let id = bench.prompt("x");
    bench.pass(400);
    let session = bench.shown(&id)["sessions"][0].clone();
    assert_eq!(session["error"]["message"], "boom");
    assert_eq!(bench.shown(&id)["artifacts"], json!([]), "a failure leaves nothing by itself");
    assert_eq!(session["completed_at"], "2026-11-21T10:06:20Z");
}

#[test]
fn a_task_waits_and_goes_on() {
    let mut bench = bench("{sessions: [{work: 10m, pause: {state: waiting_for_user, after: 2m, for: 1h}}]}");
    let id = bench.prompt("x");
    let mut seen = Vec::new();
    for at in [19, 21, 139, 140, 140 + 3599, 140 + 3600, 140 + 3600 + 479, 140 + 3600 + 480] {
        bench.pass(at - seen.last().map_or(0, |(at, _)| *at));
        seen.push((at, bench.state(&id)));
    }
    let states: Vec<&str> = seen.iter().map(|(_, state)| state.as_str()).collect();
    let expected = [
        "queued",
        "in_progress",
        "in_progress",
        "waiting_for_user",
        "waiting_for_user",
        "in_progress",
        "in_progress",
        "completed",
    ];
    assert_eq!(states, expected);
}

#[test]
fn a_task_comes_back_to_life() {
    let mut bench = bench("{sessions: [{outcome: failed}, {after: 1h, work: 3m, usage: {credits: 2}}]}");
    let id = bench.task(&json!({"prompt": "x", "create_pull_request": true}));
    bench.pass(380);
    assert_eq!(bench.state(&id), "failed");
    bench.pass(3600);
    let task = bench.shown(&id);
    assert_eq!((task["state"].as_str(), task["session_count"].as_u64()), (Some("queued"), Some(2)));
    bench.pass(200);
    let task = bench.shown(&id);
    assert_eq!(task["state"], "completed");
    assert_eq!(task["sessions"][0]["head_ref"], task["sessions"][1]["head_ref"]);
    assert_eq!(task["sessions"][1]["usage"]["amount"], 2_000_000_000_u64);
}

#[test]
fn a_word_to_the_agent_starts_a_session() {
    let mut bench = Bench::new();
    let id = bench.task(&json!({"prompt": "x", "create_pull_request": true}));
    bench.pass(400);
    bench.send("POST", &format!("{REPO}/issues/1/comments"), &json!({"body": "@copilot and the docs"}));
    let task = bench.shown(&id);
    assert_eq!(task["state"], "queued");
    assert_eq!(task["sessions"][1]["prompt"], "@copilot and the docs");
    let old = bench.read(&format!("{REPO}/pulls/1"))["head"]["sha"].clone();
    bench.pass(400);
    assert_ne!(bench.read(&format!("{REPO}/pulls/1"))["head"]["sha"], old);
    bench.send("PATCH", &format!("{REPO}/pulls/1"), &json!({"state": "closed"}));
    bench.send("POST", &format!("{REPO}/issues/1/comments"), &json!({"body": "@copilot still there?"}));
    assert_eq!(bench.state(&id), "completed", "not once it is closed");
}

#[test]
fn a_task_goes_on_with_an_open_pull_request() {
    let mut bench = Bench::new();
    bench.task(&json!({"prompt": "first", "create_pull_request": true}));
    bench.pass(400);
    let before = bench.read(&format!("{REPO}/pulls/1"));
    bench.send("PATCH", &format!("{REPO}/pulls/1"), &json!({"title": "A person's title"}));
    let second = bench.task(&json!({"prompt": "second", "head_ref": before["head"]["ref"], "base_ref": "main"}));
    bench.pass(400);
    let after = bench.read(&format!("{REPO}/pulls/1"));
    assert_eq!(bench.shown(&second)["artifacts"][0]["data"]["id"], after["id"]);
    assert_ne!(after["head"]["sha"], before["head"]["sha"]);
    assert_eq!(after["title"], "A person's title");
    assert_eq!(bench.read(&format!("{REPO}/pulls?state=all")).as_array().unwrap().len(), 1);
}

#[test]
fn models_and_usage_have_their_quirks() {
    let session = |script: &str, body: Value| {
        let mut bench = bench(&format!("{{sessions: [{script}]}}"));
        let id = bench.task(&body);
        bench.pass(400);
        bench.shown(&id)["sessions"][0].clone()
    };
    let auto = session("{usage: null}", json!({"prompt": "x"}));
    assert_eq!(auto["model"], "gpt-5.3-codex");
    assert!(auto.get("usage").is_none());
    let quirk = session("{model: \"sweagent-capi:{model}\"}", json!({"prompt": "x", "model": "claude-opus-4.6"}));
    assert_eq!(quirk["model"], "sweagent-capi:claude-opus-4.6");
    let other =
        session("{model: cheap-1, usage: {premium_requests: 1.5}}", json!({"prompt": "x", "model": "claude-opus-4.6"}));
    assert_eq!(
        (other["model"].as_str(), &other["usage"]),
        (Some("cheap-1"), &json!({"type": "premium_requests", "amount": 1.5}))
    );
}

#[test]
fn usage_can_sit_in_the_wrong_field() {
    let mut bench = bench("{sessions: [{usage: {nanos: 7, field: credits}}]}");
    let id = bench.prompt("x");
    bench.pass(400);
    // The description does not know this one, so the judge must not see it.
    let request = bench.request("GET", &format!("{}/{id}", crate::support::TASKS));
    let outcome = bench.sim.handle(&request, bench.now);
    let task = outcome.response().unwrap().json().unwrap();
    assert_eq!(task["sessions"][0]["usage"], json!({"type": "ai_credits", "credits": 7}));
}

#[test]
fn usage_can_grow_as_it_goes() {
    let mut bench = bench("{sessions: [{work: 10m, usage: {credits: 10, live: true}}]}");
    let id = bench.prompt("x");
    bench.pass(20 + 300);
    assert_eq!(bench.shown(&id)["sessions"][0]["usage"]["amount"], 5_000_000_000_u64);
    bench.pass(3600);
    assert_eq!(bench.shown(&id)["sessions"][0]["usage"]["amount"], 10_000_000_000_u64);
}

fn run_of(bench: &mut Bench, id: &str) -> Value {
    let head = bench.shown(id)["sessions"][0]["head_ref"].as_str().unwrap().to_owned();
    let runs = bench.read(&format!("{REPO}/actions/runs?branch={head}&event=dynamic&created=>=2026-11-21T10:00:00Z"));
    assert_eq!(runs["total_count"].as_u64().unwrap(), runs["workflow_runs"].as_array().unwrap().len() as u64);
    runs["workflow_runs"].clone()
}

#[test]
fn cancelling_the_run_stops_the_task() {
    for (script, answer, run_status, state_soon, state_late) in [
        ("{}", 202, "completed", "cancelled", "cancelled"),
        ("{on_cancel: leaves_task}", 202, "completed", "in_progress", "timed_out"),
        ("{on_cancel: ignored}", 202, "in_progress", "in_progress", "completed"),
        ("{on_cancel: conflict}", 409, "in_progress", "in_progress", "completed"),
    ] {
        let mut bench = bench(&format!("{{run: {script}}}"));
        let id = bench.prompt("x");
        bench.pass(60);
        let run = run_of(&mut bench, &id)[0].clone();
        assert_eq!(
            (run["path"].as_str(), run["status"].as_str()),
            (Some("dynamic/copilot-swe-agent/copilot"), Some("in_progress"))
        );
        let cancel = format!("{REPO}/actions/runs/{}/cancel", run["id"]);
        assert_eq!(bench.send("POST", &cancel, &json!({})).status, answer, "{script}");
        assert_eq!(bench.state(&id), "in_progress", "only its own state says that it has stopped");
        bench.pass(10);
        assert_eq!(run_of(&mut bench, &id)[0]["status"], run_status, "{script}");
        assert_eq!(bench.state(&id), state_soon, "{script}");
        bench.pass(3600);
        assert_eq!(bench.state(&id), state_late, "{script}");
        assert_eq!(bench.send("POST", &cancel, &json!({})).status, 409, "it has ended");
    }
}

#[test]
fn a_cancelled_session_used_its_share() {
    let mut bench = bench("{sessions: [{work: 10m, usage: {credits: 10}}]}");
    let id = bench.prompt("x");
    bench.pass(20 + 55);
    let run = run_of(&mut bench, &id)[0]["id"].clone();
    bench.send("POST", &format!("{REPO}/actions/runs/{run}/cancel"), &json!({}));
    bench.pass(60);
    assert_eq!(bench.shown(&id)["sessions"][0]["usage"]["amount"], 1_000_000_000_u64);
}

#[test]
fn runs_can_be_none_or_many() {
    for (script, expected) in [("{count: 0}", 0), ("{count: 2}", 2), ("{reviewer: true}", 2)] {
        let mut bench = bench(&format!("{{run: {script}}}"));
        let id = bench.prompt("x");
        bench.pass(60);
        assert_eq!(run_of(&mut bench, &id).as_array().unwrap().len(), expected, "{script}");
    }
}

#[test]
fn checks_can_fail_or_wait_or_never_come() {
    let mut bench = bench(
        "{checks: [{name: build, conclusion: failure}, {name: test, conclusion: action_required, after: 0s}, {name: slow, after: null}],\
          statuses: [{context: legacy, state: error, after: 10s}]}",
    );
    let id = bench.prompt("x");
    bench.pass(380);
    let head = bench.shown(&id)["artifacts"][0]["data"]["head_ref"].as_str().unwrap().replace('/', "%2F");
    assert_eq!(
        bench.read(&format!("{REPO}/commits/{head}/status"))["state"],
        "pending",
        "none is pending, not success"
    );
    bench.pass(86_400);
    let runs = bench.read(&format!("{REPO}/commits/{head}/check-runs"));
    let ends: Vec<_> = runs["check_runs"]
        .as_array()
        .unwrap()
        .iter()
        .map(|run| (run["status"].as_str().unwrap(), run["conclusion"].as_str()))
        .collect();
    assert_eq!(ends, [("completed", Some("failure")), ("completed", Some("action_required")), ("queued", None)]);
    let waiting = bench.read(&format!("{REPO}/commits/{head}/check-runs?status=queued"));
    assert_eq!(waiting["total_count"], 1);
    assert_eq!(bench.read(&format!("{REPO}/commits/{head}/status"))["state"], "failure");
}

#[test]
fn workflows_wait_where_the_repository_says_so() {
    let mut bench = Bench::yaml(
        "repositories: [{name: acme/svc-orders, require_actions_workflow_approval: true}]\nagents: [{checks: [{name: build}, {name: scan, app: scanner}]}]\n",
    );
    let id = bench.prompt("x");
    bench.pass(600);
    let head = bench.shown(&id)["artifacts"][0]["data"]["head_ref"].as_str().unwrap().replace('/', "%2F");
    let runs = bench.read(&format!("{REPO}/commits/{head}/check-runs"));
    let ends: Vec<_> = runs["check_runs"].as_array().unwrap().iter().map(|run| run["conclusion"].as_str()).collect();
    assert_eq!(ends, [Some("action_required"), Some("success")]);
    assert_eq!(
        bench.read(&format!("{REPO}/copilot/cloud-agent/configuration"))["require_actions_workflow_approval"],
        true
    );
}

#[test]
fn people_review_merge_and_revert() {
    let mut bench = bench(
        "{later: [{after: 10m, do: {kind: request_changes, body: no}}, {after: 20m, do: {kind: push, files: [{path: b, additions: 2}]}, by: octocat},\
          {after: 30m, do: {kind: approve}}, {after: 40m, do: {kind: merge}}, {after: 10h, do: {kind: revert}}]}",
    );
    let id = bench.task(&json!({"prompt": "x\nTask-Class-Key: K", "create_pull_request": true}));
    bench.pass(380);
    let first = bench.read(&format!("{REPO}/pulls/1"))["head"]["sha"].clone();
    bench.pass(1860);
    let reviews = bench.read(&format!("{REPO}/pulls/1/reviews"));
    assert_eq!((reviews[0]["state"].as_str(), &reviews[0]["commit_id"]), (Some("CHANGES_REQUESTED"), &first));
    assert_eq!((reviews[1]["state"].as_str(), reviews[1]["user"]["login"].as_str()), (Some("APPROVED"), Some("hubot")));
    assert_ne!(reviews[1]["commit_id"], first, "after the push");
    assert_eq!(bench.read(&format!("{REPO}/pulls/1"))["changed_files"], 3);
    bench.pass(600);
    let merged = bench.read(&format!("{REPO}/pulls/1"));
    assert_eq!((merged["merged"].as_bool(), merged["state"].as_str()), (Some(true), Some("closed")));
    let on_main = bench.read(&format!("{REPO}/commits?sha=main"))[0].clone();
    assert_eq!(on_main["sha"], merged["merge_commit_sha"]);
    assert!(on_main["commit"]["message"].as_str().unwrap().ends_with("Task-Class-Key: K"));
    assert_eq!(bench.read(&format!("{REPO}/pulls/1/files")).as_array().unwrap().len(), 3, "files stay after the merge");
    bench.pass(10 * 3600);
    let newest = bench.read(&format!("{REPO}/commits?sha=main"))[0]["commit"]["message"].as_str().unwrap().to_owned();
    let merge = merged["merge_commit_sha"].as_str().unwrap();
    assert!(
        newest.starts_with("Revert \"x\" (#2)") && newest.contains(&format!("This reverts commit {merge}.")),
        "{newest}"
    );
    assert_eq!(
        bench.read(&format!("{REPO}/pulls/2"))["body"].as_str().unwrap().lines().next(),
        Some("Reverts acme/svc-orders#1")
    );
    assert_eq!(bench.state(&id), "completed");
}

#[test]
fn a_pull_request_opened_by_hand_has_its_later_life() {
    let mut bench = bench("{later: [{after: 1h, do: {kind: merge, squash: false}}]}");
    let id = bench.prompt("x");
    bench.pass(400);
    let head = bench.shown(&id)["artifacts"][0]["data"]["head_ref"].clone();
    bench.pass(7200);
    let opened = bench.send(
        "POST",
        &format!("{REPO}/pulls"),
        &json!({"title": "t", "head": head, "base": "main", "draft": true}),
    );
    assert_eq!(opened.status, 201);
    assert_eq!(bench.shown(&id)["artifacts"][0]["type"], "branch", "the artifact stays what it was");
    let again = bench.send("POST", &format!("{REPO}/pulls"), &json!({"title": "t", "head": head, "base": "main"}));
    assert_eq!(again.status, 422);
    assert!(
        again.json().unwrap()["errors"][0]["message"]
            .as_str()
            .unwrap()
            .starts_with("A pull request already exists for")
    );
    bench.pass(3600);
    let pull = bench.read(&format!("{REPO}/pulls/1"));
    assert_eq!(pull["merged"], true);
    let merge = pull["merge_commit_sha"].as_str().unwrap().to_owned();
    assert_eq!(bench.read(&format!("{REPO}/commits/{merge}"))["parents"].as_array().unwrap().len(), 2);
}

#[test]
fn scripts_are_chosen_by_repository_prompt_model_and_count() {
    let mut bench = Bench::yaml(
        "agents:\n  - {match: {prompt: second, nth: 2}, sessions: [{outcome: failed}]}\n  - {match: {repository: acme/docs}, sessions: [{outcome: idle}]}\n  \
         - {match: {model: m2}, sessions: [{outcome: cancelled}]}\n",
    );
    let first = bench.prompt("second");
    let second = bench.prompt("second");
    let third = bench.prompt("second");
    let model = bench.task(&json!({"prompt": "x", "model": "m2"}));
    let docs =
        bench.send("POST", "/agents/repos/acme/docs/tasks", &json!({"prompt": "x"})).json().unwrap()["id"].clone();
    bench.pass(400);
    let states = [&first, &second, &third, &model].map(|id| bench.state(id));
    assert_eq!(states, ["completed", "failed", "completed", "cancelled"]);
    let docs = bench.read(&format!("/agents/tasks/{}", docs.as_str().unwrap()));
    assert_eq!(docs["state"], "idle");
}
