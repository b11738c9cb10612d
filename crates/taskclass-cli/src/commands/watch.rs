//! `taskclass watch`: does all that is due, on and on, until interrupted or nothing is under way.

use std::{cell::Cell, collections::BTreeMap};

use taskclass_executor::vocab::{Key, State};

use crate::{
    args::{ExecutorOnly, Global},
    exit::{Exit, Outcome},
    machine::{Session, failure},
    told,
    ui::{Tone, Ui},
};

pub(crate) fn watch(args: &ExecutorOnly, global: &Global, ui: &mut Ui) -> Outcome {
    let mut session = Session::open(&args.executor, global)?;
    let (mut executor, _, clock) = session.executor()?;
    let mut known: BTreeMap<Key, State> = BTreeMap::new();
    let mut trouble = None;
    let unread = Cell::new(false);
    let followed = executor.run_until(&mut |_, _| unread.get(), &mut |report, ledger| {
        for task in ledger.tasks.values() {
            if known.get(&task.key) == Some(&task.state) || known.is_empty() && task.state.is_ended() {
                continue;
            }
            let at = ui.paint(clock.now().strftime("%H:%M:%S"), Tone::Dim);
            let state = ui.paint(&task.state, told::tone(&task.state));
            let line = format!(
                "{at}  {:8}  {}  {}  {state}",
                task.key.short(),
                task.plan.contract.class,
                task.plan.repository
            );
            ui.line(line);
        }
        known = ledger.tasks.values().map(|task| (task.key.clone(), task.state.clone())).collect();
        if report.trouble != trouble {
            trouble.clone_from(&report.trouble);
            if let Some(trouble) = &trouble {
                ui.note(trouble);
            }
        }
        ui.flush();
        unread.set(ui.is_unread());
    });
    followed.map_err(failure)?;
    if !unread.get() {
        ui.note("nothing is under way");
    }
    Ok(Exit::Fine)
}
