//! `taskclass diff`: what a change does to the registry's documents.

use jiff::Timestamp;
use taskclass_diff::{Diff, render};
use taskclass_source::text::visible;

use crate::{
    args::{self, Format, Global},
    exit::{Exit, Failure, Outcome},
    inventory,
    review::{self, Gate, Given, HeldTo},
    ui::{Tone, Ui},
};

pub(crate) fn diff(args: &args::Diff, global: &Global, ui: &mut Ui) -> Outcome {
    let now = Timestamp::now();
    let inventory = args.inventory.as_deref().map(inventory::read).transpose()?;
    let sides = review::sides(global.registry.as_deref())?;
    let named = |word: &Option<String>, else_: Given| word.as_deref().map_or(Ok(else_), |word| sides.named(word));
    let held = HeldTo::of(&args.held)?;
    if args.since_approved.is_none() && (args.held.protected.is_some() || args.held.config.is_some()) {
        return Err(Failure::usage(
            "--base and --config say what --since-approved is held against, and that is not asked",
        )
        .help("without it BASE stands first: `taskclass diff BASE HEAD`"));
    }
    let (diff, no_excuse) = match &args.since_approved {
        Some(names) => {
            let head = named(&args.base, Given::WorkTree)?;
            let since = review::since_approved(sides, &head, names, inventory.as_ref(), &held, now)?;
            since.against.iter().for_each(|line| ui.note(ui.paint_err(visible(line), Tone::Dim)));
            since
                .note
                .iter()
                .for_each(|note| ui.note(format!("{} {}", ui.paint_err("note:", Tone::Dim), visible(note))));
            since.trust.into_iter().for_each(|trust| ui.detail(trust));
            (since.diff, None)
        }
        None => {
            let base = named(&args.base, Given::Revision("HEAD".to_owned()))?;
            let head = named(&args.head, Given::WorkTree)?;
            let compared = review::between(sides, &base, &head, inventory.as_ref(), now)?;
            for note in &compared.notes {
                ui.note(format!("{} {}", ui.paint_err("note:", Tone::Dim), visible(note)));
            }
            for (name, why) in &compared.unknown {
                let line = format!("how {} stands is not known: {}", visible(name), visible(why));
                ui.note(format!("{} {line}", ui.paint_err("note:", Tone::Attention)));
            }
            (compared.diff, compared.no_excuse)
        }
    };
    show(&diff, args.format, ui);
    let Some(fail_on) = args.fail_on else { return Ok(Exit::Fine) };
    let gate = Gate { fail_on, unless_approved: args.unless_approved, no_excuse: no_excuse.as_deref() };
    let verdict = gate.judge(&diff);
    for line in &verdict.excused {
        ui.note(format!("{} {line}", ui.paint_err("passes:", Tone::Good)));
    }
    for line in &verdict.failing {
        ui.note(format!("{} {line}", ui.paint_err("fails:", Tone::Bad)));
    }
    Ok(if verdict.failing.is_empty() { Exit::Fine } else { Exit::Findings })
}

fn show(diff: &Diff, format: Format, ui: &mut Ui) {
    let text = match format {
        Format::Json => render::json(diff),
        Format::Markdown => render::markdown(diff),
        _ => render::human(diff, render::Human { colour: ui.color, width: ui.width }),
    };
    ui.raw(text);
}
