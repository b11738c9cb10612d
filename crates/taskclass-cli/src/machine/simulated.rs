//! `--sim`: the simulator behind the client's own door, and a clock on which waiting takes no time.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use jiff::{SignedDuration, Timestamp};
use taskclass_executor::clock::{Clock, Wake};
use taskclass_github::{Headers, Request, Response, SendError, Transport};
use taskclass_sim::{Outcome, Scenario, Sim};

/// The token that the built-in scenario knows. It opens nothing but a simulator.
pub(crate) const SIM_TOKEN: &str = "github_pat_simulator";

/// How long the built-in scenario's tokens last: a policy may ask for an end.
const TOKEN_LASTS: SignedDuration = SignedDuration::from_hours(60 * 24);

/// The built-in scenario, as of `now`.
pub(crate) fn built_in(now: Timestamp) -> Scenario {
    let mut scenario = Scenario::default();
    for token in &mut scenario.tokens {
        token.expires_at = token.expires_at.or_else(|| now.checked_add(TOKEN_LASTS).ok());
    }
    scenario
}

/// A clock that stands still until somebody waits on it.
#[derive(Debug, Clone)]
pub(crate) struct VirtualClock {
    now: Rc<Cell<Timestamp>>,
    interrupted: Arc<AtomicBool>,
}

impl VirtualClock {
    pub(crate) fn new(start: Timestamp, interrupted: Arc<AtomicBool>) -> Self {
        Self { now: Rc::new(Cell::new(start)), interrupted }
    }
}

impl Clock for VirtualClock {
    fn now(&self) -> Timestamp {
        self.now.get()
    }

    fn sleep_until(&self, moment: Timestamp) -> Wake {
        if self.interrupted() {
            return Wake::Interrupted;
        }
        self.now.set(self.now.get().max(moment));
        Wake::Reached
    }

    fn interrupted(&self) -> bool {
        self.interrupted.load(Ordering::Relaxed)
    }
}

/// Carries the client's requests to a simulation in this process.
#[derive(Clone)]
pub(crate) struct SimTransport {
    sim: Rc<RefCell<Sim>>,
    clock: VirtualClock,
    token: Rc<str>,
}

impl SimTransport {
    pub(crate) fn new(sim: Sim, clock: VirtualClock, token: &str) -> Self {
        Self { sim: Rc::new(RefCell::new(sim)), clock, token: token.into() }
    }
}

impl Transport for SimTransport {
    fn send(&self, request: &Request) -> Result<Response, SendError> {
        let mut sent = taskclass_sim::Request::new(request.method.as_str(), &request.path_and_query);
        sent.headers = request.headers.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        sent.headers.push(("authorization".to_owned(), format!("Bearer {}", self.token)));
        sent.body = request.body.clone().unwrap_or_default();
        match self.sim.borrow_mut().handle(&sent, self.clock.now()) {
            Outcome::Respond(answer) => {
                let headers: Headers = answer.headers.into_iter().collect();
                Ok(Response { status: answer.status, headers, body: answer.body })
            }
            Outcome::Dropped { .. } => Err(SendError::unknown("the simulator dropped the connection")),
        }
    }
}
