//! GitHub cannot be reached, does not know the token, or fails while a task is followed.

use std::net::TcpListener;

use serde_json::json;

use crate::harness::{Running, World};

#[test]
fn a_wrong_token_is_one_error_that_does_not_show_it() {
    let world = World::approved();
    let wrong = "github_pat_11ABCDEFG0wrongwrongwrong";
    for arguments in [World::run_arguments(&["--wait"]), World::run_arguments(&["--dry-run"])] {
        let mut command = world.command(&arguments);
        command.env("TASKCLASS_TOKEN", wrong);
        let refused = Running::start(command).wait().fails_clearly(5, &["401", "token"]);
        assert!(!refused.to_string().contains("wrongwrong"), "{refused}");
    }
    world.assert_nothing_posted();
    world.run(&["--wait"]).exits(0);
}

#[test]
fn a_token_that_is_no_token_is_refused_before_it_is_sent_and_not_shown() {
    let world = World::approved();
    for wrong in ["", "hunter2 with spaces", "gh\u{7}p_x"] {
        let mut command = world.command(&World::run_arguments(&["--wait"]));
        command.env("TASKCLASS_TOKEN", wrong);
        let ended = Running::start(command).wait();
        assert!(matches!(ended.code, Some(2 | 3)), "{ended}");
        let ended = ended.clone().fails_clearly(ended.code.unwrap(), &["token"]);
        assert!(wrong.is_empty() || !ended.to_string().contains(wrong), "{ended}");
    }
    let mut command = world.command(&World::run_arguments(&["--wait"]));
    command.env_remove("TASKCLASS_TOKEN");
    Running::start(command).wait().fails_clearly(2, &["TASKCLASS_TOKEN", "is not set"]);
    assert_eq!(world.sim.requests(), Vec::<serde_json::Value>::new());
}

#[test]
fn a_host_that_does_not_answer_is_one_error() {
    let world = World::approved();
    // A port that was free a moment ago.
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    world.reconfigure(&world.proxy.url(), &format!("http://{closed}"));
    world.run(&["--wait"]).fails_clearly(5, &[&closed.to_string()]);
    world.configure(&world.config());
    world.run(&["--wait"]).exits(0);
    assert_eq!(world.sim.tasks().len(), 1);
}

#[test]
fn a_host_that_goes_away_under_way_loses_nothing() {
    let world = World::approved();
    let begun = world.run(&["--format", "json"]).exits(0).json();
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    world.reconfigure(&world.proxy.url(), &format!("http://{closed}"));
    world.executor(&["tick"]).fails_clearly(5, &["GitHub"]);
    world.executor(&["status"]).exits(0);
    world.configure(&world.config());
    assert_eq!(world.tick_until_state("verdict.accepted")["key"], begun["key"]);
    assert_eq!(world.sim.creations().len(), 1);
}

#[test]
fn failures_while_a_task_is_followed_are_endured() {
    let world = World::with_pull_requests();
    for operation in
        ["agent-tasks/list-tasks", "agent-tasks/get-task-by-id", "pulls/create", "repos/create-commit-status"]
    {
        world.sim.fault(&json!({"operation": operation, "do": {"kind": "status", "status": 502, "when": "before"}}));
    }
    world.run(&["--wait"]).exits(0).prints(&["accepted"]);
    world.tick_until("the pull request", |world| world.views().task()["pull_request_url"].as_str().map(str::to_owned));
    assert_eq!((world.sim.tasks().len(), world.sim.creations().len()), (1, 1));
    let opened: Vec<_> = world.sim.posts_to("/pulls").iter().map(|request| request["status"].clone()).collect();
    assert_eq!(opened, [json!(502), json!(201)]);
}
