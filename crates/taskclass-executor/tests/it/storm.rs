//! Storms: a seed decides at every request and every write whether the process dies before or after it, the answer is lost, or
//! nothing can be sent. Whatever it decides: at most one task a key, nothing forgotten, everything told, the chain whole.

use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::sync::Once;

use jiff::SignedDuration;
use taskclass_executor::{
    Clock as _, Executor, Ledger, MemoryStore, NoWebhooks, Parts, Settings, StoreError,
    audit::{Head, verify},
    lifecycle::Progress,
    store::{Batch, Journal, Store},
    vocab::{Action, Key, State},
};
use taskclass_github::{ApiUrl, Client, Request, Response, SendError, TokenKind, Transport};
use taskclass_spec::Digest;

use crate::rig::{Rig, ToSim, bump};

/// Decides, the same for the same seed.
#[derive(Clone)]
struct Dice(Rc<Cell<u64>>);

impl Dice {
    fn new(seed: u64) -> Self {
        Self(Rc::new(Cell::new(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)))
    }

    fn below(&self, n: u64) -> u64 {
        let mut x = self.0.get();
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
        self.0.set(x);
        x % n
    }

    fn one_in(&self, n: u64) -> bool {
        self.below(n) == 0
    }
}

struct Killed;

/// A wire in a storm.
struct Wire {
    sim: ToSim,
    dice: Dice,
    calm: Rc<Cell<bool>>,
}

impl Transport for Wire {
    fn send(&self, request: &Request) -> Result<Response, SendError> {
        if self.calm.get() {
            return self.sim.send(request);
        }
        match self.dice.below(60) {
            0 => std::panic::panic_any(Killed),
            1 => Err(SendError::not_sent("no route")),
            2 => Err(SendError::unknown("reset before it arrived")),
            3 => {
                let _lost = self.sim.send(request);
                Err(SendError::unknown("the answer was lost"))
            }
            4 => {
                let _lost = self.sim.send(request);
                std::panic::panic_any(Killed)
            }
            _ => self.sim.send(request),
        }
    }
}

/// A disk in a storm: the process dies before a write, or after it and before it knows.
struct Disk {
    store: MemoryStore,
    dice: Dice,
    calm: Rc<Cell<bool>>,
}

impl Journal for Disk {
    fn id(&self) -> &str {
        self.store.id()
    }

    fn head(&self) -> Result<Head, StoreError> {
        self.store.head()
    }

    fn lines(&self, after: u64, visit: &mut dyn FnMut(&str) -> bool) -> Result<(), StoreError> {
        self.store.lines(after, visit)
    }

    fn payload(&self, sha256: &Digest) -> Result<Option<Vec<u8>>, StoreError> {
        self.store.payload(sha256)
    }

    fn payloads(&self, visit: &mut dyn FnMut(Digest, u64) -> bool) -> Result<(), StoreError> {
        self.store.payloads(visit)
    }
}

impl Store for Disk {
    fn epoch(&self) -> u64 {
        self.store.epoch()
    }

    fn append(&mut self, expected: &Head, batch: &Batch) -> Result<(), StoreError> {
        if !self.calm.get() && self.dice.one_in(25) {
            if self.dice.one_in(2) {
                self.store.append(expected, batch)?;
            }
            std::panic::panic_any(Killed);
        }
        self.store.append(expected, batch)
    }

    fn rest(&mut self) {
        self.store.rest();
    }

    fn resume(&mut self) -> Result<(), StoreError> {
        self.store.resume()
    }

    fn shrink(&mut self) -> Result<(), StoreError> {
        self.store.shrink()
    }
}

fn open<'r>(rig: &'r Rig, dice: &Dice, calm: &Rc<Cell<bool>>) -> Executor<'r> {
    let wire = Wire { sim: rig.transport(), dice: dice.clone(), calm: calm.clone() };
    let disk = Disk { store: rig.store.reopen(), dice: dice.clone(), calm: calm.clone() };
    Executor::open(Parts {
        store: Box::new(disk),
        github: Client::new(Box::new(wire), "https://api.github.com".parse::<ApiUrl>().unwrap()),
        clock: &rig.clock,
        classes: &rig.classes,
        webhooks: &NoWebhooks,
        token_kind: TokenKind::FineGrainedPat,
        settings: Settings::default(),
    })
    .unwrap()
}

/// One life of the process: opens, asks for runs that are still missing, ticks until it dies or has nothing more to do by `end`.
fn live(rig: &Rig, dice: &Dice, calm: &Rc<Cell<bool>>, wanted: &RefCell<Vec<&'static str>>, end: jiff::Timestamp) {
    let mut executor = open(rig, dice, calm);
    let class = rig.class("dependency-bump");
    loop {
        let next = wanted.borrow().last().copied();
        let Some(repository) = next else { break };
        if executor.start_run(&class, &bump(repository)).is_err() {
            break;
        }
        wanted.borrow_mut().pop();
    }
    loop {
        let report = executor.tick().unwrap_or_else(|error| panic!("{error}"));
        match report.next_due {
            Some(next) if next < end => rig.clock.sleep_until(next),
            _ => break,
        };
    }
    rig.clock.sleep_until(end);
}

const AGENTS: [&str; 6] = [
    "",
    "agents:\n  - sessions: [{outcome: failed, error: \"CAPIError: 429\"}]\n",
    "agents:\n  - sessions: [{pause: {state: waiting_for_user, after: 2m, for: 30m}}]\n",
    "agents:\n  - sessions: [{files: [{path: Makefile}]}]\n",
    "agents:\n  - sessions: [{work: 40m}, {after: 1h, work: 3m}]\n",
    "agents:\n  - sessions: [{files: []}]\n",
];

fn storm(seed: u64) {
    let dice = Dice::new(seed);
    let agents = AGENTS[usize::try_from(dice.below(6)).unwrap()];
    let rig = Rig::new(agents);
    let calm = Rc::new(Cell::new(false));
    let wanted = RefCell::new(vec!["acme/svc-orders", "acme/svc-billing", "acme/svc-orders"]);
    let start = rig.clock.now();
    for hour in 1..=4 {
        let end = start + SignedDuration::from_hours(hour);
        // Dying is what happens here; anything else that panics is a failure.
        while rig.clock.now() < end {
            let life = catch_unwind(AssertUnwindSafe(|| live(&rig, &dice, &calm, &wanted, end)));
            match life {
                Err(cause) if cause.is::<Killed>() => {}
                Err(cause) => std::panic::resume_unwind(cause),
                Ok(()) => {}
            }
        }
    }
    // The storm is over: everything comes to its end.
    calm.set(true);
    live(&rig, &dice, &calm, &wanted, start + SignedDuration::from_hours(30));

    let ledger = Ledger::load(&rig.store).unwrap();
    assert!(wanted.borrow().is_empty(), "seed {seed}: a run was not taken");
    for (key, task) in &ledger.tasks {
        let made = rig.tasks_with(key);
        assert!(made <= 1, "seed {seed}: {made} tasks with the key of {task:#?}");
        let certain = !matches!(task.state, State::Unresolved | State::Queued | State::Abandoned | State::Refused);
        assert_eq!(made == 1, certain || made == 1, "seed {seed}: {:?} without a task", task.state);
        let rests = matches!(task.state, State::Judged(_) | State::Unresolved | State::Queued) || task.state.is_ended();
        assert!(rests, "seed {seed}: {:?} is forgotten", task.state);
        told(&rig, seed, key, task);
    }
    // Only what an unresolved one holds up is still queued.
    for task in ledger.tasks.values().filter(|task| task.state == State::Queued) {
        let lost = |other: &&taskclass_executor::lifecycle::Task| other.state == State::Unresolved;
        let here = ledger.tasks.values().filter(lost).any(|other| other.plan.repository_id == task.plan.repository_id);
        assert!(here, "seed {seed}: {:?} waits for nothing", task.held_by);
    }
    let lines = rig.store.all();
    verify(lines.iter().map(String::as_str), Some(&rig.store.head().unwrap())).unwrap();
    let limited = rig.sim.borrow().counts().limited;
    assert_eq!(limited, 0, "seed {seed}: a request beyond GitHub's limits");
}

/// Every notice that was due is in an issue that stands.
fn told(rig: &Rig, seed: u64, key: &Key, task: &taskclass_executor::lifecycle::Task) {
    for doing in task.actions.values() {
        if let Action::Notify { episode, rung, .. } = doing.action {
            assert!(matches!(doing.progress, Progress::Done { .. }), "seed {seed}: {doing:?}");
            let mark = format!("Task-Class-Notice: {key}/{episode}/{rung}");
            let sim = rig.sim.borrow();
            let issues = sim.requests().filter(|request| request.operation == Some("issues/create"));
            let stand = issues.filter(|request| request.status == Some(201) && request.body.contains(&mark)).count();
            assert_eq!(stand, 1, "seed {seed}: {mark}");
        }
    }
}

fn storms(seeds: impl Iterator<Item = u64>) {
    static QUIET: Once = Once::new();
    QUIET.call_once(|| {
        let hook = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if !info.payload().is::<Killed>() {
                hook(info);
            }
        }));
    });
    seeds.for_each(storm);
}

#[test]
fn no_storm_makes_two_tasks_or_loses_one() {
    storms(1..=60);
}

#[test]
fn nor_do_these() {
    storms(61..=120);
}
