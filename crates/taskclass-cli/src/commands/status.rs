//! `taskclass status`: where everything stands, newest first.

use taskclass_executor::{views::status as rows, vocab::RunId};

use crate::{
    args::{Format, Global, Status},
    exit::{Exit, Failure, Outcome},
    machine::Reader,
    told,
    ui::{Tone, Ui},
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
        let text = ui.paint(taskclass_source::text::visible(&text), Tone::Bad);
        ui.line(format!("{text}\n`taskclass start` lifts it; tasks that run go on.\n"));
    }
    if rows.is_empty() {
        ui.note("nothing has been run yet");
        return Ok(Exit::Fine);
    }
    let now = told::present(&reader.ledger);
    let width = |of: &dyn Fn(&taskclass_executor::views::StatusRow) -> usize| rows.iter().map(of).max().unwrap_or(0);
    let (class, repository) = (width(&|row| row.class.len()), width(&|row| row.repository.len()));
    let state = width(&|row| row.state.to_string().len());
    let head = format!(
        "{:8}  {:class$}  {:repository$}  {:state$}  {:>7}  spend",
        "task", "class", "repository", "state", "since"
    );
    let head = ui.paint(head, Tone::Dim);
    ui.line(head);
    for row in &rows {
        let text = ui.paint(format!("{:state$}", row.state.to_string()), told::tone(&row.state));
        let age = told::span(row.since, now);
        let line = format!(
            "{:8}  {:class$}  {:repository$}  {text}  {age:>7}  {}",
            row.key.short(),
            row.class,
            row.repository,
            told::spend(row)
        );
        ui.line(line);
        for broken in &row.break_glass {
            let text = format!("break-glass approval of {}", taskclass_source::text::visible(&broken.to_string()));
            let text = ui.paint(text, Tone::Attention);
            ui.line(format!("{:8}  {text}", ""));
        }
        if let Some(held) = &row.held_by {
            let held = ui.paint(format!("held: {}", taskclass_source::text::visible(held)), Tone::Attention);
            ui.line(format!("{:8}  {held}", ""));
        }
    }
    Ok(Exit::Fine)
}
