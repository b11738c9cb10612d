//! The `taskclass` program.

use std::process::ExitCode;

fn main() -> ExitCode {
    taskclass_cli::main()
}
