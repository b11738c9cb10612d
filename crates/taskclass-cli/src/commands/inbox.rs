//! `taskclass inbox`: what waits for a person.

use jiff::Timestamp;
use taskclass_executor::{
    answer::Answer,
    views::{InboxItem, inbox as items},
};
use taskclass_source::text::visible;
use taskclass_spec::written::AfterDeadline;

use crate::{
    args::{ExecutorOnly, Format, Global},
    exit::{Exit, Outcome},
    machine::Reader,
    phrases, told,
    ui::{Tone, Ui},
};

pub(crate) fn inbox(args: &ExecutorOnly, global: &Global, ui: &mut Ui) -> Outcome {
    let reader = Reader::open(&args.executor, global)?;
    let mut items = items(&reader.ledger);
    if ui.format == Format::Json {
        let options = ui.way.options();
        for command in items.iter_mut().flat_map(|item| &mut item.next) {
            command.push_str(&options);
        }
        ui.json(&items)?;
    } else if items.is_empty() {
        ui.note("nothing waits for a person");
    } else {
        let (now, options) = (told::present(&reader.ledger), ui.way.options());
        for (index, item) in items.iter().enumerate() {
            if index > 0 {
                ui.line("");
            }
            waits(item, now, ui);
            // Whole, to be copied; the likeliest stands out.
            for (nth, command) in item.next.iter().enumerate() {
                let command = format!("{command}{options}");
                let command = if nth == 0 { ui.paint(command, Tone::Strong) } else { command };
                ui.line(format!("{INDENT}{command}"));
            }
        }
        ui.note(format!("\n{} waiting; `taskclass show TASK` tells one's story", items.len()));
    }
    Ok(if items.is_empty() { Exit::Fine } else { Exit::NeedsPerson })
}

/// What stands below a task's key.
const INDENT: &str = "          ";

/// What waits, for whom, since when and until when, and where to look.
fn waits(item: &InboxItem, now: Timestamp, ui: &mut Ui) {
    let key = ui.paint(item.key.short(), Tone::Strong);
    let of = ui.paint(format!("{} on {}", item.class, item.repository), Tone::Strong);
    let mark = if item.break_glass { ui.paint(" [break-glass]", Tone::Attention) } else { String::new() };
    ui.led(&format!("{key}  "), &format!("{of}{mark}: {}", visible(&item.why)));
    let until = match item.deadline {
        Some((at, AfterDeadline::Cancel)) if at > now => {
            format!("; cancelled in {} if nobody answers", phrases::span(now, at))
        }
        Some((_, AfterDeadline::Cancel)) => "; nobody has answered, and the next tick cancels it".to_owned(),
        Some((at, AfterDeadline::Hold)) if at > now => format!("; to be answered within {}", phrases::span(now, at)),
        Some((at, AfterDeadline::Hold)) => format!("; was to be answered {} ago", phrases::span(at, now)),
        None => String::new(),
    };
    ui.led(INDENT, &format!("for {}, waiting {}{until}", item.owners.join(", "), phrases::span(item.since, now)));
    if let Some(link) = &item.link {
        let todo = match item.answer {
            Answer::Agent => "answer it at ",
            Answer::Review => "merge or close ",
            _ => "",
        };
        ui.led(INDENT, &format!("{todo}{}", visible(link)));
    }
}
