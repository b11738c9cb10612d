//! `taskclass tick`: does all that is due, once, and says when the next thing is.

use crate::{
    args::{ExecutorOnly, Format, Global},
    exit::{Exit, Failure, Outcome},
    machine::{Session, failure},
    told,
    ui::Ui,
};

pub(crate) fn tick(args: &ExecutorOnly, global: &Global, ui: &mut Ui) -> Outcome {
    let mut session = Session::open(&args.executor, global)?;
    let (mut executor, _, clock) = session.executor()?;
    let report = executor.tick().map_err(failure)?;
    if ui.format == Format::Json {
        ui.json(&report)?;
    } else {
        for did in &report.did {
            let key = did.key.as_ref().map_or("", |key| key.short());
            let state = did.state.as_ref().map(|state| format!("  → {state}")).unwrap_or_default();
            ui.line(format!("{key:8}  {}{state}", taskclass_source::text::visible(&did.what)));
        }
        match report.next_due {
            None => ui.note("nothing is under way"),
            Some(next) => ui.note(format!("next: in {}", told::span(clock.now(), next.max(clock.now())))),
        }
    }
    if report.interrupted {
        return Err(failure(taskclass_executor::ExecError::Interrupted));
    }
    match report.trouble {
        Some(trouble) => Err(Failure::new(Exit::Github, trouble).help("the next tick asks again")),
        None => Ok(Exit::Fine),
    }
}
