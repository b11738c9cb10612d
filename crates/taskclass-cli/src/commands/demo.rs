//! `taskclass demo`: the whole way in a fresh folder. Every step is the command itself, on a real git registry; only GitHub
//! is the embedded simulator.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use clap::Parser;
use jiff::Timestamp;
use taskclass_approval::keyfile::SigningKey;
use taskclass_executor::views::status;
use taskclass_spec::Digest;

use super::{dispatch, init::write_new};
use crate::{
    args::{Args, Demo, Executor},
    exit::{Exit, Failure, Outcome},
    machine::Reader,
    ui::{Tone, Ui},
    way::word,
};

const CLASS: &str = "task-classes/dependency-bump.yaml";

macro_rules! shipped {
    ($($path:literal,)+) => { &[$(($path, include_str!(concat!("../../../../", $path)))),+] };
}

/// What the demo's registry holds: the class that ships, and what it needs.
const FILES: &[(&str, &str)] = shipped![
    "policy.yaml",
    "inventory.txt",
    "task-classes/dependency-bump.yaml",
    "task-classes/prompts/partials/small-diff.md",
    "task-classes/prompts/partials/when-stuck.md",
    "task-classes/prompts/partials/untrusted-text.md",
];

const RUN: &[&str] = &[
    "run",
    "dependency-bump",
    "--repo",
    "acme/svc-orders",
    "-i",
    "package=serde",
    "-i",
    "to=1.0.230",
    "--trigger",
    "RUSTSEC-2026-0042",
    "--wait",
    "--sim",
];

/// What a pull request's required check asks.
const GATE: &[&str] = &["diff", "HEAD~1", "HEAD", "--fail-on", "widens", "--unless-approved"];

pub(crate) fn demo(args: &Demo, ui: &mut Ui) -> Outcome {
    let folder = match &args.dir {
        Some(dir) => fresh(dir)?,
        None => tempfile::Builder::new()
            .prefix("taskclass-demo-")
            .tempdir()
            .map_err(|error| Failure::usage(format!("no folder can be made for the demo: {error}")))?
            .keep(),
    };
    let mut demo = Stage { registry: folder.join("agent-tasks"), ui, begins: false };
    demo.act()?;
    let ui = demo.ui;
    let registry = word(&folder.join("agent-tasks").display().to_string());
    ui.note("\nGo on with the demo's registry, or remove the folder:");
    ui.note(format!("  cd {registry} && taskclass status --sim"));
    ui.note(format!("  rm -r {}", word(&folder.display().to_string())));
    Ok(Exit::Fine)
}

fn fresh(dir: &Path) -> Result<PathBuf, Failure> {
    if dir.exists() {
        return Err(
            Failure::usage(format!("`{}` exists already", dir.display())).help("the demo makes its folder itself")
        );
    }
    fs::create_dir_all(dir)
        .and_then(|()| dir.canonicalize())
        .map_err(|error| Failure::usage(format!("`{}` cannot be made: {error}", dir.display())))
}

struct Stage<'a> {
    registry: PathBuf,
    ui: &'a mut Ui,
    /// Whether nothing has been printed yet below the last title.
    begins: bool,
}

impl Stage<'_> {
    fn act(&mut self) -> Result<(), Failure> {
        self.title("A registry: a policy, a class, and who may approve");
        self.build()?;

        self.title("A mistake, found before anybody reviews it");
        self.misspell()?;
        self.taskclass(&["lint"], Exit::Findings)?;
        self.taskclass(&["lint", "--fix"], Exit::Fine)?;
        self.commit("Spell the input's name as it is declared")?;

        self.title("What the agent would be told, to the byte");
        self.taskclass(&["render", "dependency-bump", "--example", "with-reason"], Exit::Fine)?;

        self.title("Nobody has approved it, so it does not run");
        self.taskclass(RUN, Exit::Refused)?;

        self.title("Two people approve the policy, one the class");
        self.remark("Each is shown what it lets happen, and asked. With --yes and --quiet, as here, neither.");
        self.approve(&["policy", "dependency-bump"], "alice")?;
        self.approve(&["policy"], "bob")?;
        self.commit("Approvals by Alice and Bob")?;
        self.taskclass(&["verify"], Exit::Fine)?;

        self.title("It runs by name: submitted once, followed to its end, judged from evidence");
        self.taskclass(RUN, Exit::Fine)?;

        self.title("A change: what it does is said before anybody signs it, and held back until somebody does");
        self.widen()?;
        self.taskclass(GATE, Exit::Findings)?;
        self.remark("Bob has read that. Signing it without --quiet would show it to him once more.");
        self.approve(&["dependency-bump"], "bob")?;
        self.commit("Bob approves the change")?;
        self.taskclass(&["verify", "dependency-bump"], Exit::Fine)?;

        self.title("What was written down, and that nobody has changed it");
        self.taskclass(&["status", "--sim"], Exit::Fine)?;
        let key = newest_task()?;
        self.taskclass(&["trace", &key, "--sim"], Exit::Fine)?;
        self.taskclass(&["audit", "verify", "--sim"], Exit::Fine)
    }

    fn title(&mut self, text: &str) {
        let text = self.ui.paint(text, Tone::Strong);
        self.ui.line(format!("\n── {text}"));
        self.begins = true;
    }

    /// What a reader should know of the commands that follow.
    fn remark(&mut self, text: &str) {
        let text = self.ui.paint(text, Tone::Dim);
        self.apart(&text);
    }

    fn typed(&mut self, command: &str) {
        let sign = self.ui.paint("$", Tone::Dim);
        let command = self.ui.paint(command, Tone::Strong);
        self.apart(&format!("{sign} {command}"));
        self.ui.flush();
    }

    /// A line that stands apart from what was printed before it, but for its title.
    fn apart(&mut self, line: &str) {
        if !std::mem::take(&mut self.begins) {
            self.ui.line("");
        }
        self.ui.line(line);
    }

    /// Files, keys and the first commit.
    fn build(&mut self) -> Result<(), Failure> {
        let cannot = |error: std::io::Error| Failure::usage(format!("the demo's registry cannot be written: {error}"));
        for (path, text) in FILES {
            write_new(&self.registry.join(path), text).map_err(cannot)?;
        }
        let keys = self.registry.join("../keys");
        fs::create_dir_all(&keys).map_err(cannot)?;
        let mut trust = String::new();
        for person in ["alice", "bob"] {
            // Throw-away keys: good for this folder's registry and nothing else.
            let seed = Digest::of(format!("{person} {} {}", self.registry.display(), Timestamp::now()).as_bytes());
            let principal = format!("{person}@acme.com");
            let key = SigningKey::ed25519_from_seed(seed.bytes(), &principal);
            key.write_new(&keys.join(person)).map_err(Failure::usage)?;
            trust.push_str(&format!(
                "{principal} namespaces=\"approval@taskclass,revocation@taskclass\" {}\n",
                key.public_openssh()
            ));
        }
        write_new(&self.registry.join("trust/allowed_signers"), &trust).map_err(cannot)?;
        std::env::set_current_dir(&self.registry).map_err(cannot)?;
        self.git(&["init", "--quiet", "--initial-branch=main"])?;
        self.commit("A policy, and a class for dependency bumps")?;
        self.typed("git ls-files");
        let mut paths: Vec<&str> = FILES.iter().map(|(path, _)| *path).collect();
        paths.push("trust/allowed_signers");
        paths.sort_unstable();
        for path in paths {
            self.ui.line(path);
        }
        Ok(())
    }

    /// The slip of a finger that the linter is to find.
    fn misspell(&mut self) -> Result<(), Failure> {
        let path = self.registry.join(CLASS);
        let cannot = |error: std::io::Error| Failure::usage(format!("`{}`: {error}", path.display()));
        let text = fs::read_to_string(&path).map_err(cannot)?;
        fs::write(&path, text.replacen("inputs.package }}", "inputs.packge }}", 1)).map_err(cannot)?;
        self.commit("Reword the prompt")
    }

    /// A proposal: one more repository, and smaller results.
    fn widen(&mut self) -> Result<(), Failure> {
        let path = self.registry.join(CLASS);
        let cannot = |error: std::io::Error| Failure::usage(format!("`{}`: {error}", path.display()));
        let mut text = fs::read_to_string(&path).map_err(cannot)?;
        let edits = [
            ("version: 1\n", "version: 2\n"),
            ("allow: [\"acme/svc-*\"]", "allow: [\"acme/svc-*\", acme/web-shop]"),
            ("max_files: 12", "max_files: 8"),
        ];
        for (from, to) in edits {
            text = text.replacen(from, to, 1);
        }
        fs::write(&path, text).map_err(cannot)?;
        self.commit("Bump dependencies in the web shop as well")
    }

    fn git(&mut self, arguments: &[&str]) -> Result<(), Failure> {
        let output = Command::new("git")
            .args(["-c", "user.name=Dana", "-c", "user.email=dana@acme.com", "-c", "commit.gpgsign=false"])
            .args(["-c", "core.autocrlf=false", "-c", "core.hooksPath=/dev/null"])
            .args(arguments)
            .current_dir(&self.registry)
            .output()
            .map_err(|error| {
                Failure::usage(format!("git cannot be run: {error}")).help("the demo needs git on the path")
            })?;
        if output.status.success() {
            return Ok(());
        }
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        Err(Failure::usage(format!("git {} failed: {}", arguments.join(" "), said.trim())))
    }

    fn commit(&mut self, message: &str) -> Result<(), Failure> {
        self.typed(&format!("git add --all && git commit -m \"{message}\""));
        self.git(&["add", "--all"])?;
        self.git(&["commit", "--quiet", "-m", message])
    }

    fn approve(&mut self, names: &[&str], person: &str) -> Result<(), Failure> {
        let (principal, key) = (format!("{person}@acme.com"), format!("../keys/{person}"));
        let how = ["--as", principal.as_str(), "--key", key.as_str(), "--yes", "--quiet"];
        self.taskclass(&[&["approve"], names, &how[..]].concat(), Exit::Fine)
    }

    /// Runs a command of this program as if it had been typed, and holds it to the exit code that the story needs.
    fn taskclass(&mut self, arguments: &[&str], expected: Exit) -> Result<(), Failure> {
        let shown: Vec<String> = arguments.iter().map(|argument| quoted(argument)).collect();
        self.typed(&format!("taskclass {}", shown.join(" ")));
        let args = Args::try_parse_from(std::iter::once(&"taskclass").chain(arguments)).map_err(Failure::usage)?;
        let quiet = self.ui.quiet;
        self.ui.quiet |= args.global.quiet;
        let ended = dispatch(args, self.ui);
        self.ui.quiet = quiet;
        let exit = match ended {
            Ok(exit) => exit,
            Err(failure) => {
                self.ui.failure(&failure);
                failure.exit
            }
        };
        self.ui.flush();
        if exit == expected {
            return Ok(());
        }
        Err(Failure::new(exit, format!("the demo broke off: this step ended with {exit:?}, not {expected:?}"))
            .help("this is a defect of taskclass; please report it with the output above"))
    }
}

/// The short key of the newest task, as `status` lists it.
fn newest_task() -> Result<String, Failure> {
    let global = Args::try_parse_from(["taskclass", "status", "--sim"]).map_err(Failure::usage)?.global;
    let reader = Reader::open(&Executor { config: None, sim: true }, &global)?;
    let rows = status(&reader.ledger, None);
    rows.first().map(|row| row.key.short().to_owned()).ok_or_else(|| Failure::usage("the run left no task behind"))
}

fn quoted(argument: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=@:~".contains(c);
    if argument.chars().all(plain) { argument.to_owned() } else { format!("'{argument}'") }
}
