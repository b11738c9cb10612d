//! `taskclass audit checkpoint`: signs where the log stands.

use std::path::PathBuf;

use jiff::{RoundMode, Timestamp, TimestampRound, Unit};
use schemars::JsonSchema;
use serde::Serialize;
use taskclass_approval::write::Draft;
use taskclass_executor::{SqliteReader, audit::Checkpoint, auditor::Auditor, store::Journal};
use taskclass_spec::signers::Namespace;

use super::signed;
use crate::{
    args::{AuditCheckpoint, Format, Global},
    exit::{Exit, Failure, Outcome},
    machine::{Settings, store_failure},
    signing::Signer,
    ui::{Tone, Ui},
    way::word,
    write,
};

/// What was written.
#[derive(Serialize, JsonSchema)]
#[schemars(
    title = "audit-checkpoint-written/v1",
    description = "A checkpoint of an audit log, and where it was written."
)]
struct Written {
    /// The document's format and version: `audit-checkpoint-written/v1`.
    schema: Schema,
    /// What was signed.
    checkpoint: Checkpoint,
    /// The file that holds it.
    file: String,
    /// The file that holds its signature.
    signature: String,
    /// The fingerprint of the key that signed it.
    key: String,
}

#[derive(Serialize, JsonSchema)]
#[schemars(inline)]
enum Schema {
    #[serde(rename = "audit-checkpoint-written/v1")]
    V1,
}

/// The schema of what `--format json` prints.
pub(crate) fn schema() -> serde_json::Value {
    taskclass_spec::schema::generate::<Written>("audit-checkpoint-written/v1")
}

pub(super) fn checkpoint(args: &AuditCheckpoint, global: &Global, ui: &mut Ui) -> Outcome {
    let settings = Settings::read(&args.executor, global)?;
    let signing = &args.signing;
    if let Some(out) = &args.out {
        super::unused(out, args.replace)?;
        super::unused(&signed::beside(out), args.replace)?;
    }
    // The key first: nobody waits for a long log to learn that there is none.
    let signer = if signing.print { None } else { Some(Signer::any(signing.key.as_deref(), signing.agent)?) };
    let journal = SqliteReader::open(&settings.state).map_err(|error| store_failure(&error))?;
    let checkpoint = of(&journal)?;
    let bytes = checkpoint.bytes().map_err(Failure::usage)?;
    let out = match &args.out {
        Some(path) => path.clone(),
        None => default_place(&settings, &checkpoint),
    };
    let draft = Draft { path: out.display().to_string(), bytes, namespace: Namespace::Audit };
    let Some(mut signer) = signer else {
        ui.raw(&draft.bytes);
        ui.note(format!("sign it where the key is: {}", draft.command("FILE")));
        return Ok(Exit::Fine);
    };
    let key = signer.fingerprint().to_string();
    let signature = signer.sign(&draft, ui)?;
    let beside = signed::beside(&out);
    // The signature first: a checkpoint that is there has one.
    write::replace(&beside, signature.as_bytes())?;
    write::replace(&out, &draft.bytes)?;
    if ui.format == Format::Json {
        let (file, signature) = (out.display().to_string(), beside.display().to_string());
        ui.json(&Written { schema: Schema::V1, checkpoint, file, signature, key })?;
        return Ok(Exit::Fine);
    }
    let signed = ui.paint("signed", Tone::Good);
    ui.led(&format!("{signed}: "), &format!("the log up to event {}, {}", checkpoint.seq, checkpoint.hash));
    ui.fact("key", &key);
    ui.fact("wrote", &out.display().to_string());
    ui.fact("", &beside.display().to_string());
    let options = ui.way.options();
    ui.note(format!(
        "keep both where whoever can write the state cannot; later, with `--allowed-signers FILE` unless the registry's \
         trust/allowed_signers lets this key sign for audit@taskclass\n{} taskclass audit verify --checkpoint {}{options}",
        ui.paint_err("Next:", Tone::Strong),
        word(&out.display().to_string())
    ));
    Ok(Exit::Fine)
}

/// Where the log stands. Only of one that holds a checkpoint is made: nobody signs for what they have not looked at.
fn of(journal: &SqliteReader) -> Result<Checkpoint, Failure> {
    let head = journal.head().map_err(|error| store_failure(&error))?;
    let mut auditor = Auditor::new(Vec::new());
    let (mut last, mut broken) = (None, None);
    let visit = &mut |line: &str| match auditor.line(line) {
        Ok(entry) => {
            last = Some(entry);
            true
        }
        Err(found) => {
            broken = Some(found);
            false
        }
    };
    journal.lines(0, visit).map_err(|error| store_failure(&error))?;
    let not_signed = |broken: taskclass_executor::audit::Broken| {
        Failure::new(Exit::Findings, &broken)
            .reason("no checkpoint is made of a log that does not hold")
            .help(broken.breach.advice())
    };
    if let Some(broken) = broken {
        return Err(not_signed(broken));
    }
    auditor.finish(Some(&head)).map_err(not_signed)?;
    let last = last.ok_or_else(|| Failure::usage("the log is empty: there is nothing to sign for"))?;
    // On the simulator's clock the log lies ahead of this machine's.
    let now = Timestamp::now().max(last.observed);
    let seconds = TimestampRound::new().smallest(Unit::Second).mode(RoundMode::Floor);
    Ok(Checkpoint::at(journal.id(), &last, now.round(seconds).unwrap_or(now)))
}

fn default_place(settings: &Settings, checkpoint: &Checkpoint) -> PathBuf {
    let stem = settings.state.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    settings.state.with_file_name(format!("{stem}.checkpoint-{}.json", checkpoint.seq))
}
