//! A registry that cannot be believed: another trust file than the pinned one, a rewritten history, a broken class.

use std::fs;

use crate::harness::{CLASS, CLASS_FILE, World};

#[test]
fn a_trust_file_that_is_not_the_pinned_one_is_refused() {
    let world = World::approved();
    let config = world.config();
    let trust = world.registry.read("trust/allowed_signers");
    let mallory = world.registry.new_signer("mallory");
    world.registry.write("trust/allowed_signers", &(trust + &mallory));
    world.registry.commit("Trust Mallory as well");
    world.configure(&config);
    world.run(&["--wait"]).fails_clearly(3, &["trust/allowed_signers", "pins", "registry.allowed_signers"]);
    world.assert_nothing_posted();
    // Whoever has reviewed the change renews the pin; the approvals still count.
    world.configure(&world.config());
    world.run(&["--dry-run"]).exits(0);
}

#[test]
fn a_rewritten_history_is_refused() {
    let world = World::approved();
    world.run(&["--wait"]).exits(0);
    let git = |arguments: &[&str]| world.registry.git(arguments);
    let accepted = git(&["rev-parse", "HEAD"]);
    // The same content, approved as before, on another history.
    git(&["checkout", "--quiet", "--orphan", "fresh"]);
    world.registry.commit("A history without a past");
    git(&["branch", "-M", "fresh", "main"]);
    world.run(&["--wait"]).fails_clearly(3, &[accepted.trim(), "descend"]);
    assert_eq!(world.sim.creations().len(), 1);
    world.run(&["--dry-run"]).fails_clearly(3, &[accepted.trim()]);
    // Back on a descendant it goes on.
    git(&["reset", "--quiet", "--hard", accepted.trim()]);
    world.run(&["--dry-run"]).exits(0);
}

#[test]
fn going_back_to_an_older_commit_is_refused() {
    let world = World::approved();
    world.registry.git(&["commit", "--quiet", "--allow-empty", "-m", "Newer"]);
    world.run(&["--wait"]).exits(0);
    world.registry.git(&["reset", "--quiet", "--hard", "HEAD~1"]);
    world.run(&["--wait"]).fails_clearly(3, &["descend"]);
    assert_eq!(world.sim.creations().len(), 1);
}

#[test]
fn an_approved_class_that_is_broken_since_is_shown_with_its_findings() {
    let world = World::approved();
    world.registry.replace(CLASS_FILE, "risk: low\n", "risk: tiny\n");
    world.registry.commit("A slip");
    world.run(&["--wait"]).fails_clearly(3, &[CLASS_FILE, "tiny"]);
    world.assert_nothing_posted();
}

#[test]
fn a_class_with_a_lint_error_is_not_signed_and_does_not_run() {
    let world = World::approved();
    world.registry.replace(
        CLASS_FILE,
        "Raise the dependency `{{ inputs.package }}`",
        "Raise the dependency `{{ inputs.packge }}`",
    );
    world.registry.commit("A slip");
    world.registry.approve(CLASS, "alice").fails_clearly(1, &["undefined-variable", "nothing was signed"]);
    world.run(&["--wait"]).fails_clearly(3, &["packge"]);
    world.assert_nothing_posted();
}

#[test]
fn a_registry_that_is_not_there_or_has_no_such_branch_is_wrong_usage() {
    let world = World::approved();
    world.reconfigure("../agent-tasks", "../nowhere");
    world.run(&["--wait"]).fails_clearly(2, &["nowhere"]);
    world.reconfigure("refs/heads/main", "refs/heads/release");
    world.run(&["--wait"]).fails_clearly(2, &["refs/heads/release"]);
    world.configure(&world.config());
    fs::rename(world.registry.root().join(".git"), world.folder().join("moved")).unwrap();
    world.run(&["--wait"]).fails_clearly(2, &["agent-tasks"]);
    world.assert_nothing_posted();
}
