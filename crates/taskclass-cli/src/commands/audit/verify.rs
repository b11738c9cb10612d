//! `taskclass audit verify`: whether the log is what was written, and if not, where it is not.

use std::{
    fs::File,
    io::{BufRead, BufReader, Read},
    path::Path,
};

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;
use taskclass_executor::{
    audit::{Breach, Broken, Head, Summary},
    auditor::{Auditor, Kept, Noted},
    store::Journal,
};
use taskclass_source::text::visible;

use super::signed::{self, Signed};
use crate::{
    args::{AuditVerify, Format, Global},
    exit::{Exit, Failure, Outcome},
    machine::store_failure,
    ui::{Tone, Ui},
};

/// The most that is read as one line. An event is a few KiB.
const LONGEST_LINE: u64 = 16 * 1024 * 1024;

/// Whether an audit log is what was written.
#[derive(Serialize, JsonSchema)]
#[schemars(
    title = "audit-verify/v1",
    description = "Whether an audit log is what was written, and if not, where it is not."
)]
struct Report {
    /// The document's format and version: `audit-verify/v1`.
    schema: Schema,
    /// Whether nothing is wrong with it.
    whole: bool,
    /// The journal's own id, if the log says it.
    #[serde(skip_serializing_if = "Option::is_none")]
    journal: Option<String>,
    /// How many events hold. Of a log that is broken: how many before the place where it is.
    events: u64,
    /// The first event's place; absent of a log that is broken.
    #[serde(skip_serializing_if = "Option::is_none")]
    first_seq: Option<u64>,
    /// How many events are missing between the first and the last: of a part of a log only.
    missing: u64,
    /// Where it stands; absent of a log that is broken.
    #[serde(skip_serializing_if = "Option::is_none")]
    head: Option<Head>,
    /// When the first event was written down.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    first: Option<Timestamp>,
    /// When the last event was written down.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    last: Option<Timestamp>,
    /// Whether the end was compared with what is known of it: the state's own word for it, a head or a checkpoint.
    end_checked: bool,
    /// The bytes that events refer to by their SHA-256; absent where only a file of events was looked at.
    #[serde(skip_serializing_if = "Option::is_none")]
    payloads: Option<Payloads>,
    /// The checkpoints that it was held to.
    checkpoints: Vec<Held>,
    /// The first event that only a newer version knows; behind it the chain was checked and nothing else.
    #[serde(skip_serializing_if = "Option::is_none")]
    unknown_from: Option<u64>,
    /// What is wrong; absent where nothing is.
    #[serde(skip_serializing_if = "Option::is_none")]
    broken: Option<Wrong>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(inline)]
enum Schema {
    #[serde(rename = "audit-verify/v1")]
    V1,
}

/// Bytes kept beside the journal.
#[derive(Serialize, JsonSchema)]
struct Payloads {
    /// How many are there, and are what they were.
    whole: u64,
    /// How many were cleared away, as an event says.
    cleared: u64,
}

/// A checkpoint that the log was held to.
#[derive(Serialize, JsonSchema)]
struct Held {
    /// Its event.
    seq: u64,
    /// When it was made.
    #[schemars(with = "String", extend("format" = "date-time"))]
    made_at: Timestamp,
    /// Who signed it.
    principal: String,
    /// With which key.
    key: String,
    /// Whether the log holds its event, so that the two were compared. Only a part of a log need not.
    compared: bool,
}

/// What is wrong with it.
#[derive(Serialize, JsonSchema)]
struct Wrong {
    /// Where, and what.
    #[serde(flatten)]
    broken: Broken,
    /// The same in words.
    message: String,
    /// What to do.
    advice: &'static str,
}

/// The schema of what `--format json` prints.
pub(crate) fn schema() -> serde_json::Value {
    taskclass_spec::schema::generate::<Report>("audit-verify/v1")
}

pub(super) fn verify(args: &AuditVerify, global: &Global, ui: &mut Ui) -> Outcome {
    let signed = signed::read(args, global)?;
    let mut noted: Vec<Noted> =
        signed.iter().map(|signed| Noted::Checkpoint(Box::new(signed.checkpoint.clone()))).collect();
    if let Some(head) = &args.head {
        noted.push(Noted::Hash(noted_head(head)?));
    }
    let count_noted = noted.len();
    let auditor = if args.part { Auditor::of_a_part(noted) } else { Auditor::new(noted) };
    let mut reading = Reading { auditor, broken: None, at: 0 };
    let (journal, unknown_from, events, outcome) = match &args.file {
        Some(path) => {
            reading.file(path)?;
            reading.end(None, None)?
        }
        None => {
            let own = super::journal(&args.executor, global)?;
            let head = own.head().map_err(|error| store_failure(&error))?;
            own.lines(0, &mut |line| reading.take(line)).map_err(|error| store_failure(&error))?;
            reading.end(Some(&head), Some(&own))?
        }
    };
    let absent = outcome.as_ref().map_or(&[][..], |(_, _, absent)| absent);
    let is_absent = |signed: &Signed| {
        absent.iter().any(|noted| matches!(noted, Noted::Checkpoint(checkpoint) if **checkpoint == signed.checkpoint))
    };
    let checkpoints = signed.iter().map(|signed| held(signed, !is_absent(signed))).collect();
    let mut report = Report {
        schema: Schema::V1,
        whole: outcome.is_ok(),
        journal,
        events,
        first_seq: None,
        missing: 0,
        head: None,
        first: None,
        last: None,
        end_checked: false,
        payloads: None,
        checkpoints,
        unknown_from,
        broken: None,
    };
    match outcome {
        Ok((summary, kept, absent)) => {
            if let (0, false, Some(path)) = (events, args.part, &args.file) {
                return Err(Failure::usage(format!("`{}` is empty: a log has at least the event with which it begins", path.display()))
                    .help("the first line of a whole log is event 1; of a part, which may be empty, nothing can be told: `--part`"));
            }
            report.first_seq = summary.first_seq;
            report.missing = summary.missing;
            report.head = Some(summary.head);
            (report.first, report.last) = (summary.first, summary.last);
            report.end_checked = summary.end_checked || count_noted > absent.len();
            report.payloads = kept.map(|Kept { whole, cleared }| Payloads { whole, cleared });
            tell(&report, &absent, args.part, ui)?;
            Ok(Exit::Fine)
        }
        Err(broken) => {
            let (message, advice) = (broken.to_string(), broken.breach.advice());
            if ui.format == Format::Json {
                report.broken = Some(Wrong { broken, message, advice });
                ui.json(&report)?;
                return Ok(Exit::Findings);
            }
            let failure = Failure::new(Exit::Findings, message);
            let failure =
                if events > 0 { failure.reason(format!("the {} before it hold", count(events))) } else { failure };
            Err(failure.help(advice))
        }
    }
}

/// A head as somebody noted it: 64 hexadecimal digits, with or without `sha256:`.
fn noted_head(text: &str) -> Result<String, Failure> {
    let hex = text.strip_prefix("sha256:").unwrap_or(text);
    if hex.len() == 64 && hex.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Ok(hex.to_ascii_lowercase());
    }
    Err(Failure::usage(format!("`--head` takes the 64 hexadecimal digits of a head, not `{}`", visible(text))))
}

fn held(signed: &Signed, compared: bool) -> Held {
    Held {
        compared,
        seq: signed.checkpoint.seq,
        made_at: signed.checkpoint.made_at,
        principal: signed.principal.clone(),
        key: signed.key.to_string(),
    }
}

/// A log under way.
struct Reading {
    auditor: Auditor,
    broken: Option<Broken>,
    at: u64,
}

/// A log that holds: what it is, what is kept beside it, and what was noted and is not in this part of it.
type Holds = (Summary, Option<Kept>, Vec<Noted>);

/// The journal's id, the first event that is not known, how many events hold, and what came out.
type Ended = (Option<String>, Option<u64>, u64, Result<Holds, Broken>);

impl Reading {
    /// Takes a line; whether the next one is wanted.
    fn take(&mut self, line: &str) -> bool {
        self.at += 1;
        if let Some(broken) = &mut self.broken {
            broken.breach.look_on(self.at, line);
        } else {
            self.broken = self.auditor.line(line).err();
        }
        self.broken.as_ref().is_none_or(|broken| broken.breach.wants_more())
    }

    /// A file, line by line: no more of it is held than one.
    fn file(&mut self, path: &Path) -> Result<(), Failure> {
        let cannot = |error: std::io::Error| Failure::usage(format!("`{}` cannot be read: {error}", path.display()));
        let mut reader = BufReader::new(File::open(path).map_err(cannot)?);
        let mut line = Vec::new();
        loop {
            line.clear();
            if reader.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut line).map_err(cannot)? == 0 {
                return Ok(());
            }
            if line.last() == Some(&b'\n') {
                line.pop();
            }
            let Ok(text) = std::str::from_utf8(&line) else {
                let breach = Breach::NotAnEvent { reason: "it is not UTF-8".to_owned() };
                self.at += 1;
                self.broken = self.broken.take().or(Some(Broken { line: self.at, seq: None, at: None, breach }));
                return Ok(());
            };
            if !self.take(text) {
                return Ok(());
            }
        }
    }

    fn end(self, head: Option<&Head>, own: Option<&dyn Journal>) -> Result<Ended, Failure> {
        let Self { auditor, broken, .. } = self;
        let (journal, unknown) = (auditor.journal().map(str::to_owned), auditor.foreign());
        if let Some(broken) = broken {
            return Ok((journal, unknown, broken.line - 1, Err(broken)));
        }
        let events = auditor.lines();
        let kept = match own {
            Some(own) => match auditor.payloads(own).map_err(|error| store_failure(&error))? {
                Ok(kept) => Some(kept),
                Err(broken) => return Ok((journal, unknown, events, Err(broken))),
            },
            None => None,
        };
        let absent = auditor.absent().into_iter().cloned().collect();
        Ok((journal, unknown, events, auditor.finish(head).map(|summary| (summary, kept, absent))))
    }
}

fn tell(report: &Report, absent: &[Noted], part: bool, ui: &mut Ui) -> Result<(), Failure> {
    if ui.format == Format::Json {
        return ui.json(report);
    }
    let word = ui.paint("verified", Tone::Good);
    let range = report.first.zip(report.last).map(|(first, last)| format!(", {first} to {last}")).unwrap_or_default();
    ui.led(&format!("{word}: "), &format!("{}{range}", count(report.events)));
    if let Some(head) = &report.head {
        ui.fact("head", &format!("event {}, {}", head.count, head.hash));
    }
    if let Some(journal) = &report.journal {
        ui.fact("journal", &visible(journal));
    }
    if let Some(payloads) = &report.payloads {
        let cleared =
            if payloads.cleared == 0 { String::new() } else { format!(", {} cleared away", payloads.cleared) };
        ui.fact("payloads", &format!("{} kept beside it are what they were{cleared}", payloads.whole));
    }
    for Held { seq, made_at, principal, key, .. } in report.checkpoints.iter().filter(|held| held.compared) {
        let text = format!("event {seq} of {made_at}, signed by {principal} with {key}");
        ui.fact("checkpoint", &visible(&text));
    }
    for noted in absent {
        ui.note(match noted {
            Noted::Checkpoint(checkpoint) => {
                format!("event {} of the checkpoint is not in this part: nothing was compared with it", checkpoint.seq)
            }
            Noted::Hash(hash) => {
                format!("no event of this part has the hash {hash}: nothing was compared with it; verify the whole log")
            }
        });
    }
    if let Some(seq) = report.unknown_from {
        ui.note(format!(
            "event {seq} was written by a newer version: from there on the chain was checked, and not whether what it says can have happened"
        ));
    }
    if part {
        ui.note(format!(
            "this is a part of a log: {} missing between its first and its last, and what stands before and behind was not looked at",
            if report.missing == 1 { "1 event is".to_owned() } else { format!("{} events are", report.missing) }
        ));
    } else if !report.end_checked {
        ui.note(
            "no event was changed, removed, moved or put in; whether the end was cut off shows only with --head HASH or --checkpoint FILE",
        );
    }
    Ok(())
}

fn count(events: u64) -> String {
    format!("{events} event{}", if events == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_printed_fits_its_schema() {
        let payloads = Some(Payloads { whole: 1, cleared: 0 });
        let whole = Report { whole: true, head: Some(Head::empty()), payloads, ..empty() };
        let validator = jsonschema::validator_for(&schema()).unwrap();
        let check = |report: &Report| {
            let value = serde_json::to_value(report).unwrap();
            let wrong: Vec<String> = validator.iter_errors(&value).map(|error| error.to_string()).collect();
            assert!(wrong.is_empty(), "{wrong:?}: {value}");
        };
        check(&whole);
        for breach in [Breach::NotCanonical, Breach::Gap { expected: 1, found: 2, later: None }] {
            let broken = Broken { line: 1, seq: None, at: None, breach };
            let wrong = Wrong { message: broken.to_string(), advice: broken.breach.advice(), broken };
            check(&Report { whole: false, broken: Some(wrong), head: None, ..empty() });
        }
    }

    fn empty() -> Report {
        Report {
            schema: Schema::V1,
            whole: false,
            journal: None,
            events: 0,
            first_seq: None,
            missing: 0,
            head: None,
            first: None,
            last: None,
            end_checked: false,
            payloads: None,
            checkpoints: Vec::new(),
            unknown_from: None,
            broken: None,
        }
    }
}
