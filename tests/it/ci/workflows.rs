//! The action, the workflows and the hooks as documents: pinned, with the least permissions, and nothing of an event in a shell.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use regex::Regex;
use serde_json::Value;

use super::root;
use crate::harness::{clean, taskclass};

const CALLER: &str = "examples/ci/taskclass.yml";
const CHECKS: &str = "examples/ci/taskclass-checks.yml";
const ACTION: &str = "action.yml";
const ALL: [&str; 3] = [CALLER, CHECKS, ACTION];
/// How the action is named in a workflow.
const OURS: &str = "taskclass/taskclass@";

fn text(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn parsed(path: &str) -> Value {
    serde_yaml::from_str(&text(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Every value below a key of that name, wherever it stands.
fn all<'a>(value: &'a Value, key: &str, found: &mut Vec<&'a Value>) {
    match value {
        Value::Object(map) => {
            found.extend(map.get(key));
            map.values().for_each(|value| all(value, key, found));
        }
        Value::Array(list) => list.iter().for_each(|value| all(value, key, found)),
        _ => {}
    }
}

fn strings(value: &Value, key: &str) -> Vec<String> {
    let mut found = Vec::new();
    all(value, key, &mut found);
    found.into_iter().filter_map(Value::as_str).map(str::to_owned).collect()
}

fn jobs(workflow: &Value) -> &serde_json::Map<String, Value> {
    workflow["jobs"].as_object().expect("jobs")
}

fn steps(job: &Value) -> &Vec<Value> {
    job["steps"].as_array().expect("steps")
}

fn permissions(value: &Value) -> BTreeMap<&str, &str> {
    let map = value["permissions"].as_object().expect("permissions are declared");
    map.iter().map(|(name, level)| (name.as_str(), level.as_str().expect("a level"))).collect()
}

#[test]
fn every_action_is_pinned_by_its_commit_and_says_the_version() {
    let pinned = Regex::new(r"^[\w.-]+/[\w./-]+@[0-9a-f]{40} # v[0-9]+\.[0-9]+\.[0-9]+(-dev)?$").expect("a pattern");
    for path in ALL {
        let lines: Vec<String> = (text(path).lines())
            .filter_map(|line| line.trim_start().trim_start_matches("- ").strip_prefix("uses: ").map(str::to_owned))
            .collect();
        assert_eq!(
            lines.len(),
            strings(&parsed(path), "uses").len(),
            "{path}: a `uses` that is written in another way"
        );
        for line in lines {
            assert!(line.starts_with("./.github/workflows/") || pinned.is_match(&line), "{path}: {line}");
        }
    }
    let ours: BTreeSet<_> =
        strings(&parsed(CHECKS), "uses").into_iter().filter(|uses| uses.starts_with(OURS)).collect();
    assert_eq!(ours.len(), 1, "the checks of one pull request are made by one program");
}

#[test]
fn each_job_has_the_permissions_that_it_needs_and_no_other() {
    let (caller, checks) = (parsed(CALLER), parsed(CHECKS));
    for workflow in [&caller, &checks] {
        assert_eq!(permissions(workflow), BTreeMap::new(), "what a job does not declare, it has not");
    }
    let mut needed = BTreeMap::new();
    for (job, expected) in [
        ("lint", vec![("actions", "read"), ("contents", "read"), ("security-events", "write")]),
        ("review", vec![("contents", "read"), ("pull-requests", "write")]),
        ("gate", vec![("contents", "read")]),
    ] {
        let declared = permissions(&checks["jobs"][job]);
        assert_eq!(declared, expected.into_iter().collect(), "{job}");
        needed.extend(declared);
    }
    assert_eq!(jobs(&checks).len(), 3);
    // A called workflow cannot have more than its caller gives, and does not start if it asks for more.
    assert_eq!(permissions(&caller["jobs"]["taskclass"]), needed);
    assert_eq!(jobs(&caller).len(), 1);
}

#[test]
fn nothing_is_put_into_a_shell_and_no_event_runs_with_secrets() {
    for path in ALL {
        let document = parsed(path);
        for run in strings(&document, "run") {
            assert!(!run.contains("${{"), "{path}: {run}");
            let script = run.strip_prefix("\"$GITHUB_ACTION_PATH/").and_then(|rest| rest.strip_suffix('"'));
            let script = script.unwrap_or_else(|| panic!("{path}: a step is a file, so that it can be tested: {run}"));
            let mode = fs::metadata(root().join(script)).expect(script).permissions().mode();
            assert_eq!(mode & 0o111, 0o111, "{script}");
        }
        for word in ["pull_request_target", "workflow_run", "secrets.", "github.event.", "github.head_ref", "inherit"] {
            assert!(!text(path).contains(word), "{path}: {word}");
        }
    }
    let events: Vec<_> = parsed(CALLER)["on"].as_object().expect("events").keys().cloned().collect();
    assert_eq!(events, ["pull_request", "merge_group", "push", "schedule"]);
    let types = &parsed(CALLER)["on"]["pull_request"]["types"];
    assert!(types.as_array().expect("types").contains(&"edited".into()), "another base branch is another change");
}

#[test]
fn a_checkout_leaves_no_token_and_brings_the_history() {
    for (name, job) in jobs(&parsed(CHECKS)) {
        let checkouts: Vec<_> = (steps(job).iter())
            .filter(|step| step["uses"].as_str().is_some_and(|uses| uses.starts_with("actions/checkout@")))
            .collect();
        assert_eq!(checkouts.len(), 1, "{name}");
        let expected = serde_json::json!({ "fetch-depth": 0, "persist-credentials": false });
        assert_eq!(checkouts[0]["with"], expected, "{name}");
        assert!(job["timeout-minutes"].as_u64().is_some_and(|minutes| minutes <= 30), "{name}");
    }
    let one_after_the_other = &parsed(CHECKS)["jobs"]["review"]["concurrency"];
    assert!(one_after_the_other["group"].as_str().expect("a group").contains("github.ref"));
}

#[test]
fn the_workflows_ask_the_action_for_what_it_has() {
    let (action, checks) = (parsed(ACTION), parsed(CHECKS));
    let inputs = action["inputs"].as_object().expect("inputs");
    for (name, job) in jobs(&checks) {
        let ours = steps(job).iter().find(|step| step["uses"].as_str().is_some_and(|uses| uses.starts_with(OURS)));
        let with = ours.expect(name)["with"].as_object().expect("inputs");
        assert_eq!(with["check"], Value::from(name.as_str()), "a job is a check");
        for input in with.keys() {
            assert!(inputs.contains_key(input), "{name}: the action has no input {input}");
        }
        for input in ["registry", "version", "sha256"] {
            assert_eq!(with[input], Value::from(format!("${{{{ inputs.{input} }}}}")), "{name}");
        }
    }
    for input in checks["on"]["workflow_call"]["inputs"].as_object().expect("inputs").keys() {
        assert!(inputs.contains_key(input), "{input}");
    }
}

#[test]
fn one_step_has_the_token_and_it_does_not_read_the_registry() {
    let action = parsed(ACTION);
    let with_token: Vec<_> = (steps(&action["runs"]).iter())
        .filter(|step| step.to_string().contains("token"))
        .map(|step| step["name"].as_str().expect("a name"))
        .collect();
    assert_eq!(with_token, ["Comment"]);
    assert!(!text("action/comment.sh").lines().any(|line| line.contains("taskclass ")), "nor does it run the program");
    assert_eq!(text(ACTION).matches("github.token").count(), 1);
}

#[test]
fn the_steps_are_strict() {
    let piped = Regex::new(r"\beval\b|\|\s*(ba)?sh\b|\bbash -c\b|<\(").expect("a pattern");
    for entry in fs::read_dir(root().join("action")).expect("a folder") {
        let path = entry.expect("an entry").path();
        let script = fs::read_to_string(&path).expect("a script");
        if path.ends_with("common.sh") {
            continue;
        }
        assert!(script.starts_with("#!/usr/bin/env bash\n# "), "{path:?} says what it is for");
        assert!(script.contains("\nset -euo pipefail\n"), "{path:?}");
        assert!(!piped.is_match(&script), "{path:?}: text that came from elsewhere is run");
        let parsed = Command::new("bash").arg("-n").arg(&path).status().expect("bash runs");
        assert!(parsed.success(), "{path:?}");
    }
}

#[test]
fn hooks_run_in_a_registry_when_one_of_its_files_changes() {
    let hooks = parsed(".pre-commit-hooks.yaml");
    let hooks = hooks.as_array().expect("hooks");
    assert_eq!(hooks.iter().map(|hook| &hook["id"]).collect::<Vec<_>>(), ["taskclass-lint", "taskclass-diff"]);
    let folder = tempfile::tempdir().expect("a folder");
    let (registry, home) = (folder.path().join("agent-tasks"), folder.path().join("home"));
    fs::create_dir_all(&registry).expect("a folder");
    let init = taskclass(&registry, &home, &["init", "."]).output().expect("it runs");
    assert!(init.status.success());
    for arguments in [vec!["init", "--quiet"], vec!["add", "--all"], vec!["commit", "--quiet", "--message", "x"]] {
        let mut git = Command::new("git");
        git.args(["-c", "user.name=Cora", "-c", "user.email=cora@acme.com"]).args(arguments);
        assert!(clean_git(git.current_dir(&registry), &home));
    }
    for hook in hooks {
        let files = Regex::new(hook["files"].as_str().expect("a pattern")).expect("a pattern");
        for file in [
            "policy.yaml",
            "inventory.txt",
            "task-classes/docs-link-repair.yaml",
            "task-classes/prompts/partials/when-stuck.md",
            "trust/allowed_signers",
            "teams/a/approvals/x/1.alice@acme.com.json.sig",
            "revocations/x/all.alice@acme.com.json",
        ] {
            assert!(files.is_match(file), "{file}");
        }
        for file in ["README.md", "src/policy.yaml.rs", "my-policy.yaml", "docs/task-classes.md"] {
            assert!(!files.is_match(file), "{file}");
        }
        // Names of files would be taken for what to report on, or for revisions.
        assert_eq!(hook["pass_filenames"], Value::from(false));
        let words: Vec<&str> = hook["entry"].as_str().expect("a command").split(' ').collect();
        let ended = taskclass(&registry, &home, &words[1..]).output().expect("it runs");
        assert!(
            words[0] == "taskclass" && ended.status.success(),
            "{words:?}: {}",
            String::from_utf8_lossy(&ended.stderr)
        );
    }
    assert!(registry.join(".github/workflows/taskclass.yml").is_file());
    assert!(registry.join(".github/workflows/taskclass-checks.yml").is_file());
}

fn clean_git(command: &mut Command, home: &std::path::Path) -> bool {
    clean(command, home);
    command.status().expect("git runs").success()
}
