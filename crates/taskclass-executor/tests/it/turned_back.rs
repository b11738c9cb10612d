//! The machine's clock is set back, or jumps: nothing is due twice, nothing waits for hours, and a look comes first.

use std::cell::Cell;

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use taskclass_executor::{
    Clock, ExecError, Executor, Wake,
    book::Book,
    clock::Steady,
    store::Journal as _,
    vocab::{AgentState, ClockName, State, Verdict},
};

use crate::registry;
use crate::rig::Rig;

fn set(rig: &Rig, by: SignedDuration) {
    rig.clock.0.set(rig.clock.0.get() + by);
}

/// Runs on for so long, by the executor's own time.
fn run(executor: &mut Executor<'_>, minutes: i64) {
    let mut end = None;
    let mut over = |now: Timestamp| now >= *end.get_or_insert(now + SignedDuration::from_mins(minutes));
    executor.run_until(&mut |_, now| over(now), &mut |_, _| {}).unwrap();
}

#[test]
fn set_back_by_hours_it_goes_on_as_if_nothing_had_been() {
    let class = registry::edited(&[("run: 65m", "run: 10m")]);
    let rig = Rig::with(class, "agents:\n  - sessions: [{work: 50m}]\n");
    let mut executor = rig.open();
    let (_, key) = rig.bump(&mut executor);
    run(&mut executor, 5);
    assert_eq!(executor.ledger().tasks[&key].state, State::Task(AgentState::InProgress));
    set(&rig, -SignedDuration::from_hours(3));
    // The simulator's own time goes on: GitHub does not set its clock back with ours.
    let ahead = SignedDuration::from_hours(3);
    rig.sim.borrow_mut().put_forward(ahead);
    run(&mut executor, 8);
    let task = &executor.ledger().tasks[&key];
    assert!(task.expired.contains(&ClockName::Run), "{:?}", task.times);
    // A new process finds events of a later time than its clock shows, and goes on from them.
    drop(executor);
    let mut executor = rig.open();
    run(&mut executor, 15);
    let task = &executor.ledger().tasks[&key];
    assert_eq!(task.agent.as_ref().unwrap().state, AgentState::Cancelled);
    one_way(&rig);
}

#[test]
fn set_back_between_processes_time_goes_on_as_well() {
    let class = registry::edited(&[("run: 65m", "run: 10m")]);
    let rig = Rig::with(class, "agents:\n  - sessions: [{work: 50m}]\n");
    let mut executor = rig.open();
    let (_, key) = rig.bump(&mut executor);
    run(&mut executor, 2);
    drop(executor);
    set(&rig, -SignedDuration::from_hours(3));
    rig.sim.borrow_mut().put_forward(SignedDuration::from_hours(3));
    // A timer starts a process every four minutes.
    for _ in 0..5 {
        set(&rig, SignedDuration::from_mins(4));
        rig.open().tick().unwrap();
    }
    let executor = rig.open();
    assert!(
        executor.ledger().tasks[&key].expired.contains(&ClockName::Run),
        "{:?}",
        executor.ledger().tasks[&key].times
    );
    assert!(executor.ledger().lead > SignedDuration::from_mins(170));
    drop(executor);
    // Set right again: no time is gained or lost but what passed.
    set(&rig, SignedDuration::from_hours(3) + SignedDuration::from_mins(5));
    let executor = rig.open();
    assert_eq!(executor.ledger().lead, SignedDuration::ZERO);
    one_way(&rig);
}

/// What is written down goes one way, and the clock `run` ran out once at most.
fn one_way(rig: &Rig) {
    let mut last = Timestamp::MIN;
    let mut ran_out = 0;
    rig.store
        .lines(0, &mut |line| {
            let event: taskclass_executor::event::Event = serde_json::from_str(line).unwrap();
            assert!(event.observed >= last, "time goes one way: {line}");
            last = event.observed;
            ran_out += usize::from(line.contains("\"kind\":\"clock_expired\"") && line.contains("\"run\""));
            true
        })
        .unwrap();
    assert!(ran_out <= 1, "{ran_out}");
}

#[test]
fn far_behind_the_journal_nothing_is_done() {
    let rig = Rig::new("");
    let mut executor = rig.open();
    rig.bump(&mut executor);
    drop(executor);
    set(&rig, -SignedDuration::from_hours(30));
    let transport = rig.transport();
    let api = "https://api.github.com".parse::<taskclass_github::ApiUrl>().unwrap();
    let opened = Executor::open(taskclass_executor::Parts {
        store: Box::new(rig.store.reopen()),
        github: taskclass_github::Client::new(Box::new(transport), api),
        clock: &rig.clock,
        classes: &rig.classes,
        webhooks: &taskclass_executor::NoWebhooks,
        token_kind: taskclass_github::TokenKind::FineGrainedPat,
        settings: taskclass_executor::Settings::default(),
    });
    let error = opened.err().unwrap();
    assert!(
        matches!(error, ExecError::ClockBehind { .. }) && error.to_string().contains("set the clock right"),
        "{error}"
    );
    // A person says that it is right: then it goes on, and a timer's next process does too.
    let now = rig.clock.0.get();
    let mut book = Book::open(Box::new(rig.store.reopen()), now).unwrap();
    assert_eq!(book.accept_clock(now).unwrap().map(|ahead| ahead.as_hours()), Some(30));
    assert_eq!(book.accept_clock(now).unwrap(), None);
    drop(book);
    for _ in 0..3 {
        rig.open().tick().unwrap();
        set(&rig, SignedDuration::from_mins(5));
    }
    assert_eq!(rig.open().ledger().lead.as_hours(), 30);
    one_way(&rig);
}

#[test]
fn a_jump_forward_reads_before_any_clock_runs_out() {
    let rig = Rig::new("agents:\n  - sessions: [{work: 6m}]\n");
    let mut executor = rig.open();
    let (run_id, key) = rig.bump(&mut executor);
    run(&mut executor, 2);
    // The process lives on; the machine was suspended.
    set(&rig, SignedDuration::from_hours(30));
    rig.settle(&mut executor, &run_id);
    let task = &executor.ledger().tasks[&key];
    assert_eq!(task.state, State::Judged(Verdict::Accepted));
    assert!(task.expired.is_empty(), "{:?}", task.expired);
}

#[test]
fn a_clock_runs_out_at_its_moment_and_not_before() {
    let class = registry::edited(&[("run: 65m", "run: 10m")]);
    let rig = Rig::with(class, "agents:\n  - sessions: [{queue: 30s, work: 50m}]\n");
    let mut executor = rig.open();
    let (_, key) = rig.bump(&mut executor);
    run(&mut executor, 3);
    let due = taskclass_executor::lifecycle::clocks::due(&executor.ledger().tasks[&key], ClockName::Run).unwrap();
    rig.clock.0.set(due - SignedDuration::from_millis(1));
    executor.tick().unwrap();
    assert!(!executor.ledger().tasks[&key].expired.contains(&ClockName::Run));
    rig.clock.0.set(due);
    executor.tick().unwrap();
    assert!(executor.ledger().tasks[&key].expired.contains(&ClockName::Run));
}

/// A wall clock that is set as it pleases, and on which a sleep takes its time.
struct Wall(Cell<Timestamp>);

impl Clock for Wall {
    fn now(&self) -> Timestamp {
        self.0.get()
    }

    fn sleep_until(&self, moment: Timestamp) -> Wake {
        self.0.set(self.0.get().max(moment));
        Wake::Reached
    }
}

proptest! {
    /// However the wall's clock is set: the steady one never goes back, a sleep ends at its moment, work takes its time, and once
    /// the wall's is set right again nothing is left of the lead but what had really passed.
    #[test]
    fn a_steady_clock(steps in prop::collection::vec((0_u8..3, 0_i64..20_000), 1..40)) {
        let begin: Timestamp = "2026-11-21T00:00:00Z".parse().unwrap();
        let wall = Wall(Cell::new(begin));
        let steady = Steady::new(&wall, SignedDuration::ZERO, begin);
        let mut truth = begin;
        let mut last = begin;
        for (what, seconds) in steps {
            let by = SignedDuration::from_secs(seconds);
            match what {
                // Set back, or forward to no more than the truth.
                0 => wall.0.set(wall.0.get() - by),
                1 => {
                    let until = steady.now() + by;
                    prop_assert_eq!(steady.sleep_until(until), Wake::Reached);
                    prop_assert!(steady.now() >= until && steady.now() <= until + SignedDuration::from_secs(1));
                    truth += by;
                }
                _ => {
                    // A request of a minute at most.
                    let by = SignedDuration::from_secs(seconds % 60);
                    wall.0.set(wall.0.get() + by);
                    truth += by;
                }
            }
            let now = steady.now();
            prop_assert!(now >= last);
            last = now;
        }
        // Set right again, and some minutes later.
        wall.0.set(truth.max(wall.0.get()) + SignedDuration::from_mins(3));
        let lead = steady.now().duration_since(wall.0.get());
        prop_assert_eq!(lead, SignedDuration::ZERO);
    }
}
