//! `taskclass inbox`: what waits for a person.

use taskclass_executor::views::inbox as items;
use taskclass_source::text::visible;
use taskclass_spec::written::AfterDeadline;

use crate::{
    args::{ExecutorOnly, Format, Global},
    exit::{Exit, Outcome},
    machine::Reader,
    told,
    ui::{Tone, Ui},
};

pub(crate) fn inbox(args: &ExecutorOnly, global: &Global, ui: &mut Ui) -> Outcome {
    let reader = Reader::open(&args.executor, global)?;
    let items = items(&reader.ledger);
    if ui.format == Format::Json {
        ui.json(&items)?;
    } else if items.is_empty() {
        ui.note("nothing waits for a person");
    } else {
        let now = told::present(&reader.ledger);
        for item in &items {
            let head = format!("{}  {} on {}", item.key.short(), item.class, item.repository);
            let head = ui.paint(head, Tone::Strong);
            let mark = if item.break_glass { ui.paint("  [break-glass]", Tone::Attention) } else { String::new() };
            ui.line(format!("{head}{mark}  {}", visible(&item.why)));
            let mut rest = format!("          for {}, {}", item.owners.join(", "), told::span(item.since, now));
            if let Some((at, action)) = item.deadline {
                let action = match action {
                    AfterDeadline::Cancel => "cancelled",
                    AfterDeadline::Hold => "held",
                };
                let text =
                    if at > now { format!("; {action} in {}", told::span(now, at)) } else { format!("; {action} now") };
                rest.push_str(&text);
            }
            if let Some(link) = &item.link {
                rest.push_str(&format!("  {}", visible(link)));
            }
            ui.line(rest);
        }
        let sim = if args.executor.sim { " --sim" } else { "" };
        ui.note(format!("\n{} waiting; `taskclass show TASK{sim}` tells one's story", items.len()));
    }
    Ok(if items.is_empty() { Exit::Fine } else { Exit::NeedsPerson })
}
