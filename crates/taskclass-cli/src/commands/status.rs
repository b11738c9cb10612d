//! `taskclass status`: where everything stands, newest first.

use jiff::Timestamp;
use taskclass_executor::{
    views::{StatusRow, status as rows},
    vocab::RunId,
};
use taskclass_source::text::visible;

use crate::{
    args::{Format, Global, Status},
    exit::{Exit, Failure, Outcome},
    machine::Reader,
    told,
    ui::{
        Tone, Ui,
        lines::{columns, padded},
    },
};

pub(crate) fn status(args: &Status, global: &Global, ui: &mut Ui) -> Outcome {
    let reader = Reader::open(&args.executor, global)?;
    let run: Option<RunId> = match &args.run {
        None => None,
        Some(text) => {
            let known = text.parse().ok().filter(|run| reader.ledger.runs.contains_key(run));
            Some(known.ok_or_else(|| {
                Failure::usage(format!("no run is known as `{text}`")).help("`taskclass status` lists them all")
            })?)
        }
    };
    let rows = rows(&reader.ledger, run.as_ref());
    if ui.format == Format::Json {
        ui.json(&serde_json::json!({ "stopped": reader.ledger.stopped, "tasks": rows }))?;
        return Ok(Exit::Fine);
    }
    if let Some(stopped) = &reader.ledger.stopped {
        let text = format!("STOPPED by {} at {}: {}", stopped.by, stopped.at, stopped.reason);
        ui.led("", &ui.paint(visible(&text), Tone::Bad));
        ui.led("", "`taskclass start` lifts it; tasks that run go on.\n");
    }
    if rows.is_empty() {
        ui.note("nothing has been run yet");
        return Ok(Exit::Fine);
    }
    table(&rows, told::present(&reader.ledger), ui);
    Ok(Exit::Fine)
}

/// How much of a row stands on one line.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Layout {
    /// All of it.
    Whole,
    /// All of it, in short: an age in one unit, an amount without its words.
    Short,
    /// Class and repository stand on a second line.
    Two,
}

/// The cells of a line: task, class, repository, state, age, spend.
type Cells = [String; 6];

fn table(rows: &[StatusRow], now: Timestamp, ui: &mut Ui) {
    let fitting = [Layout::Whole, Layout::Short].into_iter().find_map(|layout| {
        let lines = lines(rows, layout, now);
        let widths = widths(&lines);
        let all = widths.iter().sum::<usize>() + 2 * (widths.len() - 1);
        ui.room.is_none_or(|room| all <= room).then_some((layout, lines, widths))
    });
    let (layout, lines, widths) = fitting.unwrap_or_else(|| {
        let lines = lines(rows, Layout::Two, now);
        let widths = widths(&lines);
        (Layout::Two, lines, widths)
    });
    let indent = " ".repeat(widths[0] + 2);
    for (index, cells) in lines.iter().enumerate() {
        let row = index.checked_sub(1).and_then(|index| rows.get(index));
        let two = layout == Layout::Two;
        let mut line = String::new();
        for (column, (cell, width)) in cells.iter().zip(widths).enumerate() {
            if two && matches!(column, 1 | 2) {
                continue;
            }
            // A number of something stands on the right, as its unit is above it.
            let cell = if column == 4 { format!("{cell:>width$}") } else { padded(cell, width) };
            let cell = match row {
                Some(row) if column == 3 => ui.paint(cell, told::tone(&row.state)),
                _ => cell,
            };
            line.push_str(&cell);
            line.push_str("  ");
        }
        match row {
            Some(_) => ui.line(line.trim_end()),
            None => ui.line(ui.paint(line.trim_end(), Tone::Dim)),
        }
        let Some(row) = row else { continue };
        if two {
            ui.led(&indent, &format!("{} on {}", row.class, row.repository));
        }
        for broken in &row.break_glass {
            let text = format!("break-glass approval of {}", visible(&broken.to_string()));
            ui.led(&indent, &ui.paint(text, Tone::Attention));
        }
        if let Some(held) = &row.held_by {
            ui.led(&indent, &ui.paint(format!("held: {}", told::one_line(held)), Tone::Attention));
        }
    }
}

/// The heads of the columns, and a line a row.
fn lines(rows: &[StatusRow], layout: Layout, now: Timestamp) -> Vec<Cells> {
    let whole = layout == Layout::Whole;
    let heads = if whole { ["since", "spend"] } else { ["for", "credits (US$)"] };
    let heads = ["task", "class", "repository", "state", heads[0], heads[1]].map(str::to_owned);
    let row = |row: &StatusRow| {
        let age = told::span(row.since, now);
        let age = if whole { age } else { age.split(' ').next().unwrap_or_default().to_owned() };
        let spend = if whole { told::spend(row) } else { told::spend_in_short(row) };
        [row.key.short().to_owned(), row.class.clone(), row.repository.clone(), row.state.to_string(), age, spend]
    };
    std::iter::once(heads).chain(rows.iter().map(row)).collect()
}

fn widths(lines: &[Cells]) -> [usize; 6] {
    std::array::from_fn(|column| lines.iter().map(|cells| columns(&cells[column])).max().unwrap_or(0))
}
