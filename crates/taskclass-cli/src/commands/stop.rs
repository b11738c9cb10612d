//! `taskclass stop` and `start`: the kill switch.

use serde_json::json;
use taskclass_source::text::visible;

use crate::{
    args::{ExecutorOnly, Format, Global, StopArgs},
    caller,
    exit::{Exit, Outcome},
    machine::{Session, failure},
    ui::Ui,
};

pub(crate) fn stop(args: &StopArgs, global: &Global, ui: &mut Ui) -> Outcome {
    let mut session = Session::open(&args.executor, global)?;
    let (mut executor, _, _) = session.executor()?;
    // Who threw it first, when and why is what whoever finds it needs to know: a second one changes nothing.
    let before = executor.ledger().stopped.clone();
    if before.is_none() {
        executor.stop_all(&caller::person(), &args.reason).map_err(failure)?;
    }
    if ui.format == Format::Json {
        ui.json(&json!({ "changed": before.is_none(), "stopped": executor.ledger().stopped }))?;
        return Ok(Exit::Fine);
    }
    match before {
        None => ui.line("stopped: nothing new is sent; tasks that run go on"),
        Some(first) => {
            let reason = if first.reason.is_empty() { String::new() } else { format!(": {}", first.reason) };
            let text = format!("already stopped by {} since {}{reason}", first.by, first.at);
            ui.line(visible(&text));
            if !args.reason.is_empty() {
                ui.note("the first reason stays; nothing was written down");
            }
        }
    }
    ui.note("`taskclass start` lifts it");
    Ok(Exit::Fine)
}

pub(crate) fn start(args: &ExecutorOnly, global: &Global, ui: &mut Ui) -> Outcome {
    let mut session = Session::open(&args.executor, global)?;
    let (mut executor, _, _) = session.executor()?;
    let before = executor.ledger().stopped.clone();
    if before.is_some() {
        executor.start_again(&caller::person()).map_err(failure)?;
    }
    if ui.format == Format::Json {
        ui.json(&json!({ "changed": before.is_some(), "stopped": null, "was": before }))?;
    } else if before.is_some() {
        ui.line("started: submissions are taken up again");
    } else {
        ui.line("nothing was stopped");
    }
    Ok(Exit::Fine)
}
