//! `taskclass rules`: the catalogue of lint rules.

use taskclass_lint::{explain, rules::catalogue};

use crate::{
    args::Format,
    exit::{Exit, Outcome},
    ui::Ui,
};

pub(crate) fn rules(ui: &mut Ui) -> Outcome {
    if ui.format == Format::Json {
        ui.json(&explain::catalogue_json())?;
    } else {
        ui.raw(explain::list(ui.width));
        ui.note(format!("\n{} rules; `taskclass explain RULE` shows one with examples", catalogue().len()));
    }
    Ok(Exit::Fine)
}
