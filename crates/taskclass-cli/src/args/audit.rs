//! Arguments of `audit` and `trace`.

use std::path::PathBuf;

use clap::{
    Args as Group, Subcommand,
    builder::{PossibleValuesParser, TypedValueParser},
};
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use taskclass_spec::{Duration, RepoName};

use super::{Executor, Format};

/// `audit`
#[derive(Debug, Subcommand)]
pub enum Audit {
    /// Prove that no event was changed, removed, moved or put in
    Verify(AuditVerify),
    /// The last events
    Tail(AuditTail),
    /// Sign where the log stands, so that a cut end or a rewrite shows later
    Checkpoint(AuditCheckpoint),
    /// The events for other systems: JSON lines or CloudEvents
    Export(AuditExport),
    /// GitHub's agent tasks that no run of this log started
    Drift(AuditDrift),
}

/// `audit verify`
#[derive(Debug, Group)]
#[command(
    after_help = "Examples:\n  taskclass audit verify\n  taskclass audit verify --checkpoint audit-2026-11-21.json --allowed-signers trust/allowed_signers\n  taskclass audit export --out log.jsonl && taskclass audit verify --file log.jsonl\n\nExit codes: 0 it holds · 1 it does not · 2 wrong usage, or a file that cannot be read · 3 a checkpoint that nobody trusted has signed"
)]
pub struct AuditVerify {
    /// A log as `audit export` or `audit tail --format json` prints it, instead of the executor's own
    #[arg(long, value_name = "FILE")]
    pub file: Option<PathBuf>,
    /// The file holds a part of a log, such as `audit export --run` prints: events may be missing before, between and behind
    #[arg(long, requires = "file")]
    pub part: bool,
    /// A head that was noted earlier: it must be in the log still, or the log was cut short
    #[arg(long, value_name = "HASH")]
    pub head: Option<String>,
    /// A checkpoint that `audit checkpoint` made, with its signature in FILE.sig: the log must still hold what it says
    #[arg(long, value_name = "FILE")]
    pub checkpoint: Vec<PathBuf>,
    /// Who may sign checkpoints, in OpenSSH's format [default: the registry's trust/allowed_signers, held to the executor's pin]
    #[arg(long, value_name = "FILE", requires = "checkpoint")]
    pub allowed_signers: Option<PathBuf>,
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

/// `audit checkpoint`
#[derive(Debug, Group)]
#[command(
    after_help = "Examples:\n  taskclass audit checkpoint --key ~/.ssh/audit --out /mnt/worm/audit.json\n  taskclass audit checkpoint --agent\n  taskclass audit checkpoint --print > audit.json && ssh-keygen -Y sign -n audit@taskclass -f KEY audit.json"
)]
pub struct AuditCheckpoint {
    /// How it is signed.
    #[command(flatten)]
    pub signing: CheckpointKey,
    /// Where it is written, with its signature beside it in FILE.sig [default: beside the state, named after the event]
    #[arg(long, value_name = "FILE", conflicts_with = "print")]
    pub out: Option<PathBuf>,
    /// Write over what is there
    #[arg(long, requires = "out")]
    pub replace: bool,
    /// Which executor.
    #[command(flatten)]
    pub executor: Executor,
}

/// How a checkpoint is signed.
#[derive(Debug, Group)]
#[group(required = true, multiple = true)]
pub struct CheckpointKey {
    /// Sign with this private key file (ed25519 or ECDSA P-256); a passphrase is asked for on the terminal. With --agent: the
    /// public key file of the key to sign with
    #[arg(long, value_name = "FILE", conflicts_with = "print")]
    pub key: Option<PathBuf>,
    /// Sign with a key that the ssh-agent at SSH_AUTH_SOCK holds
    #[arg(long, conflicts_with = "print")]
    pub agent: bool,
    /// Sign nothing: print the exact bytes to sign where the key is (a hardware key, another machine)
    #[arg(long)]
    pub print: bool,
}

/// `audit export`
#[derive(Debug, Group)]
#[command(
    after_help = "Examples:\n  taskclass audit export --out log.jsonl\n  taskclass audit export --format cloudevents --since 2026-11-01\n  taskclass audit export --run run-k7qd3m2x4a"
)]
pub struct AuditExport {
    /// In which form: an event a line as the log has it, which `audit verify --file` reads, or CloudEvents 1.0 in JSON, one a line
    #[arg(long, value_parser = form(), default_value = "jsonl")]
    pub format: Format,
    /// From this event on, or from this moment on, as 4711, 2026-11-21 or 2026-11-21T10:00:00Z
    #[arg(long, value_name = "SEQ|DATE", value_parser = since)]
    pub since: Option<Since>,
    /// Only this run's events
    #[arg(long, value_name = "RUN")]
    pub run: Option<String>,
    /// Only this class's events
    #[arg(long, value_name = "NAME")]
    pub class: Option<String>,
    /// Into this file, whole or not at all [default: standard output]
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Write over what is there
    #[arg(long, requires = "out")]
    pub replace: bool,
    /// Which executor.
    #[command(flatten)]
    pub executor: Executor,
}

/// Where an export begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Since {
    /// With this event.
    Seq(u64),
    /// With the first that was written down at this moment or later.
    At(Timestamp),
}

/// `audit drift`
#[derive(Debug, Group)]
#[command(
    after_help = "Examples:\n  taskclass audit drift\n  taskclass audit drift --repo acme/svc-orders --since 7d\n\nExit codes: 0 none · 1 some · 5 none that could be seen, and not everything could be read"
)]
pub struct AuditDrift {
    /// Look in these repositories [default: those of inventory.txt that an approved class reaches, and those that runs have reached]
    #[arg(long = "repo", value_name = "OWNER/NAME")]
    pub repositories: Vec<RepoName>,
    /// How far back: a date, or a time such as 7d
    #[arg(long, value_name = "DATE|DURATION", value_parser = back, default_value = "30d")]
    pub since: Back,
    /// Which executor.
    #[command(flatten)]
    pub executor: Executor,
}

/// How far back something goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Back {
    /// To this moment.
    To(Timestamp),
    /// So long.
    For(Duration),
}

/// `trace`
#[derive(Debug, Group)]
#[command(after_help = "Examples:\n  taskclass trace acme/svc-orders#12\n  taskclass trace 650de14 --format json")]
pub struct Trace {
    /// A commit id, a pull request as OWNER/NAME#NUMBER or its URL, GitHub's task or session id, a run, or a key; of ids and keys the
    /// first characters are enough
    pub what: String,
    /// Which executor.
    #[command(flatten)]
    pub executor: Executor,
}

/// The forms of an export.
fn form() -> impl TypedValueParser<Value = Format> {
    let values = PossibleValuesParser::new(["jsonl", "cloudevents"]);
    values.map(|name| if name == "cloudevents" { Format::CloudEvents } else { Format::Json })
}

/// A moment, or the beginning of a day.
fn moment(text: &str) -> Option<Timestamp> {
    let day = || text.parse::<Date>().ok().and_then(|day| day.to_zoned(TimeZone::UTC).ok());
    text.parse().ok().or_else(|| day().map(|day| day.timestamp()))
}

fn since(text: &str) -> Result<Since, String> {
    let seq = text.parse().ok().filter(|seq| *seq > 0).map(Since::Seq);
    seq.or_else(|| moment(text).map(Since::At)).ok_or_else(|| {
        "expected an event's number, or a date or a time in UTC, such as 2026-11-21 or 2026-11-21T10:00:00Z".to_owned()
    })
}

fn back(text: &str) -> Result<Back, String> {
    let span = || text.parse().ok().map(Back::For);
    moment(text)
        .map(Back::To)
        .or_else(span)
        .ok_or_else(|| "expected a date such as 2026-11-21, or how long ago, such as 7d".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_export_begins_with_an_event_or_at_a_moment() {
        assert_eq!(since("12"), Ok(Since::Seq(12)));
        assert_eq!(since("2026-11-21"), Ok(Since::At("2026-11-21T00:00:00Z".parse().unwrap())));
        assert_eq!(since("2026-11-21T10:00:00Z"), Ok(Since::At("2026-11-21T10:00:00Z".parse().unwrap())));
        assert!(since("0").is_err() && since("yesterday").is_err());
        assert_eq!(back("2026-11-21"), Ok(Back::To("2026-11-21T00:00:00Z".parse().unwrap())));
        assert!(matches!(back("7d"), Ok(Back::For(_))) && back("seven").is_err());
    }
}
