//! GitHub's side of a storm: the simulator, a replica of it that is behind, requests that are still on their way, and a record of every
//! change that was delivered. Invariants are read from here and from the journal.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use taskclass_sim::scenario::{Fault, FaultKind};
use taskclass_sim::{Outcome, Request, Sim};
use taskclass_spec::Digest;

/// The token of every process. It must be nowhere but in the header that carries it.
pub const TOKEN: &str = "github_pat_11STORM0OnlyInTheHeader";

/// How a request reached GitHub.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// As it was sent.
    Once,
    /// By the network's own doing, a second time.
    Again,
    /// Long after the one who sent it had given up.
    Straggler,
    /// From a process that was suspended just before, while another took the journal over.
    Revived,
}

/// What a request changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// Creates a task.
    Task,
    /// Creates an issue.
    Issue,
    /// Creates a comment.
    Comment,
    /// Publishes a commit status.
    Status,
    /// Opens a pull request.
    Pull,
    /// Changes a pull request.
    PullUpdate,
    /// Changes an issue.
    IssueUpdate,
    /// Adds labels.
    Labels,
    /// Asks reviewers.
    Reviewers,
    /// Cancels an Actions run.
    CancelRun,
    /// Something that the executor never does.
    Foreign,
}

impl Change {
    /// What a request changes; `None` if it only reads.
    pub fn of(method: &str, path: &str) -> Option<Self> {
        let path = path.split('?').next().unwrap_or_default();
        let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
        Some(match (method, parts.as_slice()) {
            ("GET", _) => return None,
            ("POST", ["agents", "repos", _, _, "tasks"]) => Self::Task,
            ("POST", ["repos", _, _, "issues"]) => Self::Issue,
            ("POST", ["repos", _, _, "issues", _, "comments"]) => Self::Comment,
            ("POST", ["repos", _, _, "statuses", _]) => Self::Status,
            ("POST", ["repos", _, _, "pulls"]) => Self::Pull,
            ("PATCH", ["repos", _, _, "pulls", _]) => Self::PullUpdate,
            ("PATCH", ["repos", _, _, "issues", _]) => Self::IssueUpdate,
            ("POST", ["repos", _, _, "issues", _, "labels"]) => Self::Labels,
            ("POST", ["repos", _, _, "pulls", _, "requested_reviewers"]) => Self::Reviewers,
            ("POST", ["repos", _, _, "actions", "runs", _, "cancel"]) => Self::CancelRun,
            _ => Self::Foreign,
        })
    }

    /// Whether a second one of these would be a second thing.
    pub fn creates(self) -> bool {
        matches!(self, Self::Task | Self::Issue | Self::Comment | Self::Pull)
    }
}

/// One change that was delivered to GitHub.
#[derive(Debug, Clone)]
pub struct Delivery {
    /// When it arrived, in true time.
    pub at: Timestamp,
    /// When it was written down that it leaves, by the machine's clock.
    pub left: Timestamp,
    /// How often the machine's clock had jumped by then.
    pub jumps: u32,
    /// The process that sent it.
    pub process: u32,
    /// How it came.
    pub how: How,
    /// What it changes.
    pub change: Change,
    /// Where.
    pub path: String,
    /// What makes two of these the same thing twice: the key, the notice's mark, or the whole body.
    pub identity: String,
    /// The body.
    pub body: String,
    /// Whether GitHub did it.
    pub done: bool,
}

/// What follows a word in a text, up to its end.
fn after<'t>(text: &'t str, word: &str) -> Option<&'t str> {
    let rest = &text[text.find(word)? + word.len()..];
    let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || "/-_:".contains(c))).unwrap_or(rest.len());
    Some(&rest[..end])
}

/// The key that a prompt, or a body, bears.
pub fn key_in(text: &str) -> Option<&str> {
    after(text, "Task-Class-Key: ").map(|key| &key[..key.len().min(26)])
}

/// The mark of a notice in a body.
pub fn mark_in(text: &str) -> Option<&str> {
    after(text, "Task-Class-Notice: ")
}

fn identity(change: Change, path: &str, body: &str) -> String {
    match change {
        Change::Task => key_in(body).unwrap_or(body).to_owned(),
        Change::Issue | Change::Comment => mark_in(body).map_or_else(|| format!("{path} {body}"), str::to_owned),
        _ => format!("{path} {body}"),
    }
}

/// GitHub.
#[derive(Debug)]
pub struct Site {
    /// The simulator.
    pub sim: Sim,
    /// Every change that was delivered, in order.
    pub deliveries: Vec<Delivery>,
    replica: Option<(Sim, Timestamp)>,
    pending: Vec<(Timestamp, Request, u32)>,
    /// Until when a new task was kept out of lists or not found, by its key.
    pub hidden: BTreeMap<String, Timestamp>,
    /// Whether lists ever showed something else than what was there.
    pub blurred: bool,
    /// How often processes sent each request for a new task, by its body's SHA-256.
    pub sent: BTreeMap<Digest, u32>,
    /// How often the network delivered a new task a second time, by its key.
    pub doubled: BTreeMap<String, usize>,
}

/// Who sends, when, and how it comes through.
#[derive(Debug, Clone, Copy)]
pub struct Passage {
    /// In true time.
    pub at: Timestamp,
    /// By the machine's clock.
    pub left: Timestamp,
    /// Jumps of the machine's clock so far.
    pub jumps: u32,
    /// The process.
    pub process: u32,
    /// How it comes.
    pub how: How,
}

impl Site {
    /// A site with this simulator.
    pub fn new(sim: Sim) -> Self {
        Self {
            sim,
            deliveries: Vec::new(),
            replica: None,
            pending: Vec::new(),
            hidden: BTreeMap::new(),
            blurred: false,
            sent: BTreeMap::new(),
            doubled: BTreeMap::new(),
        }
    }

    /// A request as the wire carries it.
    pub fn request(request: &taskclass_github::Request) -> Request {
        let mut asked = Request::new(request.method.as_str(), &request.path_and_query)
            .header("authorization", &format!("Bearer {TOKEN}"))
            .header("host", "api.github.com");
        for (name, value) in request.headers.iter() {
            asked = asked.header(name, value);
        }
        asked.body = request.body.clone().unwrap_or_default();
        asked
    }

    /// Delivers a request, with whatever is to go wrong at GitHub's side.
    pub fn deliver(&mut self, request: &Request, passage: Passage, faults: &[FaultKind]) -> Outcome {
        for fault in faults {
            self.sim.add_fault(Fault::nth("*", 1, fault.clone()));
        }
        let outcome = self.sim.handle(request, passage.at);
        self.sim.clear_faults();
        let Some(change) = Change::of(&request.method, &request.path) else { return outcome };
        let body = String::from_utf8_lossy(&request.body).into_owned();
        let committed = |fault: &FaultKind| {
            matches!(fault, FaultKind::LoseResponse {} | FaultKind::Garble {})
                || matches!(fault, FaultKind::Status { when: taskclass_sim::scenario::Moment::After, .. })
        };
        let done = match &outcome {
            Outcome::Respond(response) => {
                (200..300).contains(&response.status) || response.status >= 500 && faults.iter().any(committed)
            }
            Outcome::Dropped { committed, .. } => *committed,
        };
        let identity = identity(change, &request.path, &body);
        if done && change == Change::Task {
            for fault in faults {
                if let FaultKind::Unlisted { lasts } | FaultKind::NotFound { lasts } = fault {
                    self.hidden.insert(identity.clone(), passage.at + lasts.get());
                }
            }
            if passage.how == How::Again {
                *self.doubled.entry(identity.clone()).or_insert(0) += 1;
            }
        }
        let Passage { at, left, jumps, process, how } = passage;
        let path = request.path.clone();
        self.deliveries.push(Delivery { at, left, jumps, process, how, change, path, identity, body, done });
        outcome
    }

    /// The request stays on its way until `at`.
    pub fn delay(&mut self, request: Request, process: u32, at: Timestamp) {
        self.pending.push((at, request, process));
    }

    /// Delivers what has arrived by now. Nobody hears the answers.
    pub fn flush(&mut self, now: Timestamp, left: Timestamp, jumps: u32) -> Vec<String> {
        let mut told = Vec::new();
        self.pending.sort_by_key(|(at, ..)| *at);
        while self.pending.first().is_some_and(|(at, ..)| *at <= now) {
            let (at, request, process) = self.pending.remove(0);
            told.push(format!("{} {} of p{process} arrives at last", request.method, request.path));
            let passage = Passage { at, left, jumps, process, how: How::Straggler };
            self.deliver(&request, passage, &[]);
        }
        told
    }

    /// Whether requests are still on their way.
    pub fn expects(&self) -> bool {
        !self.pending.is_empty()
    }

    /// What a replica answers that stands still for `lag` from its first question on.
    pub fn from_replica(&mut self, request: &Request, now: Timestamp, lag: SignedDuration) -> Outcome {
        self.blurred = true;
        if self.replica.as_ref().is_none_or(|(_, until)| *until < now) {
            self.replica = Some((self.sim.clone(), now + lag));
        }
        match &mut self.replica {
            // It stands still: its own moment is the one at which it fell behind.
            Some((replica, _)) => replica.handle(request, Timestamp::MIN),
            None => self.sim.handle(request, now),
        }
    }
}
