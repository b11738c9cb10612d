//! `taskclass audit`: the log, and the proof that nobody changed it.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    fs,
};

use taskclass_executor::{
    audit::{Broken, Summary, Verifier},
    event::{Body, Event},
    store::Journal,
    views::Teller,
};
use taskclass_source::text::visible;

use crate::{
    args::{Audit, AuditTail, AuditVerify, Format, Global},
    exit::{Exit, Failure, Outcome},
    machine::{Reader, store_failure},
    told,
    ui::{Tone, Ui},
};

pub(crate) fn audit(args: &Audit, global: &Global, ui: &mut Ui) -> Outcome {
    match args {
        Audit::Verify(args) => verify(args, global, ui),
        Audit::Tail(args) => tail(args, global, ui),
    }
}

fn verify(args: &AuditVerify, global: &Global, ui: &mut Ui) -> Outcome {
    let noted = args.head.as_deref().map(noted_head).transpose()?;
    let mut check = Check { verifier: Verifier::default(), found: noted.is_none(), noted };
    let checked = match &args.file {
        Some(path) => {
            let text = fs::read_to_string(path)
                .map_err(|error| Failure::usage(format!("`{}` cannot be read: {error}", path.display())))?;
            let lines = text.lines().try_for_each(|line| check.line(line).map(drop));
            lines.and_then(|()| check.verifier.clone().finish(None))
        }
        None => own(&Reader::open(&args.executor, global)?, &mut check)?,
    };
    let summary = checked.map_err(|broken| {
        Failure::new(Exit::Findings, broken).help("keep the file as it is; compare it with a backup or an export")
    })?;
    if !check.found {
        let noted = check.noted.as_deref().unwrap_or_default();
        let message = format!("no event of the log has the hash {noted}: its end was cut off, or it was replaced");
        return Err(Failure::new(Exit::Findings, message).reason(format!("the log ends with {}", summary.head.hash)));
    }
    tell(&summary, check.noted.is_some(), ui)
}

/// A head as somebody noted it: 64 hexadecimal digits, with or without `sha256:`.
fn noted_head(text: &str) -> Result<String, Failure> {
    let hex = text.strip_prefix("sha256:").unwrap_or(text);
    if hex.len() == 64 && hex.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Ok(hex.to_ascii_lowercase());
    }
    Err(Failure::usage(format!("`--head` takes the 64 hexadecimal digits of a head, not `{}`", visible(text))))
}

/// A verification under way.
struct Check {
    verifier: Verifier,
    /// A head that was noted earlier: it must be the hash of some event.
    noted: Option<String>,
    found: bool,
}

impl Check {
    fn line(&mut self, line: &str) -> Result<Event, Broken> {
        let event = self.verifier.line(line)?;
        self.found |= self.noted.as_ref() == Some(&event.hash);
        Ok(event)
    }
}

/// The executor's own journal, line by line, and the bytes that are kept beside it.
fn own(reader: &Reader, check: &mut Check) -> Result<Result<Summary, Broken>, Failure> {
    let head = reader.journal.head().map_err(|error| store_failure(&error))?;
    let mut broken = None;
    let mut kept = BTreeSet::new();
    reader
        .journal
        .lines(0, &mut |line| match check.line(line) {
            Ok(event) => {
                kept.extend(event.subject.inputs_sha256);
                match event.body {
                    Body::Sending { request_sha256, .. } => drop(kept.insert(request_sha256)),
                    Body::EvidenceRead(read) => drop(kept.insert(read.sha256)),
                    _ => {}
                }
                true
            }
            Err(found) => {
                broken = Some(found);
                false
            }
        })
        .map_err(|error| store_failure(&error))?;
    if let Some(broken) = broken {
        return Ok(Err(broken));
    }
    for digest in kept {
        // Bytes that were cleared away are no breach; bytes that do not fit their name are.
        reader.journal.payload(&digest).map_err(|error| Failure::new(Exit::Findings, error))?;
    }
    Ok(check.verifier.clone().finish(Some(&head)))
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
    let mut tellers: BTreeMap<_, Teller> = BTreeMap::new();
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
        let to = event.to.filter(|to| Some(to) != event.from.as_ref());
        let mut what = tellers.entry(event.key.clone()).or_default().tell(&event.body);
        if !what.starts_with(&kind) {
            what = format!("{kind}: {what}");
        }
        ui.led(&format!("{:>6}  {at}  {key:8}  ", event.seq), &told::happened(&what, to.as_ref(), ui));
    }
    Ok(Exit::Fine)
}
