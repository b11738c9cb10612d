//! One call of git, with nothing around it that could change its answer.

#![expect(clippy::disallowed_methods, reason = "the module that runs git")]

use std::{
    ffi::OsStr,
    path::Path,
    process::{Command, Stdio},
};

use super::GitError;

/// Settings that a repository's own configuration must not decide.
const SETTINGS: [&str; 8] = [
    "core.hooksPath=/dev/null",
    "core.fsmonitor=false",
    "core.alternateRefsCommand=",
    "protocol.ext.allow=never",
    "gc.auto=0",
    "maintenance.auto=false",
    "fetch.recurseSubmodules=false",
    "log.showSignature=false",
];

/// A `git` command on this repository without anything of the caller's `GIT_*`.
pub(super) fn git(git_dir: &Path) -> Command {
    let mut command = Command::new("git");
    for (name, _) in std::env::vars_os() {
        if name.to_str().is_some_and(|name| name.starts_with("GIT_")) {
            command.env_remove(name);
        }
    }
    command
        .env("GIT_NO_REPLACE_OBJECTS", "1")
        .env("GIT_NO_LAZY_FETCH", "1")
        .env("GIT_OPTIONAL_LOCKS", "0")
        .env("GIT_TERMINAL_PROMPT", "0")
        .env("LC_ALL", "C");
    for setting in SETTINGS {
        command.args(["-c", setting]);
    }
    let mut dir = std::ffi::OsString::from("--git-dir=");
    dir.push(git_dir);
    command.arg(dir).stdin(Stdio::null());
    command
}

/// The same, for reading: the user's and the system's configuration are not read either.
pub(super) fn reading(git_dir: &Path) -> Command {
    let mut command = git(git_dir);
    command.env("GIT_CONFIG_NOSYSTEM", "1").env("GIT_CONFIG_GLOBAL", "/dev/null");
    command
}

/// What a finished command said.
pub(super) struct Output {
    pub(super) code: Option<i32>,
    stdout: Vec<u8>,
    stderr: Vec<u8>,
}

impl Output {
    /// Its one line of output, or why there is none.
    pub(super) fn text(&self) -> Result<String, String> {
        match (self.code, std::str::from_utf8(&self.stdout)) {
            (Some(0), Ok(text)) => Ok(text.trim_end_matches(['\n', '\r']).to_owned()),
            _ => Err(self.reason()),
        }
    }

    /// The command's failure.
    pub(super) fn failed(&self, what: &'static str) -> GitError {
        GitError::Failed { what, reason: self.reason() }
    }

    fn reason(&self) -> String {
        let text = String::from_utf8_lossy(&self.stderr);
        let line = text.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or("it gave no reason");
        line.chars()
            .flat_map(|c| if c.is_control() { c.escape_default().collect() } else { vec![c] })
            .take(500)
            .collect()
    }
}

/// Runs a reading command to its end.
pub(super) fn read<S: AsRef<OsStr>>(
    git_dir: &Path,
    command: &str,
    arguments: impl IntoIterator<Item = S>,
) -> Result<Output, GitError> {
    finish(reading(git_dir).arg(command).args(arguments))
}

/// Fetches one refspec from `origin`.
pub(super) fn fetch(git_dir: &Path, refspec: &str) -> Result<Output, GitError> {
    let options = [
        "--quiet",
        "--no-tags",
        "--no-recurse-submodules",
        "--no-write-fetch-head",
        "--refmap=",
        "--upload-pack=git-upload-pack",
        "--end-of-options",
    ];
    // A remote that stalls must not stop everything else: git gives up on a transfer that does not move.
    let stalls = ["-c", "http.lowSpeedLimit=1", "-c", "http.lowSpeedTime=60"];
    finish(git(git_dir).args(stalls).arg("fetch").args(options).args(["origin", refspec]))
}

fn finish(command: &mut Command) -> Result<Output, GitError> {
    let output = command.output().map_err(GitError::NotStarted)?;
    Ok(Output { code: output.status.code(), stdout: output.stdout, stderr: output.stderr })
}
