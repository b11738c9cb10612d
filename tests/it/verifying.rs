//! `verify`: the table, who is missing, what lies uncommitted, any commit and any day; held to what a run is held to.

use std::fs;

use tempfile::TempDir;

use crate::harness::{CLASS, CLASS_FILE, Ended, Registry, Running, Terminal, World, taskclass};

const BOB: &str = "bob@acme.com";

/// A registry that nothing runs from, and its folder.
fn place() -> (TempDir, Registry) {
    let folder = tempfile::Builder::new().prefix("taskclass-e2e-").tempdir().unwrap();
    let registry = Registry::make(folder.path());
    (folder, registry)
}

fn verify(registry: &Registry, arguments: &[&str]) -> Ended {
    registry.taskclass(&[&["verify"], arguments].concat())
}

fn revoke(registry: &Registry, what: &[&str]) -> Ended {
    let key = registry.key("bob");
    let usual = ["--as", BOB, "--key", key.to_str().unwrap(), "--yes", "--reason", "the prompt lets paths escape"];
    registry.taskclass(&[&["revoke"], what, &usual].concat())
}

/// Holds output to the words that it must not have.
#[track_caller]
fn lacks(ended: Ended, words: &[&str]) -> Ended {
    for word in words {
        assert!(!ended.stdout.contains(word) && !ended.stderr.contains(word), "`{word}` is said\n{ended}");
    }
    ended
}

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
    let told = lacks(verify(registry, &[CLASS]), &["could sign", "missing"]);
    told.exits(3)
        .prints(&["0 of 1", "uncommitted", "lies in the work tree only: commit and push it", "1 of 1 once committed"])
        .says(&["Next:", "git add approvals/dependency-bump", "git push", "nothing runs under it"]);
    let report = registry.taskclass(&["verify", CLASS, "--format", "json"]).exits(3).json();
    assert_eq!(report["documents"][0]["uncommitted"].as_array().unwrap().len(), 1, "{report}");
    conforms(&world, &report);
    registry.commit("Approval");
    // Under a policy that is not approved nothing runs, and so the answer is no until it is.
    let verify = ["verify", CLASS, "--format", "json"];
    let told = registry.taskclass(&verify[..2]).exits(3);
    told.prints(&["approved", "1 of 1", "alice@acme.com", "180 days"]).says(&["the policy is not approved"]);
    let report = registry.taskclass(&verify).exits(3).json();
    assert_eq!((&report["approved"], &report["policy_approved"]), (&false.into(), &false.into()), "{report}");
    for person in ["alice", "bob"] {
        registry.approve("policy", person).exits(0);
    }
    registry.commit("Policy");
    let report = registry.taskclass(&verify).exits(0).json();
    assert_eq!((&report["approved"], &report["policy_approved"]), (&true.into(), &true.into()), "{report}");
    conforms(&world, &report);
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
        .prints(&["not approved", "1 approval of earlier content (-v lists it)", &command])
        .says(&[&format!("Next: {command}")]);
    verify(registry, &[CLASS, "-v"]).exits(3).prints(&["approves other content (version 1, sha256:"]);
    registry.taskclass(&["diff", "--since-approved", CLASS]).exits(0);
    // Of another revision the review is of that one.
    registry.git(&["tag", "second"]);
    registry.git(&["commit", "--quiet", "--allow-empty", "-m", "Later"]);
    let of_that = format!("taskclass diff second --since-approved {CLASS}");
    verify(registry, &[CLASS, "--at", "second"]).exits(3).says(&[&format!("Next: {of_that}\n")]).prints(&[&of_that]);
    registry.taskclass(&of_that.split(' ').skip(1).collect::<Vec<_>>()).exits(0);
    verify(registry, &["--at", "second", "migration-proposal"])
        .exits(3)
        .says(&["Next: taskclass approve migration-proposal --as PRINCIPAL --key FILE --commit second\n"]);
    registry.taskclass(&["verify", CLASS, "--at", &before]).exits(0).prints(&["approved"]);
    // It ends within half a year, and was not given yet in 2020.
    let then = verify(registry, &[CLASS, "--at", &before, "--on", "2099-01-01"]).exits(3);
    lacks(then, &["moved on", "git add"])
        .prints(&["expired ", "expired on 2"])
        .says(&[&format!("Next: renew: taskclass approve {CLASS} --as PRINCIPAL --key FILE")]);
    let then = verify(registry, &[CLASS, "--at", &before, "--on", "2020-01-01"]).exits(3);
    lacks(then, &["clock", "could sign", "Next:"])
        .prints(&["was signed later than the moment asked about, at 2"])
        .says(&["that was at 2020-01-01T23:59:59Z; how it stands now: taskclass verify dependency-bump"]);
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
    verify(registry, &[])
        .exits(3)
        .prints(&["break-glass   dependency-bump", "1 of 1  alice@acme.com (break-glass)"])
        .prints(&["is approved for an emergency (break-glass): "])
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

#[test]
fn a_revocation_in_the_work_tree_is_told_of_first() {
    let (_folder, registry) = place();
    registry.approve_all();
    revoke(&registry, &[CLASS]).exits(0);
    let told = verify(&registry, &[CLASS]).exits(0).says(&["Next: git add revocations/dependency-bump && git commit"]);
    assert!(told.stdout.starts_with("A revocation is not committed: "), "{told}");
    let then = "dependency-bump is revoked by bob@acme.com: the prompt lets paths escape";
    told.prints(&["lies in the work tree only: commit and push it", then, "approved      dependency-bump"]);
    let report = verify(&registry, &["--format", "json"]).exits(3).json();
    let class = report["documents"].as_array().unwrap().iter().find(|document| document["name"] == CLASS).unwrap();
    assert_eq!((&class["state"], &class["once_committed"]["state"]), (&"approved".into(), &"revoked".into()));
    fs::remove_dir_all(registry.root().join("revocations")).unwrap();

    // A key: it concerns what is signed with it.
    let shown = registry.ssh_keygen(&["-l", "-f", registry.key("alice").to_str().unwrap()]);
    let fingerprint = shown.split_whitespace().nth(1).unwrap();
    revoke(&registry, &["--signed-by", fingerprint]).exits(0);
    verify(&registry, &[])
        .prints(&["policy is not approved: 1 of 2", "dependency-bump is not approved: 0 of 1"])
        .says(&["Next: git add revocations/policy && "]);
}

#[test]
fn what_is_revoked_is_told_with_its_reason_and_its_way_out() {
    let (_folder, registry) = place();
    registry.approve_all();
    revoke(&registry, &[CLASS]).exits(0);
    registry.commit("Revoked");
    let told = verify(&registry, &[CLASS]).exits(3);
    lacks(told, &["moved on", "since-approved", "could sign", "counts"])
        .prints(&[
            "is revoked by bob@acme.com: the prompt lets paths escape",
            "no approval outweighs a revocation: change the content",
        ])
        .says(&[
            "Next: change the content of task-classes/dependency-bump.yaml and raise its version, then approve that",
        ]);
    let report = verify(&registry, &[CLASS, "--format", "json"]).exits(3).json();
    assert_eq!(report["documents"][0]["revoked"]["principal"], BOB, "{report}");

    // With every approval so far: what comes after counts.
    registry.git(&["rm", "-r", "--quiet", "revocations"]);
    revoke(&registry, &[CLASS, "--all"]).exits(0);
    registry.commit("All revoked");
    verify(&registry, &[CLASS]).exits(3).prints(&["not approved", "with every approval until then"]).says(&["approve"]);
}

#[test]
fn what_lint_refuses_is_sent_to_lint() {
    let (_folder, registry) = place();
    registry.replace(CLASS_FILE, "excludes: [\"TODO\", \"Why", "excludes: [\"Raise\", \"Why");
    registry.commit("A slip");
    registry.approve(CLASS, "alice").exits(1);
    let refused = "; approve and run refuse it";
    let told = verify(&registry, &[CLASS]).exits(3).prints(&["lint", refused]);
    assert!(told.stderr.contains("Next: taskclass lint task-classes/dependency-bump.yaml\n"), "{told}");
    let count = verify(&registry, &["--format", "json"]).json()["documents"].clone();
    let errors = |name: &str| {
        count.as_array().unwrap().iter().find(|document| document["name"] == name).unwrap()["lint_errors"].clone()
    };
    assert!(errors(CLASS).as_u64().unwrap() > 0);
    assert_eq!(errors("migration-proposal"), 0);
    // Of another commit the findings are here: the linter looks at the work tree.
    let there = verify(&registry, &[CLASS, "--at", "HEAD"]).exits(3);
    lacks(there, &["Next:"]).prints(&[refused, "task-classes/dependency-bump.yaml:"]);
}

#[test]
fn who_has_signed_without_a_commit_is_not_asked_again() {
    let (_folder, registry) = place();
    registry.approve("policy", "alice").exits(0);
    verify(&registry, &["policy"]).exits(3).prints(&["1 more (1 of 2 once committed); could sign: bob@acme.com\n"]);
    registry.approve("policy", "bob").exits(0);
    let told = verify(&registry, &["policy"]).exits(3).prints(&["2 of 2 once committed"]);
    lacks(told, &["could sign", "missing"]).says(&["Next: git add approvals/policy && "]);
    // What would not count is not what is committed next.
    fs::remove_dir_all(registry.root().join("approvals")).unwrap();
    registry.write("approvals/policy/stray.json", "{}");
    let told =
        verify(&registry, &["policy"]).exits(3).prints(&["stray.json lies in the work tree only: would not count"]);
    told.says(&["Next: taskclass approve policy --as PRINCIPAL --key FILE\n"]);
}

#[test]
fn where_nobody_can_sign_a_signer_is_what_is_missing() {
    let (_folder, registry) = place();
    registry.write("trust/allowed_signers", "");
    registry.commit("Nobody");
    let told = verify(&registry, &[]).exits(3).prints(&["2 more", "names nobody", "needs 2 more signers"]);
    let line = told.stderr.lines().find(|line| line.trim_start().starts_with("echo ")).expect("a command").trim();
    // It is what it says: with a person and a key it makes them one who could sign.
    let key = registry.key("bob").with_extension("pub");
    let line = line.replace("WHO@EXAMPLE.COM", BOB).replace("KEY.pub", key.to_str().unwrap());
    let status = std::process::Command::new("sh").args(["-c", &line]).current_dir(registry.root()).status().unwrap();
    assert!(status.success(), "{line}");
    registry.commit("Bob");
    verify(&registry, &["policy"]).exits(3).prints(&["2 more; could sign: bob@acme.com; ", "needs 1 more signer\n"]);
    registry.approve(CLASS, "bob").exits(0);
    registry.git(&["rm", "--quiet", "trust/allowed_signers"]);
    registry.git(&["commit", "--quiet", "-m", "None"]);
    verify(&registry, &[]).fails_clearly(3, &["trust/allowed_signers is missing", "echo "]);
}

#[test]
fn a_registry_below_the_top_of_its_repository_is_told_so() {
    let (folder, registry) = place();
    fs::remove_dir_all(registry.root().join(".git")).unwrap();
    verify(&registry, &[]).fails_clearly(2, &["is in no git repository", "git init"]);
    let root = registry.root().to_str().unwrap();
    registry.git(&["init", "--quiet", folder.path().to_str().unwrap()]);
    let told = Running::start(taskclass(folder.path(), registry.home(), &["verify", "--registry", root])).wait();
    lacks(told, &["git init", "fatal"])
        .fails_clearly(2, &["approvals count only for a registry at the top of its repository"]);
    lacks(registry.approve("policy", "alice"), &["git init"]).fails_clearly(2, &["at the top of its repository"]);
}

#[test]
fn what_changes_leave_behind_is_counted_and_what_is_broken_is_named() {
    let (_folder, registry) = place();
    for version in 1..4 {
        if version > 1 {
            let versions = [version - 1, version].map(|version| format!("\nversion: {version}\n"));
            registry.replace(CLASS_FILE, &versions[0], &versions[1]);
            registry.commit("Another version");
        }
        registry.approve(CLASS, "alice").exits(0);
        registry.commit("Approved");
    }
    let folded = "2 approvals of earlier content (-v lists them)";
    lacks(verify(&registry, &[]), &["earlier content", "other content"]);
    lacks(verify(&registry, &[CLASS]).exits(3).prints(&[folded]), &["other content"]);
    let listed = verify(&registry, &[CLASS, "-v"]).exits(3);
    assert_eq!(listed.stdout.matches("approves other content (version ").count(), 2, "{listed}");
    registry.write("approvals/dependency-bump/stray.json", "{}");
    registry.commit("Something");
    verify(&registry, &[]).prints(&["approvals/dependency-bump/stray.json"]);
    registry.approve(CLASS, "bob").exits(0);
    registry.commit("One more than are needed");
    verify(&registry, &[CLASS]).exits(3).prints(&["2 (1 needed)  alice@acme.com, bob@acme.com  180 days"]);
}

#[test]
fn the_page_keeps_to_the_terminal_and_says_digests_only_when_asked() {
    let (_folder, registry) = place();
    registry.approve_all();
    registry.replace(CLASS_FILE, "\nversion: 1\n", "\nversion: 2\n");
    registry.commit("Version 2");
    // Commands are copied, and so stay in one line.
    let is_command = |line: &str| line.starts_with("Next:") || line.trim_start().starts_with("taskclass ");
    for columns in [80, 60, 30] {
        let mut command = taskclass(registry.root(), registry.home(), &["verify"]);
        command.env("NO_COLOR", "1");
        let told = Terminal::of_width(command, columns).ends(3);
        let known: Vec<&str> = told.split_whitespace().collect();
        let wide = verify(&registry, &[]);
        assert!(wide.stdout.split_whitespace().all(|word| known.contains(&word)), "a word is broken\n{told}");
        if columns == 80 {
            let over = told.lines().find(|line| line.chars().count() > 80 && !is_command(line));
            assert!(over.is_none(), "{over:?}\n{told}");
        }
    }
    assert!(!verify(&registry, &[]).stderr.contains("sha256:"));
    verify(&registry, &["-v"]).says(&["sha256:"]);
}
