//! Thirty days after a merge: what was taken back is seen, whatever way it was done, at a price that nobody notices.

use taskclass_executor::Clock as _;
use taskclass_executor::lifecycle::Task;
use taskclass_executor::views;
use taskclass_executor::vocab::State;
use taskclass_sim::scenario::{Fault, FaultKind};

use crate::merges::world;
use crate::rig::{Rig, request};

const LOOKS: usize = 14;
const DAY: i64 = 24 * 3600;

fn merged(later: &str) -> Rig {
    world("{}", &format!("{{after: 1h, do: {{kind: approve}}}}, {{after: 2h, do: {{kind: merge}}}}, {later}"))
}

fn looked(rig: &Rig, task: &Task) -> usize {
    let shown = views::show(&rig.store, task).unwrap();
    shown.story.iter().filter(|line| line.kind == "looked_after").count()
}

#[test]
fn a_merge_is_looked_after_for_thirty_days_and_then_no_more() {
    let rig = merged("");
    let mut executor = rig.open();
    let (run, key) = rig.bump(&mut executor);
    rig.run_for(&mut executor, 4 * 3600);
    assert_eq!(executor.ledger().tasks[&key].state, State::Merged);
    assert!(executor.ledger().active().next().is_none(), "nothing of it is under way");
    // Nobody who waits for the run waits for this.
    let now = rig.clock.now();
    rig.settle(&mut executor, &run);
    assert_eq!(rig.clock.now(), now);
    let before = rig.sim.borrow().requests().count();
    rig.run_for(&mut executor, 31 * DAY);
    let task = executor.ledger().tasks[&key].clone();
    assert_eq!(task.state, State::Merged);
    assert_eq!(executor.ledger().afterwards.iter().count(), 0);
    assert_eq!(executor.tick().unwrap().next_due, None);
    assert_eq!((rig.requests("repos/list-commits"), looked(&rig, &task)), (LOOKS, LOOKS));
    // All else that is asked in a month are those.
    assert!(rig.sim.borrow().requests().count() - before <= LOOKS, "few requests a day");
}

#[test]
fn a_process_that_starts_anew_each_hour_asks_no_more_often() {
    let rig = merged("{after: 20d, do: {kind: revert}}");
    let mut executor = rig.open();
    let (_, key) = rig.bump(&mut executor);
    rig.run_for(&mut executor, 4 * 3600);
    drop(executor);
    for _ in 0..30 * 24 {
        rig.clock.sleep_until(rig.clock.now() + jiff::SignedDuration::from_hours(1));
        rig.open().tick().unwrap();
    }
    let executor = rig.open();
    let task = &executor.ledger().tasks[&key];
    assert_eq!(task.state, State::Reverted);
    assert!(rig.requests("repos/list-commits") <= LOOKS);
    assert_eq!(executor.ledger().afterwards.iter().count(), 0);
}

#[test]
fn a_merge_is_taken_back_by_whatever_names_it() {
    let commit = |message: &str| format!("{{after: 10h, do: {{kind: commit, message: \"{message}\"}}}}");
    for (later, taken_back) in [
        ("{after: 50h, do: {kind: revert}}".to_owned(), true),
        ("{after: 50h, do: {kind: revert, directly: true}}".to_owned(), true),
        (commit("Undo\\n\\nThis reverts commit {merge}, reversing changes made to 0123456."), true),
        (commit("Revert \\\"x\\\" (#9)\\n\\nReverts acme/svc-orders#1"), true),
        (commit("Undo\\n\\n    reverts #1"), true),
        // None of these does.
        (commit("As in {merge}"), false),
        (commit("Undo\\n\\nThis reverts commit 0123456789012345678901234567890123456789."), false),
        (commit("Undo\\n\\nThis reverts commit ."), false),
        (commit("Undo\\n\\nReverts acme/other#1"), false),
        (commit("Undo\\n\\nReverts acme/svc-orders#11"), false),
    ] {
        let rig = merged(&later);
        let mut executor = rig.open();
        let (_, key) = rig.bump(&mut executor);
        rig.run_for(&mut executor, 5 * DAY);
        let task = &executor.ledger().tasks[&key];
        let expected = if taken_back { State::Reverted } else { State::Merged };
        assert_eq!(task.state, expected, "{later}");
        if taken_back {
            assert!(task.end_reason.as_ref().unwrap().starts_with("reverted by "));
            assert!(task.afterwards.is_none());
        }
    }
}

#[test]
fn one_list_of_commits_answers_for_all_that_was_merged_in_a_repository() {
    let rig = merged("");
    let mut executor = rig.open();
    let class = rig.class("dependency-bump");
    for version in ["1.0.230", "1.0.231", "1.0.232"] {
        executor.start_run(&class, &request("acme/svc-orders", &[("package", "serde"), ("to", version)])).unwrap();
        rig.run_for(&mut executor, 3600);
    }
    rig.run_for(&mut executor, 3 * 3600);
    assert!(executor.ledger().tasks.values().all(|task| task.state == State::Merged));
    drop(executor);
    rig.clock.sleep_until(rig.clock.now() + jiff::SignedDuration::from_hours(9 * 24));
    let before = rig.requests("repos/list-commits");
    let mut executor = rig.open();
    executor.tick().unwrap();
    assert_eq!(rig.requests("repos/list-commits") - before, 1);
    assert_eq!(executor.ledger().afterwards.iter().count(), 3, "each has its next moment");
}

#[test]
fn a_repository_that_is_gone_is_asked_no_more_often() {
    let rig = merged("");
    let mut executor = rig.open();
    let (_, key) = rig.bump(&mut executor);
    rig.run_for(&mut executor, 150 * 60);
    assert_eq!(executor.ledger().tasks[&key].state, State::Merged);
    let refused = FaultKind::Forbidden { message: "gone".to_owned() };
    rig.sim.borrow_mut().add_fault(Fault::always("repos/list-commits", refused));
    rig.run_for(&mut executor, 31 * DAY);
    let task = executor.ledger().tasks[&key].clone();
    assert_eq!((task.state.clone(), looked(&rig, &task)), (State::Merged, LOOKS));
    let shown = views::show(&rig.store, &task).unwrap();
    let last = shown.story.iter().rev().find(|line| line.kind == "looked_after").unwrap();
    assert!(last.what.contains("not all could be read"), "{}", last.what);
}
