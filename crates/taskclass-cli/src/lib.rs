//! The program over the libraries: arguments, one file a command, output, exit codes.
//!
//! A command is a function from its arguments and the [`ui::Ui`] to an [`exit::Exit`] or a [`exit::Failure`]. It decides
//! nothing that a library could decide; what it adds is where things are on this machine and how they are shown.

pub mod args;
mod asked;
mod caller;
mod commands;
mod exit;
mod filed;
mod followed;
mod inventory;
mod lasting;
mod machine;
mod next;
mod phrases;
mod place;
mod registry;
mod review;
mod reviewed;
mod revision;
mod signing;
mod terminal;
mod told;
mod ui;
mod way;
mod write;

use std::process::ExitCode;

use clap::Parser;

/// The JSON Schema that `taskclass schema NAME` prints.
pub fn schema(name: args::SchemaName) -> serde_json::Value {
    commands::schema::json_of(name)
}

/// Runs the program with the process's arguments.
pub fn main() -> ExitCode {
    let args = match args::Args::try_parse() {
        Ok(args) => args,
        Err(error) => {
            let code = if error.use_stderr() { exit::Exit::Usage } else { exit::Exit::Fine };
            // Nothing is left to tell if even this cannot be printed.
            let _ = error.print();
            return code.into();
        }
    };
    let mut ui = ui::Ui::new(&args.global);
    let exit = match commands::dispatch(args, &mut ui) {
        Ok(exit) => exit,
        Err(failure) => {
            ui.failure(&failure);
            failure.exit
        }
    };
    ui.flush();
    exit.into()
}
