//! What nobody can approve as it is: documents that read, and in which lint finds errors.

use std::collections::BTreeSet;

use jiff::Timestamp;
use taskclass_diff::{Diff, Document, Kind};
use taskclass_lint::Scope;
use taskclass_source::{Files, RegistryPath};

use crate::{exit::Failure, registry::lint_errors};

/// Says of each document that could be approved why it cannot be, if lint finds errors in it at `head`.
pub(super) fn say(diff: &mut Diff, head: &dyn Files, now: Timestamp) -> Result<(), Failure> {
    let errors = |scope: &Scope| lint_errors(head, now, scope).map(|errors| errors.len()).map_err(Failure::usage);
    let paths: BTreeSet<RegistryPath> = diff.documents.iter().filter_map(could_be_approved).cloned().collect();
    // Mostly there are none: one run over all says so.
    if paths.is_empty() || errors(&Scope::Paths(paths))? == 0 {
        return Ok(());
    }
    for document in &mut diff.documents {
        let Some(path) = could_be_approved(document) else { continue };
        let count = errors(&Scope::document(path.clone()))?;
        if count > 0 {
            let plural = if count == 1 { "" } else { "s" };
            document.refused =
                Some(format!("`taskclass lint` finds {count} error{plural} in it; approve and run refuse it"));
        }
    }
    Ok(())
}

/// Where it lies, if it can be read and is not gone.
fn could_be_approved(document: &Document) -> Option<&RegistryPath> {
    let is_sound = document.kind != Kind::Trust && document.unreadable.is_empty();
    document.after.as_ref().filter(|_| is_sound).map(|after| &after.path)
}
