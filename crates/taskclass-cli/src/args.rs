//! The command line, declared once; help, completions, the manual page and the reference in the docs derive from it.

use std::path::PathBuf;

use clap::{Args as Group, Parser, Subcommand, ValueEnum};

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
    #[arg(long, global = true, value_enum, default_value_t = Format::Human)]
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

/// How data is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people
    Human,
    /// One line a finding (`lint` only)
    Concise,
    /// For programs
    Json,
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
    /// The lint rules
    Rules,
    /// One rule's page
    Explain(Explain),
    /// The exact prompt and request of a run, without sending
    Render(Render),
    /// The digest of documents, and what went into it
    Digest(DigestArgs),
    /// Make and sign an approval of a class or of the policy
    Approve(Approve),
    /// Make and sign a revocation
    Revoke(Revoke),
    /// Which documents are approved, by whom, until when; else exactly why not
    Verify(Verify),
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
    /// Do all that is due, on and on, until interrupted
    Watch(ExecutorOnly),
    /// Stop a task
    Cancel(Cancel),
    /// Decide about a submission whose outcome could not be found out
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

/// `demo`
#[derive(Debug, Group)]
#[command(after_help = "Example: taskclass demo --dir /tmp/taskclass-demo")]
pub struct Demo {
    /// The folder to make; must not exist yet [default: a new one in the system's folder for temporary files]
    #[arg(long, value_name = "DIR")]
    pub dir: Option<PathBuf>,
}

/// `init`
#[derive(Debug, Group)]
#[command(after_help = "Example: taskclass init agent-tasks --name acme/agent-tasks")]
pub struct Init {
    /// The folder; made if missing
    #[arg(default_value = ".", value_name = "DIR")]
    pub dir: PathBuf,
    /// The registry's own repository, as it will be on GitHub
    #[arg(long, value_name = "OWNER/NAME", default_value = "acme/agent-tasks")]
    pub name: String,
}

/// `new`
#[derive(Debug, Group)]
#[command(after_help = "Example: taskclass new lint-cleanup --from dependency-bump")]
pub struct New {
    /// The new class's name
    pub name: String,
    /// A class of the registry to start from [default: a short one with the least that a class needs]
    #[arg(long, value_name = "CLASS")]
    pub from: Option<String>,
}

/// `lint`
#[derive(Debug, Group)]
#[command(
    after_help = "Examples:\n  taskclass lint\n  taskclass lint task-classes/dependency-bump.yaml --fix\n  taskclass lint --format json --fail-on warning"
)]
pub struct Lint {
    /// Files or folders to report on [default: the whole registry]; a folder with a policy.yaml is linted as a registry of its own
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Apply the safe fixes
    #[arg(long)]
    pub fix: bool,
    /// Apply the fixes that may change what is meant as well
    #[arg(long)]
    pub unsafe_fixes: bool,
    /// From which level on findings fail the run
    #[arg(long, value_enum, default_value_t = FailOn::Error)]
    pub fail_on: FailOn,
    /// The date for rules that depend on one, as YYYY-MM-DD [default: today, UTC]
    #[arg(long, value_name = "DATE")]
    pub today: Option<jiff::civil::Date>,
}

/// From which level on findings fail the run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    /// Errors
    Error,
    /// Warnings as well
    Warning,
}

/// `explain`
#[derive(Debug, Group)]
#[command(after_help = "Example: taskclass explain unfenced-input")]
pub struct Explain {
    /// The rule's name
    pub rule: String,
}

/// What a run is about; `render` and `run` take the same.
#[derive(Debug, Group)]
pub struct Request {
    /// The repository
    #[arg(long, value_name = "OWNER/NAME")]
    pub repo: Option<String>,
    /// An input's value, as NAME=VALUE
    #[arg(short, long = "input", value_name = "NAME=VALUE")]
    pub inputs: Vec<String>,
    /// A JSON or YAML file with the inputs' values
    #[arg(long = "inputs", value_name = "FILE")]
    pub inputs_file: Option<PathBuf>,
    /// Another model than the class's default, if the class allows it
    #[arg(long, value_name = "MODEL")]
    pub model: Option<String>,
    /// Another base branch than the class's default, if the class allows it
    #[arg(long, value_name = "BRANCH")]
    pub base_ref: Option<String>,
}

/// `render`
#[derive(Debug, Group)]
#[command(
    after_help = "Examples:\n  taskclass render dependency-bump --example minor\n  taskclass render dependency-bump --repo acme/svc-orders -i package=serde -i to=1.0.230"
)]
pub struct Render {
    /// The class's name
    pub name: String,
    /// What is asked for.
    #[command(flatten)]
    pub request: Request,
    /// Take repository, base branch and inputs from one of the class's examples
    #[arg(long, value_name = "EXAMPLE", conflicts_with_all = ["repo", "inputs", "inputs_file"])]
    pub example: Option<String>,
}

/// `digest`
#[derive(Debug, Group)]
#[command(after_help = "Example: taskclass digest dependency-bump --explain")]
pub struct DigestArgs {
    /// A class's name, or `policy` [default: all documents]
    pub name: Option<String>,
    /// Show what went into it
    #[arg(long)]
    pub explain: bool,
}

/// How a record is signed.
#[derive(Debug, Group)]
#[group(required = true, multiple = false)]
pub struct Signing {
    /// Sign with this private key file (ed25519 or ECDSA P-256)
    #[arg(long, value_name = "FILE")]
    pub key: Option<PathBuf>,
    /// Write the record unsigned and print the ssh-keygen command that signs it (hardware keys, ssh-agent)
    #[arg(long)]
    pub print: bool,
}

/// `approve`
#[derive(Debug, Group)]
#[command(
    after_help = "Examples:\n  taskclass approve dependency-bump --as alice@acme.com --key ~/.ssh/id_ed25519\n  taskclass approve policy --as alice@acme.com --print"
)]
pub struct Approve {
    /// A class's name, or `policy`
    pub name: String,
    /// Who signs: a principal of trust/allowed_signers
    #[arg(long = "as", value_name = "PRINCIPAL")]
    pub principal: String,
    /// How it is signed.
    #[command(flatten)]
    pub signing: Signing,
    /// The commit that was reviewed, and whose content is approved
    #[arg(long, value_name = "REV", default_value = "HEAD")]
    pub commit: String,
    /// How long it counts, such as 30d [default: the policy's max_age]
    #[arg(long, value_name = "DURATION")]
    pub expires_in: Option<String>,
    /// Why, in your words
    #[arg(long, default_value = "")]
    pub note: String,
}

/// `revoke`
#[derive(Debug, Group)]
#[command(
    after_help = "Example: taskclass revoke dependency-bump --as alice@acme.com --key ~/.ssh/id_ed25519 --reason \"prompt lets paths escape\""
)]
pub struct Revoke {
    /// A class's name, or `policy`
    pub name: String,
    /// Who signs: a principal of trust/allowed_signers
    #[arg(long = "as", value_name = "PRINCIPAL")]
    pub principal: String,
    /// How it is signed.
    #[command(flatten)]
    pub signing: Signing,
    /// Why, in your words
    #[arg(long)]
    pub reason: String,
    /// Revoke every approval of the document, whatever its content [default: only of the content at HEAD]
    #[arg(long, conflicts_with = "signed_by")]
    pub all: bool,
    /// Revoke the approvals by one key, as SHA256:…
    #[arg(long, value_name = "FINGERPRINT")]
    pub signed_by: Option<String>,
}

/// `verify`
#[derive(Debug, Group)]
#[command(
    after_help = "Examples:\n  taskclass verify\n  taskclass verify dependency-bump --at v2.0 --config executor.yaml"
)]
pub struct Verify {
    /// A class's name, or `policy` [default: all documents]
    pub name: Option<String>,
    /// The commit to read
    #[arg(long, value_name = "REV", default_value = "HEAD")]
    pub at: String,
    /// The executor's configuration, for its trust pin
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

/// Which executor.
#[derive(Debug, Group)]
pub struct Executor {
    /// The executor's configuration [default: ./executor.yaml, then taskclass/executor.yaml in the user's configuration folder]
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Use the simulator in the place of GitHub, in this process and on a clock of its own; needs no configuration
    #[arg(long, conflicts_with = "config")]
    pub sim: bool,
}

/// `run`
#[derive(Debug, Group)]
#[command(
    after_help = "Examples:\n  taskclass run dependency-bump --repo acme/svc-orders -i package=serde -i to=1.0.230 --wait\n  taskclass run dependency-bump --repo acme/svc-orders -i package=serde -i to=1.0.230 --dry-run"
)]
pub struct Run {
    /// The class's name
    pub name: String,
    /// What is asked for.
    #[command(flatten)]
    pub request: Request,
    /// Which executor.
    #[command(flatten)]
    pub executor: Executor,
    /// Follow the task until nothing more is to be done
    #[arg(long, conflicts_with = "detach")]
    pub wait: bool,
    /// Submit and return; `tick` or `watch` follows the task [default]
    #[arg(long)]
    pub detach: bool,
    /// Check everything and stop before the submission
    #[arg(long, conflicts_with_all = ["wait", "detach"])]
    pub dry_run: bool,
    /// What made you ask: an issue, a release, a schedule; goes into the log
    #[arg(long, value_name = "TEXT")]
    pub trigger: Option<String>,
}

/// A command that needs nothing but the executor.
#[derive(Debug, Group)]
pub struct ExecutorOnly {
    /// Which executor.
    #[command(flatten)]
    pub executor: Executor,
}

/// `status`
#[derive(Debug, Group)]
pub struct Status {
    /// Only this run
    pub run: Option<String>,
    /// Which executor.
    #[command(flatten)]
    pub executor: Executor,
}

/// `show`
#[derive(Debug, Group)]
pub struct Show {
    /// A key, a run or GitHub's task id; a unique beginning is enough
    pub task: String,
    /// Which executor.
    #[command(flatten)]
    pub executor: Executor,
}

/// `cancel`
#[derive(Debug, Group)]
pub struct Cancel {
    /// A key, a run or GitHub's task id; a unique beginning is enough
    pub task: String,
    /// Why, for the log
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub reason: String,
    /// Which executor.
    #[command(flatten)]
    pub executor: Executor,
}

/// `resolve`
#[derive(Debug, Group)]
#[command(group = clap::ArgGroup::new("decision").required(true).args(["adopt", "resubmit", "abandon"]))]
pub struct Resolve {
    /// A key or a run; a unique beginning is enough
    pub task: String,
    /// It did start: this is GitHub's task
    #[arg(long, value_name = "ID")]
    pub adopt: Option<String>,
    /// It did not start: submit it again, recorded as possibly a duplicate
    #[arg(long)]
    pub resubmit: bool,
    /// Give it up
    #[arg(long)]
    pub abandon: bool,
    /// Which executor.
    #[command(flatten)]
    pub executor: Executor,
}

/// `stop`
#[derive(Debug, Group)]
pub struct StopArgs {
    /// Why, for whoever finds it stopped
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub reason: String,
    /// Which executor.
    #[command(flatten)]
    pub executor: Executor,
}

/// `audit`
#[derive(Debug, Subcommand)]
pub enum Audit {
    /// Prove that no event was changed, removed, moved or put in
    Verify(AuditVerify),
    /// The last events
    Tail(AuditTail),
}

/// `audit verify`
#[derive(Debug, Group)]
#[command(
    after_help = "Examples:\n  taskclass audit verify\n  taskclass audit tail --all --format json > log.jsonl && taskclass audit verify --file log.jsonl"
)]
pub struct AuditVerify {
    /// A log as `audit tail --format json` prints it, instead of the executor's own
    #[arg(long, value_name = "FILE")]
    pub file: Option<PathBuf>,
    /// The hash that the last event must have, to notice a log that was cut short
    #[arg(long, value_name = "HASH")]
    pub head: Option<String>,
    /// Which executor.
    #[command(flatten)]
    pub executor: Executor,
}

/// `audit tail`
#[derive(Debug, Group)]
pub struct AuditTail {
    /// How many
    #[arg(short = 'n', long, default_value_t = 20)]
    pub lines: usize,
    /// All of them
    #[arg(long, conflicts_with = "lines")]
    pub all: bool,
    /// Which executor.
    #[command(flatten)]
    pub executor: Executor,
}

/// `trace`
#[derive(Debug, Group)]
#[command(after_help = "Example: taskclass trace acme/svc-orders#12")]
pub struct Trace {
    /// A commit id, a pull request as OWNER/NAME#NUMBER or its URL, GitHub's task id, or a key
    pub what: String,
    /// Which executor.
    #[command(flatten)]
    pub executor: Executor,
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
    /// One event of the audit log
    AuditEvent,
}

/// `completions`
#[derive(Debug, Group)]
pub struct Completions {
    /// The shell
    #[arg(value_enum)]
    pub shell: clap_complete::Shell,
}
