//! The baseline's file.

use std::{
    fs::File,
    io::{ErrorKind, Read},
    path::{Path, PathBuf},
};

use taskclass_lint::{
    Report, Scope,
    baseline::{Baseline, MAX_BYTES, Updated},
};

use super::words::count;
use crate::{exit::Failure, ui::Ui, write};

/// A baseline, and where it stands.
pub(super) struct Recorded {
    path: PathBuf,
    pub(super) baseline: Baseline,
    /// The file's bytes, if there is one.
    before: Option<Vec<u8>>,
    update: bool,
}

impl Recorded {
    /// Reads the file, which need not be there if it is to be written.
    pub(super) fn read(path: &Path, update: bool) -> Result<Self, Failure> {
        let shown = path.display();
        let mut bytes = Vec::new();
        let read = File::open(path).and_then(|file| file.take(MAX_BYTES + 1).read_to_end(&mut bytes));
        match read {
            Ok(_) if bytes.len() as u64 > MAX_BYTES => {
                Err(Failure::usage(format!("the baseline `{shown}` is larger than {MAX_BYTES} bytes")))
            }
            Ok(_) => {
                let baseline = Baseline::parse(&bytes).map_err(|error| {
                    Failure::usage(format!("the baseline `{shown}` cannot be used: {error}"))
                        .help("restore it, or delete it and write it again with --update-baseline")
                })?;
                Ok(Self { path: path.to_owned(), baseline, before: Some(bytes), update })
            }
            Err(error) if error.kind() == ErrorKind::NotFound && update => {
                Ok(Self { path: path.to_owned(), baseline: Baseline::empty(), before: None, update })
            }
            Err(error) if error.kind() == ErrorKind::NotFound => {
                Err(Failure::usage(format!("there is no baseline `{shown}`"))
                    .help("--update-baseline writes it from the present findings"))
            }
            Err(error) => Err(Failure::usage(format!("the baseline `{shown}` cannot be read: {error}"))),
        }
    }

    /// Records the report's findings and writes the file, if that was asked for.
    pub(super) fn update(&mut self, report: &Report, scope: &Scope, ui: &mut Ui) -> Result<(), Failure> {
        if !self.update {
            return Ok(());
        }
        let shown = self.path.display();
        if report.unreadable > 0 {
            let files = count(report.unreadable, "file", "files");
            return Err(Failure::usage(format!("the baseline `{shown}` was left as it is: {files} could not be read"))
                .help("`taskclass lint` says which"));
        }
        let Updated { added, removed, refused } = self.baseline.update(report, scope);
        let text = self.baseline.write();
        if self.before.as_deref() != Some(text.as_bytes()) {
            write::replace(&self.path, text.as_bytes())?;
        }
        let known = count(self.baseline.len(), "known finding", "known findings");
        ui.note(format!("{shown}: {known}, {added} new, {removed} taken out"));
        if refused > 0 {
            let findings = count(refused, "finding", "findings");
            ui.note(format!(
                "{findings} cannot be recorded: rules that protect, or that find what the executor refuses"
            ));
        }
        Ok(())
    }
}
