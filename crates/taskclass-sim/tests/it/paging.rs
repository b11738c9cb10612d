//! Lists of tasks: pages, links, orders, filters.

use serde_json::{Value, json};

use crate::support::{Bench, TASKS, link};

fn ids(body: &Value) -> Vec<String> {
    body["tasks"].as_array().unwrap().iter().map(|task| task["id"].as_str().unwrap().to_owned()).collect()
}

/// Follows `next` to the end.
fn walk(bench: &mut Bench, start: &str) -> Vec<String> {
    let (mut target, mut all, mut page) = (start.to_owned(), Vec::new(), 1);
    loop {
        let response = bench.get(&target);
        assert_eq!(response.status, 200, "{target}");
        all.extend(ids(&response.json().unwrap()));
        assert!(link(&response, "first").is_some(), "first is always there");
        assert_eq!(link(&response, "prev").is_some(), page > 1);
        let (next, last) = (link(&response, "next"), link(&response, "last"));
        assert_ne!(next.is_some(), last.is_some(), "last only on the final page");
        match next {
            Some(next) => target = next,
            None => return all,
        }
        page += 1;
    }
}

fn seven(bench: &mut Bench) -> Vec<String> {
    (0..7)
        .map(|index| {
            bench.pass(10);
            bench.prompt(&format!("task {index}"))
        })
        .collect()
}

#[test]
fn pages_hold_everything_once() {
    let mut bench = Bench::new();
    let made = seven(&mut bench);
    for size in [1, 2, 3, 7, 100] {
        let found = walk(&mut bench, &format!("{TASKS}?sort=created_at&direction=asc&per_page={size}"));
        assert_eq!(found, made, "{size}");
    }
    let mut backwards = made.clone();
    backwards.reverse();
    assert_eq!(walk(&mut bench, &format!("{TASKS}?sort=created_at&per_page=2")), backwards);
    assert_eq!(walk(&mut bench, "/agents/tasks?sort=created_at&per_page=2"), backwards);
    let beyond = bench.read(&format!("{TASKS}?page=9"));
    assert_eq!((ids(&beyond).len(), &beyond["total_active_count"]), (0, &json!(7)));
}

#[test]
fn the_newest_change_comes_first() {
    let mut bench = Bench::yaml("agents: [{match: {prompt: task 0}, sessions: [{queue: 1h}]}]\n");
    let made = seven(&mut bench);
    assert_eq!(ids(&bench.read(TASKS)).first(), made.last());
    bench.pass(3600 - 70);
    bench.pass(10);
    assert_eq!(ids(&bench.read(TASKS)).first(), made.first(), "it has begun just now");
    let since = bench.now.to_string();
    let changed = ids(&bench.read(&format!("{TASKS}?since={since}")));
    assert_eq!(changed, made[..1], "at or after, and nothing older");
}

#[test]
fn lists_carry_no_sessions() {
    let mut bench = Bench::new();
    bench.prompt("a secret thing");
    bench.pass(400);
    let response = bench.get(TASKS);
    let task = response.json().unwrap()["tasks"][0].clone();
    for absent in ["sessions", "prompt", "usage", "model", "error"] {
        assert!(task.get(absent).is_none(), "{absent}");
    }
    let created = bench.send("POST", TASKS, &json!({"prompt": "x"})).json().unwrap();
    assert!(created.get("sessions").is_none());
}

#[test]
fn filters() {
    let mut bench = Bench::yaml(
        "tokens: [{token: github_pat_simulator, login: octocat, kind: fine_grained_pat}, {token: ghp_h, login: hubot, kind: classic}]\n",
    );
    let done = bench.prompt("x");
    bench.pass(400);
    bench.token = "ghp_h".to_owned();
    let theirs = bench.prompt("y");
    bench.token = crate::support::TOKEN.to_owned();
    let list = |bench: &mut Bench, query: &str| ids(&bench.read(&format!("{TASKS}?{query}")));
    assert_eq!(list(&mut bench, "state=completed"), [done.as_str()]);
    assert_eq!(list(&mut bench, "state=queued,in_progress"), [theirs.as_str()]);
    assert_eq!(list(&mut bench, "creator_id=480938"), [theirs.as_str()]);
    assert_eq!(list(&mut bench, "creator_id=480938&creator_id=583231").len(), 2);
    assert_eq!(ids(&bench.read("/agents/tasks")), [done.as_str()], "one's own alone");
    assert!(bench.sim.archive_task(&done));
    assert_eq!(list(&mut bench, ""), [theirs.as_str()]);
    assert_eq!(list(&mut bench, "is_archived=true"), [done.as_str()]);
    let body = bench.read(TASKS);
    assert_eq!((&body["total_active_count"], &body["total_archived_count"]), (&json!(1), &json!(1)));
    assert!(!bench.shown(&done)["archived_at"].is_null());
    for wrong in [
        "per_page=0",
        "per_page=101",
        "page=0",
        "sort=name",
        "direction=up",
        "state=asleep",
        "since=then",
        "is_archived=maybe",
        "creator_id=me",
    ] {
        let response = bench.get(&format!("{TASKS}?{wrong}"));
        assert_eq!(response.status, 422, "{wrong}");
        assert_eq!(response.json().unwrap()["errors"][0]["code"], "invalid");
    }
}

#[test]
fn a_link_keeps_to_the_host_that_was_asked() {
    let mut bench = Bench::new();
    let request = bench.request("GET", TASKS).header("Host", "127.0.0.1:8080");
    let response = bench.respond(&request);
    assert!(
        response
            .header("link")
            .unwrap()
            .starts_with("<http://127.0.0.1:8080/agents/repos/acme/svc-orders/tasks?page=1>")
    );
    let task = bench.send("POST", TASKS, &json!({"prompt": "x"})).json().unwrap();
    assert!(task["url"].as_str().unwrap().starts_with("https://api.github.com/"));
}

#[test]
fn other_lists_are_paged_too() {
    let mut bench = Bench::new();
    let mut names = Vec::new();
    let mut target = "/orgs/acme/repos?sort=full_name&per_page=5".to_owned();
    loop {
        let response = bench.get(&target);
        let page = response.json().unwrap();
        names.extend(page.as_array().unwrap().iter().map(|repo| repo["full_name"].as_str().unwrap().to_owned()));
        let Some(next) = link(&response, "next") else { break };
        target = next;
    }
    assert_eq!(names.len(), 12);
    assert!(names.is_sorted());
}
