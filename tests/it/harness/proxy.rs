//! A wire between the executor and the simulator that can be cut at a chosen request: before it has passed, or after it has taken
//! effect and before its answer is there.

use std::io;
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use super::http::{Message, exchange};
use super::until;

/// What happens to the next request that matches. Each rule works once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rule {
    /// It is held, and never passed on.
    HoldRequest,
    /// It is passed on; its answer is held, and never given back.
    HoldResponse,
    /// It is passed on; the connection is closed without an answer.
    LoseResponse,
}

#[derive(Debug, Default)]
struct State {
    rule: Option<(Rule, &'static str)>,
    /// The rule's request has come to the point at which it is held or lost.
    reached: bool,
    /// Whatever is held is to be dropped.
    released: bool,
}

/// The wire.
#[derive(Debug)]
pub(crate) struct Proxy {
    addr: SocketAddr,
    shared: Arc<(Mutex<State>, Condvar)>,
}

/// The end of the request line's target of the request that creates a task.
const CREATE: &str = "/tasks";

impl Proxy {
    /// Listens, and passes everything on to `to`.
    pub(crate) fn start(to: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let addr = listener.local_addr().expect("it has an address");
        let shared = Arc::new((Mutex::new(State::default()), Condvar::new()));
        let of_threads = Arc::clone(&shared);
        // Both sorts of thread end with the test's process, which is soon.
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let shared = Arc::clone(&of_threads);
                std::thread::spawn(move || {
                    // A wire that breaks is what the two ends are to cope with.
                    let _ = carry(&stream, to, &shared);
                    let _ = stream.shutdown(Shutdown::Both);
                });
            }
        });
        Self { addr, shared }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.addr)
    }

    /// Sets the rule for the next request that creates a task.
    pub(crate) fn at_creation(&self, rule: Rule) {
        self.at_post(CREATE, rule);
    }

    /// Sets the rule for the next POST whose path ends like this.
    pub(crate) fn at_post(&self, path_end: &'static str, rule: Rule) {
        *self.state() = State { rule: Some((rule, path_end)), ..State::default() };
    }

    /// Waits until the rule's request has come.
    pub(crate) fn wait_reached(&self) {
        until("the request that the wire is to hold", || self.state().reached.then_some(()));
    }

    /// Drops what is held; from now on everything passes.
    pub(crate) fn release(&self) {
        self.state().released = true;
        self.shared.1.notify_all();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.shared.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.release();
    }
}

/// The rule for this request, which is used up by it.
fn rule_for(request: &Message, shared: &(Mutex<State>, Condvar)) -> Option<Rule> {
    let mut words = request.first.split(' ');
    let (method, target) = (words.next()?, words.next()?);
    let mut state = shared.0.lock().unwrap_or_else(PoisonError::into_inner);
    let (rule, _) = state.rule.take_if(|(_, end)| method == "POST" && target.ends_with(*end))?;
    Some(rule)
}

/// Says that the point is reached.
fn reach(shared: &(Mutex<State>, Condvar)) -> MutexGuard<'_, State> {
    let mut state = shared.0.lock().unwrap_or_else(PoisonError::into_inner);
    state.reached = true;
    state
}

/// Says that the point is reached, and waits there.
fn hold(shared: &(Mutex<State>, Condvar)) {
    let held = shared.1.wait_while(reach(shared), |state| !state.released);
    drop(held.unwrap_or_else(PoisonError::into_inner));
}

fn carry(stream: &TcpStream, to: SocketAddr, shared: &(Mutex<State>, Condvar)) -> io::Result<()> {
    let Some(request) = Message::read(stream)? else { return Ok(()) };
    let rule = rule_for(&request, shared);
    if rule == Some(Rule::HoldRequest) {
        hold(shared);
        return Ok(());
    }
    let answer = exchange(to, &request)?;
    match rule {
        Some(Rule::HoldResponse) => hold(shared),
        Some(Rule::LoseResponse) => drop(reach(shared)),
        _ => {
            if let Some(answer) = answer {
                answer.write(stream)?;
            }
        }
    }
    Ok(())
}
