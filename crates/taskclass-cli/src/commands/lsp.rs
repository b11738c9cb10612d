//! `taskclass lsp`: the linter in an editor, over the process's own pipes.

use std::io::{IsTerminal, stdin};

use jiff::{Timestamp, tz::TimeZone};
use taskclass_lsp::OnDisk;

use crate::{
    exit::{Exit, Failure, Outcome},
    ui::Ui,
};

pub(crate) fn lsp(ui: &mut Ui) -> Outcome {
    if stdin().is_terminal() {
        ui.note("Waiting for an editor: this command speaks the Language Server Protocol over stdin and stdout.");
        ui.note("Editors start it themselves; docs/src/editor.md has their settings. Ctrl-C ends it.");
    }
    let today = || Timestamp::now().to_zoned(TimeZone::UTC).date();
    match taskclass_lsp::stdio(OnDisk::new(today)) {
        Ok(true) => Ok(Exit::Fine),
        // The protocol asks for 1 where the editor left without `shutdown`.
        Ok(false) => Ok(Exit::Findings),
        Err(error) => Err(Failure::usage(format!("the conversation with the editor broke off: {error}"))),
    }
}
