//! `taskclass man`: the manual page, as roff.

use clap::CommandFactory;

use crate::{
    args::Args,
    exit::{Exit, Failure, Outcome},
    ui::Ui,
};

pub(crate) fn man(ui: &mut Ui) -> Outcome {
    let mut page = Vec::new();
    clap_mangen::Man::new(Args::command()).render(&mut page).map_err(Failure::usage)?;
    ui.raw(page);
    Ok(Exit::Fine)
}
