//! What may stand between writing a request down and its answer: a machine that sleeps, a proxy that gives old answers.

use std::cell::{Cell, RefCell};

use jiff::{SignedDuration, Timestamp};
use taskclass_executor::{Clock, Executor, MemoryStore, NoWebhooks, Parts, Settings, Wake, vocab::State};
use taskclass_github::{ApiUrl, Client, Request, Response, SendError, TokenKind, Transport};

use crate::rig::{Rig, ToSim, VirtualClock, bump};

const CREATE: &str = "agent-tasks/create-task-in-repo";

fn open<'r>(rig: &'r Rig, clock: &'r dyn Clock, transport: Box<dyn Transport + 'r>) -> Executor<'r> {
    Executor::open(Parts {
        store: Box::new(rig.store.reopen()),
        github: Client::new(transport, "https://api.github.com".parse::<ApiUrl>().unwrap()),
        clock,
        classes: &rig.classes,
        webhooks: &NoWebhooks,
        token_kind: TokenKind::FineGrainedPat,
        settings: Settings::default(),
    })
    .unwrap()
}

/// The clock of a machine that sleeps for two hours once a request has been written down.
struct Sleepy {
    clock: VirtualClock,
    journal: MemoryStore,
    slept: Cell<bool>,
    /// Whether another process takes the journal over meanwhile.
    robbed: bool,
}

impl Clock for Sleepy {
    fn now(&self) -> Timestamp {
        let written = || self.journal.all().last().is_some_and(|line| line.contains("\"kind\":\"sending\""));
        if !self.slept.get() && written() {
            self.slept.set(true);
            self.clock.0.set(self.clock.0.get() + SignedDuration::from_hours(2));
            if self.robbed {
                self.journal.reopen();
            }
        }
        self.clock.now()
    }

    fn sleep_until(&self, moment: Timestamp) -> Wake {
        self.clock.sleep_until(moment)
    }
}

#[test]
fn a_machine_that_slept_before_it_sent_asks_itself_first_whether_it_still_may() {
    for robbed in [false, true] {
        let rig = Rig::new("");
        let clock = Sleepy { clock: rig.clock.clone(), journal: rig.store.clone(), slept: Cell::new(false), robbed };
        let mut executor = open(&rig, &clock, Box::new(rig.transport()));
        let (run, key) = rig.bump(&mut executor);
        let outcome = executor.run_until_settled(&run, &mut |_, _| {});
        assert!(clock.slept.get());
        if robbed {
            let said = outcome.unwrap_err().to_string();
            assert!(said.contains("taken over"), "{said}");
            assert_eq!(rig.requests(CREATE), 0, "another process looks for it by now");
        } else {
            assert_eq!(executor.ledger().tasks[&key].sends, 2, "{outcome:?}");
            assert_eq!((rig.requests(CREATE), rig.tasks_with(&key)), (1, 1));
        }
    }
}

/// A proxy that answers the second submission with what was the answer to the first.
struct Stale {
    sim: ToSim,
    kept: RefCell<Option<Response>>,
}

impl Transport for Stale {
    fn send(&self, request: &Request) -> Result<Response, SendError> {
        let answer = self.sim.send(request)?;
        let creates = request.method.as_str() == "POST" && request.path_and_query.ends_with("/tasks");
        if !creates {
            return Ok(answer);
        }
        Ok(self.kept.borrow_mut().get_or_insert(answer).clone())
    }
}

#[test]
fn an_answer_that_was_anothers_makes_no_task_of_ours() {
    let rig = Rig::new("");
    let proxy = Stale { sim: rig.transport(), kept: RefCell::new(None) };
    let mut executor = open(&rig, &rig.clock, Box::new(proxy));
    let class = rig.class("dependency-bump");
    let start = |executor: &mut Executor<'_>, repository| executor.start_run(&class, &bump(repository)).unwrap().1;
    let (first, second) = (start(&mut executor, "acme/svc-orders"), start(&mut executor, "acme/svc-billing"));
    rig.run_for(&mut executor, 120);
    let tasks = &executor.ledger().tasks;
    assert!(!matches!(tasks[&second].state, State::Unknown | State::Unresolved), "found by its own key");
    let id = |key| tasks[key].at_github.as_ref().map(|task| task.id.clone());
    assert!(id(&first).is_some() && id(&first) != id(&second), "{:?}", id(&second));
    assert_eq!((rig.requests(CREATE), rig.tasks_with(&second)), (2, 1));
}
