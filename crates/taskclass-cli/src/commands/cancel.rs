//! `taskclass cancel`: stops a task, or asks GitHub to; or all tasks of a run.

use taskclass_executor::{
    ExecError, Ledger, views,
    vocab::{Key, RunId},
};

use super::show::unknown;
use crate::{
    args::{Cancel, Global},
    caller,
    exit::{Exit, Outcome},
    machine::{Session, failure},
    told,
    ui::Ui,
};

pub(crate) fn cancel(args: &Cancel, global: &Global, ui: &mut Ui) -> Outcome {
    let mut session = Session::open(&args.executor, global)?;
    let (mut executor, _, _) = session.executor()?;
    let keys = named(executor.ledger(), &args.task);
    if keys.is_empty() {
        return Err(unknown(&args.task));
    }
    let (mut asked, mut nothing) = (Vec::new(), Vec::new());
    for key in keys {
        match executor.cancel(&key, &caller::person(), &args.reason) {
            Ok(()) => asked.push(key),
            Err(ExecError::NotNow(why)) => nothing.push(why),
            Err(error) => return Err(failure(error)),
        }
    }
    if asked.is_empty() {
        return Err(failure(ExecError::NotNow(nothing.join("; "))));
    }
    executor.tick().map_err(failure)?;
    let tasks = asked.iter().filter_map(|key| executor.ledger().tasks.get(key));
    let mut open = false;
    for task in tasks {
        ui.line(format!("{}  {}", task.key.short(), task.state));
        open |= !task.state.is_ended();
    }
    for why in nothing {
        ui.note(why);
    }
    if open {
        let options = told::options(&args.executor);
        ui.note(format!(
            "asked for is not done: it counts as cancelled once GitHub's task says so; `taskclass watch{options}` looks"
        ));
    }
    Ok(Exit::Fine)
}

/// The task of that name, or all of a run.
fn named(ledger: &Ledger, name: &str) -> Vec<Key> {
    match views::find(ledger, name) {
        Some(task) => vec![task.key.clone()],
        None => name.parse::<RunId>().ok().and_then(|run| ledger.runs.get(&run)).cloned().unwrap_or_default(),
    }
}
