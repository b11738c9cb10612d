//! What a changed policy means for the classes under it, and what the inventory proves.

use taskclass_diff::{Effect, Status};

use crate::support::*;

/// What the inventory does not know is not counted, and nobody is told that all is as before.
#[test]
fn an_entry_that_the_inventory_does_not_know_is_told() {
    let base = registry().with("inventory.txt", "acme/svc-billing\nacme/svc-payments\nacme/web-shop\n");
    let named_ones = "allow: [acme/svc-billing, ACME/Svc-Orders, acme/infra-new, acme/svc-new-prod]";
    let diff = diff(&base, &base.clone().class("allow: ['acme/svc-*']", named_ones));
    let reach = named(&diff, "bump").reach.as_ref().unwrap();
    let unlisted: Vec<_> = reach.unlisted.iter().map(|name| name.as_str()).collect();
    // The policy denies one, the class itself another.
    assert_eq!((reach.after, unlisted), (1, vec!["ACME/Svc-Orders"]));
    let formats = [
        taskclass_diff::render::human(&diff, taskclass_diff::render::Human { colour: false, width: 100 }),
        taskclass_diff::render::markdown(&diff),
    ];
    for text in formats {
        assert!(text.contains("1 entry is not in the inventory and is not counted"), "{text}");
        assert!(text.contains("ACME/Svc-Orders"), "{text}");
    }
    assert!(taskclass_diff::render::json(&diff).contains("\"unlisted\": ["));
}

/// The classes that a change of the policy reaches, as the policy and the classes themselves say it.
fn reached(from: &str, to: &str) -> Vec<String> {
    let diff = edited(|registry| registry.policy(from, to));
    let reached = named(&diff, "policy").reaches.clone();
    let classes: Vec<String> = diff
        .documents
        .iter()
        .filter(|document| document.status == Status::Reached)
        .map(|document| document.name.clone())
        .collect();
    assert_eq!(reached, classes);
    reached
}

const BOTH: [&str; 2] = ["bump", "look"];
const NONE: [&str; 0] = [];

#[test]
fn a_line_of_the_policy_shows_where_it_counts() {
    assert_eq!(reached("per_task: 200", "per_task: 100"), NONE);
    assert_eq!(reached("per_task: 200", "per_task: 30"), BOTH);
    assert_eq!(reached("submissions_per_hour: 400", "submissions_per_hour: 9"), BOTH);
    assert_eq!(reached("in_flight: 60", "in_flight: 50"), BOTH);
    assert_eq!(reached("stage_repositories: 50", "stage_repositories: 5"), NONE);
    assert_eq!(reached("run: 65m", "run: 61m"), NONE);
    assert_eq!(reached("run: 65m", "run: 50m"), BOTH);
    assert_eq!(reached("deny: [acme/infra-*]", "deny: [acme/infra-*, acme/web-*]"), NONE);
    assert_eq!(reached("deny: [acme/infra-*]", "deny: [acme/infra-*, ACME/svc-b*]"), BOTH);
    assert_eq!(reached("'.github/workflows/**'", "'.github/workflows/**', 'docs/**'"), NONE);
    assert_eq!(reached("'.github/workflows/**'", "'.github/workflows/**', '**/*.pem'"), BOTH);
    assert_eq!(reached("claude-sonnet-4.6, claude-opus-4.6]", "claude-sonnet-4.6]"), NONE);
    assert_eq!(reached("allow: [gpt-5.3-codex, ", "allow: ["), BOTH);
    assert_eq!(reached("[acme/svc-payments]", "[acme/svc-payments, acme/web-shop]"), NONE);
    assert_eq!(reached("[acme/svc-payments]", "[acme/svc-payments, acme/svc-auth]"), BOTH);
    assert_eq!(reached("low: 1, medium: 1", "low: 2, medium: 2"), BOTH);
    assert_eq!(reached("medium: 1, high: 2", "medium: 2, high: 3"), NONE);
    assert_eq!(reached("free_reach: 3", "free_reach: 5"), BOTH);
    assert_eq!(reached("warn_before: 42d", "warn_before: 20d"), NONE);
    assert_eq!(reached("{unbounded-paths: error}", "{unbounded-paths: warning}"), NONE);
    assert_eq!(reached("max_age: 180d", "max_age: 90d"), BOTH);
}

#[test]
fn a_class_says_of_a_change_that_it_is_the_policys() {
    let diff = edited(|registry| registry.policy("deny: [acme/infra-*]", "deny: [acme/infra-*, acme/svc-b*]"));
    let class = named(&diff, "bump");
    let paths: Vec<String> = changes(class).into_iter().map(|(_, path)| path).collect();
    assert!(paths.iter().all(|path| path.starts_with("policy: repositories.deny")), "{paths:?}");
    let reach = class.reach.as_ref().unwrap();
    assert_eq!((reach.before, reach.after, reach.removed.count), (3, 2, 1));
    assert_eq!(reach.removed.named[0].cause, taskclass_diff::Cause::Policy);
    assert_eq!(class.before.as_ref().unwrap().digest, class.after.as_ref().unwrap().digest);
    assert!(class.examples.is_empty());
}

#[test]
fn a_repository_that_comes_into_reach_stands_under_a_change_that_widens() {
    for edit in [
        |registry: Registry| registry.class("allow: ['acme/svc-*']", "allow: ['acme/svc-*', 'acme/web-*']"),
        |registry: Registry| registry.class("  deny: ['acme/svc-*-prod']\n", ""),
        |registry: Registry| registry.class("deny: ['acme/svc-*-prod']", "deny: ['acme/svc-o*']"),
        |registry: Registry| {
            registry.policy("deny: [acme/infra-*]", "deny: []").class("allow: ['acme/svc-*']", "allow: ['acme/*-*']")
        },
    ] {
        let diff = edited(edit);
        let class = named(&diff, "bump");
        let reach = class.reach.as_ref().unwrap();
        assert!(reach.added.count > 0);
        for came in &reach.added.named {
            let widens = class.changes.iter().any(|change| {
                change.effect == Effect::Widens
                    && change.cause == came.cause
                    && change.path.segments().starts_with(came.path.segments())
            });
            assert!(widens, "{came:?} under {:#?}", class.changes);
        }
    }
}

#[test]
fn a_model_that_the_policy_no_longer_allows_keeps_examples_from_being_sent() {
    let diff = edited(|registry| registry.policy("allow: [gpt-5.3-codex, ", "allow: ["));
    let example = &named(&diff, "bump").examples[0];
    assert!(example.failed.as_ref().unwrap().starts_with("after: "));
}
