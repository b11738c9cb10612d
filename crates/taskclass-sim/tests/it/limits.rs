//! GitHub's limits, held by the simulator.

use serde_json::json;
use taskclass_sim::{Request, Response};

use crate::support::{Bench, CREATE, REPO, TASKS, TOKEN};

fn number(response: &Response, name: &str) -> i64 {
    response.header(name).unwrap_or_else(|| panic!("no {name}")).parse().unwrap()
}

fn create(bench: &mut Bench) -> Response {
    bench.send("POST", TASKS, &json!({"prompt": "x"}))
}

#[test]
fn eighty_a_minute() {
    let mut bench = Bench::new();
    for _ in 0..80 {
        assert_eq!(create(&mut bench).status, 201);
    }
    let refused = create(&mut bench);
    assert_eq!(refused.status, 403);
    assert!(refused.json().unwrap()["message"].as_str().unwrap().contains("secondary rate limit"));
    assert!(number(&refused, "x-ratelimit-remaining") > 0, "it is not the primary one");
    let wait = number(&refused, "retry-after");
    bench.pass(wait - 1);
    assert_eq!(create(&mut bench).status, 403, "too early");
    bench.pass(1);
    assert_eq!(create(&mut bench).status, 201);
    assert_eq!(bench.sim.tasks().len(), 81, "a refused one starts nothing");
    assert_eq!(bench.sim.counts().limited, 2);
    assert_eq!(bench.sim.requests().filter(|request| request.limited).count(), 2);
}

#[test]
fn five_hundred_an_hour_over_everything_that_writes() {
    let mut bench = Bench::new();
    for round in 0..500 {
        let target = format!("{REPO}/issues");
        let response =
            if round % 2 == 0 { create(&mut bench) } else { bench.send("POST", &target, &json!({"title": "t"})) };
        assert_eq!(response.status, 201);
        bench.pass(1);
    }
    let refused = create(&mut bench);
    assert_eq!(refused.status, 403);
    let wait = number(&refused, "retry-after");
    assert!((3000..=3100).contains(&wait), "{wait}");
    bench.pass(wait);
    assert_eq!(create(&mut bench).status, 201);
}

#[test]
fn limits_are_the_scenarios() {
    let mut bench = Bench::yaml("limits: {content_per_minute: 3, secondary_status: 429, retry_after: false}\n");
    (0..3).for_each(|_| assert_eq!(create(&mut bench).status, 201));
    let refused = create(&mut bench);
    assert_eq!((refused.status, refused.header("retry-after")), (429, None));
    assert_eq!(bench.get("/user").status, 200, "reads go on");
}

#[test]
fn a_secret_limit_shows_only_when_it_strikes() {
    let mut bench = Bench::yaml("limits: {secret_tasks_per_minute: 20}\n");
    (0..20).for_each(|_| assert_eq!(create(&mut bench).status, 201));
    assert_eq!(create(&mut bench).status, 403);
    assert_eq!(bench.send("POST", &format!("{REPO}/issues"), &json!({"title": "t"})).status, 201, "tasks alone");
    bench.pass(60);
    assert_eq!(create(&mut bench).status, 201);
}

#[test]
fn points_are_counted_for_each_endpoint() {
    let mut bench = Bench::new();
    (0..900).for_each(|_| assert_eq!(bench.get("/user").status, 200));
    assert_eq!(bench.get("/user").status, 403);
    assert_eq!(bench.get(REPO).status, 200);
    bench.pass(60);
    assert_eq!(bench.get("/user").status, 200);
}

#[test]
fn the_primary_limit() {
    let mut bench = Bench::yaml("limits: {primary_per_hour: 3}\n");
    for left in [2, 1, 0] {
        let response = bench.get("/user");
        assert_eq!((response.status, number(&response, "x-ratelimit-remaining")), (200, left));
        assert_eq!(number(&response, "x-ratelimit-used"), 3 - left);
        assert_eq!(number(&response, "x-ratelimit-limit"), 3);
        assert_eq!(response.header("x-ratelimit-resource"), Some("core"));
    }
    let refused = bench.get("/user");
    assert_eq!((refused.status, number(&refused, "x-ratelimit-remaining")), (403, 0));
    assert!(
        refused.json().unwrap()["message"].as_str().unwrap().starts_with("API rate limit exceeded for user ID 583231")
    );
    assert_eq!(number(&refused, "x-ratelimit-reset"), bench.now.as_second() + 3600);
    let tasks = bench.get(TASKS);
    assert_eq!((tasks.status, tasks.header("x-ratelimit-resource")), (200, Some("mission_control")));
    let standing = bench.read("/rate_limit");
    assert_eq!(standing["rate"]["remaining"], 0, "asking is free and tells the truth");
    bench.pass(3600);
    assert_eq!(bench.get("/user").status, 200);
}

#[test]
fn limits_are_the_users_not_the_tokens() {
    let mut bench = Bench::yaml(
        "limits: {primary_per_hour: 1}\ntokens: [{token: ghp_a, login: octocat, kind: classic}, {token: ghp_b, login: octocat, kind: classic}, \
         {token: ghp_c, login: hubot, kind: classic}]\n",
    );
    let statuses =
        ["ghp_a", "ghp_b", "ghp_c"].map(|token| bench.respond(&Request::new("GET", "/user").token(token)).status);
    assert_eq!(statuses, [200, 403, 200]);
}

#[test]
fn what_has_not_changed_is_free() {
    let mut bench = Bench::new();
    let first = bench.get(TASKS);
    let tag = first.header("etag").unwrap().to_owned();
    let again = bench.request("GET", TASKS).header("If-None-Match", &tag);
    let response = bench.respond(&again);
    assert_eq!((response.status, response.body.len(), response.header("etag")), (304, 0, Some(tag.as_str())));
    assert_eq!(number(&response, "x-ratelimit-used"), number(&first, "x-ratelimit-used"));
    bench.prompt("x");
    assert_eq!(bench.respond(&again).status, 200);
    assert_eq!(bench.sim.counts().not_modified, 1);
}

#[test]
fn every_response_has_its_headers() {
    let mut bench = Bench::new();
    let mut ids = Vec::new();
    for request in [bench.request("GET", "/user"), bench.request("GET", "/nothing"), Request::new("GET", "/user")] {
        let response = bench.respond(&request);
        assert_eq!(response.header("date"), Some("Sat, 21 Nov 2026 10:00:00 GMT"));
        ids.push(response.header("x-github-request-id").unwrap().to_owned());
    }
    ids.dedup();
    assert_eq!(ids.len(), 3);
    assert_eq!(bench.sim.requests().filter(|request| request.operation == Some(CREATE)).count(), 0);
    assert!(bench.sim.requests().all(|request| !format!("{request:?}").contains(TOKEN)));
}
