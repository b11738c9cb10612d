//! The inputs that are kept: `fuzz/corpus/<target>/`, and `fuzz/regressions/<target>/` for those that once broke something.
#![allow(clippy::disallowed_methods, reason = "inputs are read from the repository's own folders")]

use std::io;
use std::path::{Path, PathBuf};

use crate::Target;

/// An input and what its file is called.
#[derive(Clone, Debug)]
pub struct Input {
    /// The file's name.
    pub name: String,
    /// What it holds.
    pub bytes: Vec<u8>,
}

/// The folder of this repository that holds the inputs.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz")
}

/// All inputs of `target`, the corpus's first, sorted by name.
///
/// # Errors
/// If a folder or a file cannot be read; that a target has no regressions is none.
pub fn load(root: &Path, target: &Target) -> io::Result<Vec<Input>> {
    let mut inputs = folder(&root.join("corpus").join(target.name))?;
    let regressions = root.join("regressions").join(target.name);
    if regressions.is_dir() {
        inputs.extend(folder(&regressions)?);
    }
    Ok(inputs)
}

fn folder(folder: &Path) -> io::Result<Vec<Input>> {
    let mut inputs = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        inputs.push(Input { name, bytes: std::fs::read(&path)? });
    }
    inputs.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(inputs)
}
