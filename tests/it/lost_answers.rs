//! GitHub's answer to the one request that matters is lost, wrong, late or a no: one task, or none and a person.

use serde_json::{Value, json};

use crate::harness::{Rule, World, texts};

/// The usual run ends well in spite of what was put in its way, with one task that was asked for `creations` times.
fn ends_well(world: &World, creations: usize) {
    world.run(&["--wait"]).exits(0).prints(&["accepted"]);
    assert_eq!((world.sim.tasks().len(), world.sim.creations().len()), (1, creations));
    assert_eq!(world.views().task()["state"], "verdict.accepted");
    world.executor(&["audit", "verify"]).exits(0);
}

/// What was answered to the requests that create a task.
fn answers(world: &World) -> Vec<Value> {
    world.sim.creations().iter().map(|request| request["status"].clone()).collect()
}

#[test]
fn a_response_lost_after_the_commit_is_one_task() {
    let world = World::approved();
    world.sim.fault_at_creation(&json!({"kind": "lose_response"}));
    ends_well(&world, 1);
    assert!(world.views().kinds().contains(&"adopted".to_owned()));
}

#[test]
fn a_response_lost_on_the_wire_is_one_task() {
    let world = World::approved();
    world.proxy.at_creation(Rule::LoseResponse);
    ends_well(&world, 1);
    assert!(world.views().kinds().contains(&"adopted".to_owned()));
}

#[test]
fn a_502_after_the_commit_is_one_task() {
    let world = World::approved();
    world.sim.fault_at_creation(&json!({"kind": "status", "status": 502, "when": "after"}));
    ends_well(&world, 1);
    assert!(world.views().kinds().contains(&"adopted".to_owned()));
}

#[test]
fn half_a_response_is_one_task() {
    let world = World::approved();
    world.sim.fault_at_creation(&json!({"kind": "garble"}));
    ends_well(&world, 1);
}

#[test]
fn a_task_that_lists_do_not_show_at_once_is_still_found() {
    let world = World::approved();
    world.sim.fault_at_creation(&json!({"kind": "unlisted", "for": "3m"}));
    world.proxy.at_creation(Rule::LoseResponse);
    ends_well(&world, 1);
    assert!(world.views().kinds().contains(&"looked".to_owned()), "one empty list proves nothing");
}

#[test]
fn a_502_before_the_commit_is_never_sent_again_by_itself() {
    for fault in [json!({"kind": "status", "status": 502, "when": "before"}), json!({"kind": "drop"})] {
        let world = World::approved();
        world.sim.fault_at_creation(&fault);
        world.run(&[]).exits(5).prints(&["intent.unknown"]);
        world.tick_until("two looks in vain", |world| {
            let looks = world.views().kinds().iter().filter(|kind| *kind == "looked").count();
            (looks >= 2).then_some(())
        });
        assert_eq!((world.sim.tasks().len(), world.sim.creations().len()), (0, 1), "{fault}");
        let key = world.views().task()["key"].as_str().unwrap().to_owned();
        let refused = world.executor(&["resolve", &key, "--resubmit"]).exits(2);
        assert!(refused.to_string().contains("is still looked for, until about"), "{refused}");
        world.executor(&["resolve", &key, "--abandon"]).exits(0);
        world.executor(&["tick"]).exits(0);
        assert_eq!((world.sim.tasks().len(), world.sim.creations().len()), (0, 1), "{fault}");
    }
}

#[test]
fn too_many_requests_is_sent_once_more_when_github_says() {
    let world = World::approved();
    world.sim.fault_at_creation(&json!({"kind": "rate_limit", "status": 429, "retry_after": 3}));
    ends_well(&world, 2);
    assert_eq!(answers(&world), [json!(429), json!(201)]);
    let events = world.views().events();
    let moment = |kind: &str| events.iter().find(|event| event["kind"] == kind).unwrap_or_else(|| panic!("no {kind}"));
    let limited = moment("rate_limited");
    let sent: Vec<_> = events.iter().filter(|event| event["kind"] == "sending").collect();
    assert_eq!(sent.len(), 2);
    let (until, again) = (limited["data"]["until"].as_str().unwrap(), sent[1]["observed"].as_str().unwrap());
    assert!(again >= until, "sent again at {again}, not before {until}");
}

#[test]
fn a_definite_no_is_not_sent_again() {
    let world = World::approved();
    world.sim.fault_at_creation(&json!({"kind": "forbidden", "message": "Copilot is disabled for this organization"}));
    let refused = world.run(&["--wait"]).exits(5);
    assert!(refused.to_string().contains("Copilot is disabled for this organization"), "{refused}");
    world.executor(&["tick"]).exits(0);
    assert_eq!((world.sim.tasks().len(), answers(&world)), (0, vec![json!(403)]));
    assert_eq!(texts(&world.views().tasks(), "state"), ["intent.refused"]);
}

#[test]
fn a_404_just_after_the_creation_is_waited_out() {
    let world = World::approved();
    world.sim.fault_at_creation(&json!({"kind": "not_found", "for": "4m"}));
    ends_well(&world, 1);
}

#[test]
fn an_archived_task_is_followed_all_the_same() {
    let world = World::approved();
    world.sim.fault_at_creation(&json!({"kind": "archived"}));
    world.proxy.at_creation(Rule::LoseResponse);
    world.run(&[]).exits(0);
    world.tick_until("the adoption", |world| world.views().kinds().contains(&"adopted".to_owned()).then_some(()));
    assert_eq!((world.sim.tasks().len(), world.sim.creations().len()), (1, 1));
}
