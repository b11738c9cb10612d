//! A secret, read where the configuration says it is. Its value appears in no message.

use std::{fs, path::Path, process::Command};

use taskclass_spec::written::Secret;

use crate::exit::Failure;

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
            let output = Command::new(program)
                .args(arguments)
                .output()
                .map_err(|error| Failure::usage(format!("`{field}`: `{program}` cannot be run: {error}")))?;
            if !output.status.success() {
                // What it printed may hold the secret, or a part of it.
                return Err(Failure::usage(format!("`{field}`: `{program}` failed ({})", output.status)));
            }
            String::from_utf8(output.stdout)
                .map_err(|_| Failure::usage(format!("`{field}`: what `{program}` printed is not text")))?
        }
    };
    if value.trim().is_empty() {
        return Err(Failure::usage(format!("`{field}` is empty")));
    }
    Ok(value)
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
