//! `taskclass show`: one task's whole story.

use jiff::Timestamp;
use taskclass_executor::{
    Standing,
    lifecycle::Task,
    views::{self, ShowTask},
};
use taskclass_source::text::visible;

use crate::{
    args::{Format, Global, Show},
    exit::{Exit, Failure, Outcome},
    machine::{Reader, store_failure},
    phrases, told,
    ui::{Tone, Ui},
};

pub(crate) fn show(args: &Show, global: &Global, ui: &mut Ui) -> Outcome {
    let reader = Reader::open(&args.executor, global)?;
    let task = named(&reader, &args.task)?;
    let shown = views::show(&reader.journal, task).map_err(|error| store_failure(&error))?;
    if ui.format == Format::Json {
        ui.json(&shown)?;
        return Ok(Exit::Fine);
    }
    let now = told::present(&reader.ledger);
    told::facts(&shown.row, shown.task.judgement.as_ref(), now, ui);
    more(&shown, now, ui);
    ui.line("");
    told::story(&shown.story, ui);
    next(&shown, ui);
    Ok(Exit::Fine)
}

/// What `run` does not say at its end: who asked, with whose approval; what runs out and when.
fn more(shown: &ShowTask, now: Timestamp, ui: &mut Ui) {
    let plan = &shown.task.plan;
    let caller = &plan.caller;
    let asked = [caller.person.as_deref(), caller.system.as_deref(), caller.trigger.as_deref()];
    let asked: Vec<_> = asked.into_iter().flatten().filter(|text| !text.is_empty()).map(phrases::one_line).collect();
    ui.fact("asked by", &asked.join(", "));
    let approvals: Vec<_> = plan.approvals.iter().map(|approval| visible(&approval.principal).into_owned()).collect();
    if !approvals.is_empty() {
        ui.fact("approved by", &approvals.join(", "));
    }
    if let Some(session) = shown.task.agent.as_ref().and_then(|agent| agent.sessions.last()) {
        ui.fact("session", &visible(session));
    }
    for clock in &shown.clocks {
        let at = clock.at.strftime("%Y-%m-%d %H:%M:%S UTC");
        ui.fact("clock", &format!("{} {}, at {at}", clock.clock, phrases::until(now, clock.at)));
    }
}

/// What to do about it, where there is something.
fn next(shown: &ShowTask, ui: &mut Ui) {
    let (row, options) = (&shown.row, ui.way.options());
    let next = ui.paint_err("Next:", Tone::Strong);
    match row.standing {
        Standing::NeedsPerson => ui.note(format!("{next} taskclass inbox{options}")),
        Standing::UnderWay => ui.note(format!("{next} taskclass watch{options}")),
        Standing::Fine | Standing::Rejected => ui.note(format!("{next} taskclass trace {}{options}", row.key.short())),
    }
}

/// The task of that name.
fn named<'r>(reader: &'r Reader, name: &str) -> Result<&'r Task, Failure> {
    views::find(&reader.ledger, name).ok_or_else(|| unknown(name))
}

/// No task has that name.
pub(crate) fn unknown(name: &str) -> Failure {
    Failure::usage(format!("no single task is known as `{name}`"))
        .help("a key (or four letters of its beginning), a run with one task, or GitHub's task id; `taskclass status` lists them")
}
