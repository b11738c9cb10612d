//! `taskclass status`: where everything stands, newest first.

use jiff::Timestamp;
use taskclass_executor::{
    Ledger,
    views::{StatusRow, Totals, recent, status as rows},
    vocab::RunId,
};
use taskclass_source::text::visible;
use taskclass_spec::NanoCredits;

use crate::{
    args::{Format, Global, Status},
    exit::{Exit, Failure, Outcome},
    machine::Reader,
    phrases, told,
    ui::{
        Tone, Ui,
        lines::{columns, padded},
    },
};

/// Of tasks of which nothing more is expected, so many of the last are shown unless all are asked for.
const LAST: usize = 20;

pub(crate) fn status(args: &Status, global: &Global, ui: &mut Ui) -> Outcome {
    let reader = Reader::open(&args.executor, global)?;
    let ledger = &reader.ledger;
    let run: Option<RunId> = match &args.run {
        None => None,
        Some(text) => {
            let known = text.parse().ok().filter(|run| ledger.runs.contains_key(run));
            Some(known.ok_or_else(|| {
                Failure::usage(format!("no run is known as `{text}`")).help("`taskclass status` lists them all")
            })?)
        }
    };
    let totals = Totals::of(ledger, run.as_ref());
    if ui.format == Format::Json {
        // A program is told of everything.
        let tasks = rows(ledger, run.as_ref());
        ui.json(&serde_json::json!({ "stopped": ledger.stopped, "totals": totals, "tasks": tasks }))?;
        return Ok(Exit::Fine);
    }
    stopped(ledger, ui);
    let (rows, others) = if run.is_some() || args.all { (rows(ledger, run.as_ref()), 0) } else { recent(ledger, LAST) };
    if rows.is_empty() {
        ui.note("nothing has been run yet");
        return Ok(Exit::Fine);
    }
    let now = told::present(ledger);
    table(&rows, now, ui);
    if others > 0 {
        let options = ui.way.options();
        let text = format!("{others} more, of which nothing is expected: `taskclass status --all{options}`");
        ui.led("", &ui.paint(text, Tone::Dim));
    }
    sum(&totals, ui);
    next(&rows, &totals, ui);
    Ok(Exit::Fine)
}

fn stopped(ledger: &Ledger, ui: &mut Ui) {
    if let Some(stopped) = &ledger.stopped {
        let text = format!("STOPPED by {} at {}: {}", stopped.by, stopped.at, stopped.reason);
        ui.led("", &ui.paint(visible(&text), Tone::Bad));
        let options = ui.way.options();
        ui.led("", &format!("`taskclass start{options}` lifts it; tasks that run go on.\n"));
    }
}

/// All tasks in one line: how they stand, and what they cost.
fn sum(totals: &Totals, ui: &mut Ui) {
    let count = |number: usize, one: &str| format!("{number} {one}{}", if number == 1 { "" } else { "s" });
    let standing = [
        (totals.under_way, "under way"),
        (totals.needs_person, if totals.needs_person == 1 { "needs a person" } else { "need a person" }),
        (totals.fine, "fine"),
        (totals.rejected, "did not end well"),
    ];
    let standing: Vec<String> =
        standing.iter().filter(|(number, _)| *number > 0).map(|(number, word)| format!("{number} {word}")).collect();
    let used = NanoCredits(totals.nano_credits);
    let held = match totals.held_nano_credits {
        0 => String::new(),
        held => format!(", {} held", NanoCredits(held)),
    };
    let tasks = match (totals.tasks, totals.runs) {
        (tasks, runs) if tasks == runs => count(tasks, "task"),
        (tasks, runs) => format!("{} in {}", count(tasks, "task"), count(runs, "run")),
    };
    ui.line("");
    ui.led("", &format!("{tasks}: {}; {used} ({}) used{held}", standing.join(", "), used.dollars()));
}

/// What to do about it.
fn next(rows: &[StatusRow], totals: &Totals, ui: &mut Ui) {
    let next = ui.paint_err("Next:", Tone::Strong);
    let options = ui.way.options();
    if totals.needs_person > 0 {
        ui.note(format!("{next} taskclass inbox{options}"));
    } else if totals.under_way > 0 {
        ui.note(format!("{next} taskclass watch{options}"));
    } else if let Some(row) = rows.first() {
        ui.note(format!("{next} taskclass show {}{options}", row.key.short()));
    }
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
        if let Some(row) = row {
            of_run(rows, index - 1, row, ui);
        }
        let mut line = String::new();
        for (column, (cell, width)) in cells.iter().zip(widths).enumerate() {
            if two && matches!(column, 1 | 2) {
                continue;
            }
            // A number of something stands on the right, as its unit is above it.
            let cell = if column == 4 { format!("{cell:>width$}") } else { padded(cell, width) };
            let cell = match row {
                Some(row) if column == 3 => ui.paint(cell, Tone::of(&row.state)),
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
            ui.led(&indent, &visible(&format!("{} on {}", row.class, row.repository)));
        }
        below(row, &indent, now, ui);
    }
}

/// Above the first of several tasks of one run: which run it is.
fn of_run(rows: &[StatusRow], index: usize, row: &StatusRow, ui: &mut Ui) {
    let begins = index.checked_sub(1).and_then(|before| rows.get(before)).is_none_or(|before| before.run != row.run);
    let tasks = rows.iter().skip(index).take_while(|other| other.run == row.run).count();
    if begins && tasks > 1 {
        ui.line(ui.paint(format!("run {}, {tasks} tasks", row.run), Tone::Dim));
    }
}

/// What else there is to say of a task: what it stands on, where to look, who does what next and by when.
fn below(row: &StatusRow, indent: &str, now: Timestamp, ui: &mut Ui) {
    for broken in &row.break_glass {
        let text = format!("break-glass approval of {}", visible(&broken.to_string()));
        ui.led(indent, &ui.paint(text, Tone::Attention));
    }
    if let Some(reason) = &row.end_reason {
        ui.led(indent, &ui.paint(phrases::one_line(reason), Tone::Dim));
    }
    if let Some(url) = &row.pull_request_url {
        ui.led(indent, &visible(url));
    }
    if let Some(stop) = phrases::stop(row, now) {
        ui.led(indent, &ui.paint(stop, Tone::Attention));
    }
    let next = phrases::next_step(row, now);
    if !next.is_empty() {
        let clock = row.next_clock.as_ref().filter(|_| !row.done);
        let clock = clock.map(|next| format!("; {} {}", next.clock, phrases::until(now, next.at))).unwrap_or_default();
        let tone = if row.held_by.is_some() { Tone::Attention } else { Tone::Dim };
        ui.led(indent, &ui.paint(format!("{next}{clock}"), tone));
    }
}

/// The heads of the columns, and a line a row.
fn lines(rows: &[StatusRow], layout: Layout, now: Timestamp) -> Vec<Cells> {
    let whole = layout == Layout::Whole;
    let heads = if whole { ["since", "spend"] } else { ["for", "credits (US$)"] };
    let heads = ["task", "class", "repository", "state", heads[0], heads[1]].map(str::to_owned);
    let row = |row: &StatusRow| {
        let age = phrases::span(row.since, now);
        let age = if whole { age } else { age.split(' ').next().unwrap_or_default().to_owned() };
        let spend = if whole { phrases::spend(row) } else { phrases::spend_in_short(row) };
        let state = visible(&row.state.to_string()).into_owned();
        let repository = visible(&row.repository).into_owned();
        [row.key.short().to_owned(), row.class.clone(), repository, state, age, spend]
    };
    std::iter::once(heads).chain(rows.iter().map(row)).collect()
}

fn widths(lines: &[Cells]) -> [usize; 6] {
    std::array::from_fn(|column| lines.iter().map(|cells| columns(&cells[column])).max().unwrap_or(0))
}
