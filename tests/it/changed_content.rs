//! One changed byte of what was approved, and it does not run.

use crate::harness::{CLASS, CLASS_FILE, World};

const PARTIAL: &str = "task-classes/prompts/partials/small-diff.md";

/// Changes one byte of a file that is approved, and holds the run to its refusal.
fn one_byte_of(path: &str, old: &str, new: &str) {
    let differs = old.bytes().zip(new.bytes()).filter(|(old, new)| old != new).count();
    assert_eq!((differs, old.len()), (1, new.len()), "one byte");
    let world = World::approved();
    let registry = &world.registry;
    world.run(&["--dry-run"]).exits(0);

    // In the work tree alone it changes nothing: what runs is what is committed.
    let before = registry.read(path);
    registry.write(path, &before.replacen(old, new, 1));
    assert_ne!(registry.read(path), before);
    world.run(&["--dry-run"]).exits(0);

    registry.commit("One byte");
    for more in ["--wait", "--detach", "--dry-run"] {
        world.run(&[more]).fails_clearly(3, &[CLASS, "0 of 1", "alice@acme.com", "other content"]);
    }
    registry.taskclass(&["verify", CLASS]).exits(3).prints(&["not approved", "alice@acme.com", "earlier content"]);
    world.assert_nothing_posted();

    // The old content is approved still.
    registry.write(path, &before);
    registry.commit("Back again");
    world.run(&["--dry-run"]).exits(0);
    world.assert_nothing_posted();
}

#[test]
fn one_changed_byte_of_the_class_is_refused() {
    one_byte_of(CLASS_FILE, "max_files: 12", "max_files: 13");
}

#[test]
fn one_changed_byte_of_a_partial_is_refused() {
    one_byte_of(PARTIAL, ".", "!");
}

#[test]
fn one_changed_byte_of_the_policy_is_refused() {
    let world = World::approved();
    world.registry.replace("policy.yaml", "per_task: 200", "per_task: 201");
    world.registry.commit("One byte");
    world.run(&["--wait"]).fails_clearly(3, &["policy", "0 of 2", "earlier content"]);
    world.assert_nothing_posted();
}

#[test]
fn a_comment_and_an_empty_line_change_nothing() {
    let world = World::approved();
    let text = world.registry.read(CLASS_FILE);
    world.registry.write(CLASS_FILE, &text.replacen("risk: low\n", "risk: low   # for now\n\n", 1));
    world.registry.commit("A comment");
    world.run(&["--dry-run"]).exits(0);
}

#[test]
fn a_revocation_beats_the_approval() {
    let world = World::approved();
    let key = world.folder().join("keys/bob");
    let key = key.to_str().unwrap();
    let reason = "the prompt lets paths escape";
    let revoke = ["revoke", CLASS, "--as", "bob@acme.com", "--key", key, "--yes", "--reason", reason];
    world.registry.taskclass(&revoke).exits(0);
    world.registry.commit("Revoked");
    world.run(&["--wait"]).fails_clearly(3, &[CLASS, "bob@acme.com", "the prompt lets paths escape"]);
    // Once seen it stands: neither deleting it nor going back to before it brings the approval back.
    std::fs::remove_dir_all(world.registry.root().join("revocations")).unwrap();
    world.registry.commit("What revocation?");
    world.run(&["--wait"]).fails_clearly(3, &["revocations/", "is gone or changed"]);
    world.registry.git(&["reset", "--quiet", "--hard", "HEAD~2"]);
    world.run(&["--wait"]).fails_clearly(3, &["does not descend from"]);
    world.assert_nothing_posted();
}
