//! `taskclass trace`: from any end of the chain to the whole of it.

use serde::Serialize;
use taskclass_executor::views::{self, Trace as Traced, Traced as Found};
use taskclass_source::text::visible;

use crate::{
    args::{Format, Global, Trace},
    exit::{Exit, Failure, Outcome},
    machine::{Reader, store_failure},
    phrases, told,
    ui::{Tone, Ui},
};

/// How many of the names that something may mean are listed.
const NAMED: usize = 10;

/// `trace/v1`
#[derive(Serialize)]
struct Report<'a> {
    schema: &'static str,
    traces: &'a [Traced],
}

pub(crate) fn trace(args: &Trace, global: &Global, ui: &mut Ui) -> Outcome {
    let reader = Reader::open(&args.executor, global)?;
    let found = views::trace(&reader.journal, &reader.ledger, &args.what).map_err(|error| store_failure(&error))?;
    let traces = match found {
        Found::Tasks(traces) => traces,
        Found::Several(candidates) => {
            let failure = Failure::usage(format!("`{}` may mean {} things", visible(&args.what), candidates.len()));
            let named = candidates.iter().take(NAMED).map(|candidate| format!("{} {}", candidate.what, candidate.name));
            let failure = named.fold(failure, Failure::reason);
            return Err(failure.help("name one of them whole, or by more of its first characters"));
        }
        Found::Nothing => {
            let message = format!("nothing in the log is known as `{}`", visible(&args.what));
            return Err(Failure::usage(message).help(
                "a commit id, OWNER/NAME#NUMBER or a pull request's URL, GitHub's task or session id, a run, or a key; what others than \
                 taskclass started is not in the log: `taskclass audit drift` lists it",
            ));
        }
    };
    if ui.format == Format::Json {
        ui.json(&Report { schema: "trace/v1", traces: &traces })?;
        return Ok(Exit::Fine);
    }
    let now = told::present(&reader.ledger);
    for (index, traced) in traces.iter().enumerate() {
        if index > 0 {
            ui.line("");
        }
        one(traced, now, ui);
    }
    ui.note(format!("\nNext: `taskclass show {}` tells each step of it", traces[0].row.key.short()));
    Ok(Exit::Fine)
}

fn one(traced: &Traced, now: jiff::Timestamp, ui: &mut Ui) {
    let row = &traced.row;
    let state = ui.paint(&row.state, Tone::of(&row.state));
    ui.line(format!("{} on {}: {state} for {}", row.class, visible(&row.repository), phrases::span(row.since, now)));
    ui.fact("key", row.key.as_str());
    ui.fact("run", row.run.as_str());
    ui.fact("spend", &phrases::spend(row));
    ui.line("");
    let begun = traced.chain.iter().find_map(|link| link.at);
    let mut before = None;
    for link in &traced.chain {
        // A moment is told once, where the chain comes to it.
        let at = link.at.filter(|at| before != Some(*at));
        before = link.at.or(before);
        let age = begun.zip(at).map(|(begun, at)| format!("+{}", phrases::span(begun, at))).unwrap_or_default();
        let lead = ui.paint(format!("{age:>9}  {:<12}  ", link.link.replace('_', " ")), Tone::Dim);
        ui.led(&lead, &what(link, ui));
        let below = " ".repeat(25);
        for detail in &link.details {
            ui.led(&below, &phrases::one_line(detail));
        }
        if let Some(url) = &link.url {
            ui.line(format!("{below}{}", visible(url)));
        }
    }
}

fn what(link: &views::Link, ui: &Ui) -> String {
    let text = phrases::one_line(&link.what);
    match (link.link, text.as_str()) {
        ("verdict", "accepted") => ui.paint(text, Tone::Good),
        ("verdict", "rejected") | ("revert", _) => ui.paint(text, Tone::Bad),
        ("verdict", _) => ui.paint(text, Tone::Attention),
        _ => text,
    }
}
