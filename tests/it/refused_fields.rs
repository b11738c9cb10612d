//! What this version cannot honour is refused by name, never ignored.

use crate::harness::{CLASS, CLASS_FILE, World};

/// The class with one text changed, approved as it then is.
fn approved_with(old: &str, new: &str) -> World {
    let world = World::new();
    world.registry.replace(CLASS_FILE, old, new);
    world.registry.commit("Another class");
    world.registry.approve_all();
    world
}

#[test]
fn a_webhook_is_refused_by_its_place() {
    let world = approved_with(
        "{after: 0m, notify: [issue]}",
        "{after: 0m, notify: [issue]}, {after: 4h, notify: [\"webhook:oncall\"]}",
    );
    for more in ["--wait", "--dry-run"] {
        world.run(&[more]).fails_clearly(3, &[CLASS, "escalation.ladder[1].notify[0]", "webhook"]);
    }
    world.assert_nothing_posted();
}

#[test]
fn a_first_stage_that_asks_for_a_person_is_refused_by_its_place() {
    let world = approved_with(", repeat: 3, pull_request: never}", ", repeat: 3, pull_request: never, approve: true}");
    world.run(&["--wait"]).fails_clearly(3, &[CLASS, "rollout.stages[0].approve"]);
    world.assert_nothing_posted();
}

#[test]
fn a_class_that_only_an_oidc_subject_may_call_is_refused() {
    let world = approved_with(
        "callers: {allow: [\"github:team/acme/platform-deps\", \"github:user/octocat\"]}",
        "callers: {allow: [\"oidc:repo:acme/portal:ref:refs/heads/main\"]}",
    );
    world.run(&["--wait"]).fails_clearly(3, &["@octocat", "callers.allow", "OIDC", "oidc:repo:acme/portal"]);
    world.assert_nothing_posted();
}

#[test]
fn somebody_whom_the_class_does_not_name_may_not_run_it() {
    let world = approved_with(
        "callers: {allow: [\"github:team/acme/platform-deps\", \"github:user/octocat\"]}",
        "callers: {allow: [\"github:team/acme/security\"]}",
    );
    world.run(&["--wait"]).fails_clearly(3, &["@octocat", "callers.allow", "github:team/acme/security"]);
    world.assert_nothing_posted();
}

#[test]
fn a_refusal_is_in_the_log() {
    let world = approved_with("{after: 0m, notify: [issue]}", "{after: 0m, notify: [\"webhook:oncall\"]}");
    world.run(&["--wait", "--trigger", "a try"]).exits(3);
    let events = world.views().events();
    let last = events.last().unwrap();
    assert_eq!((&last["kind"], &last["data"]["class"]), (&"run_refused".into(), &CLASS.into()), "{last}");
    assert_eq!(last["data"]["caller"]["trigger"], "a try");
    world.executor(&["audit", "verify"]).exits(0);
}
