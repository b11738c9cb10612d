//! `taskclass show`: one task's whole story.

use taskclass_executor::{lifecycle::Task, views};

use crate::{
    args::{Format, Global, Show},
    exit::{Exit, Failure, Outcome},
    machine::{Reader, store_failure},
    told,
    ui::Ui,
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
    ui.line("");
    told::story(&shown.story, ui);
    Ok(Exit::Fine)
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
