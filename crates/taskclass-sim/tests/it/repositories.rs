//! Repositories, rules, contents, issues, and what a request's body must be.

use serde_json::{Value, json};

use crate::support::{Bench, REPO, TASKS};

#[test]
fn a_repository_is_well_kept_by_default() {
    let mut bench = Bench::new();
    let repo = bench.read(REPO);
    assert_eq!((repo["visibility"].as_str(), repo["default_branch"].as_str()), (Some("private"), Some("main")));
    assert_eq!((repo["archived"].as_bool(), repo["permissions"]["push"].as_bool()), (Some(false), Some(true)));
    for branch in ["main", "release/1.0", "release%2F1.0"] {
        assert_eq!(bench.read(&format!("{REPO}/branches/{branch}"))["protected"], true);
        let rules = bench.read(&format!("{REPO}/rules/branches/{branch}"));
        assert_eq!(rules[0]["parameters"]["required_approving_review_count"], 1);
        assert_eq!(
            rules[1]["parameters"]["required_status_checks"],
            json!([{"context": "build"}, {"context": "test"}])
        );
    }
    assert_eq!(bench.get(&format!("{REPO}/branches/nowhere")).status, 404);
    assert_eq!(bench.read(&format!("{REPO}/rules/branches/nowhere")), json!([]));
    assert_eq!(bench.read(&format!("{REPO}/copilot/cloud-agent/configuration"))["is_firewall_enabled"], true);
    assert_eq!(bench.read("/repos/ACME/Svc-Orders")["full_name"], "acme/svc-orders", "case does not matter");
}

#[test]
fn trees_show_what_must_be_absent() {
    let mut bench = Bench::new();
    let paths = |tree: &Value| -> Vec<String> {
        tree["tree"].as_array().unwrap().iter().map(|entry| entry["path"].as_str().unwrap().to_owned()).collect()
    };
    let tree = bench.read("/repos/acme/svc-checkout-prod/git/trees/main?recursive=1");
    assert!(paths(&tree).contains(&"infra/prod/main.tf".to_owned()) && tree["truncated"] == false);
    let top = bench.read(&format!("{REPO}/git/trees/main"));
    assert!(paths(&top).iter().all(|path| !path.contains('/')) && paths(&top).contains(&"src".to_owned()));
    let commit = bench.read(&format!("{REPO}/git/ref/heads/main"))["object"]["sha"].as_str().unwrap().to_owned();
    let tree_sha =
        bench.read(&format!("{REPO}/commits/{commit}"))["commit"]["tree"]["sha"].as_str().unwrap().to_owned();
    assert_eq!(bench.read(&format!("{REPO}/git/trees/{tree_sha}"))["sha"], tree_sha.as_str());
}

#[test]
fn contents() {
    let mut bench = Bench::new();
    let file = bench.read(&format!("{REPO}/contents/.github/agents/dependency-fixer.agent.md"));
    assert_eq!((file["type"].as_str(), file["encoding"].as_str()), (Some("file"), Some("base64")));
    let folder = bench.read(&format!("{REPO}/contents/.github"));
    let names: Vec<_> = folder
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| (entry["name"].as_str().unwrap(), entry["type"].as_str().unwrap()))
        .collect();
    assert_eq!(names, [("agents", "dir"), ("workflows", "dir")]);
    assert_eq!(bench.get(&format!("{REPO}/contents/nowhere.md")).status, 404);
    assert_eq!(bench.get(&format!("{REPO}/contents/README.md?ref=nowhere")).status, 404);
}

#[test]
fn a_former_name_leads_on() {
    let mut bench = Bench::yaml("repositories: [{name: acme/new, id: 77, former_names: [acme/old]}]\n");
    let moved = bench.get("/repos/acme/old/branches/main");
    assert_eq!(
        (moved.status, moved.header("location")),
        (301, Some("https://api.github.com/repositories/77/branches/main"))
    );
    assert_eq!(bench.read("/repositories/77/branches/main")["name"], "main");
    assert_eq!(bench.read("/repositories/77")["full_name"], "acme/new");
    let post = bench.send("POST", "/agents/repos/acme/old/tasks", &json!({"prompt": "x"}));
    assert_eq!(
        (post.status, post.header("location")),
        (307, Some("https://api.github.com/agents/repos/acme/new/tasks"))
    );
    assert!(bench.sim.tasks().is_empty());
}

#[test]
fn a_new_task_is_looked_at() {
    let mut bench = Bench::yaml(
        "repositories: [{name: acme/svc-orders}, {name: acme/old, archived: true}, {name: acme/off, agent_enabled: false}]\nrejected_models: [gpt-5.2-codex]\n",
    );
    let request = bench.request("POST", TASKS);
    let mut broken = request.clone();
    broken.body = b"{".to_vec();
    assert_eq!(bench.respond(&broken).status, 400);
    assert_eq!(bench.respond(&request).status, 400);
    for (body, code) in [
        (json!({}), "missing_field"),
        (json!({"prompt": ""}), "missing_field"),
        (json!({"prompt": 5}), "invalid"),
        (json!({"prompt": "x", "model": null}), "invalid"),
        (json!({"prompt": "x", "create_pull_request": "yes"}), "invalid"),
        (json!({"prompt": "x", "base_ref": "nowhere"}), "invalid"),
        (json!({"prompt": "x", "head_ref": "nowhere"}), "invalid"),
        (json!({"prompt": "x", "model": "gpt-5.2-codex"}), "invalid"),
    ] {
        let response = bench.send("POST", TASKS, &body);
        assert_eq!(response.status, 422, "{body}");
        assert_eq!(response.json().unwrap()["errors"][0]["code"], code, "{body}");
    }
    for (name, status) in [("old", 403), ("off", 403), ("nowhere", 404)] {
        let response = bench.send("POST", &format!("/agents/repos/acme/{name}/tasks"), &json!({"prompt": "x"}));
        assert_eq!(response.status, status, "{name}");
    }
    assert!(bench.sim.tasks().is_empty());
    let id = bench.task(&json!({"prompt": "x", "base_ref": "release/1.0", "head_ref": "main", "unknown_field": 1}));
    bench.pass(60);
    let session = bench.shown(&id)["sessions"][0].clone();
    assert_eq!((session["base_ref"].as_str(), session["head_ref"].as_str()), (Some("release/1.0"), Some("main")));
    let elsewhere = bench.get(&format!("/agents/repos/acme/off/tasks/{id}"));
    assert_eq!(elsewhere.status, 404, "in its own repository only");
}

#[test]
fn issues_and_pull_requests_share_numbers() {
    let mut bench = Bench::new();
    let issue = bench.send(
        "POST",
        &format!("{REPO}/issues"),
        &json!({"title": "T", "body": "key: K", "labels": ["taskclass"]}),
    );
    assert_eq!(issue.header("location"), Some("https://api.github.com/repos/acme/svc-orders/issues/1"));
    bench.task(&json!({"prompt": "x", "create_pull_request": true}));
    bench.pass(60);
    let all = bench.read(&format!("{REPO}/issues?state=all&direction=asc"));
    let kinds: Vec<_> = all
        .as_array()
        .unwrap()
        .iter()
        .map(|issue| (issue["number"].as_u64().unwrap(), issue.get("pull_request").is_some()))
        .collect();
    assert_eq!(kinds, [(1, false), (2, true)]);
    assert_eq!(bench.read(&format!("{REPO}/issues?labels=taskclass")).as_array().unwrap().len(), 1);
    assert_eq!(bench.read(&format!("{REPO}/issues?creator=octocat")).as_array().unwrap().len(), 1);
    bench.send("POST", &format!("{REPO}/issues/2/labels"), &json!({"labels": ["agent"]}));
    assert_eq!(bench.read(&format!("{REPO}/pulls/2"))["labels"][0]["name"], "agent");
    bench.send("POST", &format!("{REPO}/issues/1/comments"), &json!({"body": "hello"}));
    let comments = bench.sim.comments();
    assert_eq!((comments[0].number, comments[0].author.as_str(), comments[0].body.as_str()), (1, "octocat", "hello"));
    bench.send("PATCH", &format!("{REPO}/issues/1"), &json!({"state": "closed"}));
    assert!(bench.read(&format!("{REPO}/issues?labels=taskclass")).as_array().unwrap().is_empty());
    assert_eq!(bench.read(&format!("{REPO}/issues/1"))["state_reason"], "completed");
    assert_eq!(bench.get(&format!("{REPO}/pulls/1")).status, 404, "an issue is no pull request");
}

#[test]
fn issues_can_be_off() {
    let mut bench = Bench::yaml("repositories: [{name: acme/svc-orders, has_issues: false}]\n");
    assert_eq!(bench.send("POST", &format!("{REPO}/issues"), &json!({"title": "t"})).status, 410);
}

#[test]
fn reviewers_must_be_able_to_review() {
    let mut bench = Bench::yaml("repositories: [{name: acme/svc-orders, collaborators: {hubot: none}}]\n");
    bench.task(&json!({"prompt": "x", "create_pull_request": true}));
    bench.pass(400);
    let ask =
        |bench: &mut Bench, body: Value| bench.send("POST", &format!("{REPO}/pulls/1/requested_reviewers"), &body);
    for body in [
        json!({"reviewers": ["hubot"]}),
        json!({"reviewers": ["nobody"]}),
        json!({"team_reviewers": ["nowhere"]}),
        json!({"reviewers": ["Copilot"]}),
    ] {
        assert_eq!(ask(&mut bench, body.clone()).status, 422, "{body}");
    }
    let asked = ask(&mut bench, json!({"team_reviewers": ["platform"]})).json().unwrap();
    assert_eq!(asked["requested_teams"][0]["slug"], "platform");
    assert_eq!(asked["requested_reviewers"][0]["login"], "octocat", "the agent asks its creator");
}

#[test]
fn statuses_replace_one_another_by_context() {
    let mut bench = Bench::new();
    let sha = bench.read(&format!("{REPO}/branches/main"))["commit"]["sha"].as_str().unwrap().to_owned();
    let set = |bench: &mut Bench, body: Value| bench.send("POST", &format!("{REPO}/statuses/{sha}"), &body).status;
    assert_eq!(set(&mut bench, json!({"state": "pending", "context": "taskclass/verdict"})), 201);
    assert_eq!(set(&mut bench, json!({"state": "success", "context": "taskclass/verdict"})), 201);
    assert_eq!(set(&mut bench, json!({"state": "great"})), 422);
    assert_eq!(set(&mut bench, json!({"state": "success", "description": "x".repeat(141)})), 422);
    let combined = bench.read(&format!("{REPO}/commits/{sha}/status"));
    assert_eq!((combined["state"].as_str(), combined["total_count"].as_u64()), (Some("success"), Some(1)));
    assert_eq!(
        bench.send("POST", &format!("{REPO}/statuses/{}", "0".repeat(40)), &json!({"state": "success"})).status,
        422
    );
}

#[test]
fn teams() {
    let mut bench = Bench::yaml(
        "teams: [{organization: acme, slug: t, members: [octocat], maintainers: [hubot], pending: [new]}]\n",
    );
    let mut role = |login: &str| {
        let response = bench.get(&format!("/orgs/acme/teams/t/memberships/{login}"));
        (response.status == 200).then(|| {
            let body = response.json().unwrap();
            format!("{} {}", body["role"].as_str().unwrap(), body["state"].as_str().unwrap())
        })
    };
    assert_eq!(role("octocat").as_deref(), Some("member active"));
    assert_eq!(role("hubot").as_deref(), Some("maintainer active"));
    assert_eq!(role("new").as_deref(), Some("member pending"));
    assert_eq!(role("stranger"), None);
}
