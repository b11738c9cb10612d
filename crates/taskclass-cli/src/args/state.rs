//! Arguments of `taskclass state`.

use std::path::PathBuf;

use clap::{Args as Group, Subcommand};
use taskclass_spec::Duration;

use super::Executor;

/// `state`
#[derive(Debug, Subcommand)]
pub enum State {
    /// A whole copy of the state, while other commands go on
    Backup(StateBackup),
    /// Whether the state, or a backup of it, is sound, and where it lies
    Check(StateCheck),
    /// The journal's time beside this machine's, and your word for it where they are days apart
    Clock(StateClock),
    /// Clear away what is kept beside the journal for tasks that are over: request bodies, inputs, evidence
    Prune(StatePrune),
}

impl State {
    /// Which executor.
    pub fn executor(&self) -> &Executor {
        match self {
            Self::Backup(StateBackup { executor, .. })
            | Self::Check(StateCheck { executor, .. })
            | Self::Clock(StateClock { executor, .. })
            | Self::Prune(StatePrune { executor, .. }) => executor,
        }
    }
}

/// `state backup`
#[derive(Debug, Group)]
#[command(after_help = "Example: taskclass state backup /backup/taskclass-$(date +%F).db")]
pub struct StateBackup {
    /// The copy; the folder must be there
    pub file: PathBuf,
    /// Put it in the place of an older backup of the same journal
    #[arg(long)]
    pub replace: bool,
    /// Which executor.
    #[command(flatten)]
    pub executor: Executor,
}

/// `state check`
#[derive(Debug, Group)]
#[command(after_help = "Example: taskclass state check /backup/taskclass-2026-12-01.db")]
pub struct StateCheck {
    /// A backup, in the place of the state itself
    pub file: Option<PathBuf>,
    /// Which executor.
    #[command(flatten)]
    pub executor: Executor,
}

/// `state clock`
#[derive(Debug, Group)]
#[command(after_help = "Example: taskclass state clock --accept")]
pub struct StateClock {
    /// Write down that this machine's clock is right, and was wrong when the journal's last events were written
    #[arg(long)]
    pub accept: bool,
    /// Which executor.
    #[command(flatten)]
    pub executor: Executor,
}

/// `state prune`
#[derive(Debug, Group)]
#[command(
    after_help = "Events stay for ever, and nothing that a task may still need is touched.\nExample: taskclass state prune --older-than 90d --dry-run"
)]
pub struct StatePrune {
    /// What belongs to tasks that were over so long ago [default: `retention.payloads` of the configuration]
    #[arg(long, value_name = "DURATION")]
    pub older_than: Option<Duration>,
    /// Say what would be cleared away, and clear nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Which executor.
    #[command(flatten)]
    pub executor: Executor,
}
