//! Clocks, stopping, escalation ladders, deadlines.

use taskclass_executor::{
    Standing,
    book::Book,
    event::Body,
    lifecycle::{Episode, Occasion},
    standing,
    vocab::{AgentState, ClockName, State, Verdict},
};
use taskclass_spec::written::EscalationTrigger;

use crate::registry;
use crate::rig::Rig;

const CANCEL: &str = "actions/cancel-workflow-run";

fn agent(session: &str, rest: &str) -> String {
    format!("agents:\n  - sessions: [{session}]\n{rest}")
}

fn triggers(task: &taskclass_executor::lifecycle::Task) -> Vec<EscalationTrigger> {
    let of = |episode: &Episode| match episode.trigger {
        Occasion::Class(trigger) => trigger,
        other => panic!("nobody broke glass, and nothing was given up: {other:?}"),
    };
    task.episodes.iter().map(of).collect()
}

#[test]
fn a_task_that_works_too_long_is_stopped_and_people_are_told() {
    let class = registry::edited(&[("run: 65m", "run: 10m")]);
    let rig = Rig::with(class, &agent("{work: 50m}", ""));
    let task = rig.bump_to_the_end();
    assert!(task.expired.contains(&ClockName::Run));
    assert_eq!(task.agent.as_ref().unwrap().state, AgentState::Cancelled);
    assert_eq!(task.state, State::Judged(Verdict::Rejected));
    assert_eq!(rig.requests(CANCEL), 1);
    assert!(triggers(&task).contains(&EscalationTrigger::TimedOut));
}

#[test]
fn the_run_clock_stands_still_while_a_person_is_waited_for() {
    let class = registry::edited(&[("run: 65m", "run: 10m"), ("stale: 20m", "stale: 9h"), ("total: 9d", "total: 9d")]);
    let pause = "{work: 8m, pause: {state: waiting_for_user, after: 4m, for: 3h}}";
    let rig = Rig::with(class, &agent(pause, ""));
    let mut executor = rig.open();
    let (run, key) = rig.bump(&mut executor);
    rig.settle(&mut executor, &run);
    assert_eq!(executor.ledger().tasks[&key].state, State::Task(AgentState::WaitingForUser));
    assert_eq!(standing(&executor.ledger().tasks[&key]), Standing::NeedsPerson);
    assert_eq!(rig.requests("issues/create"), 1, "told before the program lets go");
    rig.run_for(&mut executor, 4 * 3600);
    let task = &executor.ledger().tasks[&key];
    assert_eq!(task.state, State::Judged(Verdict::Accepted), "{:?} {:?}", task.judgement, task.expired);
    assert!(!task.expired.contains(&ClockName::Run));
    assert_eq!(rig.requests("issues/create"), 1);
    assert!(task.open_episodes().next().is_none(), "answered");
}

#[test]
fn nobody_answers_and_the_deadline_stops_it() {
    let class = registry::edited(&[("deadline: {after: 24h", "deadline: {after: 2h")]);
    let rig = Rig::with(class, &agent("{pause: {state: waiting_for_user, after: 4m}}", ""));
    let mut executor = rig.open();
    let (_, key) = rig.bump(&mut executor);
    rig.run_for(&mut executor, 3 * 3600);
    let task = &executor.ledger().tasks[&key];
    assert!(task.episodes[0].deadline_reached);
    assert_eq!(task.agent.as_ref().unwrap().state, AgentState::Cancelled);
}

#[test]
fn the_waiting_clock_ends_a_wait_without_end() {
    let class = registry::edited(&[("waiting: 24h", "waiting: 1h"), ("do: cancel", "do: hold")]);
    let rig = Rig::with(class, &agent("{pause: {state: idle, after: 4m}}", ""));
    let mut executor = rig.open();
    let (_, key) = rig.bump(&mut executor);
    rig.run_for(&mut executor, 2 * 3600);
    let task = &executor.ledger().tasks[&key];
    assert!(triggers(task).contains(&EscalationTrigger::TimedOut));
    assert!(task.cancel.as_ref().unwrap().reason.contains("limits.timeouts.waiting"));
    assert_eq!(task.agent.as_ref().unwrap().state, AgentState::Cancelled);
}

#[test]
fn a_task_that_never_begins_runs_out_of_its_queue() {
    let rig = Rig::new(&agent("{queue: 5h}", ""));
    let mut executor = rig.open();
    let (_, key) = rig.bump(&mut executor);
    rig.run_for(&mut executor, 3600);
    let task = &executor.ledger().tasks[&key];
    assert!(task.expired.contains(&ClockName::Queue));
    assert!(triggers(task).contains(&EscalationTrigger::TimedOut));
    // No branch yet, so no run can be told to be its own: nothing is cancelled on a guess.
    assert_eq!(rig.requests(CANCEL), 0);
    assert!(triggers(task).contains(&EscalationTrigger::CancelUnconfirmed));
    assert!(task.state.is_in_flight(), "it goes on counting");
}

#[test]
fn silence_is_told_and_not_stopped() {
    let rig = Rig::new(&agent("{work: 55m}", ""));
    let mut executor = rig.open();
    let (run, key) = rig.bump(&mut executor);
    rig.run_for(&mut executor, 40 * 60);
    assert!(triggers(&executor.ledger().tasks[&key]).contains(&EscalationTrigger::Stale));
    rig.settle(&mut executor, &run);
    assert_eq!(executor.ledger().tasks[&key].state, State::Judged(Verdict::Accepted));
}

#[test]
fn a_person_stops_a_task_and_only_the_task_says_that_it_stopped() {
    let rig = Rig::new(&agent("{work: 40m}", ""));
    let mut executor = rig.open();
    let (run, key) = rig.bump(&mut executor);
    rig.run_for(&mut executor, 120);
    executor.cancel(&key, "alice", "wrong package").unwrap();
    assert!(executor.ledger().tasks[&key].state.is_in_flight());
    rig.settle(&mut executor, &run);
    let task = &executor.ledger().tasks[&key];
    assert_eq!(task.agent.as_ref().unwrap().state, AgentState::Cancelled);
    assert_eq!(rig.requests(CANCEL), 1);
    assert_eq!(rig.requests("issues/create"), 0, "who stopped it knows");
    assert!(executor.cancel(&key, "alice", "again").is_err());
}

#[test]
fn a_stop_that_nothing_confirms_says_so_and_goes_on_counting() {
    for run in ["{on_cancel: ignored}", "{on_cancel: conflict}", "{on_cancel: leaves_task}", "{count: 2}"] {
        let rig = Rig::new(&agent("{work: 50m}", &format!("    run: {run}\n")));
        let mut executor = rig.open();
        let (_, key) = rig.bump(&mut executor);
        rig.run_for(&mut executor, 120);
        executor.cancel(&key, "alice", "wrong package").unwrap();
        rig.run_for(&mut executor, 15 * 60);
        let task = &executor.ledger().tasks[&key];
        assert!(task.cancel.as_ref().unwrap().unconfirmed, "{run}");
        assert!(triggers(task).contains(&EscalationTrigger::CancelUnconfirmed), "{run}");
        assert!(task.state.is_in_flight(), "{run}");
        if run == "{count: 2}" {
            assert_eq!(rig.requests(CANCEL), 0, "two runs: neither is touched");
        }
    }
}

#[test]
fn what_was_not_sent_is_simply_given_up() {
    let rig = Rig::new("");
    let mut executor = rig.open();
    let (_, key) = rig.bump(&mut executor);
    executor.cancel(&key, "alice", "never mind").unwrap();
    let task = &executor.ledger().tasks[&key];
    assert_eq!((task.state.clone(), task.charged().0), (State::Abandoned, 0));
    rig.run_for(&mut executor, 60);
    assert_eq!(rig.sim.borrow().tasks().len(), 0);
}

#[test]
fn each_rung_of_the_ladder_is_climbed_once_also_across_restarts() {
    let class = registry::edited(&[(
        "[{after: 0m, notify: [issue]}]",
        "[{after: 0m, notify: [issue]}, {after: 30m, notify: [issue]}]",
    )]);
    let rig = Rig::with(class, &agent("{pause: {state: waiting_for_user, after: 4m}}", ""));
    let mut executor = rig.open();
    rig.bump(&mut executor);
    for _ in 0..8 {
        rig.run_for(&mut executor, 600);
        executor = rig.open();
    }
    assert_eq!(rig.requests("issues/create"), 2);
}

#[test]
fn a_review_that_takes_too_long_is_told_and_the_end_of_all_time_ends_it() {
    let class = registry::edited(&[
        ("{name: proof, repositories: 1, repeat: 3, pull_request: never}", "{name: proof, repositories: 1, repeat: 3}"),
        ("review: 7d, total: 9d", "review: 2h, total: 5h"),
    ]);
    let rig = Rig::with(class, &agent("{}", ""));
    let mut executor = rig.open();
    let (_, key) = rig.bump(&mut executor);
    rig.run_for(&mut executor, 3 * 3600);
    assert!(executor.ledger().tasks[&key].expired.contains(&ClockName::Review));
    rig.run_for(&mut executor, 3 * 3600);
    let task = &executor.ledger().tasks[&key];
    assert_eq!(task.state, State::Abandoned);
    assert!(task.end_reason.as_ref().unwrap().contains("limits.timeouts.total"));
}

#[test]
fn a_look_comes_before_a_clock_runs_out() {
    // Nobody looked for hours; the task ended long ago. No clock may say otherwise.
    let rig = Rig::new("");
    let mut executor = rig.open();
    let (run, key) = rig.bump(&mut executor);
    rig.run_for(&mut executor, 60);
    drop(executor);
    rig.clock.0.set(taskclass_executor::Clock::now(&rig.clock) + jiff::SignedDuration::from_hours(5));
    let mut executor = rig.open();
    rig.settle(&mut executor, &run);
    let task = &executor.ledger().tasks[&key];
    assert_eq!(task.state, State::Judged(Verdict::Accepted));
    assert!(task.expired.is_empty(), "{:?}", task.expired);
    assert_eq!(rig.requests(CANCEL), 0);
}

#[test]
fn a_process_that_ended_between_the_end_of_all_time_and_what_follows_leaves_nothing_behind() {
    let rig = Rig::new(&agent(
        "{}",
        "    checks: [{name: build}]
",
    ));
    let mut executor = rig.open();
    let (run, key) = rig.bump(&mut executor);
    rig.settle(&mut executor, &run);
    assert_eq!(executor.ledger().tasks[&key].state, State::Judged(Verdict::Inconclusive));
    drop(executor);
    // What a version left behind that wrote the two down one after the other.
    let now = taskclass_executor::Clock::now(&rig.clock);
    let mut book = Book::open(Box::new(rig.store.reopen()), now).unwrap();
    book.commit(vec![book.about(&key, now, Body::ClockExpired { clock: ClockName::Total })], Vec::new()).unwrap();
    drop(book);
    // It is only due where the time is really over.
    rig.clock.0.set(now + jiff::SignedDuration::from_hours(9 * 24));
    let mut executor = rig.open();
    rig.run_for(&mut executor, 600);
    assert_eq!(executor.ledger().tasks[&key].state, State::Abandoned);
    let expired = rig.store.all().iter().filter(|line| line.contains("\"kind\":\"clock_expired\"")).count();
    assert_eq!(expired, 1, "once");
}

#[test]
fn the_end_of_all_time_and_what_follows_are_one() {
    let class = registry::edited(&[
        ("{name: proof, repositories: 1, repeat: 3, pull_request: never}", "{name: proof, repositories: 1, repeat: 3}"),
        ("review: 7d, total: 9d", "review: 2h, total: 5h"),
    ]);
    let rig = Rig::with(class, &agent("{}", ""));
    let mut executor = rig.open();
    let (_, key) = rig.bump(&mut executor);
    let mut ticks = 0;
    // No look at the journal shows one without the other: the time between two of them is not there.
    while executor.ledger().tasks[&key].state != State::Abandoned && ticks < 10_000 {
        let Some(next) = executor.tick().unwrap().next_due else { break };
        taskclass_executor::Clock::sleep_until(&rig.clock, next);
        ticks += 1;
    }
    let lines = rig.store.all();
    let total = lines.iter().position(|line| line.contains("\"clock\":\"total\"")).unwrap();
    assert!(lines[total + 1].contains("\"kind\":\"abandoned\""), "{}", lines[total + 1]);
}

#[test]
fn a_silence_that_ended_is_no_reason_to_stop_what_waits() {
    // Silent for half an hour, and then it asks.
    let class = registry::edited(&[("stale: 20m", "stale: 10m")]);
    let rig = Rig::with(class, &agent("{work: 50m, pause: {state: waiting_for_user, after: 30m, for: 9h}}", ""));
    let mut executor = rig.open();
    let (_, key) = rig.bump(&mut executor);
    rig.run_for(&mut executor, 25 * 60);
    let open = |task: &taskclass_executor::lifecycle::Task| -> Vec<_> {
        task.open_episodes().map(|episode| episode.trigger).collect()
    };
    assert_eq!(open(&executor.ledger().tasks[&key]), [EscalationTrigger::Stale.into()]);
    rig.run_for(&mut executor, 20 * 60);
    let task = &executor.ledger().tasks[&key];
    assert_eq!(task.state, State::Task(AgentState::WaitingForUser));
    assert_eq!(open(task), [EscalationTrigger::WaitingForUser.into()]);
}
