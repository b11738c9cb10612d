//! A change on its way: proposed on a branch, reviewed, held back, approved, merged, run. And the ways around it, each of which ends
//! at the review or at the executor.

use serde_json::Value;

use crate::harness::{CLASS, CLASS_FILE, Ended, REPOSITORY, Registry, World};

const POLICY: &str = "policy.yaml";
const TRUST: &str = "trust/allowed_signers";
const ALLOW: &str = "allow: [\"acme/svc-*\"]";
const WIDER: &str = "allow: [\"acme/svc-*\", acme/web-shop]";

/// A branch off main on which `change` was committed.
fn proposed(registry: &Registry, change: impl FnOnce(&Registry)) {
    registry.git(&["checkout", "--quiet", "-b", "proposed"]);
    change(registry);
    registry.commit("A proposal");
}

/// One more repository, and a version for it.
fn wider(registry: &Registry) {
    registry.replace(CLASS_FILE, ALLOW, WIDER);
    registry.replace(CLASS_FILE, "version: 1", "version: 2");
}

fn merge(registry: &Registry) {
    registry.git(&["checkout", "--quiet", "main"]);
    registry.git(&["merge", "--quiet", "--ff-only", "proposed"]);
}

/// The required check of a pull request.
fn gate(registry: &Registry) -> Ended {
    registry.taskclass(&["diff", "main", "HEAD", "--fail-on", "widens", "--unless-approved"])
}

fn review(registry: &Registry) -> Value {
    registry.taskclass(&["diff", "main", "HEAD", "--format", "json"]).exits(0).json()
}

/// The names of the documents that differ, with their effects.
fn effects(review: &Value) -> Vec<(String, String)> {
    let word = |document: &Value, field: &str| document[field].as_str().unwrap_or_default().to_owned();
    let documents = review["documents"].as_array().cloned().unwrap_or_default();
    documents.iter().map(|document| (word(document, "name"), word(document, "effect"))).collect()
}

#[test]
fn a_widening_waits_for_its_quorum_and_then_runs() {
    let world = World::approved();
    let registry = &world.registry;
    registry.taskclass(&["diff", "main", "HEAD", "--fail-on", "any"]).exits(0);
    proposed(registry, wider);

    // The reviewer sees what the agent may now do, by name.
    let shown = registry.taskclass(&["diff", "main", "HEAD"]).exits(0);
    let shown = shown.prints(&[CLASS, "widens", "repositories.allow", "acme/web-shop", "approve"]);
    assert!(!shown.stdout.contains("\u{1b}["), "colours into a pipe\n{shown}");
    let seen = review(registry);
    assert_eq!(effects(&seen), [(CLASS.to_owned(), "widens".to_owned())]);
    let comment = registry.taskclass(&["diff", "main", "HEAD", "--format", "markdown"]).exits(0);
    comment.prints(&["<table>", CLASS, "widens", "acme/web-shop", "<details>"]);

    // The check holds it back, also when it is merged against all advice.
    gate(registry).exits(1);
    registry.taskclass(&["diff", "main", "HEAD", "--fail-on", "rewrites"]).exits(1);
    registry.approve(CLASS, "bob").exits(0);
    gate(registry).exits(1);
    registry.commit("Approve it");
    gate(registry).exits(0);
    registry.taskclass(&["diff", "main", "HEAD", "--fail-on", "widens"]).exits(1);

    merge(registry);
    registry.taskclass(&["verify", CLASS]).exits(0).prints(&["bob@acme.com"]);
    world.run(&["--wait"]).exits(0);
    assert_eq!(world.sim.tasks_in(REPOSITORY).len(), 1);
    world
        .executor(&["run", CLASS, "--repo", "acme/web-shop", "-i", "package=serde", "-i", "to=1.0.230", "--dry-run"])
        .exits(0);
}

#[test]
fn a_merge_without_the_quorum_is_refused_by_the_executor() {
    let world = World::approved();
    proposed(&world.registry, wider);
    gate(&world.registry).exits(1);
    merge(&world.registry);
    world.run(&["--wait"]).fails_clearly(3, &[CLASS, "0 of 1", "other content"]);
    world.assert_nothing_posted();
}

#[test]
fn content_swapped_after_the_approval_is_held_back_and_verify_shows_the_way_to_it() {
    let world = World::approved();
    let registry = &world.registry;
    proposed(registry, wider);
    registry.approve(CLASS, "bob").exits(0);
    registry.commit("Approve it");
    gate(registry).exits(0);

    registry.replace(CLASS_FILE, "max_files: 12", "max_files: 40");
    registry.commit("One more thing");
    gate(registry).exits(1).prints(&["validation.max_files"]);
    merge(registry);
    world.run(&["--wait"]).fails_clearly(3, &[CLASS, "approvals of earlier content"]);
    world.assert_nothing_posted();

    let told = registry.taskclass(&["verify", CLASS]).exits(3);
    let way = format!("diff --since-approved {CLASS}");
    assert!(told.to_string().contains(&way), "verify does not point to `{way}`\n{told}");
    let since = registry.taskclass(&["diff", "--since-approved", CLASS]).exits(0);
    let since = since.prints(&[CLASS, "validation.max_files", "40"]);
    assert!(!since.stdout.contains("web-shop"), "what was approved is no change\n{since}");
}

#[test]
fn a_partial_shows_under_every_class_that_draws_it_in() {
    let world = World::approved();
    let registry = &world.registry;
    proposed(registry, |registry| {
        let partial = "task-classes/prompts/partials/small-diff.md";
        registry.write(partial, &format!("{}- Leave a note for @acme/everyone.\n", registry.read(partial)));
    });
    let seen = review(registry);
    let rewritten = |name: &str| (name.to_owned(), "rewrites".to_owned());
    let mut found = effects(&seen);
    found.sort();
    assert_eq!(found, ["dependency-bump", "new-service-scaffold", "test-modernization"].map(rewritten));
    registry.taskclass(&["diff", "main", "HEAD", "--fail-on", "widens"]).exits(0);
    registry.taskclass(&["diff", "main", "HEAD", "--fail-on", "rewrites"]).exits(1);
    registry
        .taskclass(&["diff", "main", "HEAD"])
        .exits(0)
        .prints(&["small-diff.md", "Leave a note for @acme/everyone."]);
    // In the comment nobody is called: the text stands in code, or with its sign taken apart.
    let comment = registry.taskclass(&["diff", "main", "HEAD", "--format", "markdown"]).exits(0).stdout;
    assert!(comment.contains("Leave a note for") && comment.len() < 65_536, "{comment}");
    let plain = comment.lines().filter(|line| line.contains("@acme/everyone") && !line.starts_with(['+', '-', ' ']));
    assert_eq!(
        plain.filter(|line| !line.contains('`') && !line.contains("<code>")).collect::<Vec<_>>(),
        Vec::<&str>::new()
    );
}

#[test]
fn who_adds_a_signer_in_the_same_change_approves_nothing_with_it() {
    let world = World::approved();
    let registry = &world.registry;
    proposed(registry, |registry| {
        let mallory = registry.new_signer("mallory");
        registry.write(TRUST, &(registry.read(TRUST) + &mallory));
        wider(registry);
    });
    registry.approve(CLASS, "mallory").exits(0);
    registry.commit("Approve my own");
    // The base knows no Mallory, and the trust file itself is covered by no approval.
    gate(registry).exits(1).prints(&["trust", "mallory@acme.com", CLASS]);
    let seen = review(registry);
    assert!(effects(&seen).contains(&("trust".to_owned(), "widens".to_owned())), "{seen:#}");
    let document = |kind: &str| {
        let found = seen["documents"].as_array().and_then(|all| all.iter().find(|one| one["kind"] == kind)).cloned();
        found.unwrap_or_else(|| panic!("no {kind}: {seen:#}"))
    };
    assert_eq!(document("task-class")["name"], CLASS);
    // Bob's word counts for the class; the new signer still waits for whoever keeps the pin.
    registry.approve(CLASS, "bob").exits(0);
    registry.commit("Bob as well");
    gate(registry).exits(1).prints(&["trust"]);
}

#[test]
fn what_a_branch_approved_for_itself_is_shown_whole_to_who_signs_next() {
    let world = World::approved();
    let registry = &world.registry;
    registry.git(&["remote", "add", "origin", "https://example.invalid/registry"]);
    registry.git(&["update-ref", "refs/remotes/origin/main", "main"]);
    let trusted = registry.read(TRUST);
    proposed(registry, |registry| {
        let mallory = registry.new_signer("mallory");
        registry.write(TRUST, &(trusted.clone() + &mallory));
        wider(registry);
    });
    registry.approve(CLASS, "mallory").exits(0);
    registry.commit("Approve my own");
    registry.replace(CLASS_FILE, "version: 2", "version: 3");
    registry.replace(CLASS_FILE, "max_files: 12", "max_files: 11");
    registry.write(TRUST, &trusted);
    registry.commit("A little less, and nobody new");
    registry.approve(CLASS, "bob").exits(0).says(&["widens", "acme/web-shop", "on origin/main"]);
    // Told otherwise, it is believed, and whoever tells it names the branch.
    let own = ["diff", "--since-approved", CLASS, "--base", "HEAD"];
    registry.taskclass(&own).exits(0).says(&["on HEAD"]);
}

#[test]
fn a_line_of_the_policy_shows_under_the_classes_that_it_reaches() {
    let world = World::approved();
    let registry = &world.registry;
    proposed(registry, |registry| {
        registry.replace(POLICY, "deny: [\"acme/*-prod\", ", "deny: [");
        registry.replace(POLICY, "per_task: 200 ", "per_task: 20 ");
    });
    let seen = effects(&review(registry));
    assert!(seen.contains(&("policy".to_owned(), "widens".to_owned())), "{seen:?}");
    // What names its repositories one by one is reached by the smaller budget alone.
    assert!(seen.contains(&("test-modernization".to_owned(), "narrows".to_owned())), "{seen:?}");
    gate(registry).exits(1).prints(&["policy", "repositories.deny", "acme/*-prod", "maxima.per_task"]);
    for person in ["alice", "bob"] {
        gate(registry).exits(1);
        registry.approve("policy", person).exits(0);
        registry.commit("A word about the policy");
    }
    registry.taskclass(&["verify", "policy"]).exits(0);
}

#[test]
fn break_glass_runs_for_a_day_says_so_everywhere_and_tells_people() {
    let world = World::approved();
    let registry = &world.registry;
    registry.replace(CLASS_FILE, "per_task: 40", "per_task: 80");
    registry.commit("It cannot wait");
    let key = world.folder().join("keys/bob");
    let key = key.to_str().unwrap();
    let approve = ["approve", CLASS, "--as", "bob@acme.com", "--key", key, "--yes", "--break-glass"];
    let without = registry.taskclass(&approve);
    assert!(matches!(without.code, Some(2 | 3)), "an emergency has a reason\n{without}");
    registry.taskclass(&[&approve[..], &["--note", "A hole in production"]].concat()).exits(0);
    registry.commit("Break the glass");
    registry.taskclass(&["verify", CLASS]).exits(0).prints(&["break-glass", "A hole in production"]);
    world.run(&["--wait"]).exits(0);
    let log = world.views().log();
    assert!(log.contains("break_glass"), "the log does not say under what it ran:\n{log}");
    // Somebody is told of each such run, whatever the class escalates on.
    assert!(!world.sim.posts_to("/issues").is_empty(), "nobody was told: {:?}", world.sim.changes());
}

#[test]
fn what_a_review_cannot_read_is_wrong_usage_and_never_nothing() {
    let world = World::approved();
    let registry = &world.registry;
    registry.taskclass(&["diff", "nowhere", "HEAD"]).fails_clearly(2, &["nowhere"]);
    proposed(registry, |registry| registry.replace(CLASS_FILE, "risk: low\n", "risk: tiny\n"));
    gate(registry).exits(1).prints(&[CLASS, "cannot be read", "`risk` must be"]);
    registry.taskclass(&["diff", "main", "HEAD", "--fail-on", "any"]).exits(1);
}
