//! The transition table is total, and the step obeys it.

use proptest::prelude::*;
use taskclass_executor::{
    Executor,
    event::Kind,
    lifecycle::{Rule, rule},
    vocab::State,
};

use crate::rig::Rig;

#[test]
fn every_state_and_kind_is_decided_and_ends_stay_ends() {
    let mut legal = 0;
    for state in State::all() {
        for kind in Kind::ALL {
            match rule(&state, kind) {
                Rule::Legal => legal += 1,
                Rule::Ignored(reason) => assert!(!reason.is_empty()),
                Rule::Illegal => {}
            }
        }
        assert_ne!(rule(&state, Kind::Planned), Rule::Legal, "a task is planned once");
        if state.is_ended() {
            assert_eq!(rule(&state, Kind::Sending), Rule::Illegal, "{state}");
            assert_ne!(rule(&state, Kind::Observed), Rule::Legal, "{state}");
        }
        // Only what is queued is sent, and only what was written ahead has an outcome.
        assert_eq!(rule(&state, Kind::Sending) == Rule::Legal, state == State::Queued);
        assert_eq!(rule(&state, Kind::Accepted) == Rule::Legal, state == State::Sending);
        assert_eq!(rule(&state, Kind::Unknown) == Rule::Legal, state == State::Sending);
    }
    assert!(legal > 100, "{legal}");
}

/// The state that a whole run leaves behind, replayed from its journal.
fn replayed(rig: &Rig) -> taskclass_executor::Ledger {
    taskclass_executor::Ledger::load(&rig.store).unwrap()
}

fn same(executor: &Executor<'_>, rig: &Rig) {
    let replayed = replayed(rig);
    assert_eq!(executor.ledger().tasks, replayed.tasks);
    assert_eq!(executor.ledger().active, replayed.active);
    assert_eq!(executor.ledger().limiter, replayed.limiter);
    assert_eq!(executor.ledger().head, replayed.head);
}

#[test]
fn recovery_gives_exactly_what_was_live() {
    let rig = Rig::new("agents:\n  - sessions: [{pause: {state: waiting_for_user, after: 2m, for: 1h}}]\n");
    let mut executor = rig.open();
    let (run, _) = rig.bump(&mut executor);
    for _ in 0..12 {
        rig.run_for(&mut executor, 600);
        same(&executor, &rig);
    }
    rig.settle(&mut executor, &run);
    same(&executor, &rig);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Whatever an agent does and whenever the process starts anew, there is one task, and the journal replays.
    #[test]
    fn restarts_at_any_time_change_nothing(
        outcome in prop::sample::select(vec!["completed", "failed", "timed_out", "cancelled", "waiting_for_user", "idle"]),
        work in 1_u32..70,
        cuts in prop::collection::vec(1_i64..1800, 1..12),
        fault in prop::sample::select(vec!["", "faults: [{operation: agent-tasks/create-task-in-repo, do: {kind: lose_response}}]\n"]),
    ) {
        let rig = Rig::new(&format!("agents:\n  - sessions: [{{outcome: {outcome}, work: {work}m}}]\n{fault}"));
        let mut executor = rig.open();
        let (_, key) = rig.bump(&mut executor);
        for cut in cuts {
            rig.run_for(&mut executor, cut);
            same(&executor, &rig);
            executor = rig.open();
        }
        prop_assert_eq!(rig.tasks_with(&key), 1);
        prop_assert_eq!(rig.sim.borrow().counts().limited, 0);
        let lines = rig.store.all();
        prop_assert!(taskclass_executor::audit::verify(lines.iter().map(String::as_str), None).is_ok());
    }
}
