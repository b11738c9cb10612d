//! Finding records in a registry: pairs of `<path>.json` and `<path>.json.sig`, in an order that hangs on nothing.

use std::collections::BTreeSet;

use taskclass_source::files::{Files, ReadError, RegistryPath};

use crate::decide::{Content, RecordFile};

/// All records below `folder`.
///
/// # Errors
/// Where the folder cannot be listed. What cannot be read of the files is part of the result.
pub(crate) fn below(files: &dyn Files, folder: &RegistryPath) -> Result<Vec<RecordFile>, ReadError> {
    let listed = files.list(folder)?;
    let is_record = |path: &&str| path.ends_with(".json");
    let paths: BTreeSet<&str> = listed
        .iter()
        .map(|path| path.as_str().strip_suffix(".sig").unwrap_or(path.as_str()))
        .filter(is_record)
        .collect();
    Ok(paths.into_iter().map(|path| pair(files, path)).collect())
}

fn pair(files: &dyn Files, path: &str) -> RecordFile {
    let content = |path: String| -> Content {
        let path = RegistryPath::new(path).map_err(|error| error.to_string())?;
        files.read(&path).map_err(|error| error.to_string())
    };
    RecordFile { path: path.to_owned(), record: content(path.to_owned()), signature: content(format!("{path}.sig")) }
}
