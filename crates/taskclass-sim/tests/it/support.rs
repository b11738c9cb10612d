//! A simulation with a clock that only a test moves, and every response judged.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use taskclass_sim::{Outcome, Request, Response, Scenario, Sim};

use crate::contract::CONTRACT;

pub(crate) const TOKEN: &str = "github_pat_simulator";
pub(crate) const CREATE: &str = "agent-tasks/create-task-in-repo";
pub(crate) const TASKS: &str = "/agents/repos/acme/svc-orders/tasks";
pub(crate) const REPO: &str = "/repos/acme/svc-orders";

pub(crate) struct Bench {
    pub(crate) sim: Sim,
    pub(crate) now: Timestamp,
    pub(crate) token: String,
}

impl Bench {
    pub(crate) fn new() -> Self {
        Self::of(&Scenario::default())
    }

    /// The built-in scenario with these sections in the place of its own.
    pub(crate) fn yaml(sections: &str) -> Self {
        Self::of(&Scenario::from_yaml(&format!("schema: simulation/v1\n{sections}")).unwrap())
    }

    pub(crate) fn of(scenario: &Scenario) -> Self {
        let now = "2026-11-21T10:00:00Z".parse().unwrap();
        Self { sim: Sim::new(scenario, 1), now, token: TOKEN.to_owned() }
    }

    pub(crate) fn pass(&mut self, seconds: i64) {
        self.now += SignedDuration::from_secs(seconds);
        self.sim.advance(self.now);
    }

    /// Sends as it is, and judges what comes back.
    pub(crate) fn raw(&mut self, request: &Request) -> Outcome {
        let outcome = self.sim.handle(request, self.now);
        let operation = self.sim.requests().last().and_then(|request| request.operation);
        if let (Some(operation), Some(response)) = (operation, outcome.response()) {
            CONTRACT.judge(operation, response);
            if response.status < 300 && !request.body.is_empty() {
                CONTRACT.judge_request(operation, &serde_json::from_slice(&request.body).unwrap());
            }
        }
        outcome
    }

    pub(crate) fn request(&self, method: &str, target: &str) -> Request {
        Request::new(method, target).token(&self.token)
    }

    pub(crate) fn respond(&mut self, request: &Request) -> Response {
        self.raw(request).response().expect("a response").clone()
    }

    pub(crate) fn get(&mut self, target: &str) -> Response {
        let request = self.request("GET", target);
        self.respond(&request)
    }

    /// The body of a good answer.
    pub(crate) fn read(&mut self, target: &str) -> Value {
        let response = self.get(target);
        assert_eq!(response.status, 200, "{target}: {}", String::from_utf8_lossy(&response.body));
        response.json().unwrap()
    }

    pub(crate) fn send(&mut self, method: &str, target: &str, body: &Value) -> Response {
        let request = self.request(method, target).json(body);
        self.respond(&request)
    }

    /// A new task of this body; gives its id.
    pub(crate) fn task(&mut self, body: &Value) -> String {
        let response = self.send("POST", TASKS, body);
        assert_eq!(response.status, 201, "{}", String::from_utf8_lossy(&response.body));
        response.json().unwrap()["id"].as_str().unwrap().to_owned()
    }

    /// A new task with this prompt and nothing else.
    pub(crate) fn prompt(&mut self, prompt: &str) -> String {
        self.task(&json!({ "prompt": prompt }))
    }

    /// A task, with its sessions.
    pub(crate) fn shown(&mut self, id: &str) -> Value {
        self.read(&format!("{TASKS}/{id}"))
    }

    pub(crate) fn state(&mut self, id: &str) -> String {
        self.shown(id)["state"].as_str().unwrap().to_owned()
    }
}

/// The targets of a `Link` header by their relation.
pub(crate) fn link(response: &Response, relation: &str) -> Option<String> {
    let links = response.header("link").unwrap_or_default();
    let found = links.split(", ").find(|link| link.ends_with(&format!("rel=\"{relation}\"")))?;
    let url = found.trim_start_matches('<').split('>').next()?;
    Some(url.trim_start_matches("https://api.github.com").to_owned())
}
