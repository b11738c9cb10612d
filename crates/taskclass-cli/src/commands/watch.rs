//! `taskclass watch`: does all that is due, on and on, until interrupted or nothing is under way.

use std::{cell::Cell, collections::BTreeMap};

use jiff::Timestamp;
use serde::Serialize;
use taskclass_executor::{
    Ledger,
    lifecycle::Task,
    views::StatusRow,
    vocab::{Key, State},
};

use crate::{
    args::{ExecutorOnly, Format, Global},
    exit::{Exit, Failure, Outcome},
    followed::{self, Troubles, What},
    machine::Session,
    ui::{Tone, Ui},
};

pub(crate) fn watch(args: &ExecutorOnly, global: &Global, ui: &mut Ui) -> Outcome {
    let mut session = Session::open(&args.executor, global)?;
    let mut telemetry = session.telemetry(ui)?;
    let (mut executor, _, clock) = session.executor()?;
    let mut changes = Changes::default();
    let mut troubles = Troubles::default();
    let unread = Cell::new(false);
    let mut unwritten: Option<Failure> = None;
    if !args.executor.sim {
        ui.go_live();
    }
    let followed = executor.run_until(&mut |_, _| unread.get(), &mut |report, ledger| {
        let now = clock.now();
        // Below a change there never stands what was before it.
        followed::show(ui, What::All, report, ledger, now);
        for (task, from) in changes.news(ledger) {
            if let Err(failure) = tell(task, from.as_ref(), now, ui) {
                unwritten = Some(failure);
            }
        }
        for trouble in troubles.news(report) {
            ui.note(trouble);
        }
        ui.flush();
        telemetry.after(report, ledger, now, ui);
        unread.set(ui.is_unread() || unwritten.is_some());
    });
    ui.end_live();
    executor.rest();
    telemetry.finish(executor.ledger(), clock.now(), ui);
    followed.map_err(|error| followed::ended(error, What::All, executor.ledger()))?;
    if let Some(failure) = unwritten {
        return Err(failure);
    }
    if !unread.get() {
        ui.note("nothing is under way");
    }
    Ok(Exit::Fine)
}

/// What a program is told of a change, on one line.
#[derive(Serialize)]
struct Change<'t> {
    at: Timestamp,
    from: Option<&'t State>,
    #[serde(flatten)]
    row: StatusRow,
}

fn tell(task: &Task, from: Option<&State>, now: Timestamp, ui: &mut Ui) -> Result<(), Failure> {
    if ui.format == Format::Json {
        let change = Change { at: now, from, row: StatusRow::of(task) };
        let line = serde_json::to_string(&change)
            .map_err(|error| Failure::usage(format!("the change cannot be written as JSON: {error}")))?;
        ui.json_line(&line);
        return Ok(());
    }
    let at = ui.paint(now.strftime("%H:%M:%S"), Tone::Dim);
    let state = ui.paint(&task.state, Tone::of(&task.state));
    let (class, repository) = (&task.plan.contract.class, &task.plan.repository);
    ui.line(format!("{at}  {:8}  {class}  {repository}  {state}", task.key.short()));
    Ok(())
}

/// What has changed since it was last asked. Of ten thousand tasks that are done only those are looked at that were not.
#[derive(Default)]
struct Changes {
    known: BTreeMap<Key, State>,
    begun: bool,
}

impl Changes {
    fn news<'l>(&mut self, ledger: &'l Ledger) -> Vec<(&'l Task, Option<State>)> {
        let before = std::mem::take(&mut self.known);
        let over = before.keys().filter(|key| !ledger.active.contains(*key)).filter_map(|key| ledger.tasks.get(key));
        let tasks: Vec<&Task> = ledger.active().chain(over).collect();
        // What was over before anybody watched is no news.
        let told = std::mem::replace(&mut self.begun, true);
        let changed = |task: &&Task| before.get(&task.key) != Some(&task.state) && (told || !task.state.is_ended());
        let news = tasks.into_iter().filter(changed).map(|task| (task, before.get(&task.key).cloned())).collect();
        self.known = ledger.active().map(|task| (task.key.clone(), task.state.clone())).collect();
        news
    }
}
