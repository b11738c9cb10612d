//! Reading records with their signatures, as the registry holds them.

use taskclass_source::files::{Files, ReadError, RegistryPath};
use taskclass_spec::record::listed;

use crate::decide::{Content, RecordFile};

/// All records below `folder`.
///
/// # Errors
/// Where the folder cannot be listed. What cannot be read of the files is part of the result.
pub fn below(files: &dyn Files, folder: &RegistryPath) -> Result<Vec<RecordFile>, ReadError> {
    Ok(listed(files, folder)?.iter().map(|listed| pair(files, listed.path.as_str())).collect())
}

fn pair(files: &dyn Files, path: &str) -> RecordFile {
    let content = |path: String| -> Content {
        let path = RegistryPath::new(path).map_err(|error| error.to_string())?;
        files.read(&path).map_err(|error| error.to_string())
    };
    RecordFile { path: path.to_owned(), record: content(path.to_owned()), signature: content(format!("{path}.sig")) }
}
