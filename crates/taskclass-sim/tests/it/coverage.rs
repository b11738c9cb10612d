//! Every operation of the description answers well at least once, and as described; errors too.

use std::collections::BTreeSet;

use serde_json::json;
use taskclass_sim::Request;

use crate::contract::CONTRACT;
use crate::support::{Bench, REPO, TASKS, TOKEN};

/// One day's use of everything; each response is judged on its way.
fn use_everything() -> BTreeSet<(String, u16)> {
    let mut bench = Bench::yaml(
        "agents: [{pull_request: {mergeable_unknown: 5s}, statuses: [{context: ci/legacy}], later: [\
           {after: 1m, do: {kind: comment, body: Why?, path: Cargo.toml}}, {after: 2m, do: {kind: approve}},\
           {after: 1h, do: {kind: merge}}, {after: 2h, do: {kind: revert}}]}]\n",
    );
    let id = bench.task(&json!({
        "prompt": "Raise serde\n\nTask-Class-Key: K", "model": "gpt-5.3-codex", "custom_agent": "dependency-fixer",
        "create_pull_request": true, "base_ref": "main",
    }));
    let branch_task = bench.prompt("Only a branch");
    bench.pass(30);
    let session = bench.shown(&id)["sessions"][0].clone();
    let head = session["head_ref"].as_str().unwrap().to_owned();
    let runs = bench.read(&format!("{REPO}/actions/runs?branch={head}&event=dynamic"));
    let run = runs["workflow_runs"][0]["id"].as_u64().unwrap();
    let third = bench.prompt("To be stopped");
    bench.pass(25);
    let third_head = bench.shown(&third)["sessions"][0]["head_ref"].as_str().unwrap().to_owned();
    let third_run = bench.read(&format!("{REPO}/actions/runs?branch={third_head}"))["workflow_runs"][0]["id"].clone();
    bench.send("POST", &format!("{REPO}/actions/runs/{third_run}/cancel"), &json!({}));
    bench.pass(600);
    bench.send("POST", &format!("{REPO}/actions/runs/{run}/cancel"), &json!({}));
    for target in [
        TASKS.to_owned(),
        format!("{TASKS}/{id}"),
        "/agents/tasks".to_owned(),
        format!("/agents/tasks/{branch_task}"),
        "/user".to_owned(),
        "/rate_limit".to_owned(),
        REPO.to_owned(),
        "/orgs/acme/repos".to_owned(),
        "/orgs/acme/teams/platform/memberships/octocat".to_owned(),
        format!("{REPO}/branches/main"),
        format!("{REPO}/rules/branches/main"),
        format!("{REPO}/copilot/cloud-agent/configuration"),
        format!("{REPO}/contents/Cargo.toml?ref={head}"),
        format!("{REPO}/contents/src"),
        format!("{REPO}/git/ref/heads/{head}"),
        format!("{REPO}/git/trees/main?recursive=1"),
        format!("{REPO}/commits"),
        format!("{REPO}/commits/main"),
        format!("{REPO}/commits/{}/check-runs", head.replace('/', "%2F")),
        format!("{REPO}/commits/{}/status", head.replace('/', "%2F")),
        format!("{REPO}/commits/{}/statuses", head.replace('/', "%2F")),
        format!("{REPO}/compare/main...{head}"),
        format!("{REPO}/collaborators/octocat/permission"),
        format!("{REPO}/pulls?state=all"),
        format!("{REPO}/pulls/1"),
        format!("{REPO}/pulls/1/files"),
        format!("{REPO}/pulls/1/reviews"),
        format!("{REPO}/pulls/1/comments"),
        format!("{REPO}/issues?state=all"),
        format!("{REPO}/issues/1"),
    ] {
        bench.read(&target);
    }
    let sha = bench.read(&format!("{REPO}/pulls/1"))["head"]["sha"].as_str().unwrap().to_owned();
    let status =
        json!({"state": "success", "context": "taskclass/verdict", "description": "accepted", "target_url": null});
    let branch = bench.shown(&branch_task)["artifacts"][0]["data"]["head_ref"].clone();
    for (method, target, body) in [
        ("POST", format!("{REPO}/statuses/{sha}"), status),
        ("POST", format!("{REPO}/pulls"), json!({"title": "By hand", "head": branch, "base": "main", "body": "b"})),
        ("PATCH", format!("{REPO}/pulls/2"), json!({"title": "By hand, again", "state": "closed"})),
        (
            "POST",
            format!("{REPO}/pulls/1/requested_reviewers"),
            json!({"reviewers": ["hubot"], "team_reviewers": ["platform"]}),
        ),
        (
            "POST",
            format!("{REPO}/issues"),
            json!({"title": "T", "body": "B", "labels": ["agent"], "assignees": ["octocat"]}),
        ),
        ("PATCH", format!("{REPO}/issues/3"), json!({"state": "closed", "state_reason": "not_planned"})),
        ("POST", format!("{REPO}/issues/3/comments"), json!({"body": "c"})),
        ("POST", format!("{REPO}/issues/3/labels"), json!({"labels": ["x"]})),
    ] {
        let response = bench.send(method, &target, &body);
        assert!(response.status < 300, "{target}: {}", String::from_utf8_lossy(&response.body));
        bench.read(&format!("{REPO}/pulls?state=all"));
        bench.read(&format!("{REPO}/issues?state=all"));
    }
    // After the merge and its revert everything still fits.
    bench.pass(3 * 3600);
    for target in [
        "/pulls?state=all",
        "/pulls/1",
        "/pulls/1/reviews",
        "/pulls/1/comments",
        "/pulls/4",
        "/commits",
        "/commits/main",
    ] {
        bench.read(&format!("{REPO}{target}"));
    }
    provoke_errors(&mut bench);
    bench.sim.requests().filter_map(|request| Some((request.operation?.to_owned(), request.status?))).collect()
}

/// 401, 404 and 422 of whatever has them; the judge looks at each body.
fn provoke_errors(bench: &mut Bench) {
    for (method, path) in CONTRACT.operations.values() {
        let nowhere = path
            .replace("{owner}", "acme")
            .replace("{repo}", "svc-orders")
            .replace("{org}", "nobody")
            .replace("{basehead}", "main...nowhere")
            .replace("{pull_number}", "999")
            .replace("{issue_number}", "999")
            .replace("{run_id}", "999");
        let nowhere = nowhere.split('/').map(|part| if part.starts_with('{') { "nowhere" } else { part });
        let nowhere = nowhere.collect::<Vec<_>>().join("/");
        for request in [
            bench.request(method, &nowhere),
            bench.request(method, &nowhere).json(&json!([1])),
            bench
                .request(method, &nowhere)
                .json(&json!({"prompt": 1, "title": [], "state": 7, "body": 5, "head": 1, "labels": 4})),
            Request::new(method, &nowhere).header("user-agent", "t"),
            Request::new(method, &nowhere).token("github_pat_wrong"),
            Request::new(method, &nowhere).token(TOKEN).header("x-github-api-version", "1999-01-01"),
            Request::new(method, &nowhere.replace("svc-orders", "no-such")).token(TOKEN),
        ] {
            bench.raw(&request);
            bench.pass(1);
        }
    }
}

#[test]
fn every_operation_has_a_good_answer() {
    let seen = use_everything();
    let good: BTreeSet<&str> =
        seen.iter().filter(|(_, status)| *status < 300).map(|(operation, _)| operation.as_str()).collect();
    let missing: Vec<&String> = CONTRACT.operations.keys().filter(|id| !good.contains(id.as_str())).collect();
    assert!(missing.is_empty(), "without a good answer: {missing:?}");
    let refused: BTreeSet<&str> =
        seen.iter().filter(|(_, status)| *status == 401).map(|(operation, _)| operation.as_str()).collect();
    let open: Vec<&String> = CONTRACT.operations.keys().filter(|id| !refused.contains(id.as_str())).collect();
    assert!(open.is_empty(), "answered without a token: {open:?}");
}

#[test]
fn what_is_not_there_is_404() {
    let mut bench = Bench::new();
    for request in [
        bench.request("GET", "/"),
        bench.request("GET", "/nothing"),
        bench.request("DELETE", REPO),
        bench.request("PUT", "/user"),
        bench.request("GET", "/repos/acme/svc-orders/nothing"),
        bench.request("GET", "/_sim/nothing"),
    ] {
        let response = bench.respond(&request);
        assert_eq!(response.status, 404, "{request:?}");
        assert_eq!(response.json().unwrap()["message"], "Not Found");
    }
}
