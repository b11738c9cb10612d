//! What people and bots do with a pull request and its commits, and what can be told of who did it.

use serde_json::{Value, json};

use crate::support::{Bench, REPO};

const WORLD: &str =
    "users: [{login: octocat, id: 583231}, {login: hubot, id: 2}, {login: 'ci[bot]', id: 3, bot: true}]\n";

/// A pull request by the agent, with these steps afterwards.
fn bench(steps: &str) -> Bench {
    let mut bench = Bench::yaml(&format!(
        "{WORLD}agents: [{{statuses: [{{context: ci/old}}, {{context: ci/new, by: 'ci[bot]'}}], later: [{steps}]}}]\n"
    ));
    bench.task(&json!({"prompt": "p", "create_pull_request": true, "base_ref": "main"}));
    bench.pass(600);
    bench
}

fn pull(bench: &mut Bench) -> Value {
    bench.read(&format!("{REPO}/pulls/1"))
}

#[test]
fn statuses_say_who_set_them_and_the_combined_one_does_not() {
    let mut bench = bench(
        "{after: 1h, by: 'ci[bot]', do: {kind: status, context: taskclass/verdict}}, \
         {after: 2h, do: {kind: status, context: taskclass/verdict, state: failure}}",
    );
    bench.pass(3 * 3600);
    let sha = pull(&mut bench)["head"]["sha"].as_str().unwrap().to_owned();
    let all = bench.read(&format!("{REPO}/commits/{sha}/statuses"));
    let told: Vec<_> = all
        .as_array()
        .unwrap()
        .iter()
        .map(|status| {
            format!(
                "{} {} {} {}",
                status["context"], status["state"], status["creator"]["login"], status["creator"]["type"]
            )
        })
        .map(|text| text.replace('"', ""))
        .collect();
    let expected = [
        "taskclass/verdict failure hubot User",
        "taskclass/verdict success ci[bot] Bot",
        "ci/new success ci[bot] Bot",
        "ci/old success null null",
    ];
    assert_eq!(told, expected, "newest first, and all of a context");
    let combined = bench.read(&format!("{REPO}/commits/{sha}/status"));
    assert_eq!((&combined["total_count"], &combined["state"]), (&json!(3), &json!("failure")));
    assert!(combined["statuses"].as_array().unwrap().iter().all(|status| status.get("creator").is_none()));
}

#[test]
fn a_pull_request_is_retargeted_closed_reopened_and_pushed_over() {
    let mut bench = bench(
        "{after: 1h, do: {kind: retarget, base: release/1.0}}, {after: 2h, do: {kind: close}}, \
         {after: 3h, do: {kind: reopen}}, {after: 4h, do: {kind: push, force: true, files: [{path: src/lib.rs}]}}",
    );
    let before = pull(&mut bench)["head"]["sha"].clone();
    bench.pass(3600);
    assert_eq!(pull(&mut bench)["base"]["ref"], "release/1.0");
    bench.pass(3600);
    assert_eq!(pull(&mut bench)["state"], "closed");
    bench.pass(3600);
    assert_eq!(pull(&mut bench)["state"], "open");
    bench.pass(3600);
    assert_ne!(pull(&mut bench)["head"]["sha"], before);
    let files = bench.read(&format!("{REPO}/pulls/1/files"));
    let paths: Vec<_> = files.as_array().unwrap().iter().map(|file| file["filename"].as_str().unwrap()).collect();
    assert_eq!(paths, ["src/lib.rs"], "what was there before is gone");
}

#[test]
fn a_merge_is_taken_back_on_the_base_itself_and_named_by_its_commit() {
    let mut bench = bench(
        "{after: 1h, do: {kind: merge}}, {after: 2h, do: {kind: revert, directly: true}}, \
         {after: 3h, do: {kind: commit, message: 'As in {merge}'}}",
    );
    bench.pass(4 * 3600);
    let merge = pull(&mut bench)["merge_commit_sha"].as_str().unwrap().to_owned();
    let commits = bench.read(&format!("{REPO}/commits?sha=main"));
    let message = |index: usize| commits[index]["commit"]["message"].as_str().unwrap().to_owned();
    assert_eq!(message(0), format!("As in {merge}"));
    assert!(message(1).ends_with(&format!("This reverts commit {merge}.")), "{}", message(1));
}

#[test]
fn a_tree_tells_what_is_no_plain_file() {
    let mut bench = Bench::yaml(
        "agents: [{sessions: [{files: [{path: src/link, entry: symlink}, {path: vendor/x, entry: submodule}, {path: run.sh, entry: executable}]}]}]\n",
    );
    bench.task(&json!({"prompt": "p", "create_pull_request": true, "base_ref": "main"}));
    bench.pass(600);
    let sha = pull(&mut bench)["head"]["sha"].as_str().unwrap().to_owned();
    let tree = bench.read(&format!("{REPO}/git/trees/{sha}?recursive=1"));
    let of = |path: &str| {
        let entry = tree["tree"].as_array().unwrap().iter().find(|entry| entry["path"] == path).unwrap();
        format!("{} {}", entry["mode"], entry["type"]).replace('"', "")
    };
    assert_eq!(
        [of("src/link"), of("vendor/x"), of("run.sh"), of("Cargo.toml")],
        ["120000 blob", "160000 commit", "100755 blob", "100644 blob"]
    );
}
