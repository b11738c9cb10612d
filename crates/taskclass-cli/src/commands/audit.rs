//! `taskclass audit`: the log, and the proof that nobody changed it.

mod checkpoint;
mod drift;
mod export;
mod signed;
mod tail;
mod verify;

use std::path::Path;

use taskclass_executor::SqliteReader;

use crate::{
    args::{Audit, Executor, Global},
    exit::{Failure, Outcome},
    machine::{Settings, store_failure},
    ui::Ui,
};

pub(crate) use checkpoint::schema as checkpoint_written_schema;
pub(crate) use drift::schema as drift_schema;
pub(crate) use verify::schema as verify_schema;

pub(crate) fn audit(args: &Audit, global: &Global, ui: &mut Ui) -> Outcome {
    match args {
        Audit::Verify(args) => verify::verify(args, global, ui),
        Audit::Tail(args) => tail::tail(args, global, ui),
        Audit::Checkpoint(args) => checkpoint::checkpoint(args, global, ui),
        Audit::Export(args) => export::export(args, global, ui),
        Audit::Drift(args) => drift::drift(args, global, ui),
    }
}

/// That nothing is written over which somebody may still need.
fn unused(path: &Path, replace: bool) -> Result<(), Failure> {
    if replace || path.symlink_metadata().is_err() {
        return Ok(());
    }
    let message = format!("`{}` is there already", path.display());
    Err(Failure::usage(message).help("name another file, or add --replace to write over it"))
}

/// The executor's journal, line by line: one that cannot be replayed can be looked at all the same.
fn journal(executor: &Executor, global: &Global) -> Result<SqliteReader, Failure> {
    let settings = Settings::read(executor, global)?;
    SqliteReader::open(&settings.state).map_err(|error| store_failure(&error))
}
