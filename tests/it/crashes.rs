//! `kill -9` at the worst moments: nothing happens twice, nothing is lost.

use std::time::Instant;

use serde_json::{Value, json};

use crate::harness::{CLASS, DEADLINE, Proxy, REPOSITORY, Rule, Running, World, texts, until};
use crate::webhook_receiver;

/// Kills a waiting run at the wire's rule, and lets the wire pass everything from then on.
fn kill_at(world: &World, path_end: &'static str, rule: Rule) {
    world.proxy.at_post(path_end, rule);
    let run = world.begin_run(&["--wait"]);
    world.proxy.wait_reached();
    let killed = run.kill();
    assert_eq!(killed.code, None, "{killed}");
    world.proxy.release();
}

#[test]
fn the_request_is_in_the_journal_before_it_is_on_the_wire() {
    let world = World::approved();
    world.proxy.at_creation(Rule::HoldRequest);
    let _run = world.begin_run(&["--wait"]);
    world.proxy.wait_reached();
    let events = world.views().events();
    let last = events.last().unwrap();
    assert_eq!((&last["kind"], &last["to"]), (&json!("sending"), &json!("intent.sending")), "{last}");
    assert!(last["data"]["request_sha256"].as_str().unwrap().starts_with("sha256:"), "{last}");
    world.assert_nothing_posted();
}

#[test]
fn killed_before_the_request_has_left_nothing_is_sent_again_while_it_is_looked_for() {
    let world = World::approved();
    kill_at(&world, "/tasks", Rule::HoldRequest);
    // It looks, and looks again, and does not send.
    world.tick_until("two looks in vain", |world| {
        let looks = world.views().kinds().iter().filter(|kind| *kind == "looked").count();
        (looks >= 2).then_some(())
    });
    let unknown = world.views().task();
    assert_eq!(unknown["state"], "intent.unknown");
    world.assert_nothing_posted();
    // Nor does it send anything else to that repository meanwhile.
    let held = world.run(&["--format", "json"]).exits(0).json();
    assert_eq!(held["state"], "intent.queued");
    assert!(held["held_by"].as_str().is_some_and(|why| why.contains("unknown submission")), "{held}");
    world.assert_nothing_posted();
    let held = held["key"].as_str().unwrap();
    world.executor(&["resolve", held, "--abandon"]).fails_clearly(2, &["intent.queued", "taskclass cancel"]);
    world.executor(&["cancel", held]).exits(0);

    // Lists may lag behind: while it is looked for, not even a person sends it again.
    let key = unknown["key"].as_str().unwrap();
    world.executor(&["resolve", key, "--resubmit"]).fails_clearly(2, &["still looked for", "could run twice"]);
    world.assert_nothing_posted();
    world.executor(&["audit", "verify"]).exits(0);
}

#[test]
fn killed_before_the_request_has_left_it_can_be_given_up() {
    let world = World::approved();
    kill_at(&world, "/tasks", Rule::HoldRequest);
    world.executor(&["tick"]).exits(0);
    let key = world.views().task()["key"].as_str().unwrap().to_owned();
    world.executor(&["resolve", &key, "--abandon"]).exits(0);
    assert_eq!(world.views().task()["state"], "end.abandoned");
    world.assert_nothing_posted();
    world.run(&["--wait"]).exits(0);
    assert_eq!(world.sim.tasks().len(), 1);
}

/// The one task that GitHub made is the one that was adopted.
fn assert_adopted_once(world: &World) {
    let tasks = world.sim.tasks_in(REPOSITORY);
    assert_eq!(tasks.len(), 1, "{tasks:?}");
    let events = world.views().events();
    let adopted: Vec<_> = events.iter().filter(|event| event["kind"] == "adopted").collect();
    assert_eq!(adopted.len(), 1, "{adopted:?}");
    assert_eq!(adopted[0]["data"]["task"]["id"], tasks[0]["id"]);
    world.executor(&["audit", "verify"]).exits(0);
}

#[test]
fn killed_after_github_made_the_task_watch_adopts_it_and_ends_it_well() {
    let world = World::approved();
    kill_at(&world, "/tasks", Rule::HoldResponse);
    let watch = world.begin(&["watch"]);
    until("the accepted verdict", || watch.stdout().contains("verdict.accepted").then_some(()));
    watch.wait().exits(0).says(&["nothing is under way"]);
    assert_eq!(world.views().task()["state"], "verdict.accepted");
    assert_adopted_once(&world);
}

#[test]
fn killed_after_github_made_the_task_another_run_adopts_it_on_its_way() {
    let world = World::approved();
    kill_at(&world, "/tasks", Rule::HoldResponse);
    let other = ["run", CLASS, "--repo", "acme/svc-billing", "-i", "package=serde", "-i", "to=1.0.230", "--wait"];
    world.executor(&other).exits(0);
    world.tick_until("both accepted", |world| {
        let states = texts(&world.views().tasks(), "state");
        (states == ["verdict.accepted", "verdict.accepted"]).then_some(())
    });
    assert_adopted_once(&world);
    assert_eq!(world.sim.creations().len(), 2);
}

/// Ticks, killing each that comes to a request that the wire holds, until `done` says so; gives the points at which they died.
fn ticked_to_the_end(world: &World, wire: &Proxy, mut done: impl FnMut(&World) -> bool) -> Vec<String> {
    let mut points = Vec::new();
    let begun = Instant::now();
    loop {
        assert!(begun.elapsed() < DEADLINE, "not done, killed at {points:#?}");
        let mut tick = world.begin(&["tick"]);
        let held = until("the end of a tick, or the wire", || {
            let held = wire.reached();
            (held.is_some() || !tick.runs()).then_some(held)
        });
        if let Some(point) = held {
            let killed = tick.kill();
            assert_eq!(killed.code, None, "{killed}");
            wire.release();
            points.push(point);
            continue;
        }
        let ended = tick.wait();
        assert!(matches!(ended.code, Some(0 | 5)), "killed at {points:#?}\n{ended}");
        if done(world) {
            return points;
        }
    }
}

/// The task that was not given up, once it stands like this and nothing is left to be done for it.
fn settled(world: &World, state: &str) -> Option<Value> {
    let row = world.views().tasks().into_iter().find(|task| task["state"] == state)?;
    let shown = world.views().show(row["key"].as_str()?);
    let open = |action: &Value| !matches!(action["progress"]["progress"].as_str(), Some("done" | "given_up"));
    (!shown["task"]["actions"].as_object()?.values().any(open)).then_some(shown)
}

/// Nothing was given up, nothing is under way or forgotten, and there is one of each thing.
#[track_caller]
fn assert_whole(world: &World, pulls: usize, issues: usize, comments: usize) {
    assert_eq!(world.sim.tasks().len(), 1, "{:?}", world.sim.tasks());
    for task in world.views().tasks() {
        let state = task["state"].as_str().unwrap();
        assert!(!state.starts_with("intent.") && !state.starts_with("task.in"), "left behind: {task}");
        let shown = world.views().show(task["key"].as_str().unwrap());
        for (id, action) in shown["task"]["actions"].as_object().unwrap() {
            assert_eq!(action["progress"]["progress"], "done", "{id}: {action}");
        }
    }
    // What GitHub made, which is more than what was asked for if anything was made twice.
    let made = |path_end: &str| world.sim.posts_to(path_end).iter().filter(|post| post["status"] == 201).count();
    assert_eq!(
        (made("/pulls"), made("/issues"), made("/comments")),
        (pulls, issues, comments),
        "{:#?}",
        world.sim.changes()
    );
    world.executor(&["audit", "verify"]).exits(0);
}

/// The points at which processes died, each once.
#[track_caller]
fn assert_died_at(points: &[String], sorts: &[&str]) {
    let both = sorts.iter().flat_map(|sort| [format!("before {sort}"), format!("after {sort}")]);
    let (mut found, mut wanted) = (points.to_vec(), both.collect::<Vec<_>>());
    found.sort();
    wanted.sort();
    assert_eq!(found, wanted);
}

const CREATE: &str = "POST /agents/repos/*/*/tasks";
const STATUS: &str = "POST /repos/*/*/statuses/*";

/// Kills a process at the request that the wire holds, and says at which.
fn killed_at_the_wire(world: &World, process: Running) -> String {
    world.proxy.wait_reached();
    let point = world.proxy.reached().unwrap();
    let killed = process.kill();
    assert_eq!(killed.code, None, "{killed}");
    world.proxy.release();
    point
}

/// A life in which every process dies at every sort of change, before it and after it, until `done` says so. Of the request that never
/// left nobody knows for long, so a person gives that task up and runs the class again.
fn a_hard_life(world: &World, done: impl FnMut(&World) -> bool) -> Vec<String> {
    world.proxy.hold_changes();
    let mut points = vec![killed_at_the_wire(world, world.begin_run(&[]))];
    world.executor(&["tick"]).exits(0);
    world.executor(&["resolve", world.views().task()["key"].as_str().unwrap(), "--abandon"]).exits(0);
    points.push(killed_at_the_wire(world, world.begin_run(&[])));
    points.extend(ticked_to_the_end(world, &world.proxy, done));
    points
}

#[test]
fn killed_before_and_after_every_change_of_a_run_that_is_accepted_each_is_made_once() {
    let world = World::with_pull_requests();
    let points = a_hard_life(&world, |world| settled(world, "verdict.accepted").is_some());
    let pulls =
        ["POST /repos/*/*/pulls", "POST /repos/*/*/issues/*/labels", "POST /repos/*/*/pulls/*/requested_reviewers"];
    assert_died_at(&points, &[&[CREATE, STATUS], &pulls[..]].concat());
    assert_whole(&world, 1, 0, 0);
}

#[test]
fn killed_before_and_after_every_change_of_a_run_that_is_rejected_people_are_told_once() {
    let world = World::approved();
    world.sim.agents(&json!({"sessions": [{"work": "1m", "files": [{"path": "infra/prod/main.tf"}]}], "checks": []}));
    let points = a_hard_life(&world, |world| settled(world, "verdict.rejected").is_some());
    assert_died_at(&points, &[CREATE, STATUS, "POST /repos/*/*/issues"]);
    assert_whole(&world, 0, 1, 0);
}

#[test]
fn killed_before_and_after_the_stop_of_a_task_it_is_stopped() {
    let world = World::approved();
    world.sim.agents(&json!({"sessions": [{"work": "58m"}]}));
    world.run(&[]).exits(0);
    let key = world.tick_until_state("task.in_progress")["key"].as_str().unwrap().to_owned();
    world.proxy.hold_changes();
    let mut points = vec![killed_at_the_wire(&world, world.begin(&["cancel", &key]))];
    points.extend(ticked_to_the_end(&world, &world.proxy, |world| settled(world, "verdict.rejected").is_some()));
    assert_died_at(&points, &["POST /repos/*/*/actions/runs/*/cancel"]);
    assert_eq!(world.views().show(&key)["task"]["agent"]["state"], "cancelled");
    assert_whole(&world, 0, 0, 0);
}

#[test]
fn killed_before_and_after_a_webhook_it_is_sent_again_as_the_same_message() {
    let (url, told) = webhook_receiver::receiver(&[webhook_receiver::OK; 3]);
    let address = url.trim_start_matches("http://").split('/').next().unwrap();
    let wire = Proxy::start(address.parse().unwrap());
    let world = webhook_receiver::world(&url.replace(address, wire.url().trim_start_matches("http://")));
    wire.hold_changes();
    world.run(&[]).exits(0);
    let points = ticked_to_the_end(&world, &wire, |world| settled(world, "verdict.rejected").is_some());
    assert_died_at(&points, &["POST /*/*"]);
    // The one whose answer was lost, and the one after it: whoever takes both sees that they are one.
    let got: Vec<_> = told.try_iter().map(|(_, fields, _)| fields["webhook-id"].clone()).collect();
    assert!(got.len() == 2 && got[0] == got[1], "{got:?}");
    world.executor(&["audit", "verify"]).exits(0);
}

/// Whatever a process was about to ask or to write when it died, the next one gets further: each lives for one request more.
#[test]
fn killed_at_its_first_second_third_request_and_so_on_it_gets_there() {
    let world = World::with_pull_requests();
    world.proxy.at_creation(Rule::HoldResponse);
    let run = world.begin_run(&[]);
    world.proxy.wait_reached();
    run.kill();
    world.proxy.release();
    let mut lives = 0;
    until("the end of a hard life", || {
        lives += 1;
        world.proxy.hold_nth(lives);
        let mut tick = world.begin(&["tick"]);
        until("the end of a tick, or the wire", || (world.proxy.reached().is_some() || !tick.runs()).then_some(()));
        tick.kill();
        world.proxy.release();
        settled(&world, "verdict.accepted")
    });
    assert!(lives > 5, "{lives}");
    assert_adopted_once(&world);
    assert_whole(&world, 1, 0, 0);
}

/// What an answer leads to is written down; a process that dies between the two, or in the middle of it, leaves a whole journal.
#[test]
fn killed_right_after_each_answer_the_journal_is_whole_and_the_run_goes_on() {
    let world = World::approved();
    world.run(&[]).exits(0);
    let mut lives = 0;
    until("the end of a hard life", || {
        lives += 1;
        world.proxy.tell_nth(lives);
        let mut tick = world.begin(&["tick"]);
        while world.proxy.told().is_none() && tick.runs() {}
        tick.kill();
        world.executor(&["audit", "verify"]).exits(0);
        settled(&world, "verdict.accepted")
    });
    assert_whole(&world, 0, 0, 0);
}
