//! The built program as a child process: run to its end, or while it runs.

use std::fmt;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use serde_json::Value;

use super::patience::patiently;

/// The token that the built-in scenario knows.
pub(crate) const TOKEN: &str = "github_pat_simulator";
/// What a leak of it would show, even one that hides the beginning.
const TELLTALE: &str = "pat_simulator";

/// The program beside the test executable.
pub(crate) fn binary() -> PathBuf {
    let here = std::env::current_exe().expect("the test executable has a path");
    let profile = here.parent().and_then(Path::parent).expect("it lies in target/<profile>/deps");
    let path = profile.join(format!("taskclass{}", std::env::consts::EXE_SUFFIX));
    assert!(path.is_file(), "{} is missing: run `cargo test --workspace` (or cargo build) first", path.display());
    path
}

/// A command of the program in a clean environment: nothing of the machine's configuration, home below `home`.
pub(crate) fn taskclass(folder: &Path, home: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(binary());
    command.args(arguments).current_dir(folder);
    clean(&mut command, home);
    command
}

/// Takes away everything that a machine's own settings could change.
pub(crate) fn clean(command: &mut Command, home: &Path) {
    command.env_clear();
    for name in ["PATH", "TMPDIR", "SystemRoot"] {
        if let Some(value) = std::env::var_os(name) {
            command.env(name, value);
        }
    }
    command
        .env("HOME", home)
        .env("XDG_CONFIG_HOME", home.join(".config"))
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("TASKCLASS_TOKEN", TOKEN);
}

/// A process that has ended.
#[derive(Debug, Clone)]
pub(crate) struct Ended {
    pub(crate) shown: String,
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl fmt::Display for Ended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let code = self.code.map_or_else(|| "killed".to_owned(), |code| format!("exit {code}"));
        write!(f, "$ {}\n({code})\n-- stdout\n{}-- stderr\n{}", self.shown, self.stdout, self.stderr)
    }
}

impl Ended {
    /// Holds it to an exit code.
    #[track_caller]
    pub(crate) fn exits(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "exit code\n{self}");
        self
    }

    /// Holds it to words on stdout.
    #[track_caller]
    pub(crate) fn prints(self, words: &[&str]) -> Self {
        for word in words {
            assert!(self.stdout.contains(word), "stdout does not say `{word}`\n{self}");
        }
        self
    }

    /// Holds it to words on stderr.
    #[track_caller]
    pub(crate) fn says(self, words: &[&str]) -> Self {
        for word in words {
            assert!(self.stderr.contains(word), "stderr does not say `{word}`\n{self}");
        }
        self
    }

    /// Holds a failure to the form of all failures: one message and nothing of the program's inside.
    #[track_caller]
    pub(crate) fn fails_clearly(self, code: i32, words: &[&str]) -> Self {
        let ended = self.exits(code).says(words);
        let heads = ["error: ", "refused: ", "needs a person: ", "interrupted: "];
        let messages = ended.stderr.lines().filter(|line| heads.iter().any(|head| line.starts_with(head))).count();
        assert_eq!(messages, 1, "not one message\n{ended}");
        for inside in ["panicked at", "RUST_BACKTRACE", "stack backtrace", "unwrap()", "Os {", "Some("] {
            assert!(!ended.stderr.contains(inside), "`{inside}` is nothing for a person\n{ended}");
        }
        ended
    }

    /// Its stdout as JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("stdout is not JSON: {error}\n{self}"))
    }
}

/// A process that runs. It is killed when it is dropped.
#[derive(Debug)]
pub(crate) struct Running {
    shown: String,
    child: Child,
    stdout: Gathered,
    stderr: Gathered,
}

/// What a pipe has given so far.
#[derive(Debug)]
struct Gathered {
    bytes: Arc<Mutex<Vec<u8>>>,
    thread: Option<JoinHandle<()>>,
}

impl Gathered {
    fn of(mut pipe: impl Read + Send + 'static) -> Self {
        let bytes = Arc::new(Mutex::new(Vec::new()));
        let shared = Arc::clone(&bytes);
        let thread = std::thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(count @ 1..) = pipe.read(&mut buffer) {
                shared.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(&buffer[..count]);
            }
        });
        Self { bytes, thread: Some(thread) }
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes.lock().unwrap_or_else(PoisonError::into_inner)).into_owned()
    }

    fn whole(&mut self) -> String {
        if let Some(thread) = self.thread.take() {
            thread.join().expect("reading a pipe does not panic");
        }
        self.text()
    }
}

impl Running {
    pub(crate) fn start(mut command: Command) -> Self {
        let shown = std::iter::once(Path::new(command.get_program()).file_name().unwrap_or_default())
            .chain(command.get_args())
            .map(|part| part.to_string_lossy().into_owned())
            .collect::<Vec<_>>()
            .join(" ");
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap_or_else(|error| panic!("`{shown}` cannot be started: {error}"));
        let stdout = Gathered::of(child.stdout.take().expect("stdout is piped"));
        let stderr = Gathered::of(child.stderr.take().expect("stderr is piped"));
        Self { shown, child, stdout, stderr }
    }

    /// What it has printed so far.
    pub(crate) fn stdout(&self) -> String {
        self.stdout.text()
    }

    /// What it has said so far.
    pub(crate) fn stderr(&self) -> String {
        self.stderr.text()
    }

    /// Whether it still runs.
    pub(crate) fn runs(&mut self) -> bool {
        self.child.try_wait().expect("a child can be waited for").is_none()
    }

    /// `kill -9`, and waits until it is gone.
    pub(crate) fn kill(mut self) -> Ended {
        self.child.kill().expect("a child can be killed");
        let status = self.child.wait().expect("a child can be waited for");
        self.ended(status)
    }

    /// Ctrl-C.
    pub(crate) fn interrupt(&self) {
        let sent = Command::new("kill").args(["-INT", &self.child.id().to_string()]).status();
        assert!(sent.expect("there is a `kill`").success(), "`{}` could not be interrupted", self.shown);
    }

    /// Waits for its end.
    #[track_caller]
    pub(crate) fn wait(mut self) -> Ended {
        let status = patiently(|| self.child.try_wait().expect("a child can be waited for"));
        let so_far =
            || format!("`{}` does not end\n-- stdout\n{}-- stderr\n{}", self.shown, self.stdout(), self.stderr());
        let status = status.unwrap_or_else(|| panic!("{}", so_far()));
        self.ended(status)
    }

    fn ended(&mut self, status: ExitStatus) -> Ended {
        let (stdout, stderr) = (self.stdout.whole(), self.stderr.whole());
        let ended = Ended { shown: self.shown.clone(), code: status.code(), stdout, stderr };
        // The law of every command in every test.
        assert!(!ended.to_string().contains(TELLTALE), "the token was printed\n{ended}");
        ended
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Either fails only where it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
