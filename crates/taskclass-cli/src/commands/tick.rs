//! `taskclass tick`: does all that is due, once, and says when the next thing is.

use taskclass_executor::ExecError;

use crate::{
    args::{ExecutorOnly, Format, Global},
    exit::{Exit, Failure, Outcome},
    followed::{self, What},
    machine::{Session, failure},
    phrases, told,
    ui::Ui,
};

pub(crate) fn tick(args: &ExecutorOnly, global: &Global, ui: &mut Ui) -> Outcome {
    let mut session = Session::open(&args.executor, global)?;
    let mut telemetry = session.telemetry(ui)?;
    let (mut executor, _, clock) = session.executor()?;
    let report = executor.tick().map_err(failure)?;
    telemetry.after(&report, executor.ledger(), clock.now(), ui);
    executor.rest();
    telemetry.finish(executor.ledger(), clock.now(), ui);
    if ui.format == Format::Json {
        ui.json(&report)?;
    } else {
        for did in &report.did {
            let key = did.key.as_ref().map_or("all", |key| key.short());
            ui.led(&format!("{key:8}  "), &told::happened(&did.what, did.state.as_ref(), ui));
        }
        let now = clock.now();
        let nothing = if report.did.is_empty() { "nothing is due; " } else { "" };
        match report.next_due {
            None => ui.note("nothing is under way"),
            Some(next) if next.duration_since(now).as_secs() < 1 => ui.note("next: now"),
            Some(next) => ui.note(format!("{nothing}next: in {}", phrases::span(now, next))),
        }
        for held in &report.put_off {
            let why = phrases::one_line(&held.off.why);
            ui.note(format!(
                "task {} is put off, again {}: {why}",
                held.key.short(),
                phrases::when(now, held.off.until)
            ));
        }
    }
    if report.interrupted {
        return Err(followed::ended(ExecError::Interrupted, What::All, executor.ledger()));
    }
    match report.trouble {
        Some(trouble) => Err(Failure::new(Exit::Github, trouble).help("the next tick asks again")),
        None => Ok(Exit::Fine),
    }
}
