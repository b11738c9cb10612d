//! `taskclass completions`: completions for a shell.

use clap::CommandFactory;

use crate::{
    args::{Args, Completions},
    exit::{Exit, Outcome},
    ui::Ui,
};

pub(crate) fn completions(args: &Completions, ui: &mut Ui) -> Outcome {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Args::command(), "taskclass", &mut script);
    ui.raw(script);
    Ok(Exit::Fine)
}
