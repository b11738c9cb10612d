//! Tokens: what each kind may do, and how a refusal reads.

use serde_json::json;
use taskclass_sim::{Request, Response, Sim};

use crate::support::{Bench, REPO, TASKS, TOKEN};

fn bench(token: &str, text: &str) -> Bench {
    let mut bench = Bench::yaml(&format!("tokens: [{{{token}, login: octocat}}]\n{text}"));
    let start = token.find("token: ").unwrap() + 7;
    bench.token = token[start..].split(',').next().unwrap().to_owned();
    bench
}

fn message(response: &Response) -> String {
    response.json().unwrap()["message"].as_str().unwrap().to_owned()
}

#[test]
fn a_wrong_token_is_401() {
    let mut bench = Bench::new();
    let no_token = bench.respond(&Request::new("GET", "/user").header("user-agent", "t"));
    assert_eq!((no_token.status, message(&no_token).as_str()), (401, "Requires authentication"));
    for value in ["Bearer github_pat_other", "Basic x", "github_pat_simulator", "Bearer "] {
        let request = Request::new("GET", "/user").header("user-agent", "t").header("Authorization", value);
        let response = bench.respond(&request);
        assert_eq!((response.status, message(&response).as_str()), (401, "Bad credentials"), "{value}");
    }
    for value in [format!("bearer {TOKEN}"), format!("token {TOKEN}")] {
        let request = Request::new("GET", "/user").header("user-agent", "t").header("Authorization", &value);
        assert_eq!(bench.respond(&request).status, 200);
    }
}

#[test]
fn the_user_is_who_the_token_says() {
    let mut bench = Bench::new();
    let user = bench.read("/user");
    assert_eq!((user["login"].as_str(), user["id"].as_u64()), (Some("octocat"), Some(583_231)));
}

#[test]
fn a_token_ends() {
    let mut bench = bench("token: github_pat_x, kind: fine_grained_pat, expires_at: \"2026-11-21T11:00:00Z\"", "");
    let response = bench.get("/user");
    assert_eq!(response.header("github-authentication-token-expiration"), Some("2026-11-21 11:00:00 UTC"));
    bench.pass(3600);
    assert_eq!(bench.get("/user").status, 401);
}

#[test]
fn installation_tokens_start_nothing() {
    let mut bench = bench("token: ghs_x, kind: installation", "");
    for request in [bench.request("GET", TASKS), bench.request("POST", TASKS).json(&json!({"prompt": "x"}))] {
        let response = bench.respond(&request);
        assert_eq!((response.status, message(&response).as_str()), (403, "Resource not accessible by integration"));
    }
    assert_eq!(bench.get(REPO).status, 200);
    assert_eq!(bench.get("/user").status, 403);
}

#[test]
fn a_missing_permission_is_named() {
    let mut bench =
        bench("token: github_pat_x, kind: fine_grained_pat, permissions: {agent_tasks: read, contents: read}", "");
    assert_eq!(bench.get(TASKS).status, 200);
    assert_eq!(bench.get(REPO).status, 200, "metadata is always there");
    let response = bench.send("POST", TASKS, &json!({"prompt": "x"}));
    assert_eq!(
        (response.status, message(&response).as_str()),
        (403, "Resource not accessible by personal access token")
    );
    assert_eq!(response.header("x-accepted-github-permissions"), Some("agent_tasks=write"));
    let response = bench.get(&format!("{REPO}/pulls"));
    assert_eq!((response.status, response.header("x-accepted-github-permissions")), (403, Some("pull_requests=read")));
}

#[test]
fn classic_tokens_have_scopes() {
    let mut all = bench("token: ghp_x, kind: classic", "");
    let response = all.get(REPO);
    assert_eq!((response.status, response.header("x-oauth-scopes")), (200, Some("repo, read:org, workflow")));
    let mut bench = bench("token: ghp_x, kind: classic, scopes: [gist]", "");
    assert_eq!(bench.get(REPO).status, 404, "without the scope a private repository does not exist");
}

#[test]
fn single_sign_on_stands_before_the_organization() {
    let mut bench = bench("token: github_pat_x, kind: fine_grained_pat, sso_required: [acme]", "");
    for target in [REPO, TASKS, "/orgs/acme/teams/platform/memberships/octocat"] {
        let response = bench.get(target);
        assert_eq!(response.status, 403, "{target}");
        assert!(response.header("x-github-sso").unwrap().starts_with("required; url=https://github.com/orgs/acme/sso"));
    }
    assert_eq!(bench.get("/user").status, 200);
}

#[test]
fn a_token_reaches_only_its_repositories() {
    let mut bench = bench("token: ghu_x, kind: app_user, repositories: [\"acme/svc-*\"]", "");
    assert_eq!(bench.get(REPO).status, 200);
    assert_eq!(bench.get("/repos/acme/docs").status, 404);
    assert_eq!(bench.get("/agents/repos/acme/docs/tasks").status, 404);
    let repos = bench.read("/orgs/acme/repos?per_page=100");
    assert!(repos.as_array().unwrap().iter().all(|repo| repo["name"].as_str().unwrap().starts_with("svc-")));
}

#[test]
fn a_reader_cannot_write() {
    let text = "repositories: [{name: acme/svc-orders, collaborators: {octocat: read}}, {name: acme/hidden, collaborators: {octocat: none}}]\n";
    let mut bench = bench("token: github_pat_x, kind: fine_grained_pat", text);
    assert_eq!(bench.send("POST", TASKS, &json!({"prompt": "x"})).status, 403);
    assert_eq!(bench.get("/repos/acme/hidden").status, 404);
    let issue =
        bench.send("POST", &format!("{REPO}/issues"), &json!({"title": "t", "labels": ["a"], "assignees": ["hubot"]}));
    let issue = issue.json().unwrap();
    assert_eq!((&issue["labels"], &issue["assignees"]), (&json!([]), &json!([])), "dropped without a word");
    let permission = bench.read(&format!("{REPO}/collaborators/octocat/permission"));
    assert_eq!((permission["permission"].as_str(), permission["role_name"].as_str()), (Some("read"), Some("read")));
}

#[test]
fn headers_are_looked_at() {
    let mut bench = Bench::new();
    let version = |version: &str| Request::new("GET", "/user").token(TOKEN).header("X-GitHub-Api-Version", version);
    for known in ["2022-11-28", "2026-03-10"] {
        let response = bench.respond(&version(known));
        assert_eq!((response.status, response.header("x-github-api-version-selected")), (200, Some(known)));
    }
    assert_eq!(bench.respond(&version("2031-01-01")).status, 400);
    let nameless = Request::new("GET", "/user").header("authorization", &format!("Bearer {TOKEN}"));
    assert_eq!(bench.respond(&nameless).status, 403, "no User-Agent");
}

#[test]
fn the_token_is_nowhere() {
    let mut bench = Bench::new();
    let response = bench.send("POST", TASKS, &json!({"prompt": "x"}));
    assert!(!format!("{response:?}").contains(TOKEN));
    assert!(!String::from_utf8_lossy(&response.body).contains(TOKEN));
    let sim: &Sim = &bench.sim;
    assert!(!format!("{sim:?}").contains(TOKEN));
    assert!(!serde_json::to_string(&sim.requests().collect::<Vec<_>>()).unwrap().contains(TOKEN));
    assert!(!format!("{:?}", bench.request("GET", "/user")).contains(TOKEN));
}
