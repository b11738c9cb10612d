//! What this version cannot honour is refused by name before anybody signs for it, and whom the class does not name may not
//! run it. That the executor asks once more is its own tests' matter: no signature leads there any more.

use crate::harness::{CLASS, CLASS_FILE, World};

/// The class with one text changed, committed.
fn changed(old: &str, new: &str) -> World {
    let world = World::new();
    world.registry.replace(CLASS_FILE, old, new);
    world.registry.commit("Another class");
    world
}

/// Nobody can sign for the changed class, and what was signed before does not count for it.
fn cannot_be_signed(old: &str, new: &str, words: &[&str]) {
    let world = changed(old, new);
    world.registry.approve(CLASS, "alice").fails_clearly(1, words);
    world.run(&["--wait"]).fails_clearly(3, &[CLASS]);
    world.assert_nothing_posted();
}

#[test]
fn a_first_stage_that_asks_for_a_person_is_refused_by_its_place() {
    cannot_be_signed(
        ", repeat: 3, pull_request: never}",
        ", repeat: 3, pull_request: never, approve: true}",
        &["first-stage-approval", "`proof`"],
    );
}

#[test]
fn a_class_that_only_an_oidc_subject_may_call_is_refused() {
    cannot_be_signed(
        "callers: {allow: [\"github:team/acme/platform-deps\", \"github:user/octocat\"]}",
        "callers: {allow: [\"oidc:repo:acme/portal:ref:refs/heads/main\"]}",
        &["no-caller", "OIDC"],
    );
}

/// A class that the registry's teams have approved, and that names other callers.
fn for_the_security_team() -> World {
    let world = changed(
        "callers: {allow: [\"github:team/acme/platform-deps\", \"github:user/octocat\"]}",
        "callers: {allow: [\"github:team/acme/security\"]}",
    );
    world.registry.approve_all();
    world
}

#[test]
fn somebody_whom_the_class_does_not_name_may_not_run_it() {
    let world = for_the_security_team();
    world.run(&["--wait"]).fails_clearly(3, &["@octocat", "callers.allow", "github:team/acme/security"]);
    world.assert_nothing_posted();
}

#[test]
fn a_refusal_is_in_the_log() {
    let world = for_the_security_team();
    world.run(&["--wait", "--trigger", "a try"]).exits(3);
    let events = world.views().events();
    let last = events.last().unwrap();
    assert_eq!((&last["kind"], &last["data"]["class"]), (&"run_refused".into(), &CLASS.into()), "{last}");
    assert_eq!(last["data"]["caller"]["trigger"], "a try");
    world.executor(&["audit", "verify"]).exits(0);
}
