//! A configuration or a command line that is wrong: one message that says what to do, exit 2, nothing asked of GitHub.

use std::fs;

use crate::harness::{CLASS, World};

/// The usual run with this configuration is wrong usage.
#[track_caller]
fn refused(world: &World, config: &str, words: &[&str]) {
    world.configure(config);
    world.run(&["--wait"]).fails_clearly(2, words);
    assert!(!world.state().exists(), "the state was made all the same");
}

#[test]
fn a_missing_configuration_is_named_with_the_way_out() {
    let world = World::approved();
    fs::remove_file(world.executor_folder().join("executor.yaml")).unwrap();
    for command in [&["status"][..], &["tick"], &["watch"], &["inbox"], &["audit", "verify"], &["show", "abcd"]] {
        world.executor(command).fails_clearly(2, &["executor.yaml", "--config"]);
    }
    world.run(&[]).fails_clearly(2, &["executor.yaml", "--config"]);
    world.run(&["--config", "elsewhere.yaml"]).fails_clearly(2, &["elsewhere.yaml"]);
}

#[test]
fn a_configuration_in_the_users_folder_is_found() {
    let world = World::approved();
    let folder = world.registry.home().join(".config/taskclass");
    fs::create_dir_all(&folder).unwrap();
    let text = world.config().replace("../agent-tasks", world.registry.root().to_str().unwrap());
    fs::write(folder.join("executor.yaml"), text).unwrap();
    fs::remove_file(world.executor_folder().join("executor.yaml")).unwrap();
    world.run(&["--dry-run"]).exits(0);
}

#[test]
fn a_broken_configuration_is_shown_at_the_place() {
    let world = World::approved();
    let config = world.config();
    let line = 1 + config.lines().position(|line| line.starts_with("watch")).unwrap();
    let place = format!("executor.yaml:{line}:");
    refused(&world, &config.replace("min_interval: 1s", "min_interval: soon"), &[&place, "soon"]);
    refused(&world, &config.replace("min_interval", "min_intervall"), &[&place, "min_intervall", "min_interval"]);
    refused(
        &world,
        &config.replace("min_interval: 1s, ", "min_interval: 1s, min_interval: 2s, "),
        &[&place, "min_interval"],
    );
    refused(&world, &config.replace("1s, max_interval: 2s}", "1s, max_interval: 2s"), &["executor.yaml:"]);
    refused(
        &world,
        &config.replace("min_interval: 1s", "min_interval: 9s"),
        &["watch.min_interval", "watch.max_interval"],
    );
    refused(&world, &config.replace("executor/v1", "executor/v9"), &["executor.yaml:1:", "executor/v1"]);
    refused(&world, "", &["executor.yaml"]);
    refused(&world, "\u{0}\u{1}", &["executor.yaml"]);
}

#[test]
fn plain_http_to_another_machine_is_refused() {
    let world = World::approved();
    for api in
        ["http://example.com", "http://192.0.2.1:80", "http://localhost.example.com", "http://127.0.0.1@example.com"]
    {
        let config = world.config().replace(&world.proxy.url(), api);
        refused(&world, &config, &["github.api"]);
    }
    assert_eq!(world.sim.requests(), Vec::<serde_json::Value>::new());
}

#[test]
fn a_class_that_is_not_there_is_answered_with_the_one_that_was_meant() {
    let world = World::approved();
    let run = |name: &str| world.executor(&["run", name, "--repo", "acme/svc-orders", "-i", "package=serde"]);
    run("dependency-bmp").fails_clearly(2, &["dependency-bmp", "did you mean `dependency-bump`?"]);
    run("zzz").fails_clearly(2, &["zzz", "dependency-bump", "release-note-draft"]);
    run("../policy").fails_clearly(2, &["../policy"]);
    world.assert_nothing_posted();
}

#[test]
fn wrong_inputs_are_all_named_at_once_and_nothing_is_sent() {
    let world = World::approved();
    let run = |more: &[&str]| {
        let usual = ["run", CLASS, "--repo", "acme/svc-orders"];
        world.executor(&usual.iter().chain(more).copied().collect::<Vec<_>>())
    };
    run(&["-i", "package=serde"]).fails_clearly(3, &["`to`"]);
    run(&["-i", "package=a b", "-i", "to=latest"]).fails_clearly(3, &["package", "to", "latest"]);
    run(&["-i", "package=serde", "-i", "to=1.0.1", "-i", "pakage=x"])
        .fails_clearly(2, &["pakage", "did you mean `package`?"]);
    run(&["-i", "package"]).fails_clearly(2, &["package", "name=value"]);
    run(&["-i", "package=serde", "-i", "to=1.0.1", "--model", "gpt-9"]).fails_clearly(3, &["gpt-9"]);
    run(&["-i", "package=serde", "-i", "to=1.0.1", "--base-ref", "develop"]).fails_clearly(3, &["develop", "base_ref"]);
    for repository in ["acme/docs", "acme/svc-checkout-prod", "evil/svc-orders"] {
        let arguments = ["run", CLASS, "--repo", repository, "-i", "package=serde", "-i", "to=1.0.1"];
        world.executor(&arguments).fails_clearly(3, &[repository]);
    }
    world.assert_nothing_posted();
}

#[test]
fn a_task_that_is_not_there_is_wrong_usage() {
    let world = World::approved();
    world.run(&[]).exits(0);
    for command in [
        &["show", "zzzz"][..],
        &["trace", "zzzz"],
        &["cancel", "zzzz"],
        &["resolve", "zzzz", "--abandon"],
        &["status", "run-zzzz"],
    ] {
        world.executor(command).fails_clearly(2, &["zzzz"]);
    }
    world.executor(&["resolve", "zzzz"]).exits(2);
}
