//! The command line, declared once; help, completions, the manual page and the reference in the docs derive from it.

mod approval;
mod audit;
mod executor;
mod registry;
mod review;
mod state;

use std::path::PathBuf;

use clap::{
    Args as Group, Parser, Subcommand, ValueEnum,
    builder::{PossibleValuesParser, TypedValueParser},
};

pub use approval::{Approve, Revoke, Signing, Verify};
pub use audit::{
    Audit, AuditCheckpoint, AuditDrift, AuditExport, AuditTail, AuditVerify, Back, CheckpointKey, Since, Trace,
};
pub use executor::{Cancel, Doctor, Executor, ExecutorOnly, Resolve, Run, Show, Status, StopArgs};
pub use registry::{Demo, DigestArgs, Explain, FailOn, Init, Lint, New, Render, Request};
pub use review::{Diff, FailOnEffect, HeldTo};
pub use state::{State, StateBackup, StateCheck, StateClock, StatePrune};

/// Governs coding agents as infrastructure: task classes, linted, approved, run exactly once.
#[derive(Debug, Parser)]
#[command(name = "taskclass", version, propagate_version = true, max_term_width = 100)]
#[command(
    after_help = "Exit codes: 0 fine · 1 findings · 2 wrong usage or unreadable file · 3 refused · 4 needs a person · 5 GitHub failed · 130 interrupted"
)]
pub struct Args {
    /// Options that every command takes.
    #[command(flatten)]
    pub global: Global,
    /// The command.
    #[command(subcommand)]
    pub command: Command,
}

/// Options that every command takes.
#[derive(Debug, Group)]
pub struct Global {
    /// The registry's folder [default: the nearest folder upward that holds policy.yaml]
    #[arg(long, global = true, value_name = "PATH")]
    pub registry: Option<PathBuf>,
    /// How data is printed
    #[arg(long, global = true, value_parser = data_format(), default_value = "human")]
    pub format: Format,
    /// When to use colour
    #[arg(long, global = true, value_enum, default_value_t = ColorChoice::Auto)]
    pub color: ColorChoice,
    /// Print data only
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// Print details
    #[arg(short, long, global = true)]
    pub verbose: bool,
}

/// How data is printed. Every command that prints data has the first two; `lint` has all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people
    Human,
    /// For programs
    Json,
    /// One line a finding
    Concise,
    /// SARIF 2.1.0, for code scanning and editors
    Sarif,
    /// Workflow commands: annotations in a GitHub pull request
    Github,
    /// A pull request comment
    Markdown,
    /// CloudEvents 1.0 in JSON, one a line; of `audit export` only
    #[value(skip)]
    CloudEvents,
}

/// The formats of commands other than `lint`, which has an argument of the same name with all of them.
fn data_format() -> impl TypedValueParser<Value = Format> {
    let data = [Format::Human, Format::Json];
    let values = data.iter().filter_map(ValueEnum::to_possible_value);
    PossibleValuesParser::new(values).map(|name| if name == "json" { Format::Json } else { Format::Human })
}

/// When to use colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ColorChoice {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// The commands, in the order in which a newcomer meets them.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// The whole way in a fresh folder: lint, approve, run on the simulator, verify the log
    Demo(Demo),
    /// A new registry: policy, one class, trust, CI workflow
    Init(Init),
    /// A new class file that lints clean but for what must be filled in
    New(New),
    /// All findings in the registry's classes and policy
    Lint(Lint),
    /// The lint rules, by family
    Rules,
    /// The page of a rule, a field or a format
    Explain(Explain),
    /// The linter in an editor: a language server over stdin and stdout
    Lsp(Lsp),
    /// The exact prompt and request of a run, without sending
    Render(Render),
    /// What a change does: what it widens, where it reaches, what it can cost, who has to approve it
    Diff(Diff),
    /// The digest of documents, and what went into it
    Digest(DigestArgs),
    /// Make and sign an approval of a class or of the policy
    Approve(Approve),
    /// Make and sign a revocation
    Revoke(Revoke),
    /// Which documents are approved, by whom, until when; else exactly why not
    Verify(Verify),
    /// Whether the executor could run classes now, and all that stands in its way
    Doctor(Doctor),
    /// Run one task of an approved class
    Run(Run),
    /// Where everything stands
    Status(Status),
    /// One task's whole story
    Show(Show),
    /// What waits for a person
    Inbox(ExecutorOnly),
    /// Do all that is due, once
    Tick(ExecutorOnly),
    /// Do all that is due, on and on, until nothing is under way
    Watch(ExecutorOnly),
    /// Stop a task
    Cancel(Cancel),
    /// A person's word on a task: it exists, send it again, give it up, seen
    Resolve(Resolve),
    /// Halt new submissions at once
    Stop(StopArgs),
    /// Take up submissions again
    Start(ExecutorOnly),
    /// The audit log
    #[command(subcommand)]
    Audit(Audit),
    /// The whole chain behind a commit, pull request, task or key
    Trace(Trace),
    /// The state file: copy it, check it, make it smaller
    #[command(subcommand)]
    State(State),
    /// The simulator of GitHub's side, as a server
    Sim(Sim),
    /// A document's JSON Schema
    Schema(Schema),
    /// The model catalogue, with dates
    Models,
    /// Completions for a shell
    Completions(Completions),
    /// The manual page
    Man,
}

/// `lsp`
#[derive(Debug, Group)]
#[command(
    after_help = "Editors start it themselves. Example, for Neovim: vim.lsp.config('taskclass', {cmd = {'taskclass', 'lsp'}})"
)]
pub struct Lsp {
    /// What it does anyway; some editors say so
    #[arg(long, hide = true)]
    pub stdio: bool,
}

/// `sim`
#[derive(Debug, Group)]
#[command(after_help = "Example: taskclass sim --addr 127.0.0.1:8700 --speed 60")]
pub struct Sim {
    /// Where it listens; loopback only
    #[arg(long, default_value = "127.0.0.1:8700", value_name = "ADDR")]
    pub addr: std::net::SocketAddr,
    /// What agents do and which faults happen [default: a built-in organisation whose agents succeed]
    #[arg(long, value_name = "FILE")]
    pub scenario: Option<PathBuf>,
    /// How many times faster than real its clock runs
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub speed: u32,
}

/// `schema`
#[derive(Debug, Group)]
#[command(after_help = "Example: taskclass schema task-class > task-class.v1.json")]
pub struct Schema {
    /// Which document
    #[arg(value_enum, default_value_t = SchemaName::TaskClass)]
    pub name: SchemaName,
}

/// The documents that have a schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SchemaName {
    /// A task class
    TaskClass,
    /// A registry's policy
    Policy,
    /// An approval record
    Approval,
    /// A revocation record
    Revocation,
    /// The executor's configuration
    Executor,
    /// A model catalogue
    Models,
    /// What `lint --format json` prints
    Findings,
    /// What `diff --format json` prints
    Diff,
    /// What `verify --format json` prints
    Verify,
    /// What `doctor --format json` prints
    Doctor,
    /// What `lint --update-baseline` writes
    LintBaseline,
    /// One event of the audit log
    AuditEvent,
    /// What `audit verify --format json` prints
    AuditVerify,
    /// What `audit checkpoint` signs
    AuditCheckpoint,
    /// What `audit checkpoint --format json` prints
    AuditCheckpointWritten,
    /// What `audit drift --format json` prints
    Drift,
    /// What `state check --format json` and `state backup --format json` print
    StateCheck,
    /// What `state prune --format json` prints
    StatePrune,
}

/// `completions`
#[derive(Debug, Group)]
pub struct Completions {
    /// The shell
    #[arg(value_enum)]
    pub shell: clap_complete::Shell,
}
