//! Files replaced whole, so that a crash leaves the old or the new text.

use std::{
    fs,
    io::{BufWriter, Write},
    path::Path,
};

use tempfile::{Builder, NamedTempFile};

use crate::exit::Failure;

/// Puts `bytes` in the place of the file at `path`, which keeps its permissions, or makes it.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    stream(path, |file| file.write_all(bytes).map_err(|error| cannot_write(path, &error)))
}

/// The same of bytes that are not all there at once. Nothing is left behind if they do not come to their end.
pub(crate) fn stream(path: &Path, fill: impl FnOnce(&mut dyn Write) -> Result<(), Failure>) -> Result<(), Failure> {
    let cannot = |error: std::io::Error| cannot_write(path, &error);
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut beside = beside(folder).map_err(cannot)?;
    let mut buffered = BufWriter::new(&mut beside);
    fill(&mut buffered)?;
    buffered.flush().map_err(cannot)?;
    drop(buffered);
    beside.as_file().sync_all().map_err(cannot)?;
    if let Ok(metadata) = fs::metadata(path) {
        fs::set_permissions(beside.path(), metadata.permissions()).map_err(cannot)?;
    }
    beside.persist(path).map_err(|error| cannot(error.error))?;
    Ok(())
}

/// A file that cannot be written.
pub(crate) fn cannot_write(path: &Path, error: &std::io::Error) -> Failure {
    Failure::usage(format!("`{}` cannot be written: {error}", path.display()))
}

/// A new file with the permissions that any other would get here.
#[cfg(unix)]
fn beside(folder: &Path) -> std::io::Result<NamedTempFile> {
    use std::os::unix::fs::PermissionsExt;
    Builder::new().permissions(fs::Permissions::from_mode(0o666)).tempfile_in(folder)
}

/// Permissions are the folder's where there is nothing else.
#[cfg(not(unix))]
fn beside(folder: &Path) -> std::io::Result<NamedTempFile> {
    Builder::new().tempfile_in(folder)
}
