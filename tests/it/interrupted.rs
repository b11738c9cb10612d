//! Ctrl-C: 130, everything written down, and whoever comes next goes on.

use crate::harness::{Running, Terminal, World, until};

/// Interrupts, and holds it to the documented end.
fn interrupt(running: Running) {
    running.interrupt();
    running.wait().fails_clearly(130, &["written down", "1 task goes on at GitHub", "taskclass watch"]);
}

#[test]
fn ctrl_c_at_a_terminal_says_what_goes_on_and_how_to_come_back() {
    let world = World::slow();
    let config = "../executor/executor.yaml";
    let mut terminal = Terminal::start(world.command(&World::run_arguments(&["--wait", "--config", config])));
    terminal.reads("Ctrl-C ends the waiting, not the task");
    terminal.types("\u{3}");
    let seen = terminal.ends(130);
    let task = world.views().task();
    let said = seen[seen.rfind("interrupted").unwrap()..].replace('\n', " ");
    let said: Vec<&str> = said.split_whitespace().collect();
    let said = said.join(" ");
    for words in [
        "1 task goes on at GitHub",
        task["task_url"].as_str().unwrap(),
        &format!("`taskclass watch --config {config}` goes on from here"),
        &format!("`taskclass cancel {} --config {config}` stops the task itself", &task["key"].as_str().unwrap()[..8]),
    ] {
        assert!(said.contains(words), "`{words}`\n{seen}");
    }
    assert!(!said.contains("Ctrl-C"), "what was drawn is gone\n{seen}");
    assert!(task["state"].as_str().unwrap().starts_with("task."), "{task}");
}

#[test]
fn an_interrupted_run_is_taken_up_by_a_tick() {
    let world = World::approved();
    let run = world.begin_run(&["--wait"]);
    until("the task at work", || run.stderr().contains("task.").then_some(()));
    interrupt(run);
    world.tick_until_state("verdict.accepted");
    assert_eq!((world.sim.tasks().len(), world.sim.creations().len()), (1, 1));
    world.executor(&["audit", "verify"]).exits(0);
}

#[test]
fn an_interrupted_watch_is_taken_up_by_another() {
    let world = World::slow();
    world.run(&[]).exits(0);
    for _ in 0..2 {
        let watch = world.begin(&["watch"]);
        until("the watch at work", || watch.stdout().contains("dependency-bump").then_some(()));
        interrupt(watch);
    }
    assert_eq!(world.sim.creations().len(), 1);
    world.executor(&["audit", "verify"]).exits(0);
}

#[test]
fn an_interrupted_run_is_taken_up_by_another_run() {
    let world = World::slow();
    let run = world.begin_run(&["--wait"]);
    until("the task at GitHub", || run.stderr().contains("task.").then_some(()));
    interrupt(run);
    let state = world.views().task()["state"].as_str().unwrap().to_owned();
    assert!(state.starts_with("task."), "{state}");
    // One task a repository: the second waits its turn, and the first is still followed.
    let second = world.run(&["--format", "json"]).exits(0).json();
    assert_eq!(second["state"], "intent.queued");
    assert_eq!(world.sim.creations().len(), 1);
}
