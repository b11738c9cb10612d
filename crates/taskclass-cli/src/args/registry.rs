//! Arguments of the commands that work with a registry's files and commits.

use std::path::PathBuf;

use clap::{Args as Group, ValueEnum};

use super::Format;

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
    after_help = "Examples:\n  taskclass lint\n  taskclass lint task-classes/dependency-bump.yaml --fix\n  taskclass lint --base origin/main --format markdown\n  taskclass lint --baseline lint-baseline.json --fail-on warning\n\nExit codes: 0 no findings of the level of --fail-on (with --diff: nothing to change) · 1 findings of that level · 2 a path or revision that cannot be read"
)]
pub struct Lint {
    /// Files or folders to report on [default: the whole registry]; a folder with a policy.yaml is linted as a registry of its own
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// How findings are printed; the exit code does not depend on it
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub format: Format,
    /// From which level on findings fail the run
    #[arg(long, value_enum, default_value_t = FailOn::Error)]
    pub fail_on: FailOn,
    /// Apply the safe fixes, until none is left
    #[arg(long)]
    pub fix: bool,
    /// Apply the fixes that may change what is meant as well
    #[arg(long)]
    pub unsafe_fixes: bool,
    /// Print what the fixes would change, and write nothing
    #[arg(long)]
    pub diff: bool,
    /// Do not show findings that FILE records, and do not fail for them
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,
    /// Write the present findings into the baseline, and take out those that are gone
    #[arg(long, requires = "baseline", conflicts_with = "diff")]
    pub update_baseline: bool,
    /// The revision that a change starts from, for what it must raise or keep
    #[arg(long, value_name = "REV")]
    pub base: Option<String>,
    /// The repositories that there are, one owner/name a line [default: the registry's inventory.txt]
    #[arg(long, value_name = "FILE")]
    pub inventory: Option<PathBuf>,
    /// The executor's configuration, for the webhooks that it names and for what tasks really cost
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
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
#[command(
    after_help = "Examples: taskclass explain unfenced-input\n          taskclass explain budget.per_task\n          \
                        taskclass explain policy.maxima\n          taskclass explain executor"
)]
pub struct Explain {
    /// A rule's name, a field's path, or a format: task-class, policy, approval, revocation, executor, models
    #[arg(value_name = "RULE|FIELD|FORMAT")]
    pub subject: String,
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
