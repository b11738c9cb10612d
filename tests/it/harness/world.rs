//! A registry, an executor's configuration and a simulator with a wire between, in one temporary folder.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::program::taskclass;
use super::views::Views;
use super::{CLASS, CLASS_FILE, Ended, Proxy, Registry, Running, Sim, until};

/// The repository that is worked on.
pub(crate) const REPOSITORY: &str = "acme/svc-orders";

/// Everything that one test needs. Fields are dropped in order: processes first, their folder last.
pub(crate) struct World {
    pub(crate) proxy: Proxy,
    pub(crate) sim: Sim,
    pub(crate) registry: Registry,
    folder: TempDir,
}

impl World {
    /// A world in which nothing is approved yet.
    pub(crate) fn new() -> Self {
        let folder = temporary();
        let registry = Registry::make(folder.path());
        let sim = Sim::start(registry.home(), None);
        Self::of(folder, registry, sim)
    }

    /// A world in which policy and class are approved, and checks end soon after the agent does.
    pub(crate) fn approved() -> Self {
        let world = Self::new();
        world.registry.approve_all();
        world.quick_checks();
        world
    }

    /// The same, in which a single run leads to a pull request: the class as it ships counts it as its stage `proof`, which has none.
    pub(crate) fn with_pull_requests() -> Self {
        let world = Self::new();
        world.registry.replace(CLASS_FILE, ", repeat: 3, pull_request: never}", ", repeat: 3}");
        world.registry.commit("Even a proof is reviewed");
        world.registry.approve_all();
        world.quick_checks();
        world
    }

    /// Checks end so soon that the executor's first look at a result finds them; else it looks again after a quarter of a minute.
    fn quick_checks(&self) {
        let checks = json!([{"name": "build", "after": "1s"}, {"name": "test", "after": "1s"}]);
        self.sim.agents(&json!({"sessions": [{"work": "4m"}], "checks": checks}));
    }

    /// The same, in which agents are at work for as long as the test lasts.
    pub(crate) fn slow() -> Self {
        let folder = temporary();
        let registry = Registry::make(folder.path());
        let sim = Sim::at_speed(1, registry.home(), None);
        registry.approve_all();
        Self::of(folder, registry, sim)
    }

    /// A world in which policy and class are approved, and GitHub is as this scenario says, on a clock as fast as ours.
    pub(crate) fn with_scenario(scenario: &str) -> Self {
        let folder = temporary();
        let registry = Registry::make(folder.path());
        let file = folder.path().join("scenario.yaml");
        fs::write(&file, format!("schema: simulation/v1\n{scenario}")).expect("the scenario can be written");
        let sim = Sim::at_speed(1, registry.home(), Some(&file));
        registry.approve_all();
        Self::of(folder, registry, sim)
    }

    fn of(folder: TempDir, registry: Registry, sim: Sim) -> Self {
        let proxy = Proxy::start(sim.addr());
        let world = Self { proxy, sim, registry, folder };
        fs::create_dir(world.executor_folder()).expect("a folder can be made");
        world.configure(&world.config());
        world
    }

    /// The folder that all of it lies in.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Where the executor's configuration and state are.
    pub(crate) fn executor_folder(&self) -> PathBuf {
        self.folder().join("executor")
    }

    /// The state file.
    pub(crate) fn state(&self) -> PathBuf {
        self.executor_folder().join("taskclass.db")
    }

    /// A sound configuration.
    pub(crate) fn config(&self) -> String {
        format!(
            "schema: executor/v1\n\
             registry: {{git: ../agent-tasks, ref: refs/heads/main, allowed_signers: \"{}\"}}\n\
             github: {{api: \"{}\", token: {{env: TASKCLASS_TOKEN}}}}\n\
             state: taskclass.db\n\
             watch: {{min_interval: 1s, max_interval: 2s}}\n",
            self.registry.trust_digest(),
            self.proxy.url()
        )
    }

    /// Writes `executor.yaml`.
    pub(crate) fn configure(&self, text: &str) {
        fs::write(self.executor_folder().join("executor.yaml"), text).expect("the configuration can be written");
    }

    /// Changes a text of the configuration that must be there.
    #[track_caller]
    pub(crate) fn reconfigure(&self, old: &str, new: &str) {
        let text = self.config();
        assert!(text.contains(old), "`{old}` is not in the configuration:\n{text}");
        self.configure(&text.replace(old, new));
    }

    /// A command of the executor, which finds its configuration in the folder it stands in.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        taskclass(&self.executor_folder(), self.registry.home(), arguments)
    }

    /// The same, begun.
    pub(crate) fn begin(&self, arguments: &[&str]) -> Running {
        Running::start(self.command(arguments))
    }

    /// The same, to its end.
    #[track_caller]
    pub(crate) fn executor(&self, arguments: &[&str]) -> Ended {
        self.begin(arguments).wait()
    }

    /// The arguments of the usual run, with more behind.
    pub(crate) fn run_arguments<'a>(more: &[&'a str]) -> Vec<&'a str> {
        let usual = ["run", CLASS, "--repo", REPOSITORY, "-i", "package=serde", "-i", "to=1.0.230"];
        usual.into_iter().chain(more.iter().copied()).collect()
    }

    /// The usual run, to its end.
    #[track_caller]
    pub(crate) fn run(&self, more: &[&str]) -> Ended {
        self.executor(&Self::run_arguments(more))
    }

    /// The usual run, begun.
    pub(crate) fn begin_run(&self, more: &[&str]) -> Running {
        self.begin(&Self::run_arguments(more))
    }

    /// What the reading commands say.
    pub(crate) fn views(&self) -> Views<'_> {
        Views::of(self)
    }

    /// Ticks until a look at the world finds what is wanted.
    pub(crate) fn tick_until<T>(&self, what: &str, mut look: impl FnMut(&Self) -> Option<T>) -> T {
        until(what, || {
            // A tick during which GitHub does not answer says 5; the next one asks again.
            let ticked = self.executor(&["tick", "--format", "json"]);
            assert!(matches!(ticked.code, Some(0 | 5)), "{ticked}");
            look(self)
        })
    }

    /// Ticks until the one task of the usual repository is in this state.
    pub(crate) fn tick_until_state(&self, state: &str) -> Value {
        let what = format!("a task that is {state}");
        self.tick_until(&what, |world| world.views().tasks().into_iter().find(|task| task["state"] == state))
    }

    /// Nothing but reads has come to GitHub.
    #[track_caller]
    pub(crate) fn assert_nothing_posted(&self) {
        assert_eq!(self.sim.changes(), Vec::<Value>::new());
        assert_eq!(json!(self.sim.tasks()), json!([]));
    }
}

impl Drop for World {
    /// A failed test leaves no folder behind, so it tells what the journal and GitHub have seen.
    fn drop(&mut self) {
        if !std::thread::panicking() {
            return;
        }
        let told = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            let seen: Vec<_> = self.sim.requests().iter().map(seen).collect();
            let last = seen.len().saturating_sub(40);
            println!(
                "{}\n-- GitHub's last requests\n{}",
                self.executor(&["audit", "tail", "--all"]),
                seen[last..].join("\n")
            );
        }));
        drop(told);
    }
}

/// A request in a line.
fn seen(request: &Value) -> String {
    let word = |name: &str| request[name].as_str().unwrap_or_default().to_owned();
    format!("{} {} {} {} → {}", word("at"), word("method"), word("path"), request["query"], request["status"])
}

fn temporary() -> TempDir {
    tempfile::Builder::new().prefix("taskclass-e2e-").tempdir().expect("a temporary folder")
}
