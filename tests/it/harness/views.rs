//! What the reading commands print as JSON.

use serde_json::Value;

use super::World;

/// The reading commands of a world's executor.
pub(crate) struct Views<'w>(&'w World);

impl<'w> Views<'w> {
    pub(super) fn of(world: &'w World) -> Self {
        Self(world)
    }

    /// The rows of `status`.
    #[track_caller]
    pub(crate) fn tasks(&self) -> Vec<Value> {
        let status = self.0.executor(&["status", "--format", "json"]).exits(0).json();
        status["tasks"].as_array().cloned().unwrap_or_else(|| panic!("no `tasks`: {status}"))
    }

    /// The only row of `status`.
    #[track_caller]
    pub(crate) fn task(&self) -> Value {
        let tasks = self.tasks();
        assert_eq!(tasks.len(), 1, "{tasks:?}");
        tasks[0].clone()
    }

    /// `show` of a task.
    #[track_caller]
    pub(crate) fn show(&self, name: &str) -> Value {
        self.0.executor(&["show", name, "--format", "json"]).exits(0).json()
    }

    /// `trace` of anything.
    #[track_caller]
    pub(crate) fn trace(&self, name: &str) -> Value {
        let traced = self.0.executor(&["trace", name, "--format", "json"]).exits(0).json();
        assert_eq!(traced["schema"], "trace/v1");
        traced["traces"].clone()
    }

    /// The whole log, an event a line.
    #[track_caller]
    pub(crate) fn log(&self) -> String {
        self.0.executor(&["audit", "tail", "--all", "--format", "json"]).exits(0).stdout
    }

    /// The log's events.
    #[track_caller]
    pub(crate) fn events(&self) -> Vec<Value> {
        let parse = |line: &str| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        self.log().lines().map(parse).collect()
    }

    /// The kinds of the log's events, in order.
    #[track_caller]
    pub(crate) fn kinds(&self) -> Vec<String> {
        texts(&self.events(), "kind")
    }
}

/// A field of each, which must be a text.
#[track_caller]
pub(crate) fn texts(items: &[Value], field: &str) -> Vec<String> {
    let text = |item: &Value| item[field].as_str().unwrap_or_else(|| panic!("no `{field}`: {item}")).to_owned();
    items.iter().map(text).collect()
}
