//! The administrative path: what a test or a person may change while it runs. It lies outside GitHub's namespace and knows no
//! token: the simulator serves a machine's own loopback.
//!
//! `POST /_sim/faults` (one [`Fault`] or a list) · `DELETE /_sim/faults` · `POST /_sim/agents` (one [`AgentScript`]) ·
//! `POST /_sim/advance` (`{"seconds": n}`) · `GET /_sim/tasks` · `GET /_sim/requests` · `GET /_sim/counts` ·
//! `GET /_sim/comments`

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::load::{check_agent, check_fault};
use crate::message::{Request, Response};
use crate::reply::{Problem, Reply};
use crate::scenario::{AgentScript, Fault};
use crate::sim::Sim;

/// The furthest that one request puts the clock forward: ten years.
const MOST_SECONDS: u64 = 315_360_000;

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    Many(Vec<Fault>),
    One(Box<Fault>),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Advance {
    seconds: u64,
}

impl Sim {
    /// Answers an administrative request.
    pub(crate) fn administer(&mut self, request: &Request, now: Timestamp) -> Response {
        let path = request.path.trim_start_matches("/_sim/");
        let answer = match (request.method.as_str(), path) {
            ("GET", "tasks") => list(&self.tasks()),
            ("GET", "requests") => list(&self.requests().collect::<Vec<_>>()),
            ("GET", "comments") => list(&self.comments()),
            ("GET", "counts") => list(&self.counts()),
            ("POST", "faults") => self.take_faults(request),
            ("DELETE", "faults") => {
                self.clear_faults();
                Ok(json!({}))
            }
            ("POST", "agents") => self.take_agent(request),
            ("POST", "advance") => self.take_advance(request, now),
            _ => Err(Problem::not_found()),
        };
        answer.map_or_else(Problem::into_reply, Reply::ok).into_response()
    }

    fn take_faults(&mut self, request: &Request) -> Result<Value, Problem> {
        // A fault by itself is read first: the reason why it cannot be is then a useful one.
        let one: Result<Fault, Problem> = read(request);
        let faults = match one {
            Ok(fault) => vec![fault],
            Err(problem) => match read(request) {
                Ok(OneOrMany::Many(faults)) => faults,
                Ok(OneOrMany::One(fault)) => vec![*fault],
                Err(_) => return Err(problem),
            },
        };
        for fault in &faults {
            check_fault("fault", fault).map_err(|error| Problem::new(422, error.to_string()))?;
        }
        let count = faults.len();
        faults.into_iter().for_each(|fault| self.add_fault(fault));
        Ok(json!({"added": count}))
    }

    fn take_agent(&mut self, request: &Request) -> Result<Value, Problem> {
        let script: AgentScript = read(request)?;
        check_agent("agent", &script).map_err(|error| Problem::new(422, error.to_string()))?;
        self.add_agent(script);
        Ok(json!({"added": 1}))
    }

    fn take_advance(&mut self, request: &Request, now: Timestamp) -> Result<Value, Problem> {
        let Advance { seconds } = read(request)?;
        let seconds = i64::try_from(seconds.min(MOST_SECONDS)).unwrap_or(0);
        let before = self.ahead();
        self.put_forward(SignedDuration::from_secs(seconds));
        let moved = self.move_to(crate::world::agenda::later(now, -before));
        Ok(json!({"now": moved.to_string()}))
    }
}

fn read<T: DeserializeOwned>(request: &Request) -> Result<T, Problem> {
    serde_json::from_slice(&request.body).map_err(|error| Problem::new(422, error.to_string()))
}

fn list<T: serde::Serialize>(value: &T) -> Result<Value, Problem> {
    serde_json::to_value(value).map_err(|error| Problem::new(500, error.to_string()))
}
