//! Arguments of the commands that work with the executor's state.

use std::path::PathBuf;

use clap::Args as Group;

use super::Request;

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

/// `doctor`
#[derive(Debug, Group)]
#[command(
    after_help = "Examples:\n  taskclass doctor\n  taskclass doctor --config executor.yaml --class dependency-bump --repo acme/svc-orders\n\nExit codes: 0 healthy, warnings or not · 1 something is bad · 2 the configuration cannot be used · 5 GitHub gave no answer"
)]
pub struct Doctor {
    /// Also what a run of this class would be refused for
    #[arg(long, value_name = "NAME")]
    pub class: Option<String>,
    /// Also what a run on this repository would be refused for; without --class of every class that reaches it
    #[arg(long, value_name = "OWNER/NAME")]
    pub repo: Option<String>,
    /// Which executor.
    #[command(flatten)]
    pub executor: Executor,
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
    /// All tasks, also those of long ago of which nothing more is expected
    #[arg(long)]
    pub all: bool,
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
    /// A key or GitHub's task id, of which a unique beginning is enough; or a run, for all its tasks
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
#[command(after_help = "Example: taskclass resolve k7qd --adopt 0f9c6a1e-…")]
#[command(group = clap::ArgGroup::new("decision").required(true).args(["adopt", "resubmit", "abandon", "retry", "acknowledge"]))]
pub struct Resolve {
    /// A key or a run; a unique beginning is enough
    pub task: String,
    /// It did start: this is GitHub's task
    #[arg(long, value_name = "ID")]
    pub adopt: Option<String>,
    /// It did not start: submit it again, recorded as possibly a duplicate
    #[arg(long)]
    pub resubmit: bool,
    /// Give it up: nobody knows whether it exists, whether it stopped, or how to judge it
    #[arg(long)]
    pub abandon: bool,
    /// What was given up, such as a notice or a label, is tried again
    #[arg(long)]
    pub retry: bool,
    /// What is open about it has been seen: nobody need be told again, and a paused class goes on
    #[arg(long)]
    pub acknowledge: bool,
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
