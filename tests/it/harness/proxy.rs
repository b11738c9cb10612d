//! A wire between the executor and the simulator that can be cut at a chosen request: before it has passed, or after it has taken
//! effect and before its answer is there.

use std::collections::BTreeMap;
use std::io;
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

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
    /// It is passed on and answered, and told of right after that.
    TellResponse,
}

/// Which requests are held or lost.
#[derive(Debug, Default)]
enum Plan {
    /// None.
    #[default]
    Nothing,
    /// The next POST whose path ends like this.
    Post(Rule, &'static str),
    /// The n-th request from now.
    Nth(Rule, usize),
    /// Each sort of change: the first of its sort before it has passed, the second after, no more of them. How many came of each.
    Changes(BTreeMap<String, usize>),
}

#[derive(Debug, Default)]
struct State {
    plan: Plan,
    /// The request that has come to the point at which it is held or lost.
    reached: Option<String>,
    /// Raised to drop whatever is held.
    released: u64,
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
        self.plan(Plan::Post(rule, path_end));
    }

    /// Holds the n-th request from now, and nothing else.
    pub(crate) fn hold_nth(&self, n: usize) {
        self.plan(Plan::Nth(Rule::HoldRequest, n));
    }

    /// Tells of the n-th answer from now, in the moment at which it has been given.
    pub(crate) fn tell_nth(&self, n: usize) {
        self.plan(Plan::Nth(Rule::TellResponse, n));
    }

    /// Waits a little for what is to be told of; at once once it has come.
    pub(crate) fn told(&self) -> Option<String> {
        const A_LITTLE: Duration = Duration::from_millis(20);
        let waited = self.shared.1.wait_timeout_while(self.state(), A_LITTLE, |state| state.reached.is_none());
        waited.unwrap_or_else(PoisonError::into_inner).0.reached.clone()
    }

    /// Holds each sort of change twice: before GitHub has it, and the next time after GitHub has done it.
    pub(crate) fn hold_changes(&self) {
        self.plan(Plan::Changes(BTreeMap::new()));
    }

    fn plan(&self, plan: Plan) {
        let mut state = self.state();
        state.plan = plan;
        state.reached = None;
    }

    /// Waits until the rule's request has come.
    pub(crate) fn wait_reached(&self) {
        until("the request that the wire is to hold", || self.reached().map(drop));
    }

    /// The request that is held, once there is one: its sort, and whether GitHub has done it.
    pub(crate) fn reached(&self) -> Option<String> {
        self.state().reached.clone()
    }

    /// Drops what is held.
    pub(crate) fn release(&self) {
        let mut state = self.state();
        state.released += 1;
        state.reached = None;
        drop(state);
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

/// The rule for this request, which is used up by it; and the request in words.
fn rule_for(request: &Message, shared: &(Mutex<State>, Condvar)) -> Option<(Rule, String)> {
    let mut words = request.first.split(' ');
    let (method, target) = (words.next()?, words.next()?);
    let sort = format!("{method} {}", sort(target));
    let mut state = shared.0.lock().unwrap_or_else(PoisonError::into_inner);
    match &mut state.plan {
        Plan::Post(rule, end) if method == "POST" && target.ends_with(*end) => {
            let rule = *rule;
            state.plan = Plan::Nothing;
            Some((rule, sort))
        }
        Plan::Nth(rule, left) => {
            *left = left.saturating_sub(1);
            if *left > 0 {
                return None;
            }
            let rule = *rule;
            state.plan = Plan::Nothing;
            Some((rule, sort))
        }
        Plan::Changes(seen) if method != "GET" => {
            let count = seen.entry(sort.clone()).or_default();
            *count += 1;
            match *count {
                1 => Some((Rule::HoldRequest, format!("before {sort}"))),
                2 => Some((Rule::HoldResponse, format!("after {sort}"))),
                _ => None,
            }
        }
        _ => None,
    }
}

/// A target without what is this very one's: names, numbers, hashes, the query.
fn sort(target: &str) -> String {
    let path = target.split('?').next().unwrap_or_default();
    let known = [
        "agents",
        "repos",
        "tasks",
        "statuses",
        "pulls",
        "issues",
        "labels",
        "comments",
        "requested_reviewers",
        "actions",
        "runs",
        "cancel",
    ];
    let steps = path.split('/').skip(1).map(|step| if known.contains(&step) { step } else { "*" });
    format!("/{}", steps.collect::<Vec<_>>().join("/"))
}

/// Says that the point is reached.
fn reach(shared: &(Mutex<State>, Condvar), what: String) -> MutexGuard<'_, State> {
    let mut state = shared.0.lock().unwrap_or_else(PoisonError::into_inner);
    state.reached = Some(what);
    state
}

/// Says that the point is reached, and waits there.
fn hold(shared: &(Mutex<State>, Condvar), what: String) {
    let state = reach(shared, what);
    let begun = state.released;
    let held = shared.1.wait_while(state, |state| state.released == begun);
    drop(held.unwrap_or_else(PoisonError::into_inner));
}

fn carry(stream: &TcpStream, to: SocketAddr, shared: &(Mutex<State>, Condvar)) -> io::Result<()> {
    let Some(request) = Message::read(stream)? else { return Ok(()) };
    let (rule, what) = rule_for(&request, shared).unzip();
    let what = what.unwrap_or_default();
    if rule == Some(Rule::HoldRequest) {
        hold(shared, what);
        return Ok(());
    }
    let answer = exchange(to, &request)?;
    match rule {
        Some(Rule::HoldResponse) => hold(shared, what),
        Some(Rule::LoseResponse) => drop(reach(shared, what)),
        _ => {
            if let Some(answer) = answer {
                answer.write(stream)?;
            }
            if rule == Some(Rule::TellResponse) {
                drop(reach(shared, what));
                shared.1.notify_all();
            }
        }
    }
    Ok(())
}
