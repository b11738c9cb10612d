//! Asking a person at the terminal. Nobody is asked where there is none.

use std::{
    io::{self, BufRead, IsTerminal, Write},
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use signal_hook::consts::SIGINT;
use zeroize::Zeroizing;

use crate::{
    exit::{Exit, Failure},
    ui::Ui,
};

/// Whether a person can read a question and answer it.
pub(crate) fn is_there() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// Whether the answer is yes. Anything else is no, the end of the input too.
pub(crate) fn confirm(question: &str, ui: &mut Ui) -> Result<bool, Failure> {
    ui.flush();
    let cannot = |error| Failure::usage(format!("the terminal cannot be read: {error}"));
    let mut answer = String::new();
    write!(io::stderr(), "\n{question} [y/N] ").and_then(|()| io::stderr().flush()).map_err(cannot)?;
    if io::stdin().lock().read_line(&mut answer).map_err(cannot)? == 0 {
        ui.tell("");
    }
    Ok(matches!(answer.trim().to_ascii_lowercase().as_str(), "y" | "yes"))
}

/// The passphrase of a key file, typed unseen.
pub(crate) fn passphrase(key: &Path) -> Result<Zeroizing<String>, Failure> {
    // A signal that ended the program while the terminal shows nothing would leave it so: until the line is read, Ctrl-C is an
    // answer. What the registration leaves behind does what Ctrl-C does anyway.
    let as_ever = Arc::new(AtomicBool::new(false));
    let cannot = |error| Failure::usage(format!("the terminal cannot be read: {error}"));
    signal_hook::flag::register_conditional_default(SIGINT, Arc::clone(&as_ever)).map_err(cannot)?;
    let typed = rpassword::prompt_password(format!("Passphrase of {}: ", key.display()));
    as_ever.store(true, Ordering::Relaxed);
    match typed {
        Ok(typed) => Ok(Zeroizing::new(typed)),
        Err(error) if error.kind() == io::ErrorKind::Interrupted => {
            Err(Failure::new(Exit::Interrupted, "no passphrase was given"))
        }
        Err(error) => Err(cannot(error)),
    }
}
