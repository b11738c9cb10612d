//! `--sim`: the simulator behind the client's own door, and a clock on which waiting takes no time.
//!
//! The simulation goes on from one command to the next. It is a function of its seed and of the requests it was sent, so the
//! requests are written down beside the state, and the next command sends them again to a fresh simulation.

use std::{
    cell::{Cell, RefCell},
    fs::{self, File, OpenOptions},
    io::Write,
    path::{Path, PathBuf},
    rc::Rc,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use taskclass_executor::clock::{Clock, Wake};
use taskclass_github::{Headers, Request, Response, SendError, Transport};
use taskclass_sim::{Outcome, Scenario, Sim};

use super::session::Record;
use crate::exit::Failure;

/// The token that the built-in scenario knows. It opens nothing but a simulator.
pub(crate) const SIM_TOKEN: &str = "github_pat_simulator";

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

/// One line of the record: the first says when the simulation began, each other is a request without its credential.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Line {
    Began(Timestamp),
    Sent { at: Timestamp, method: String, target: String, headers: Vec<(String, String)>, body: String },
}

/// Carries the client's requests to a simulation in this process, and writes them down.
pub(crate) struct SimTransport {
    sim: RefCell<Sim>,
    /// `None` where this process only looks.
    record: RefCell<Option<File>>,
    path: PathBuf,
    clock: VirtualClock,
}

impl SimTransport {
    /// The simulation as the last command left it, or a new one that begins now.
    pub(crate) fn open(path: &Path, clock: VirtualClock, keeps: Record) -> Result<Self, Failure> {
        let cannot = |error: std::io::Error| Failure::usage(format!("`{}` cannot be used: {error}", path.display()));
        let text = if path.exists() { fs::read_to_string(path).map_err(cannot)? } else { String::new() };
        let mut record = match keeps {
            Record::Goes => Some(OpenOptions::new().create(true).append(true).open(path).map_err(cannot)?),
            Record::Stays => None,
        };
        let broken = || {
            Failure::usage(format!("`{}` is not a record of a simulation", path.display()))
                .help("remove it, and the .db and .db.lock beside it; `--sim` then begins anew")
        };
        let mut lines = text.lines().map(|line| serde_json::from_str::<Line>(line).map_err(|_| broken()));
        let begun = match lines.next() {
            None => {
                let line = serde_json::to_string(&Line::Began(clock.now())).map_err(Failure::usage)?;
                record.as_mut().map_or(Ok(()), |record| writeln!(record, "{line}")).map_err(cannot)?;
                clock.now()
            }
            Some(first) => match first? {
                Line::Began(at) => at,
                Line::Sent { .. } => return Err(broken()),
            },
        };
        let mut sim = Sim::new(&Scenario::default(), 0);
        sim.advance(begun);
        for line in lines {
            let Line::Sent { at, method, target, headers, body } = line? else { return Err(broken()) };
            sim.handle(&request(&method, &target, headers, body.into_bytes()), at);
        }
        Ok(Self { sim: RefCell::new(sim), record: RefCell::new(record), path: path.to_owned(), clock })
    }
}

fn request(method: &str, target: &str, headers: Vec<(String, String)>, body: Vec<u8>) -> taskclass_sim::Request {
    let mut request = taskclass_sim::Request::new(method, target);
    request.headers = headers;
    request.headers.push(("authorization".to_owned(), format!("Bearer {SIM_TOKEN}")));
    request.body = body;
    request
}

impl Transport for SimTransport {
    fn send(&self, sent: &Request) -> Result<Response, SendError> {
        let at = self.clock.now();
        let headers: Vec<_> = sent.headers.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        let body = sent.body.clone().unwrap_or_default();
        let line = Line::Sent {
            at,
            method: sent.method.to_string(),
            target: sent.path_and_query.clone(),
            headers: headers.clone(),
            body: String::from_utf8_lossy(&body).into_owned(),
        };
        // Written ahead, as the simulation would not survive this process otherwise.
        let written = serde_json::to_string(&line)
            .map_err(std::io::Error::from)
            .and_then(|line| self.record.borrow_mut().as_mut().map_or(Ok(()), |record| writeln!(record, "{line}")));
        written.map_err(|error| SendError::not_sent(&format!("{} cannot be written: {error}", self.path.display())))?;
        let sent = request(sent.method.as_str(), &sent.path_and_query, headers, body);
        match self.sim.borrow_mut().handle(&sent, at) {
            Outcome::Respond(answer) => {
                let headers: Headers = answer.headers.into_iter().collect();
                Ok(Response { status: answer.status, headers, body: answer.body })
            }
            Outcome::Dropped { .. } => Err(SendError::unknown("the simulator dropped the connection")),
        }
    }
}
