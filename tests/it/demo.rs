//! The README's first command: the whole way in a fresh folder, nothing needed but git.

use std::fs;

use crate::harness::{Running, taskclass};

#[test]
fn the_demo_tells_the_whole_story_in_a_fresh_folder_and_never_over_another() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("demo");
    let place = place.to_str().unwrap();
    let demo = || Running::start(taskclass(folder.path(), folder.path(), &["demo", "--dir", place])).wait();
    let told = demo().exits(0).prints(&[
        "$ taskclass lint",
        "undefined-variable",
        "$ taskclass approve policy dependency-bump --as alice@acme.com --key ../keys/alice --yes --quiet",
        "$ taskclass run dependency-bump --repo acme/svc-orders",
        "--wait --sim",
        "verdict       accepted",
        "spend         12.4",
        "$ taskclass diff HEAD~1 HEAD --fail-on widens --unless-approved",
        "tasks may run in repositories that match `acme/web-shop`",
        "reach  5 → 6 of 12 repositories",
        "$ taskclass audit verify --sim",
        "verified:",
    ]);
    let order =
        ["undefined-variable", "refused", "verdict       accepted", "fails: dependency-bump widens", "verified:"];
    let both = [told.stdout.as_str(), told.stderr.as_str()].concat();
    assert!(order.iter().all(|word| both.contains(word)), "{told}");
    // It is read to its end: one review, that of the change, and no other.
    assert_eq!(both.matches("it widens").count(), 1, "{told}");
    assert!(both.lines().count() < 250, "{} lines", both.lines().count());
    // What the README shows of it is what is printed.
    let readme = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../README.md")).unwrap();
    let sample = readme.split("```console\n$ taskclass lint\n").nth(1).unwrap().split("```").next().unwrap();
    let shown: Vec<&str> = sample.lines().filter(|line| !line.starts_with("$ ") && *line != "...").collect();
    assert!(shown.len() > 4 && shown.iter().all(|line| both.contains(line)), "{shown:#?}\n{told}");
    // What it leaves behind is a registry that goes on working, and nothing of it is changed by a second demo.
    let registry = folder.path().join("demo/agent-tasks");
    assert!(told.stderr.contains(&format!("cd {} && taskclass status --sim", registry.display())), "{told}");
    let again = |arguments: &[&str]| Running::start(taskclass(&registry, folder.path(), arguments)).wait();
    again(&["audit", "verify", "--sim"]).exits(0).prints(&["verified"]);
    let before = again(&["status", "--sim", "--format", "json"]).exits(0).stdout;
    demo().fails_clearly(2, &[place, "exists already"]);
    assert_eq!(again(&["status", "--sim", "--format", "json"]).exits(0).stdout, before);
    assert!(fs::read_dir(folder.path().join("demo")).unwrap().count() >= 2);
}

#[test]
fn without_a_folder_the_demo_finds_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = taskclass(folder.path(), folder.path(), &["demo", "--quiet"]);
    command.env("TMPDIR", folder.path());
    Running::start(command).wait().exits(0).prints(&["verdict       accepted"]);
    let made: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(made.len(), 1, "{made:?}");
    assert!(made[0].to_string_lossy().starts_with("taskclass-demo-"));
}
