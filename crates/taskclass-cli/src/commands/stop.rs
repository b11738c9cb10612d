//! `taskclass stop` and `start`: the kill switch.

use crate::{
    args::{ExecutorOnly, Global, StopArgs},
    caller,
    exit::{Exit, Outcome},
    machine::{Session, failure},
    ui::Ui,
};

pub(crate) fn stop(args: &StopArgs, global: &Global, ui: &mut Ui) -> Outcome {
    let mut session = Session::open(&args.executor, global)?;
    let (mut executor, _, _) = session.executor()?;
    executor.stop_all(&caller::person(), &args.reason).map_err(failure)?;
    ui.line("stopped: nothing new is sent; tasks that run go on");
    ui.note("`taskclass start` lifts it");
    Ok(Exit::Fine)
}

pub(crate) fn start(args: &ExecutorOnly, global: &Global, ui: &mut Ui) -> Outcome {
    let mut session = Session::open(&args.executor, global)?;
    let (mut executor, _, _) = session.executor()?;
    executor.start_again(&caller::person()).map_err(failure)?;
    ui.line("started: submissions are taken up again");
    Ok(Exit::Fine)
}
