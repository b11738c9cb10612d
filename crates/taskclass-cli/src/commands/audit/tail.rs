//! `taskclass audit tail`: the last events.

use std::collections::{BTreeMap, VecDeque};

use taskclass_executor::{event::Event, store::Journal, views::Teller};

use crate::{
    args::{AuditTail, Format, Global},
    exit::{Exit, Failure, Outcome},
    machine::store_failure,
    told,
    ui::{Tone, Ui},
};

pub(super) fn tail(args: &AuditTail, global: &Global, ui: &mut Ui) -> Outcome {
    let journal = super::journal(&args.executor, global)?;
    let mut tellers: BTreeMap<_, Teller> = BTreeMap::new();
    if args.all {
        let mut failed = None;
        let visit = &mut |line: &str| match one(line, &mut tellers, ui) {
            Ok(()) => !ui.is_unread(),
            Err(failure) => {
                failed = Some(failure);
                false
            }
        };
        journal.lines(0, visit).map_err(|error| store_failure(&error))?;
        return failed.map_or(Ok(Exit::Fine), Err);
    }
    let mut lines: VecDeque<String> = VecDeque::new();
    let visit = &mut |line: &str| {
        lines.push_back(line.to_owned());
        if lines.len() > args.lines {
            lines.pop_front();
        }
        true
    };
    journal.lines(0, visit).map_err(|error| store_failure(&error))?;
    for line in lines {
        one(&line, &mut tellers, ui)?;
    }
    Ok(Exit::Fine)
}

fn one(
    line: &str,
    tellers: &mut BTreeMap<Option<taskclass_executor::vocab::Key>, Teller>,
    ui: &mut Ui,
) -> Result<(), Failure> {
    if ui.format == Format::Json {
        ui.json_line(line);
        return Ok(());
    }
    let event: Event = serde_json::from_str(line).map_err(|error| {
        Failure::usage(format!("an event cannot be read: {error}"))
            .help("`taskclass audit verify` says which, and what is wrong with it")
    })?;
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
    Ok(())
}
