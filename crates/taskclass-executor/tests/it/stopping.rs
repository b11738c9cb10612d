//! Stopping: over restarts, late adoptions, tasks that are set to work again; and by a person, again.

use jiff::SignedDuration;
use taskclass_executor::{
    Decision,
    answer::Answer,
    vocab::{AgentState, State},
};

use crate::escalation::{Death, Hooks, ISSUE, dies, open, waiting};
use crate::registry;
use crate::rig::Rig;

const CANCEL: &str = "actions/cancel-workflow-run";

#[test]
fn a_process_that_was_away_asks_before_it_says_that_nothing_stopped() {
    let rig = Rig::new("agents:\n  - sessions: [{work: 58m}]\n");
    let hooks = Hooks::default();
    let death = Death::default();
    let mut executor = open(&rig, &hooks, &death);
    let (_, key) = rig.bump(&mut executor);
    rig.run_for(&mut executor, 120);
    executor.cancel(&key, "alice", "wrong package").unwrap();
    drop(executor);
    // Nobody has asked GitHub yet, and the time to confirm is over.
    rig.clock.0.set(rig.clock.0.get() + SignedDuration::from_mins(12));
    let mut executor = open(&rig, &hooks, &death);
    rig.run_for(&mut executor, 300);
    let task = &executor.ledger().tasks[&key];
    assert_eq!(rig.requests(CANCEL), 1);
    assert!(!task.cancel.as_ref().unwrap().unconfirmed);
    assert_eq!(task.agent.as_ref().unwrap().state, AgentState::Cancelled);
    assert_eq!(rig.requests(ISSUE), 0, "who stopped it knows, and it stopped");
}

#[test]
fn a_stop_survives_a_process_that_dies_while_it_asks() {
    for after in [false, true] {
        let rig = Rig::new("agents:\n  - sessions: [{work: 50m}]\n");
        let hooks = Hooks::default();
        let death = Death::default();
        let mut executor = open(&rig, &hooks, &death);
        let (run, key) = rig.bump(&mut executor);
        rig.run_for(&mut executor, 120);
        executor.cancel(&key, "alice", "wrong package").unwrap();
        *death.borrow_mut() = Some(("POST", "/cancel", after));
        dies(&rig, executor, 600);
        let mut executor = open(&rig, &hooks, &death);
        rig.settle(&mut executor, &run);
        let task = &executor.ledger().tasks[&key];
        assert_eq!(task.agent.as_ref().unwrap().state, AgentState::Cancelled, "after: {after}");
        assert!(!task.cancel.as_ref().unwrap().unconfirmed);
    }
}

#[test]
fn a_person_asks_again_once_nothing_has_shown_that_it_stopped() {
    // The first request to cancel is taken and forgotten.
    let faults = "faults: [{operation: actions/cancel-workflow-run, do: {kind: ignore_cancel}}]\n";
    let rig = Rig::new(&format!("agents:\n  - sessions: [{{work: 58m}}]\n{faults}"));
    let mut executor = rig.open();
    let (run, key) = rig.bump(&mut executor);
    rig.run_for(&mut executor, 120);
    executor.cancel(&key, "alice", "wrong package").unwrap();
    rig.run_for(&mut executor, 60);
    // Once more meanwhile changes nothing.
    executor.cancel(&key, "alice", "wrong package").unwrap();
    rig.run_for(&mut executor, 12 * 60);
    let task = &executor.ledger().tasks[&key];
    assert!(task.cancel.as_ref().unwrap().unconfirmed && task.state.is_in_flight());
    assert_eq!(task.charged(), task.plan.reserved.nanos(), "it goes on counting");
    assert_eq!((rig.requests(CANCEL), rig.requests(ISSUE)), (1, 1));
    assert_eq!(waiting(&executor), [(key.clone(), Answer::Abandon)]);
    executor.cancel(&key, "alice", "still the wrong package").unwrap();
    rig.settle(&mut executor, &run);
    let task = &executor.ledger().tasks[&key];
    assert_eq!(task.agent.as_ref().unwrap().state, AgentState::Cancelled);
    assert_eq!((rig.requests(CANCEL), rig.requests(ISSUE)), (2, 1), "told once");
    assert!(task.open_episodes().next().is_none());
}

#[test]
fn why_nothing_was_cancelled_is_told() {
    let rig = Rig::new("agents:\n  - sessions: [{work: 58m}]\n    run: {count: 2}\n");
    let mut executor = rig.open();
    let (_, key) = rig.bump(&mut executor);
    rig.run_for(&mut executor, 120);
    executor.cancel(&key, "alice", "wrong package").unwrap();
    rig.run_for(&mut executor, 15 * 60);
    let sim = rig.sim.borrow();
    let issue = &sim.requests().find(|request| request.operation == Some(ISSUE)).unwrap().body;
    assert!(issue.contains("2 live Actions runs") && issue.contains("` wrong package `"), "{issue}");
    assert!(issue.contains("taskclass cancel") && issue.contains("--abandon"), "{issue}");
    let url = executor.ledger().tasks[&key].at_github.as_ref().unwrap().url.clone().unwrap();
    assert!(issue.contains(&url), "{issue}");
}

#[test]
fn a_task_that_is_found_late_has_its_time_to_stop() {
    // The answer is lost, and `total` runs out while nobody knows whether the task exists.
    let lost = "faults:\n  - {operation: agent-tasks/create-task-in-repo, do: {kind: unlisted, for: 9h}}\n  \
                - {operation: agent-tasks/create-task-in-repo, do: {kind: lose_response}}\n";
    let class = registry::edited(&[(
        "timeouts: {queue: 30m, run: 65m, stale: 20m, waiting: 24h, review: 7d, total: 9d}",
        "timeouts: {queue: 30m, run: 65m, stale: 20m, waiting: 24h, review: 7d, total: 40m}",
    )]);
    let rig = Rig::with(class, &format!("agents:\n  - sessions: [{{queue: 20s, work: 58m}}]\n{lost}"));
    let mut executor = rig.open();
    let (run, key) = rig.bump(&mut executor);
    rig.run_for(&mut executor, 45 * 60);
    let task = &executor.ledger().tasks[&key];
    assert_eq!(task.state, State::Unresolved);
    assert!(task.cancel.is_some(), "it is to be stopped, should it exist");
    let id = rig.sim.borrow().tasks()[0].id.clone();
    rig.sim.borrow_mut().clear_faults();
    executor.resolve(&key, "alice", Decision::Adopt(id)).unwrap();
    rig.settle(&mut executor, &run);
    let task = &executor.ledger().tasks[&key];
    assert_eq!(task.agent.as_ref().unwrap().state, AgentState::Cancelled, "{:?}", task.cancel);
    assert!(!task.cancel.as_ref().unwrap().unconfirmed);
}

#[test]
fn who_sets_a_stopped_task_to_work_again_means_it() {
    let rig = Rig::new("agents:\n  - sessions: [{work: 30m}, {after: 1h, work: 20m}]\n");
    let mut executor = rig.open();
    let (run, key) = rig.bump(&mut executor);
    rig.run_for(&mut executor, 300);
    executor.cancel(&key, "alice", "wrong package").unwrap();
    rig.settle(&mut executor, &run);
    let first = executor.ledger().tasks[&key].cancel.clone().unwrap();
    assert!(first.settled.is_some());
    rig.run_for(&mut executor, 2 * 3600);
    let task = &executor.ledger().tasks[&key];
    if task.agent.as_ref().unwrap().sessions.len() > 1 {
        assert_eq!(task.cancel.as_ref().unwrap().request, first.request, "nobody asked again");
        assert!(!task.cancel.as_ref().unwrap().unconfirmed);
        assert_eq!(task.agent.as_ref().unwrap().state, AgentState::Completed);
    }
    assert_eq!(rig.requests(CANCEL), 1);
}
