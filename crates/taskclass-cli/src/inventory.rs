//! The repositories that there are, from a file that the caller names.

use std::{fs, path::Path};

use taskclass_source::SourceFile;
use taskclass_spec::Inventory;

use crate::exit::Failure;

/// The most faults of an inventory that are named.
const MAX_NAMED: usize = 10;

/// The repositories that a file lists.
pub(crate) fn read(path: &Path) -> Result<Inventory, Failure> {
    let shown = path.display();
    let text = fs::read_to_string(path)
        .map_err(|error| Failure::usage(format!("the inventory `{shown}` cannot be read: {error}")))?;
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    Inventory::parse(SourceFile::new(name, text)).map_err(|errors| {
        let more = errors.len().saturating_sub(MAX_NAMED);
        let mut failure = Failure::usage(format!("the inventory `{shown}` has lines that are no repositories"));
        for error in errors.iter().take(MAX_NAMED) {
            failure = failure.reason(error);
        }
        if more > 0 { failure.reason(format!("and {more} more")) } else { failure }
    })
}
