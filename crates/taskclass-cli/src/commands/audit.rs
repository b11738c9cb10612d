//! `taskclass audit`: the log, and the proof that nobody changed it.

use std::{collections::VecDeque, fs};

use taskclass_executor::{
    audit::{Head, Summary, Verifier, verify as verify_lines},
    event::Event,
    store::Journal,
};
use taskclass_source::text::visible;

use crate::{
    args::{Audit, AuditTail, AuditVerify, Format, Global},
    exit::{Exit, Failure, Outcome},
    machine::{Reader, store_failure},
    ui::{Tone, Ui},
};

pub(crate) fn audit(args: &Audit, global: &Global, ui: &mut Ui) -> Outcome {
    match args {
        Audit::Verify(args) => verify(args, global, ui),
        Audit::Tail(args) => tail(args, global, ui),
    }
}

fn verify(args: &AuditVerify, global: &Global, ui: &mut Ui) -> Outcome {
    let checked = match &args.file {
        Some(path) => {
            let text = fs::read_to_string(path)
                .map_err(|error| Failure::usage(format!("`{}` cannot be read: {error}", path.display())))?;
            verify_lines(text.lines(), None)
        }
        None => {
            let reader = Reader::open(&args.executor, global)?;
            let head = reader.journal.head().map_err(|error| store_failure(&error))?;
            own(&reader, &head)?
        }
    };
    let summary = checked.map_err(|broken| {
        Failure::new(Exit::Findings, broken).help("keep the file as it is; compare it with a backup or an export")
    })?;
    if let Some(head) = args.head.as_ref().filter(|head| **head != summary.head.hash) {
        return Err(Failure::new(
            Exit::Findings,
            format!(
                "the log ends with {}, not with {}: its end was cut off or replaced",
                summary.head.hash,
                visible(head)
            ),
        ));
    }
    tell(&summary, args.head.is_some(), ui)
}

/// The executor's own journal, line by line.
fn own(reader: &Reader, head: &Head) -> Result<Result<Summary, taskclass_executor::audit::Broken>, Failure> {
    let mut verifier = Verifier::default();
    let mut broken = None;
    reader
        .journal
        .lines(0, &mut |line| match verifier.line(line) {
            Ok(_) => true,
            Err(found) => {
                broken = Some(found);
                false
            }
        })
        .map_err(|error| store_failure(&error))?;
    Ok(match broken {
        Some(broken) => Err(broken),
        None => verifier.finish(Some(head)),
    })
}

fn tell(summary: &Summary, head_given: bool, ui: &mut Ui) -> Outcome {
    if ui.format == Format::Json {
        ui.json(summary)?;
        return Ok(Exit::Fine);
    }
    let word = ui.paint("verified", Tone::Good);
    let range = summary.first.zip(summary.last).map(|(first, last)| format!(", {first} to {last}")).unwrap_or_default();
    ui.line(format!("{word}: {} events{range}", summary.head.count));
    ui.line(format!("head      {}", summary.head.hash));
    if !summary.end_checked && !head_given {
        ui.note(
            "no event was changed, removed, moved or put in; whether the end was cut off shows only with --head HASH",
        );
    }
    Ok(Exit::Fine)
}

fn tail(args: &AuditTail, global: &Global, ui: &mut Ui) -> Outcome {
    let reader = Reader::open(&args.executor, global)?;
    let most = if args.all { usize::MAX } else { args.lines };
    let mut lines: VecDeque<String> = VecDeque::new();
    reader
        .journal
        .lines(0, &mut |line| {
            if lines.len() == most {
                lines.pop_front();
            }
            if most > 0 {
                lines.push_back(line.to_owned());
            }
            true
        })
        .map_err(|error| store_failure(&error))?;
    for line in lines {
        if ui.format == Format::Json {
            ui.line(line);
            continue;
        }
        let event: Event =
            serde_json::from_str(&line).map_err(|error| Failure::usage(format!("an event cannot be read: {error}")))?;
        let kind = serde_json::to_value(&event.body).ok();
        let kind = kind.as_ref().and_then(|body| body.get("kind")?.as_str()).unwrap_or("?").to_owned();
        let at = ui.paint(event.observed.strftime("%Y-%m-%d %H:%M:%S"), Tone::Dim);
        let key = event.key.as_ref().map_or("", |key| key.short());
        let to =
            event.to.filter(|to| Some(to) != event.from.as_ref()).map(|to| format!("  → {to}")).unwrap_or_default();
        ui.line(format!("{:>6}  {at}  {key:8}  {kind}{to}", event.seq));
    }
    Ok(Exit::Fine)
}
