//! `verify`: the table, who is missing, what lies uncommitted, any commit and any day; held to what a run is held to.

use crate::harness::{CLASS, CLASS_FILE, World};

/// A validator of the schema that the program itself prints.
fn conforms(world: &World, report: &serde_json::Value) {
    let schema = world.registry.taskclass(&["schema", "verify"]).exits(0).json();
    let required = schema["required"].as_array().unwrap();
    assert!(required.iter().all(|field| report.get(field.as_str().unwrap()).is_some()), "{report}");
    let document = &schema["$defs"]["Document"];
    for found in report["documents"].as_array().unwrap() {
        let fields = found.as_object().unwrap();
        assert!(fields.keys().all(|field| document["properties"].get(field).is_some()), "{found}");
        let required = document["required"].as_array().unwrap();
        assert!(required.iter().all(|field| fields.contains_key(field.as_str().unwrap())), "{found}");
    }
}

#[test]
fn an_approval_in_the_work_tree_is_told_of_until_it_is_committed() {
    let world = World::new();
    let registry = &world.registry;
    registry
        .taskclass(&["verify", CLASS])
        .exits(3)
        .prints(&["0 of 1", "1 more; could sign: alice@acme.com, bob@acme.com"]);
    registry.approve(CLASS, "alice").exits(0);
    let told = registry.taskclass(&["verify", CLASS]);
    told.exits(3).prints(&["0 of 1", "uncommitted", "lies in the work tree only: commit and push it"]).says(&[
        "Next:",
        "git add approvals/dependency-bump",
        "git push",
        "nothing runs under it",
    ]);
    let report = registry.taskclass(&["verify", CLASS, "--format", "json"]).exits(3).json();
    assert_eq!(report["documents"][0]["uncommitted"].as_array().unwrap().len(), 1, "{report}");
    conforms(&world, &report);
    registry.commit("Approval");
    registry.taskclass(&["verify", CLASS]).exits(0).prints(&["approved", "1 of 1", "alice@acme.com", "180 days"]);
}

#[test]
fn what_has_moved_on_leads_to_the_review_since_then_and_any_commit_and_day_can_be_asked_about() {
    let world = World::approved();
    let registry = &world.registry;
    registry
        .taskclass(&["verify", "policy"])
        .exits(0)
        .prints(&["policy    2 of 2 "])
        .says(&["policy stays approved until "]);
    registry
        .taskclass(&["verify"])
        .exits(3)
        .prints(&["policy                2 of 2", "not approved  migration-proposal"]);
    let before = registry.git(&["rev-parse", "HEAD"]).trim().to_owned();
    registry.replace(CLASS_FILE, "\nversion: 1\n", "\nversion: 2\n");
    registry.commit("Version 2");
    let command = format!("taskclass diff --since-approved {CLASS}");
    registry
        .taskclass(&["verify", CLASS])
        .exits(3)
        .prints(&["not approved", "approves other content (version 1, sha256:", &command])
        .says(&[&format!("Next: {command}")]);
    registry.taskclass(&["diff", "--since-approved", CLASS]).exits(0);
    registry.taskclass(&["verify", CLASS, "--at", &before]).exits(0).prints(&["approved"]);
    // It ends within half a year, and was not given yet in 2020.
    registry.taskclass(&["verify", CLASS, "--at", &before, "--on", "2099-01-01"]).exits(3).prints(&["expired at "]);
    registry
        .taskclass(&["verify", CLASS, "--at", &before, "--on", "2020-01-01"])
        .exits(3)
        .prints(&["lies in the future (2020-01-01T23:59:59Z now)"]);
    registry.taskclass(&["verify", "--on", "yesterday"]).exits(2).says(&["expected a date or a time in UTC"]);
    let report = registry.taskclass(&["verify", "--format", "json"]).exits(3).json();
    let class = report["documents"].as_array().unwrap().iter().find(|document| document["name"] == CLASS).unwrap();
    assert_eq!((&class["state"], &class["moved_on"]), (&"not_approved".into(), &true.into()), "{report}");
    conforms(&world, &report);
}

#[test]
fn a_break_glass_approval_is_marked_and_a_run_under_it_is_told() {
    let world = World::new();
    let registry = &world.registry;
    for person in ["alice", "bob"] {
        registry.approve("policy", person).exits(0);
    }
    let (principal, key) = ("alice@acme.com", registry.key("alice").to_str().unwrap().to_owned());
    let note = "Outage 12: it cannot wait";
    registry
        .taskclass(&["approve", CLASS, "--as", principal, "--key", &key, "--yes", "--break-glass", "--note", note])
        .exits(0);
    registry.commit("Approvals");
    registry
        .taskclass(&["verify"])
        .exits(3)
        .prints(&["break-glass   dependency-bump", "is approved for an emergency (break-glass): "])
        .prints(&["break-glass: Outage 12: it cannot wait"]);
    let report = registry.taskclass(&["verify", CLASS, "--format", "json"]).exits(0).json();
    assert_eq!(report["documents"][0]["break_glass"], true);
    world.run(&["--wait"]).says(&["break-glass approval of dependency-bump by alice@acme.com: Outage 12"]);
    world.executor(&["status"]).prints(&["break-glass approval of dependency-bump by alice@acme.com until "]);
    world.executor(&["inbox"]).prints(&["[break-glass]", "runs under a break-glass approval of dependency-bump"]);
}

#[test]
fn with_the_configuration_it_answers_as_a_run_does() {
    let world = World::approved();
    world.run(&["--wait"]).exits(0);
    let config = world.executor_folder().join("executor.yaml");
    let verify = ["verify", CLASS, "--config", config.to_str().unwrap()];
    world.registry.taskclass(&verify).exits(0);
    // The history that the executor has accepted is rewritten.
    world.registry.git(&["commit", "--quiet", "--amend", "--allow-empty", "-m", "Another"]);
    let words = ["the registry's history was rewritten"];
    world.run(&[]).exits(3).says(&words);
    world.registry.taskclass(&verify).exits(3).says(&words);
    world.registry.taskclass(&["verify", CLASS]).exits(0);
}
