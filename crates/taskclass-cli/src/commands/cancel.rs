//! `taskclass cancel`: stops a task, or asks GitHub to.

use taskclass_executor::views;

use super::show::unknown;
use crate::{
    args::{Cancel, Global},
    caller,
    exit::{Exit, Outcome},
    machine::{Session, failure},
    ui::Ui,
};

pub(crate) fn cancel(args: &Cancel, global: &Global, ui: &mut Ui) -> Outcome {
    let mut session = Session::open(&args.executor, global)?;
    let (mut executor, _, _) = session.executor()?;
    let key = views::find(executor.ledger(), &args.task).ok_or_else(|| unknown(&args.task))?.key.clone();
    executor.cancel(&key, &caller::person(), &args.reason).map_err(failure)?;
    executor.tick().map_err(failure)?;
    let Some(task) = executor.ledger().tasks.get(&key) else { return Err(unknown(&args.task)) };
    ui.line(format!("{}  {}", key.short(), task.state));
    if task.state.is_ended() {
        return Ok(Exit::Fine);
    }
    ui.note("asked for is not done: it counts as cancelled once GitHub's task says so; `taskclass watch` looks");
    Ok(Exit::Fine)
}
