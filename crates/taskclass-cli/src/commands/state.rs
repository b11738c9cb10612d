//! `taskclass state`: the state file copied, checked, and made smaller.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;
use taskclass_executor::{
    Ledger, SqliteReader,
    auditor::Auditor,
    book::BookError,
    retention,
    store::{Journal, network},
};
use taskclass_source::text::visible;
use taskclass_spec::written::Retention;
use tempfile::NamedTempFile;

use crate::{
    args::{Format, Global, State, StateBackup, StateCheck, StateClock, StatePrune},
    caller,
    exit::{Exit, Failure, Outcome},
    machine::{Settings, failure, open_book, store_failure},
    phrases::size,
    ui::{Tone, Ui},
};

pub(crate) fn state(args: &State, global: &Global, ui: &mut Ui) -> Outcome {
    match args {
        State::Backup(args) => backup(args, global, ui),
        State::Check(args) => check(args, global, ui),
        State::Clock(args) => clock(args, global, ui),
        State::Prune(args) => prune(args, global, ui),
    }
}

/// A state file that was gone through from end to end.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(
    title = "state-check/v1",
    description = "A state, or a backup of it, that was gone through from end to end."
)]
struct Sound {
    /// The document's format and version: `state-check/v1`.
    schema: SoundSchema,
    /// Where it lies.
    file: PathBuf,
    /// How large it is.
    bytes: u64,
    /// The file's format.
    format: i64,
    /// The journal's own id.
    journal: String,
    /// How many events it holds.
    events: u64,
    /// The last event's hash.
    head: String,
    /// When the last event was written down; absent of an empty journal.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    last: Option<Timestamp>,
    /// Request bodies, inputs and evidence that are there and fit their SHA-256.
    payloads: u64,
    /// Those that were cleared away, as the journal says.
    cleared: u64,
    /// The network file system that it lies on.
    #[serde(skip_serializing_if = "Option::is_none")]
    network: Option<&'static str>,
    /// Whether others may read it.
    open_to_others: bool,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(inline)]
enum SoundSchema {
    #[serde(rename = "state-check/v1")]
    V1,
}

/// The schema of what `state check` and `state backup` print with `--format json`.
pub(crate) fn check_schema() -> serde_json::Value {
    taskclass_spec::schema::generate::<Sound>("state-check/v1")
}

/// Goes through every page, every event and every payload.
fn sound(path: &Path) -> Result<Sound, Failure> {
    let damaged = |error: &dyn std::fmt::Display| Failure::new(Exit::Findings, error);
    let journal = SqliteReader::open(path).map_err(|error| store_failure(&error))?;
    journal.integrity().map_err(|error| damaged(&error))?;
    let mut auditor = Auditor::new(Vec::new());
    let mut broken = None;
    let read = journal.lines(0, &mut |line| match auditor.line(line) {
        Ok(_) => true,
        Err(found) => {
            broken = Some(found);
            false
        }
    });
    read.map_err(|error| store_failure(&error))?;
    if let Some(broken) = broken {
        return Err(damaged(&broken));
    }
    let kept = auditor.payloads(&journal).map_err(|error| store_failure(&error))?.map_err(|broken| damaged(&broken))?;
    let head = journal.head().map_err(|error| store_failure(&error))?;
    let summary = auditor.finish(Some(&head)).map_err(|broken| damaged(&broken))?;
    let metadata = fs::metadata(path).map_err(|error| unusable(path, &error))?;
    Ok(Sound {
        schema: SoundSchema::V1,
        file: path.to_owned(),
        bytes: metadata.len(),
        format: journal.format().map_err(|error| store_failure(&error))?,
        journal: journal.id().to_owned(),
        events: summary.head.count,
        head: summary.head.hash,
        last: summary.last,
        payloads: kept.whole,
        cleared: kept.cleared,
        network: network(path),
        open_to_others: open_to_others(&metadata),
    })
}

#[cfg(unix)]
fn open_to_others(metadata: &fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;
    metadata.permissions().mode() & 0o077 != 0
}

#[cfg(not(unix))]
fn open_to_others(_: &fs::Metadata) -> bool {
    false
}

fn unusable(path: &Path, error: &io::Error) -> Failure {
    Failure::usage(format!("`{}` cannot be used: {error}", path.display()))
}

fn tell(sound: &Sound, ui: &mut Ui) -> Outcome {
    if ui.format == Format::Json {
        ui.json(sound)?;
        return Ok(Exit::Fine);
    }
    let last = sound.last.map(|at| format!(", the last at {at}")).unwrap_or_default();
    let cleared = if sound.cleared == 0 { String::new() } else { format!(", {} cleared away", sound.cleared) };
    for (name, value) in [
        ("file", format!("{} ({}, format {})", sound.file.display(), size(sound.bytes), sound.format)),
        ("journal", sound.journal.clone()),
        ("events", format!("{}{last}", sound.events)),
        ("head", sound.head.clone()),
        ("payloads", format!("{} kept{cleared}", sound.payloads)),
    ] {
        ui.fact(name, &visible(&value));
    }
    if let Some(kind) = sound.network {
        ui.note(format!(
            "it lies on a network file system ({kind}), whose locks and syncs are only as good as the server's: put `state` on a local disk"
        ));
    }
    if sound.open_to_others {
        ui.note(format!("others may read it, and it holds inputs and prompts: chmod 600 {}", sound.file.display()));
    }
    Ok(Exit::Fine)
}

fn check(args: &StateCheck, global: &Global, ui: &mut Ui) -> Outcome {
    let path = match &args.file {
        Some(file) => file.clone(),
        None => Settings::read(&args.executor, global)?.state,
    };
    let sound = sound(&path)?;
    if ui.format == Format::Human {
        let word = ui.paint("sound", Tone::Good);
        ui.line(format!("{word}: every page, every event and every payload is what it was"));
    }
    tell(&sound, ui)
}

fn backup(args: &StateBackup, global: &Global, ui: &mut Ui) -> Outcome {
    let settings = Settings::read(&args.executor, global)?;
    let journal = SqliteReader::open(&settings.state).map_err(|error| store_failure(&error))?;
    may_be_written(args, &settings.state, journal.id())?;
    let folder = args.file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // Made for its owner alone, and removed again unless all goes well.
    let copy = NamedTempFile::new_in(folder).map_err(|error| unusable(&args.file, &error))?;
    SqliteReader::copy(&settings.state, copy.path()).map_err(|error| store_failure(&error))?;
    let mut found = sound(copy.path())
        .map_err(|wrong| Failure { message: format!("the copy was not kept: {}", wrong.message), ..wrong })?;
    let reached = journal.head().map_err(|error| store_failure(&error))?.count;
    if found.journal != journal.id() || found.events < reached {
        return Err(Failure::usage("the copy is not of the state that was read: was the file replaced meanwhile?"));
    }
    copy.as_file().sync_all().map_err(|error| unusable(&args.file, &error))?;
    let placed =
        if args.replace { copy.persist(&args.file).map(drop) } else { copy.persist_noclobber(&args.file).map(drop) };
    placed.map_err(|error| unusable(&args.file, &error.error))?;
    synced(folder);
    found.file.clone_from(&args.file);
    tell(&found, ui)?;
    ui.note("it is as much a log of what was done as the state itself: keep it where only its owner can read it");
    Ok(Exit::Fine)
}

/// A folder's own list of files, on the disk; where a system has no such thing there is nothing to do.
fn synced(folder: &Path) {
    let _ = File::open(folder).and_then(|folder| folder.sync_all());
}

/// Whether nothing is lost by writing there.
fn may_be_written(args: &StateBackup, state: &Path, journal: &str) -> Result<(), Failure> {
    let Ok(there) = fs::canonicalize(&args.file) else { return Ok(()) };
    let is_state = fs::canonicalize(state).is_ok_and(|state| state == there);
    if is_state {
        return Err(Failure::usage(format!("`{}` is the state itself", args.file.display())));
    }
    if !args.replace {
        return Err(Failure::usage(format!("`{}` is there already", args.file.display()))
            .help("name another file, or add --replace if it is an older backup of the same journal"));
    }
    match SqliteReader::open(&there) {
        Ok(older) if older.id() == journal => Ok(()),
        _ => Err(Failure::usage(format!(
            "`{}` is no older backup of this journal, and was left as it is",
            args.file.display()
        ))),
    }
}

/// The journal's time beside this machine's.
#[derive(Serialize)]
struct Times {
    now: Timestamp,
    latest: Timestamp,
    /// By how many seconds the executor's time is ahead of this machine's, as was written down.
    lead_seconds: i64,
    /// Whether they are so far apart that nothing is done.
    apart: bool,
    accepted: bool,
}

fn clock(args: &StateClock, global: &Global, ui: &mut Ui) -> Outcome {
    let settings = Settings::read(&args.executor, global)?;
    if settings.github.is_none() {
        return Err(Failure::usage(
            "the simulator has a clock of its own, which goes on from the journal's last event",
        ));
    }
    if !settings.state.exists() {
        // Said by the reading, with what to do: nothing is made here.
        SqliteReader::open(&settings.state).map_err(|error| store_failure(&error))?;
    }
    let mut book = open_book(&settings)?;
    let now = Timestamp::now();
    let accepted = args.accept && book.accept_clock(now).map_err(|error| failure(error.into()))?.is_some();
    let apart = book.ahead(now).is_some();
    let (latest, lead) = (book.ledger().latest, book.ledger().lead);
    if ui.format == Format::Json {
        ui.json(&Times { now, latest, lead_seconds: lead.as_secs(), apart, accepted })?;
        return Ok(Exit::Fine);
    }
    ui.fact("this machine", &now.to_string());
    ui.fact("last event", &latest.to_string());
    ui.fact("lead", &format!("{lead:#}"));
    match (accepted, apart) {
        (true, _) => ui.note(
            "written down: the executor goes on from its last event, ahead of this machine's clock by the lead; go on with `taskclass tick`",
        ),
        (false, true) => ui.note(
            "more than a day apart, so nothing is done: set this machine's clock right, or, if it is right, `taskclass state clock --accept`",
        ),
        (false, false) if args.accept => ui.note("there is nothing to accept: they are not a day apart"),
        (false, false) => {}
    }
    Ok(Exit::Fine)
}

/// What was, or would be, cleared away.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "state-prune/v1", description = "What was, or would be, cleared away of what tasks have left.")]
struct Cleared {
    /// The document's format and version: `state-prune/v1`.
    schema: ClearedSchema,
    /// Of tasks that were over before this moment.
    #[schemars(with = "String", extend("format" = "date-time"))]
    before: Timestamp,
    /// How many payloads.
    payloads: u64,
    /// How many bytes they are.
    bytes: u64,
    /// Whether nothing was cleared away, and this only says what would be.
    dry_run: bool,
}

#[derive(Serialize, JsonSchema)]
#[schemars(inline)]
enum ClearedSchema {
    #[serde(rename = "state-prune/v1")]
    V1,
}

/// The schema of what `state prune --format json` prints.
pub(crate) fn prune_schema() -> serde_json::Value {
    taskclass_spec::schema::generate::<Cleared>("state-prune/v1")
}

fn prune(args: &StatePrune, global: &Global, ui: &mut Ui) -> Outcome {
    let settings = Settings::read(&args.executor, global)?;
    let retention = settings.github.as_ref().and_then(|github| github.config.retention);
    let Some(age) = args.older_than.or(retention.map(|Retention { payloads }| payloads)) else {
        return Err(Failure::usage("nothing is cleared away: everything is kept")
            .help("say how old, as in --older-than 90d, or write `retention: {payloads: 90d}` into executor.yaml"));
    };
    let since = |ledger: &Ledger| {
        let now = crate::told::present(ledger);
        let before = now.checked_sub(age.signed());
        Ok((now, before.map_err(|_| Failure::usage(format!("{age} is longer than time")))?))
    };
    // Also what a dry run is made of, and it says what to do where there is no state: nothing is made here.
    let journal = SqliteReader::open(&settings.state).map_err(|error| store_failure(&error))?;
    let (before, done) = if args.dry_run {
        let ledger = Ledger::load(&journal).map_err(|error| failure(BookError::from(error).into()))?;
        let (_, before) = since(&ledger)?;
        (before, retention::prunable(&journal, &ledger, before).map_err(|error| store_failure(&error))?)
    } else {
        drop(journal);
        let mut book = open_book(&settings)?;
        let (now, before) = since(book.ledger())?;
        (before, retention::prune(&mut book, &caller::person(), before, now).map_err(|error| failure(error.into()))?)
    };
    if ui.format == Format::Json {
        let (payloads, bytes, dry_run) = (done.payloads, done.bytes, args.dry_run);
        ui.json(&Cleared { schema: ClearedSchema::V1, before, payloads, bytes, dry_run })?;
        return Ok(Exit::Fine);
    }
    let many = if done.payloads == 1 { "payload" } else { "payloads" };
    let what = format!("{} {many} ({}) of tasks that were over before {before}", done.payloads, size(done.bytes));
    match (done.payloads, args.dry_run) {
        (0, _) => ui.line(format!("nothing is kept for tasks that were over before {before}")),
        (_, true) => ui.line(format!("would clear away {what}")),
        (_, false) => ui.line(format!("cleared away {what}; the journal says so")),
    }
    if let Some(why) = done.not_shrunk {
        ui.note(format!("the room was not given back: {why}"));
    }
    Ok(Exit::Fine)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_printed_fits_its_schema() {
        let sound = |last, network| Sound {
            schema: SoundSchema::V1,
            file: PathBuf::from("taskclass.db"),
            bytes: 4096,
            format: 1,
            journal: "7f3a".to_owned(),
            events: 0,
            head: "5c1f".to_owned(),
            last,
            payloads: 0,
            cleared: 0,
            network,
            open_to_others: false,
        };
        let before = Timestamp::UNIX_EPOCH;
        let cleared = Cleared { schema: ClearedSchema::V1, before, payloads: 1, bytes: 2, dry_run: true };
        for (value, schema) in [
            (serde_json::to_value(sound(None, None)).unwrap(), check_schema()),
            (serde_json::to_value(sound(Some(before), Some("NFS"))).unwrap(), check_schema()),
            (serde_json::to_value(cleared).unwrap(), prune_schema()),
        ] {
            let validator = jsonschema::validator_for(&schema).unwrap();
            let wrong: Vec<String> = validator.iter_errors(&value).map(|error| error.to_string()).collect();
            assert!(wrong.is_empty() && value["schema"] == schema["title"], "{wrong:?}: {value}");
        }
    }
}
