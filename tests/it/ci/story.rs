//! A pull request from its opening to green, with the real program behind the steps.

use super::{Runner, root};
use crate::harness::{CLASS, CLASS_FILE, Registry, binary};

/// A registry whose documents are approved, and a branch that is not main to change it on.
fn approved(folder: &std::path::Path) -> Registry {
    let registry = Registry::make(folder);
    registry.approve_all();
    registry.git(&["checkout", "--quiet", "-b", "change"]);
    registry
}

/// A runner for what the registry's branch proposes: the program as it was built, a fake `gh`.
fn runner(registry: &Registry) -> Runner {
    let mut runner = Runner::at(Some(registry.root()));
    let program = binary().parent().expect("a folder").to_owned();
    runner.programs = vec![root().join("tests/fixtures/ci/gh"), program];
    runner.proposed()
}

/// The pull request is open again for the one who pushes.
fn back(registry: &Registry) {
    registry.git(&["checkout", "--quiet", "change"]);
}

/// The steps of the job `review`, one after the other.
#[track_caller]
fn review(runner: &Runner) -> String {
    let step = runner.step("review", &[]).ends(0, &[]);
    let environment = [
        ("BODY", step.output("body").expect("a body")),
        ("CHANGED", step.output("changed").expect("an answer")),
        ("GH_TOKEN", "ghs_job"),
    ];
    runner.step("comment", &environment).ends(0, &[]);
    step.summary
}

#[test]
fn a_widening_waits_for_its_quorum_and_the_comment_follows() {
    let folder = tempfile::tempdir().unwrap();
    let registry = approved(folder.path());
    let (old, new) = ("version: 1\n", "version: 2\n");
    registry.replace(CLASS_FILE, old, new);
    registry.replace(CLASS_FILE, "max_files: ", "max_files: 9");
    registry.commit("More files");

    let ci = runner(&registry);
    let summary = review(&ci);
    assert!(summary.contains("<b>widens</b>") && summary.contains(CLASS), "{summary}");
    let comments = ci.comments();
    assert_eq!(comments.len(), 1);
    assert!(comments[0].1.contains("max_files"), "{}", comments[0].1);
    let gate = ci.step("gate", &[]).ends(1, &["::error title=This change waits for approvals::"]);
    assert!(gate.summary.contains("max_files"), "{gate:#?}");

    // Somebody whom main trusts approves it on the branch: the gate opens, the comment says so.
    back(&registry);
    registry.approve(CLASS, "alice").exits(0);
    registry.commit("Approve");
    let ci = ci.proposed();
    ci.step("gate", &[]).ends(0, &[]);
    review(&ci);
    let later = ci.comments();
    assert_eq!(later.len(), 1);
    assert_ne!(later, comments);

    // One more word after that, and it waits again.
    back(&registry);
    registry.replace(CLASS_FILE, "max_files: 9", "max_files: 99");
    registry.commit("Still more files");
    let ci = ci.proposed();
    ci.step("gate", &[]).ends(1, &[]);

    // All taken back: nothing differs, and the comment stays to say so.
    back(&registry);
    registry.git(&["checkout", "--quiet", "main", "--", "."]);
    registry.git(&["rm", "--quiet", "-r", "--force", "approvals"]);
    registry.git(&["checkout", "--quiet", "main", "--", "approvals"]);
    registry.commit("Never mind");
    let ci = ci.proposed();
    ci.step("gate", &[]).ends(0, &[]);
    assert!(review(&ci).contains("nothing differs"));
    assert_eq!(ci.comments().len(), 1);
    assert!(ci.comments()[0].1.contains("nothing differs"));
}

#[test]
fn what_only_narrows_waits_for_nobody_to_be_merged() {
    let folder = tempfile::tempdir().unwrap();
    let registry = approved(folder.path());
    registry.replace(CLASS_FILE, "max_files: 12", "max_files: 11");
    registry.commit("Fewer files");
    let ci = runner(&registry);
    assert!(review(&ci).contains("<b>narrows</b>"));
    ci.step("gate", &[]).ends(0, &[]);
    // Where it is asked for, it does.
    ci.step("gate", &[("FAIL_ON", "any")]).ends(1, &[]);
}

#[test]
fn a_pull_request_does_not_name_its_own_approvers() {
    let folder = tempfile::tempdir().unwrap();
    let registry = approved(folder.path());
    registry.replace(CLASS_FILE, "max_files: ", "max_files: 9");
    let mallory = registry.new_signer("mallory");
    registry.write("trust/allowed_signers", &format!("{}{mallory}", registry.read("trust/allowed_signers")));
    registry.commit("More files, and who may say so");
    registry.approve(CLASS, "mallory").exits(0);
    registry.commit("Approve");
    let ci = runner(&registry).forked();
    let gate = ci.step("gate", &[]).ends(1, &["::error title=This change waits for approvals::"]);
    assert!(gate.summary.contains("allowed_signers"), "{gate:#?}");
    // The review of a fork is in the summary; nobody is written to.
    let step = ci.step("review", &[]).ends(0, &["::notice title=The review is in the summary of this run::"]);
    assert!(step.summary.contains("mallory") && step.outputs.is_empty(), "{step:#?}");
    assert_eq!(ci.comments(), []);
}

#[test]
fn what_cannot_be_read_does_not_pass() {
    let folder = tempfile::tempdir().unwrap();
    let registry = approved(folder.path());
    registry.write(CLASS_FILE, "schema: task-class/v1\nname: [\n");
    registry.commit("Half a class");
    let ci = runner(&registry);
    ci.step("lint", &[]).ends(1, &["::error file=task-classes/dependency-bump.yaml"]);
    let gate = ci.step("gate", &[]);
    assert!(gate.code == 1 || gate.code == 2, "{gate:#?}");

    back(&registry);
    registry.git(&["rm", "--quiet", "policy.yaml"]);
    registry.commit("No policy");
    let gate = ci.proposed().step("gate", &[]);
    assert!(gate.code == 1 || gate.code == 2, "{gate:#?}");
}

#[test]
fn lint_of_the_program_is_what_is_uploaded() {
    let folder = tempfile::tempdir().unwrap();
    let registry = approved(folder.path());
    registry.replace(CLASS_FILE, "version: 1\n", "version: 1\nautomerge: true\n");
    registry.commit("A wish");
    let ci = runner(&registry);
    let step = ci.step("lint", &[]).ends(1, &["::error file=task-classes/dependency-bump.yaml", "automerge"]);
    let sarif = std::fs::read_to_string(step.output("sarif").expect("a file")).unwrap();
    let sarif: serde_json::Value = serde_json::from_str(&sarif).unwrap();
    assert_eq!(sarif["version"], "2.1.0");
    assert!(!sarif["runs"][0]["results"].as_array().unwrap().is_empty());
}
