//! The simulator as a process, and its administrative side.

use std::net::SocketAddr;
use std::path::Path;

use serde_json::{Value, json};

use super::program::{TOKEN, taskclass};
use super::{Running, http, until};

/// How many times faster than real its clock runs: a task of six minutes ends in a few seconds.
const SPEED: u32 = 100;

/// A running simulator. Dropping it ends the process.
#[derive(Debug)]
pub(crate) struct Sim {
    addr: SocketAddr,
    _process: Running,
}

impl Sim {
    /// Starts one at the usual speed, with a scenario file if one is given.
    pub(crate) fn start(home: &Path, scenario: Option<&Path>) -> Self {
        Self::at_speed(SPEED, home, scenario)
    }

    /// Starts one.
    pub(crate) fn at_speed(speed: u32, home: &Path, scenario: Option<&Path>) -> Self {
        let speed = speed.to_string();
        let mut arguments = vec!["sim", "--addr", "127.0.0.1:0", "--speed", &speed, "--quiet"];
        if let Some(path) = scenario {
            arguments.extend(["--scenario", path.to_str().expect("a path of text")]);
        }
        let mut process = Running::start(taskclass(home, home, &arguments));
        let addr = until("the simulator's address", || {
            let printed = process.stdout();
            let line = printed.split_once('\n').map(|(line, _)| line);
            let addr =
                line.and_then(|line| line.strip_prefix("simulator at http://")).and_then(|addr| addr.parse().ok());
            assert!(addr.is_some() || process.runs(), "no simulator: {printed}{}", process.stderr());
            addr
        });
        Self { addr, _process: process }
    }

    pub(crate) fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// Every task that GitHub has, with its prompts.
    pub(crate) fn tasks(&self) -> Vec<Value> {
        list(http::json(self.addr, "GET", "/_sim/tasks", None))
    }

    /// The tasks of one repository.
    pub(crate) fn tasks_in(&self, repository: &str) -> Vec<Value> {
        self.tasks().into_iter().filter(|task| task["repository"] == repository).collect()
    }

    /// Every request that came, in order.
    pub(crate) fn requests(&self) -> Vec<Value> {
        list(http::json(self.addr, "GET", "/_sim/requests", None))
    }

    /// Everything but reads.
    pub(crate) fn changes(&self) -> Vec<Value> {
        self.requests().into_iter().filter(|request| request["method"] != "GET").collect()
    }

    /// The requests that create a task.
    pub(crate) fn creations(&self) -> Vec<Value> {
        let creates = |request: &Value| request["operation"] == "agent-tasks/create-task-in-repo";
        self.changes().into_iter().filter(creates).collect()
    }

    /// The changes whose path ends like this.
    pub(crate) fn posts_to(&self, path_end: &str) -> Vec<Value> {
        let ends = |request: &Value| request["path"].as_str().is_some_and(|path| path.ends_with(path_end));
        self.changes().into_iter().filter(ends).collect()
    }

    /// Puts a fault in the way of the next request that creates a task.
    pub(crate) fn fault_at_creation(&self, what: &Value) {
        self.fault(&json!({"operation": "agent-tasks/create-task-in-repo", "do": what}));
    }

    /// Puts a fault in the way.
    pub(crate) fn fault(&self, fault: &Value) {
        http::json(self.addr, "POST", "/_sim/faults", Some(fault));
    }

    /// Puts its clock forward.
    pub(crate) fn advance(&self, seconds: u64) {
        http::json(self.addr, "POST", "/_sim/advance", Some(&json!({"seconds": seconds})));
    }

    /// What agents do from now on.
    pub(crate) fn agents(&self, script: &Value) {
        http::json(self.addr, "POST", "/_sim/agents", Some(script));
    }

    /// Somebody starts a task without taskclass.
    pub(crate) fn somebody_starts(&self, repository: &str, prompt: &str) {
        let body = json!({ "prompt": prompt }).to_string().into_bytes();
        let headers = [
            ("host", self.addr.to_string()),
            ("authorization", format!("Bearer {TOKEN}")),
            ("user-agent", "somebody".to_owned()),
            ("content-type", "application/json".to_owned()),
            ("content-length", body.len().to_string()),
        ];
        let headers = headers.map(|(name, value)| (name.to_owned(), value)).into();
        let first = format!("POST /agents/repos/{repository}/tasks HTTP/1.1");
        let answer = http::exchange(self.addr, &http::Message { first, headers, body }).unwrap().unwrap();
        assert_eq!(answer.status(), Some(201), "{}", String::from_utf8_lossy(&answer.body));
    }
}

fn list(value: Value) -> Vec<Value> {
    match value {
        Value::Array(items) => items,
        other => panic!("not a list: {other}"),
    }
}
