//! `kill -9` at the worst moments: nothing happens twice, nothing is lost.

use serde_json::{Value, json};

use crate::harness::{CLASS, REPOSITORY, Rule, World, texts, until};

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
fn killed_before_the_request_has_left_nothing_is_sent_again_until_a_person_says_so() {
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

    let key = unknown["key"].as_str().unwrap();
    world.executor(&["resolve", key, "--resubmit"]).exits(0);
    let ended = world.tick_until_state("verdict.accepted");
    assert_eq!((world.sim.tasks().len(), world.sim.creations().len()), (1, 1));
    assert_ne!(ended["key"], key, "another attempt has a key of its own");
    let told = world.views().trace(ended["key"].as_str().unwrap());
    assert_eq!((&told[0]["plan"]["replaces"], &told[0]["plan"]["attempt"]), (&json!(key), &json!(2)));
    world.executor(&["audit", "verify"]).exits(0);
    // What was decided is decided.
    world.executor(&["resolve", key, "--resubmit"]).fails_clearly(2, &["end.abandoned"]);
    assert_eq!(world.sim.tasks().len(), 1);
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
fn killed_after_github_made_the_task_a_tick_adopts_it_and_ticks_end_it_well() {
    let world = World::approved();
    kill_at(&world, "/tasks", Rule::HoldResponse);
    assert_eq!(world.sim.tasks().len(), 1);
    world.tick_until_state("verdict.accepted");
    assert_adopted_once(&world);
    assert_eq!(world.sim.creations().len(), 1);
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

#[test]
fn killed_again_while_it_looks_it_still_finds_exactly_one() {
    let world = World::approved();
    kill_at(&world, "/tasks", Rule::HoldResponse);
    // Dead before its first look is answered, three times over.
    for _ in 0..3 {
        world.begin(&["tick"]).kill();
    }
    world.tick_until_state("verdict.accepted");
    assert_adopted_once(&world);
    assert_eq!(world.sim.creations().len(), 1);
}

/// Kills a waiting run around a change after the verdict; the next process makes it, once.
fn made_once_around(path_end: &'static str, rule: Rule) {
    let world = World::with_pull_requests();
    kill_at(&world, path_end, rule);
    let done = world.tick_until("every change", |world| {
        let row = world.views().task();
        let shown = world.views().show(row["key"].as_str()?);
        let actions = shown["task"]["actions"].as_object()?.clone();
        let open = |action: &Value| action["progress"]["progress"] != "done";
        (row["state"] == "verdict.accepted" && !actions.values().any(open)).then_some(actions)
    });
    // The status at the commit, the pull request, its labels, its reviewers.
    assert_eq!(done.len(), 4, "{done:?}");
    assert_eq!((world.sim.tasks().len(), world.sim.posts_to("/pulls").len()), (1, 1));
    let key = world.views().task()["key"].as_str().unwrap().to_owned();
    assert_eq!(world.views().trace(&key)[0]["pull_request"]["open"], true);
    world.executor(&["audit", "verify"]).exits(0);
}

#[test]
fn killed_before_the_pull_request_was_asked_for_it_is_opened_once() {
    made_once_around("/pulls", Rule::HoldRequest);
}

#[test]
fn killed_after_github_opened_the_pull_request_it_is_found_and_not_opened_again() {
    made_once_around("/pulls", Rule::HoldResponse);
}

#[test]
fn killed_around_labels_and_reviewers_they_are_set_all_the_same() {
    made_once_around("/labels", Rule::HoldResponse);
    made_once_around("/requested_reviewers", Rule::HoldRequest);
}

#[test]
fn killed_after_github_opened_an_escalation_issue_it_is_found_and_not_opened_again() {
    let world = World::approved();
    world.sim.agents(&json!({"sessions": [{"work": "1m", "files": [{"path": "infra/prod/main.tf"}]}]}));
    kill_at(&world, "/issues", Rule::HoldResponse);
    world.tick_until("the notice", |world| {
        let waiting = world.executor(&["inbox", "--format", "json"]).exits(4).json();
        waiting[0]["link"].as_str().filter(|link| link.contains("/issues/")).map(str::to_owned)
    });
    assert_eq!(world.sim.posts_to("/issues").len(), 1);
}
