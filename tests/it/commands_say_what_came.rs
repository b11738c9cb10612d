//! What a person commands says what came of it, and ends with the code that fits.

use std::net::TcpListener;

use serde_json::json;

use crate::harness::{Running, World, until};

/// A world whose task is at work, and its key.
fn at_work(world: &World) -> String {
    world.run(&[]).exits(0);
    world.tick_until_state("task.in_progress")["key"].as_str().unwrap().to_owned()
}

#[test]
fn a_stop_that_github_takes_is_asked_for_and_stands_in_the_status() {
    let world = World::slow();
    world.sim.agents(&json!({"sessions": [{"work": "58m"}], "run": {"on_cancel": "ignored"}}));
    let key = at_work(&world);
    world.executor(&["cancel", &key, "--reason", "wrong repository"]).exits(0).prints(&["asked: GitHub took"]);
    world.executor(&["status"]).exits(0).prints(&["told to stop by ", "(wrong repository): GitHub took the request"]);
    let status = world.views().task();
    assert_eq!(status["stop"]["reason"], "wrong repository");
    assert!(status["stop"]["asked"].is_string(), "{status}");
}

#[test]
fn a_stop_that_github_never_heard_of_is_not_asked_for() {
    let world = World::slow();
    let key = at_work(&world);
    // A port that was free a moment ago.
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    world.reconfigure(&world.proxy.url(), &format!("http://{closed}"));
    let told = world.executor(&["cancel", &key]).exits(5).prints(&["not asked of GitHub yet", &closed.to_string()]);
    assert!(!told.stdout.contains("asked: GitHub took"), "{told}");
    world.executor(&["status"]).exits(0).prints(&["told to stop by ", "not asked of GitHub yet"]);
    let json = world.executor(&["cancel", &key, "--format", "json"]).exits(5).json();
    assert_eq!(json["tasks"][0]["outcome"], "not_yet");
    // Nor is a list that nobody could read one that was looked at.
    let ticked = world.executor(&["tick"]).fails_clearly(5, &["GitHub"]);
    assert!(!ticked.stdout.contains("looked at the task list"), "{ticked}");
}

#[test]
fn a_stop_without_a_run_to_cancel_is_not_asked_for_either() {
    let world = World::slow();
    world.sim.agents(&json!({"sessions": [{"work": "58m"}], "run": {"count": 0}}));
    let key = at_work(&world);
    world.executor(&["cancel", &key]).exits(5).prints(&["not asked of GitHub yet: ", "no live Actions run"]);
}

#[test]
fn what_may_not_exist_is_stopped_once_it_is_found_and_its_run_ends_with_5() {
    let world = World::approved();
    world.sim.fault_at_creation(&json!({"kind": "drop"}));
    world.run(&[]).exits(5).prints(&["intent.unknown"]).says(&["nobody knows yet", "do not run it again"]);
    let key = world.views().task()["key"].as_str().unwrap().to_owned();
    world.executor(&["cancel", &key]).exits(5).prints(&["intent.unknown", "nothing was asked of GitHub"]);
    world.executor(&["status"]).exits(0).prints(&["told to stop by ", "not asked of GitHub yet"]);
}

#[test]
fn what_was_never_sent_is_taken_back_and_what_is_over_is_not_stopped() {
    let world = World::slow();
    let first = at_work(&world);
    let waits = world.run(&["--format", "json"]).exits(0).json();
    assert!(waits["held_by"].as_str().unwrap().contains("of the class are under way there"), "{waits}");
    let key = waits["key"].as_str().unwrap();
    world.executor(&["cancel", key]).exits(0).prints(&["end.abandoned", "taken back"]);
    world.executor(&["cancel", key]).fails_clearly(2, &["nothing to stop"]);
    assert_eq!(world.views().show(&first)["task"]["cancel"], json!(null));
}

#[test]
fn what_is_waited_for_says_in_a_pipe_what_holds_it_up() {
    let world = World::slow();
    at_work(&world);
    let run = world.begin_run(&["--wait"]);
    until("the reason", || run.stderr().contains("held: limits.in_flight.per_repository").then_some(()));
    run.interrupt();
    let ended = run.wait().fails_clearly(130, &["1 task not sent yet is sent by", "takes it back"]);
    assert_eq!(ended.stderr.matches("held: ").count(), 1, "{ended}");
}

#[test]
fn the_first_stop_stays() {
    let world = World::new();
    world.executor(&["start"]).exits(0).prints(&["nothing was stopped"]);
    world.executor(&["stop", "--reason", "incident 4711"]).exits(0);
    let second = ["already stopped by ", " since ", ": incident 4711"];
    world.executor(&["stop", "--reason", "a drill"]).exits(0).prints(&second);
    let json = world.executor(&["stop", "--format", "json"]).exits(0).json();
    assert_eq!((&json["changed"], &json["stopped"]["reason"]), (&json!(false), &json!("incident 4711")));
    world.executor(&["status"]).exits(0).prints(&["incident 4711"]);
    let json = world.executor(&["start", "--format", "json"]).exits(0).json();
    assert_eq!((&json["changed"], &json["was"]["reason"]), (&json!(true), &json!("incident 4711")));
    world.executor(&["audit", "verify"]).exits(0);
}

#[test]
fn who_it_was_is_not_what_the_environment_says() {
    let world = World::new();
    let mut command = world.command(&["stop", "--format", "json"]);
    command.env("USER", "mallory");
    let by = Running::start(command).wait().exits(0).json()["stopped"]["by"].as_str().unwrap().to_owned();
    assert!(by.ends_with(" (USER mallory)") && !by.starts_with("mallory@") && !by.starts_with("unknown@"), "{by}");
}

#[test]
fn what_is_acknowledged_says_what_it_closed_and_what_stays() {
    let world = World::slow();
    world.sim.agents(&json!({"sessions": [{"pause": {"state": "waiting_for_user", "after": "1s"}}]}));
    world.run(&[]).exits(0);
    let key = world.views().task()["key"].as_str().unwrap().to_owned();
    world.executor(&["resolve", &key, "--acknowledge"]).fails_clearly(2, &["nothing of it waits to be seen"]);
    world.sim.advance(120);
    world.tick_until_state("task.waiting_for_user");
    let seen = ["seen: the agent asks a person", "stays in the inbox"];
    world.executor(&["resolve", &key, "--acknowledge"]).exits(0).says(&seen);
    world.executor(&["resolve", &key, "--acknowledge"]).fails_clearly(2, &["nothing of it waits to be seen"]);
    world.executor(&["inbox"]).exits(4).prints(&["the agent asks a person"]);
    // Who is told to stop is not waited for by anybody else.
    world.executor(&["cancel", &key]);
    world.executor(&["status"]).exits(0).prints(&["told to stop by "]);
}
