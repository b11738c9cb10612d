//! An executor against the simulator, in one thread under a virtual clock. What a crash leaves behind is what the store holds.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

use jiff::{SignedDuration, Timestamp};
use taskclass_approval::Approved;
use taskclass_executor::{
    Classes as Port, Clock, ExecError, Executor, Looked, MemoryStore, NoWebhooks, NotNow, Parts, RunRequest, Settings,
    Wake,
    lifecycle::Task,
    vocab::{Key, RunId},
};
use taskclass_github::{ApiUrl, Client, Request, Response, SendError, TokenKind, Transport};
use taskclass_sim::{Outcome, Scenario, Sim};
use taskclass_spec::ClassName;
use taskclass_spec::model::TaskClass;
use taskclass_spec::written::InputValue;

use crate::registry::{self, Classes, NOW};

/// A clock that stands still until somebody sleeps.
#[derive(Clone)]
pub struct VirtualClock(
    /// The moment.
    pub Rc<Cell<Timestamp>>,
);

impl Clock for VirtualClock {
    fn now(&self) -> Timestamp {
        self.0.get()
    }

    fn sleep_until(&self, moment: Timestamp) -> Wake {
        self.0.set(self.0.get().max(moment));
        Wake::Reached
    }
}

/// What the wire does to the next request that creates a task.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Wire {
    /// Nothing.
    Whole,
    /// The process dies before a byte is written.
    DiesBefore,
    /// The process dies after GitHub has done it.
    DiesAfter,
    /// No byte can be written.
    Unreachable,
}

/// A wire to the simulator.
pub struct ToSim {
    sim: Rc<RefCell<Sim>>,
    clock: VirtualClock,
    wire: Rc<Cell<Wire>>,
}

impl Transport for ToSim {
    fn send(&self, request: &Request) -> Result<Response, SendError> {
        let creates = request.method.as_str() == "POST" && request.path_and_query.ends_with("/tasks");
        let wire = if creates { self.wire.get() } else { Wire::Whole };
        match wire {
            Wire::DiesBefore => std::panic::panic_any("killed before sending"),
            Wire::Unreachable => return Err(SendError::not_sent("connection refused")),
            Wire::Whole | Wire::DiesAfter => {}
        }
        let mut asked = taskclass_sim::Request::new(request.method.as_str(), &request.path_and_query)
            .header("authorization", "Bearer github_pat_simulator")
            .header("host", "api.github.com");
        for (name, value) in request.headers.iter() {
            asked = asked.header(name, value);
        }
        asked.body = request.body.clone().unwrap_or_default();
        let outcome = self.sim.borrow_mut().handle(&asked, self.clock.now());
        if wire == Wire::DiesAfter {
            std::panic::panic_any("killed after sending");
        }
        match outcome {
            Outcome::Respond(response) => Ok(Response {
                status: response.status,
                headers: response.headers.into_iter().collect(),
                body: response.body,
            }),
            Outcome::Dropped { .. } => Err(SendError::unknown("the connection was closed")),
        }
    }
}

/// Approved classes from a map.
pub struct FromMap(
    /// The map.
    pub RefCell<Classes>,
);

impl Port for FromMap {
    fn look(&self, name: &ClassName, _last: Option<&str>, _now: Timestamp) -> Looked {
        let class = self.0.borrow().get(name).cloned();
        Looked {
            accepted: class.as_ref().map(|class| class.commit().to_string()),
            class: class.ok_or_else(|| NotNow::NotApproved(format!("{name} is not approved"))),
        }
    }
}

/// Everything that outlives a crash of the executor.
pub struct Rig {
    /// The time of all of them.
    pub clock: VirtualClock,
    /// GitHub.
    pub sim: Rc<RefCell<Sim>>,
    /// The journal.
    pub store: MemoryStore,
    /// The approved classes.
    pub classes: FromMap,
    /// What happens to the next request that creates a task.
    pub wire: Rc<Cell<Wire>>,
}

/// A scenario in which the token ends in a month, as the policy asks for.
pub fn scenario(rest: &str) -> Scenario {
    let head = "schema: simulation/v1\ntokens: [{token: github_pat_simulator, login: octocat, kind: fine_grained_pat, expires_at: \
                2027-01-01T00:00:00Z}]\n";
    Scenario::from_yaml(&format!("{head}{rest}")).unwrap()
}

impl Rig {
    /// The classes that ship, and a simulation with this scenario.
    pub fn new(rest: &str) -> Self {
        Self::with(registry::shipped().clone(), rest)
    }

    /// These classes, and a simulation with this scenario.
    pub fn with(classes: Classes, rest: &str) -> Self {
        let clock = VirtualClock(Rc::new(Cell::new(NOW.parse().unwrap())));
        Self {
            clock,
            sim: Rc::new(RefCell::new(Sim::new(&scenario(rest), 7))),
            store: MemoryStore::new("journal-of-the-test"),
            classes: FromMap(RefCell::new(classes)),
            wire: Rc::new(Cell::new(Wire::Whole)),
        }
    }

    /// A wire to the simulator.
    pub fn transport(&self) -> ToSim {
        ToSim { sim: self.sim.clone(), clock: self.clock.clone(), wire: self.wire.clone() }
    }

    /// A process with this state.
    pub fn open(&self) -> Executor<'_> {
        let transport = self.transport();
        let api = "https://api.github.com".parse::<ApiUrl>().unwrap();
        Executor::open(Parts {
            store: Box::new(self.store.reopen()),
            github: Client::new(Box::new(transport), api),
            clock: &self.clock,
            classes: &self.classes,
            webhooks: &NoWebhooks,
            token_kind: TokenKind::FineGrainedPat,
            settings: Settings::default(),
        })
        .unwrap()
    }

    /// A class that is approved.
    pub fn class(&self, name: &str) -> Approved<TaskClass> {
        self.classes.0.borrow()[&name.parse().unwrap()].clone()
    }

    /// Starts a dependency bump on acme/svc-orders.
    pub fn bump(&self, executor: &mut Executor<'_>) -> (RunId, Key) {
        executor
            .start_run(&self.class("dependency-bump"), &bump("acme/svc-orders"))
            .unwrap_or_else(|error| panic!("{error}"))
    }

    /// Starts one and follows it until it needs nothing but people.
    pub fn bump_to_the_end(&self) -> Task {
        let mut executor = self.open();
        let (run, key) = self.bump(&mut executor);
        self.settle(&mut executor, &run);
        executor.ledger().tasks[&key].clone()
    }

    /// Follows a run until it needs nothing but people.
    pub fn settle(&self, executor: &mut Executor<'_>, run: &RunId) {
        executor.run_until_settled(run, &mut |_, _| {}).unwrap_or_else(|error| panic!("{error}"));
    }

    /// Runs on for so long.
    pub fn run_for(&self, executor: &mut Executor<'_>, seconds: i64) {
        let end = self.clock.now() + SignedDuration::from_secs(seconds);
        loop {
            let report = executor.tick().unwrap();
            match report.next_due {
                Some(next) if next < end => self.clock.sleep_until(next),
                _ => break,
            };
        }
        self.clock.sleep_until(end);
        executor.tick().unwrap();
    }

    /// A tick during which the process dies. What was in memory is gone.
    pub fn killed(&self, mut executor: Executor<'_>, wire: Wire) {
        self.wire.set(wire);
        let hook = std::panic::take_hook();
        std::panic::set_hook(Box::new(|_| {}));
        let died = catch_unwind(AssertUnwindSafe(|| {
            executor.tick().map(|_| ()).map_err(|error: ExecError| error.to_string())
        }));
        std::panic::set_hook(hook);
        assert!(died.is_err(), "the process was to die");
        self.wire.set(Wire::Whole);
    }

    /// The simulator's tasks whose prompt bears this key.
    pub fn tasks_with(&self, key: &Key) -> usize {
        let line = format!("Task-Class-Key: {key}");
        self.sim.borrow().tasks().iter().filter(|task| task.prompt.lines().any(|text| text == line)).count()
    }

    /// Requests of an operation so far.
    pub fn requests(&self, operation: &str) -> usize {
        self.sim.borrow().requests().filter(|request| request.operation == Some(operation)).count()
    }
}

/// A request for a dependency bump.
pub fn bump(repository: &str) -> RunRequest {
    request(repository, &[("package", "serde"), ("to", "1.0.230")])
}

/// A request with these inputs.
pub fn request(repository: &str, inputs: &[(&str, &str)]) -> RunRequest {
    let inputs: BTreeMap<_, _> =
        inputs.iter().map(|(name, value)| (name.parse().unwrap(), InputValue::String((*value).to_owned()))).collect();
    RunRequest {
        repository: repository.parse().unwrap(),
        inputs,
        model: None,
        base_ref: None,
        system: Some("a test".to_owned()),
        trigger: Some("@acme/all said so in #1".to_owned()),
    }
}
