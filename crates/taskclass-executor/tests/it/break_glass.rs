//! Runs under a break-glass approval: marked wherever they are shown, and told to people once, whatever the class escalates on.

use taskclass_executor::{
    Decided, Decision,
    event::Event,
    lifecycle::{Occasion, Task},
    store::Journal,
    views,
    vocab::{State, Verdict},
};

use crate::registry;
use crate::rig::{Rig, Wire};

const ISSUE: &str = "issues/create";

/// A class that escalates on next to nothing, and late.
fn quiet() -> Rig {
    let on = "on: [waiting_for_user, failed, timed_out, stale, unresolved, over_budget, rejected, gate_failed, cancel_unconfirmed]";
    Rig::with(
        registry::broken_glass(&[(on, "on: [gate_failed]"), ("ladder: [{after: 0m,", "ladder: [{after: 4h,")]),
        "",
    )
}

/// The text of the one notice.
fn notice(rig: &Rig) -> String {
    let sim = rig.sim.borrow();
    let issue = sim.requests().find(|request| request.operation == Some(ISSUE)).unwrap();
    let body: serde_json::Value = serde_json::from_str(&issue.body).unwrap();
    body["body"].as_str().unwrap().to_owned()
}

fn events(rig: &Rig) -> Vec<Event> {
    let mut events = Vec::new();
    rig.store
        .lines(0, &mut |line| {
            events.push(serde_json::from_str(line).unwrap());
            true
        })
        .unwrap();
    events
}

fn broken(task: &Task) -> usize {
    task.episodes.iter().filter(|episode| episode.trigger == Occasion::BreakGlass).count()
}

#[test]
fn it_is_told_once_at_once_and_marked_everywhere() {
    let rig = quiet();
    let mut executor = rig.open();
    let (run, key) = rig.bump(&mut executor);
    assert_eq!(broken(&executor.ledger().tasks[&key]), 0, "nothing has run yet");
    rig.settle(&mut executor, &run);
    let task = executor.ledger().tasks[&key].clone();
    assert_eq!(task.state, State::Judged(Verdict::Accepted));
    assert_eq!((broken(&task), rig.requests(ISSUE)), (1, 1));
    let issue = notice(&rig);
    assert!(issue.contains("it runs under a break-glass approval"), "{issue}");
    // The signer's words mention nobody.
    assert!(
        issue.contains("` dependency-bump by alice@acme.com until 2026-12-02T09:00:00Z: @acme/all: CVE-1 `"),
        "{issue}"
    );
    assert!(issue.contains("it goes on, and stays in the inbox"), "{issue}");

    let rows = views::status(executor.ledger(), None);
    assert_eq!(rows[0].break_glass[0].principal, "alice@acme.com");
    let inbox = views::inbox(executor.ledger());
    let item = inbox.iter().find(|item| item.why.starts_with("runs under a break-glass approval of ")).unwrap();
    assert!(item.break_glass && item.deadline.is_none() && item.link.is_some(), "{item:?}");
    let shown = views::show(&rig.store, &task).unwrap();
    assert!(shown.story.iter().filter(|line| line.what.contains("under a break-glass approval")).count() == 2);
    // Every line of the log about the task bears the mark.
    let events = events(&rig);
    assert!(events.iter().filter(|event| event.key.is_some()).all(|event| event.subject.break_glass));
    assert!(events.iter().filter(|event| event.key.is_none()).all(|event| !event.subject.break_glass));
}

#[test]
fn a_crash_at_any_moment_tells_it_once() {
    for wire in [Wire::DiesBefore, Wire::DiesAfter] {
        let rig = quiet();
        let mut executor = rig.open();
        let (run, key) = rig.bump(&mut executor);
        rig.killed(executor, wire);
        let mut executor = rig.open();
        rig.run_for(&mut executor, 3_600);
        drop(executor);
        let mut executor = rig.open();
        rig.settle(&mut executor, &run);
        assert_eq!((broken(&executor.ledger().tasks[&key]), rig.requests(ISSUE)), (1, 1));
    }
}

#[test]
fn a_task_that_is_sent_again_by_a_person_does_not_tell_it_again() {
    let rig = quiet();
    let mut executor = rig.open();
    let (_, key) = rig.bump(&mut executor);
    rig.killed(executor, Wire::DiesBefore);
    let mut executor = rig.open();
    rig.run_for(&mut executor, 3_600);
    assert_eq!((executor.ledger().tasks[&key].state.clone(), rig.requests(ISSUE)), (State::Unresolved, 1));
    let Decided::Replaced(next) = executor.resolve(&key, "alice", Decision::Resubmit).unwrap() else {
        panic!("another task takes its place");
    };
    rig.run_for(&mut executor, 3_600);
    let task = &executor.ledger().tasks[&next];
    assert_eq!(task.state, State::Judged(Verdict::Accepted));
    assert!(!task.break_glass.is_empty() && task.plan.break_glass_told == task.break_glass, "the mark stays");
    assert_eq!((broken(task), rig.requests(ISSUE)), (0, 1), "and nobody is told twice");
    // What the first one told still waits to be seen.
    let waits = views::inbox(executor.ledger()).into_iter().filter(|item| item.why.contains("break-glass"));
    assert_eq!(waits.map(|item| item.key).collect::<Vec<_>>(), [key]);
}

#[test]
fn nobody_can_wave_it_away_before_it_is_told() {
    let rig = quiet();
    let mut executor = rig.open();
    let (_, key) = rig.bump(&mut executor);
    rig.killed(executor, Wire::DiesBefore);
    let mut executor = rig.open();
    executor.resolve(&key, "mallory", Decision::Acknowledge).unwrap();
    executor.resolve(&key, "mallory", Decision::Abandon).unwrap();
    rig.run_for(&mut executor, 60);
    assert_eq!(rig.requests(ISSUE), 1);
    assert!(views::inbox(executor.ledger()).is_empty(), "seen is seen");
}

#[test]
fn it_stays_in_the_inbox_until_somebody_has_seen_it_and_stops_nothing() {
    let rig = quiet();
    let mut executor = rig.open();
    let (_, key) = rig.bump(&mut executor);
    rig.run_for(&mut executor, 3 * 86_400);
    let task = &executor.ledger().tasks[&key];
    assert!(task.cancel.is_none() && task.open_episodes().any(|episode| episode.trigger == Occasion::BreakGlass));
    executor.resolve(&key, "alice", Decision::Acknowledge).unwrap();
    let inbox = views::inbox(executor.ledger());
    assert!(!inbox.iter().any(|item| item.why.contains("break-glass")), "{inbox:?}");
    assert!(inbox.iter().all(|item| item.break_glass), "the mark stays");
}

#[test]
fn a_policy_that_stands_on_one_counts_as_well_and_a_lasting_approval_does_not() {
    let rig = Rig::with(registry::broken_glass_of_the_policy(), "");
    let task = rig.bump_to_the_end();
    assert_eq!(broken(&task), 1);
    assert_eq!(task.break_glass[0].document, "policy");
    let rig = Rig::new("");
    let task = rig.bump_to_the_end();
    assert_eq!((broken(&task), task.break_glass.len(), rig.requests(ISSUE)), (0, 0, 0));
    assert!(events(&rig).iter().all(|event| !event.subject.break_glass));
}
