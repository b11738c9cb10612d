//! A secret, read where the configuration says it is. Its value appears in no message.

use std::{
    fs,
    io::{self, Read as _},
    path::Path,
    process::{Child, Command, ExitStatus, Stdio},
    sync::mpsc,
    time::{Duration, Instant},
};

use taskclass_spec::written::Secret;

use crate::exit::Failure;

/// How long a command may take to print it: the state may be held meanwhile.
const PATIENCE: Duration = Duration::from_secs(10);
/// Between two looks at a command that has printed and is about to end.
const BRIEFLY: Duration = Duration::from_millis(5);

/// The secret's value. `field` is its place in the configuration, for messages.
pub(crate) fn read(secret: &Secret, folder: &Path, field: &str) -> Result<String, Failure> {
    let value = match secret {
        Secret::Env(name) => std::env::var(name).map_err(|_| {
            Failure::usage(format!("`{field}`: the environment variable {name} is not set, or is not text"))
                .help(format!("export {name}=… before the command"))
        })?,
        Secret::File(path) => {
            let path = folder.join(path);
            let cannot = |error| Failure::usage(format!("`{field}`: `{}` cannot be read: {error}", path.display()));
            let metadata = fs::metadata(&path).map_err(cannot)?;
            private(&metadata).map_err(|mode| {
                Failure::usage(format!("`{field}`: others may read `{}` (mode {mode:03o})", path.display()))
                    .help(format!("chmod 600 {}", path.display()))
            })?;
            fs::read_to_string(&path).map_err(cannot)?
        }
        Secret::Command(words) => {
            let Some((program, arguments)) = words.split_first() else {
                return Err(Failure::usage(format!("`{field}.command` is empty")));
            };
            let (status, printed) = printed(program, arguments, PATIENCE)
                .map_err(|error| Failure::usage(format!("`{field}`: `{program}` cannot be run: {error}")))?
                .ok_or_else(|| {
                    let seconds = PATIENCE.as_secs();
                    Failure::usage(format!(
                        "`{field}`: `{program}` did not answer in time ({seconds} s), and was ended"
                    ))
                })?;
            if !status.success() {
                // What it printed may hold the secret, or a part of it.
                return Err(Failure::usage(format!("`{field}`: `{program}` failed ({status})")));
            }
            String::from_utf8(printed)
                .map_err(|_| Failure::usage(format!("`{field}`: what `{program}` printed is not text")))?
        }
    };
    if value.trim().is_empty() {
        return Err(Failure::usage(format!("`{field}` is empty")));
    }
    Ok(value)
}

/// How a command ended and what it printed; `None` if it took too long, and it is ended then.
fn printed(program: &str, arguments: &[String], patience: Duration) -> io::Result<Option<(ExitStatus, Vec<u8>)>> {
    let give_up = Instant::now() + patience;
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn()?;
    let Some(mut stdout) = child.stdout.take() else { return Err(io::Error::other("it has no output")) };
    let (tell, told) = mpsc::sync_channel(1);
    // Not waited for: what the command has begun itself may hold its output open after it was ended.
    std::thread::Builder::new().name("secret".to_owned()).spawn(move || {
        let mut printed = Vec::new();
        // Nobody listens any more where it took too long.
        let _ = tell.send(stdout.read_to_end(&mut printed).map(|_| printed));
    })?;
    let Ok(printed) = told.recv_timeout(patience) else { return end(child).map(|()| None) };
    loop {
        if let Some(status) = child.try_wait()? {
            return printed.map(|printed| Some((status, printed)));
        }
        if Instant::now() >= give_up {
            return end(child).map(|()| None);
        }
        std::thread::sleep(BRIEFLY);
    }
}

fn end(mut child: Child) -> io::Result<()> {
    child.kill()?;
    child.wait().map(drop)
}

/// Where a secret comes from, for a person. Of a command only the program is named: its arguments may be nobody's business.
pub(crate) fn place(secret: &Secret, folder: &Path) -> String {
    match secret {
        Secret::Env(name) => format!("the environment variable {name}"),
        Secret::File(path) => format!("the file {}", folder.join(path).display()),
        Secret::Command(words) => format!("the command `{}`", words.first().map_or("", String::as_str)),
    }
}

#[cfg(unix)]
fn private(metadata: &fs::Metadata) -> Result<(), u32> {
    use std::os::unix::fs::PermissionsExt;
    let mode = metadata.permissions().mode() & 0o777;
    if mode & 0o077 == 0 { Ok(()) } else { Err(mode) }
}

#[cfg(not(unix))]
fn private(_: &fs::Metadata) -> Result<(), u32> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sh(script: &str, patience: Duration) -> Option<(bool, String)> {
        let told = printed("sh", &["-c".to_owned(), script.to_owned()], patience).unwrap();
        told.map(|(status, printed)| (status.success(), String::from_utf8(printed).unwrap()))
    }

    #[test]
    fn a_command_that_does_not_answer_is_ended() {
        let begun = Instant::now();
        let brief = Duration::from_millis(100);
        // It prints and stays; it prints, closes its output and stays; something that it began keeps the output open.
        for script in ["echo s; exec sleep 60", "echo s; exec sleep 60 >&-", "sleep 60 & echo s; wait"] {
            assert_eq!(sh(script, brief), None, "{script}");
        }
        assert!(begun.elapsed() < Duration::from_secs(30), "{:?}", begun.elapsed());
        let long = Duration::from_secs(60);
        assert_eq!(sh("echo s; echo warning >&2", long), Some((true, "s\n".to_owned())));
        assert_eq!(sh("head -c 200000 /dev/zero | tr '\\0' x", long).unwrap().1.len(), 200_000);
        assert_eq!(sh("echo s; exit 3", long), Some((false, "s\n".to_owned())));
    }
}
