//! A workflow's runner: a checkout of a pull request's merge commit, the event, and the files by which a step answers.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::root;
use crate::harness::clean;

/// Whom the job's token belongs to.
pub(crate) const BOT: &str = "github-actions[bot]";

/// A job on a runner, with the checkout in it.
#[derive(Debug)]
pub(crate) struct Runner {
    folder: TempDir,
    work: PathBuf,
    /// What stands before the machine's own programs, the first first.
    pub(crate) programs: Vec<PathBuf>,
    /// The event's name.
    pub(crate) on: &'static str,
    event: Value,
}

/// What a step did.
#[derive(Debug)]
pub(crate) struct Step {
    pub(crate) code: i32,
    /// All that it printed: the log of the run.
    pub(crate) log: String,
    /// What it added to the summary.
    pub(crate) summary: String,
    /// What it handed to the steps after it.
    pub(crate) outputs: String,
}

impl Step {
    /// Ends so, and says so.
    #[track_caller]
    pub(crate) fn ends(self, code: i32, words: &[&str]) -> Self {
        assert_eq!(self.code, code, "{self:#?}");
        for word in words {
            assert!(self.log.contains(word), "the log does not say `{word}`: {self:#?}");
        }
        self
    }

    /// An output's value.
    pub(crate) fn output(&self, name: &str) -> Option<&str> {
        self.outputs.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix('='))
    }

    /// The workflow commands that the runner would obey: not those between `stop-commands` and its word.
    pub(crate) fn commands(&self) -> Vec<&str> {
        let mut obeyed = Vec::new();
        let mut until: Option<String> = None;
        for line in self.log.lines().map(str::trim) {
            match (&until, line.strip_prefix("::stop-commands::")) {
                (None, Some(word)) => until = Some(format!("::{word}::")),
                (None, None) if line.starts_with("::") || line.contains("##[") => obeyed.push(line),
                (Some(word), _) if line == word => until = None,
                _ => {}
            }
        }
        assert_eq!(until, None, "commands are stopped for good: {self:#?}");
        obeyed
    }
}

impl Runner {
    /// A pull request from a branch of the same repository that changes one file, checked out as `actions/checkout` does it; `gh` and
    /// `taskclass` are the fakes, and `taskclass` is content.
    pub(crate) fn new() -> Self {
        let runner = Self::bare();
        runner.write("work/policy.yaml", "one\n");
        runner.commit("Base");
        runner.git(&["checkout", "--quiet", "-b", "change"]);
        runner.write("work/policy.yaml", "two\n");
        runner.commit("Change");
        let runner = runner.proposed();
        runner.taskclass("", "", 0);
        runner
    }

    /// An empty repository with the branch main; nothing is proposed yet.
    pub(crate) fn bare() -> Self {
        let runner = Self::at(None);
        runner.git(&["init", "--quiet", "--initial-branch=main"]);
        runner
    }

    /// A job in a clone that there is.
    pub(crate) fn at(work: Option<&Path>) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        for name in ["work", "home", "temp dir", "fake"] {
            fs::create_dir(folder.path().join(name)).expect("a folder");
        }
        let fixtures = root().join("tests/fixtures/ci");
        let programs = vec![fixtures.join("gh"), fixtures.join("taskclass")];
        let work = work.map_or_else(|| folder.path().join("work"), Path::to_owned);
        let runner = Self { folder, work, programs, on: "pull_request", event: Value::Null };
        runner.write("fake/comments.json", "[]");
        runner.write("fake/login", BOT);
        runner
    }

    /// Proposes what the branch `change` holds: the merge with main is checked out, and the event says so.
    pub(crate) fn proposed(mut self) -> Self {
        let head = self.git(&["rev-parse", "change"]);
        self.git(&["update-ref", "refs/remotes/origin/main", "main"]);
        self.git(&["checkout", "--quiet", "--detach", "main"]);
        self.git(&["merge", "--quiet", "--no-ff", "-m", "Merge change into main", "change"]);
        self.event = json!({ "pull_request": {
            "number": 7,
            "title": "`touch pwned`; $(touch pwned) ${{ secrets.X }}",
            "head": { "sha": head, "ref": "change", "repo": { "id": 1 } },
            "base": { "sha": "0".repeat(40), "ref": "main", "repo": { "id": 1 } },
        }});
        self
    }

    /// The event as it would be with another value at a place.
    pub(crate) fn with(mut self, pointer: &str, value: Value) -> Self {
        match self.event.pointer_mut(pointer) {
            Some(place) => *place = value,
            None if pointer.is_empty() => self.event = value,
            None => panic!("the event has no {pointer}"),
        }
        self
    }

    /// The pull request comes from a fork.
    pub(crate) fn forked(self) -> Self {
        self.with("/pull_request/head/repo", json!({ "id": 2, "full_name": "mallory/agent-tasks" }))
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("folders can be made");
        fs::write(path, text).expect("a file can be written");
    }

    /// What stands in a file; nothing if it is not there.
    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_default()
    }

    /// What `taskclass` prints and how it ends.
    pub(crate) fn taskclass(&self, stdout: &str, stderr: &str, code: i32) {
        self.write("fake/stdout", stdout);
        self.write("fake/stderr", stderr);
        self.write("fake/code", &code.to_string());
    }

    /// Runs git in the checkout and gives what it printed.
    #[track_caller]
    pub(crate) fn git(&self, arguments: &[&str]) -> String {
        let mut git = Command::new("git");
        git.args(["-c", "user.name=Cora", "-c", "user.email=cora@acme.com"]).args(arguments);
        clean(git.current_dir(&self.work), &self.path("home"));
        let output = git.output().expect("git runs");
        assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("text").trim().to_owned()
    }

    pub(crate) fn commit(&self, message: &str) {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--message", message]);
    }

    /// Runs a step of the action in the checkout.
    pub(crate) fn step(&self, name: &str, environment: &[(&str, &str)]) -> Step {
        self.write("event.json", &self.event.to_string());
        for file in ["summary", "output", "path"] {
            self.write(file, "");
        }
        let mut step = Command::new(root().join(format!("action/{name}.sh")));
        clean(step.current_dir(&self.work), &self.path("home"));
        let machine = std::env::var_os("PATH").expect("a path");
        let path = self.programs.iter().cloned().chain(std::env::split_paths(&machine));
        step.env("PATH", std::env::join_paths(path).expect("no colons"))
            .env_remove("TASKCLASS_TOKEN")
            .env("FAKE", self.path("fake"))
            .env("GITHUB_ACTION_PATH", root())
            .env("GITHUB_EVENT_NAME", self.on)
            .env("GITHUB_EVENT_PATH", self.path("event.json"))
            .env("GITHUB_OUTPUT", self.path("output"))
            .env("GITHUB_PATH", self.path("path"))
            .env("GITHUB_REPOSITORY", "acme/agent-tasks")
            .env("GITHUB_SERVER_URL", "https://github.com")
            .env("GITHUB_STEP_SUMMARY", self.path("summary"))
            .env("REGISTRY", ".")
            .env("RUNNER_TEMP", self.path("temp dir"))
            .envs(environment.iter().copied());
        let ended = step.output().expect("the step runs");
        let log = [ended.stdout, ended.stderr].concat();
        assert!(!self.work.join("pwned").exists(), "{name} ran what the pull request says");
        Step {
            code: ended.status.code().expect("it ends by itself"),
            log: String::from_utf8(log).expect("text"),
            summary: self.read("summary"),
            outputs: self.read("output"),
        }
    }

    /// The step that comments, with the job's token, for a review.
    pub(crate) fn comments_on(&self, review: &str, changed: bool) -> Step {
        self.write("review.md", review);
        let body = self.path("review.md");
        let changed = if changed { "true" } else { "false" };
        self.step("comment", &[("BODY", body.to_str().expect("text")), ("CHANGED", changed), ("GH_TOKEN", "ghs_job")])
    }

    /// The pull request's comments: author and text.
    pub(crate) fn comments(&self) -> Vec<(String, String)> {
        let comments: Value = serde_json::from_str(&self.read("fake/comments.json")).expect("JSON");
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        comments
            .as_array()
            .expect("a list")
            .iter()
            .map(|one| (text(&one["user"]["login"]), text(&one["body"])))
            .collect()
    }
}
