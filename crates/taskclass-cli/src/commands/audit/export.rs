//! `taskclass audit export`: the events for other systems.

use std::io::Write;

use taskclass_executor::{
    audit::{Entry, Verifier, cloud_event},
    store::Journal,
};
use taskclass_source::text::{visible, visible_json};
use taskclass_spec::{ClassName, Malformed};

use crate::{
    args::{AuditExport, Format, Global, Since},
    exit::{Exit, Failure, Outcome},
    machine::store_failure,
    ui::Ui,
    write,
};

/// Which events are meant.
struct Filter {
    since: Option<Since>,
    run: Option<String>,
    class: Option<ClassName>,
}

impl Filter {
    fn of(args: &AuditExport) -> Result<Self, Failure> {
        if let Some(run) = &args.run {
            run.parse::<taskclass_executor::vocab::RunId>().map_err(|error: Malformed| Failure::usage(error))?;
        }
        let class = args.class.as_deref().map(str::parse).transpose().map_err(Failure::usage)?;
        Ok(Self { since: args.since, run: args.run.clone(), class })
    }

    /// Whether any of the log's events may be left out.
    fn leaves_out(&self) -> bool {
        self.since.is_some() || self.run.is_some() || self.class.is_some()
    }

    fn takes(&self, entry: &Entry) -> bool {
        let begun = match self.since {
            None => true,
            Some(Since::Seq(seq)) => entry.seq >= seq,
            Some(Since::At(at)) => entry.observed >= at,
        };
        let event = entry.event.as_ref();
        let run = event.and_then(|event| event.run.as_ref()).map(|run| run.as_str());
        let class = event.and_then(|event| event.subject.class.as_deref());
        begun
            && self.run.as_deref().is_none_or(|wanted| run == Some(wanted))
            && self.class.as_ref().is_none_or(|wanted| class == Some(wanted.as_str()))
    }
}

pub(super) fn export(args: &AuditExport, global: &Global, ui: &mut Ui) -> Outcome {
    let filter = Filter::of(args)?;
    if let Some(out) = &args.out {
        super::unused(out, args.replace)?;
    }
    let journal = super::journal(&args.executor, global)?;
    let mut exported = 0_u64;
    let mut each = |out: &mut dyn FnMut(&str) -> Result<bool, Failure>| -> Result<(), Failure> {
        // What goes to others is verified on the way, so that nobody is handed on what does not hold.
        let mut verifier = Verifier::default();
        let mut failed = None;
        let mut one = |line: &str| -> Result<bool, Failure> {
            let entry = verifier.line(line).map_err(|broken| {
                Failure::new(Exit::Findings, &broken)
                    .reason("what does not hold is not handed on")
                    .help("`taskclass audit verify` says more")
            })?;
            if !filter.takes(&entry) {
                return Ok(true);
            }
            exported += 1;
            match args.format {
                Format::CloudEvents => {
                    let event = cloud_event(journal.id(), line, &entry).map_err(Failure::usage)?;
                    out(&visible_json(&event))
                }
                _ => out(&visible_json(line)),
            }
        };
        let visit = &mut |line: &str| {
            one(line).unwrap_or_else(|failure| {
                failed = Some(failure);
                false
            })
        };
        journal.lines(0, visit).map_err(|error| store_failure(&error))?;
        failed.map_or(Ok(()), Err)
    };
    match &args.out {
        Some(path) => {
            write::stream(path, |file: &mut dyn Write| {
                each(&mut |text| {
                    writeln!(file, "{text}").map_err(|error| write::cannot_write(path, &error))?;
                    Ok(true)
                })
            })?;
            let name = path.display();
            ui.note(format!("{exported} event{} in {name}", if exported == 1 { "" } else { "s" }));
        }
        None => each(&mut |text| {
            ui.line(text);
            Ok(!ui.is_unread())
        })?,
    }
    if exported == 0 && filter.leaves_out() {
        ui.note("no event of the log is one of those: see that the class, the run and the moment are the ones that you mean");
    }
    if args.format != Format::CloudEvents && args.out.is_some() {
        let part = if filter.leaves_out() { " --part" } else { "" };
        let name = args.out.as_ref().map(|path| path.display().to_string()).unwrap_or_default();
        ui.note(format!("Next: taskclass audit verify{part} --file {}", crate::way::word(&visible(&name))));
    }
    Ok(Exit::Fine)
}
