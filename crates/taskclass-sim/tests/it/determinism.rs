//! The same seed and the same requests give the same bytes; and the core is quick.

use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use taskclass_sim::{Outcome, Request, Scenario, Sim};

use crate::support::{REPO, TASKS, TOKEN};

/// A day's story; every outcome in order.
fn story(seed: u64, scenario: &Scenario) -> Vec<Outcome> {
    let mut sim = Sim::new(scenario, seed);
    let start: Timestamp = "2026-11-21T10:00:00Z".parse().unwrap();
    let mut outcomes = Vec::new();
    for step in 0..60_i64 {
        let now = start + SignedDuration::from_secs(step * 97);
        let request = match step % 6 {
            0 => Request::new("POST", TASKS).json(
                &json!({"prompt": format!("Do {step}\nTask-Class-Key: {step}"), "create_pull_request": step % 4 == 0}),
            ),
            1 => Request::new("GET", TASKS),
            2 => Request::new("GET", &format!("{REPO}/pulls?state=all")),
            3 => Request::new("POST", &format!("{REPO}/issues")).json(&json!({"title": step.to_string()})),
            4 => Request::new("GET", &format!("{REPO}/actions/runs")),
            _ => Request::new("GET", "/agents/tasks?sort=created_at"),
        };
        outcomes.push(sim.handle(&request.token(TOKEN), now));
    }
    let ids: Vec<String> = sim.tasks().into_iter().map(|task| task.id).collect();
    let end = start + SignedDuration::from_hours(5);
    outcomes.extend(ids.iter().map(|id| sim.handle(&Request::new("GET", &format!("{TASKS}/{id}")).token(TOKEN), end)));
    outcomes
}

#[test]
fn the_same_seed_gives_the_same_bytes() {
    let scenario = Scenario::from_yaml("schema: simulation/v1\nagents: [{jitter: 30}]\n").unwrap();
    let first = story(7, &scenario);
    assert!(first.iter().all(|outcome| outcome.response().is_some_and(|response| response.status < 300)));
    assert_eq!(first, story(7, &scenario));
    assert_ne!(first, story(8, &scenario));
}

#[test]
fn a_clone_goes_its_own_way() {
    let now: Timestamp = "2026-11-21T10:00:00Z".parse().unwrap();
    let mut sim = Sim::new(&Scenario::default(), 1);
    let create = Request::new("POST", TASKS).token(TOKEN).json(&json!({"prompt": "x"}));
    let mut other = sim.clone();
    assert_eq!(sim.handle(&create, now), other.handle(&create, now));
    other.handle(&create, now);
    assert_eq!((sim.tasks().len(), other.tasks().len()), (1, 2));
}

#[test]
fn it_says_when_it_next_changes() {
    let now: Timestamp = "2026-11-21T10:00:00Z".parse().unwrap();
    let mut sim = Sim::new(&Scenario::default(), 1);
    assert_eq!(sim.next_change(), None);
    sim.handle(&Request::new("POST", TASKS).token(TOKEN).json(&json!({"prompt": "x"})), now);
    let mut moments = Vec::new();
    while let Some(next) = sim.next_change() {
        sim.advance(next);
        moments.push((next.as_second() - now.as_second(), sim.tasks()[0].state.clone()));
    }
    let expected = [(20, "in_progress"), (380, "completed"), (560, "completed"), (560, "completed")];
    assert!(
        moments.iter().map(|(at, state)| (*at, state.as_str())).eq(expected.into_iter().take(moments.len())),
        "{moments:?}"
    );
    assert!(moments.len() >= 3);
}

#[test]
fn time_does_not_go_back() {
    let now: Timestamp = "2026-11-21T10:00:00Z".parse().unwrap();
    let mut sim = Sim::new(&Scenario::default(), 1);
    sim.advance(now);
    let answer = sim.handle(&Request::new("GET", "/user").token(TOKEN), now - SignedDuration::from_hours(5));
    assert_eq!(answer.response().unwrap().header("date"), Some("Sat, 21 Nov 2026 10:00:00 GMT"));
}

/// A month of 200 tasks a day, watched by list: this is here for its size, and that nothing in it grows out of hand shows in the
/// time that the whole suite takes.
#[test]
fn a_month_fits() {
    let mut scenario = Scenario::default();
    scenario.limits.primary_per_hour = 1_000_000;
    let mut sim = Sim::new(&scenario, 3);
    let start: Timestamp = "2026-11-01T00:00:00Z".parse().unwrap();
    let repos = ["svc-orders", "svc-billing", "svc-catalog", "web-shop", "docs"];
    let mut now = start;
    for round in 0..6000_usize {
        now += SignedDuration::from_secs(432);
        let target = format!("/agents/repos/acme/{}/tasks", repos[round % repos.len()]);
        let create = Request::new("POST", &target)
            .token(TOKEN)
            .json(&json!({"prompt": format!("Task {round}"), "create_pull_request": true}));
        assert_eq!(sim.handle(&create, now).response().unwrap().status, 201);
        let since = now - SignedDuration::from_mins(15);
        let list = Request::new("GET", &format!("/agents/tasks?per_page=100&since={since}")).token(TOKEN);
        let listed = sim.handle(&list, now).response().unwrap().json().unwrap();
        assert!((1..=10).contains(&listed["tasks"].as_array().unwrap().len()));
    }
    sim.advance(now + SignedDuration::from_hours(2));
    assert!(sim.tasks().iter().all(|task| task.state == "completed"));
}
