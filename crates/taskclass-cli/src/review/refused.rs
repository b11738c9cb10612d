//! What nobody can approve as it is: documents that read, and in which lint finds errors.

use std::collections::BTreeSet;

use jiff::Timestamp;
use taskclass_diff::{Diff, Document, Kind};
use taskclass_lint::Scope;
use taskclass_source::{Files, RegistryPath};

use crate::{exit::Failure, registry::lint_errors};

/// Says of each document that could be approved why it cannot be, if lint finds errors in it at `head`.
pub(super) fn say(diff: &mut Diff, head: &dyn Files, now: Timestamp) -> Result<(), Failure> {
    let errors = |scope: &Scope| lint_errors(head, now, scope).map_err(Failure::usage);
    let paths: BTreeSet<RegistryPath> = diff.documents.iter().filter_map(could_be_approved).cloned().collect();
    if paths.is_empty() {
        return Ok(());
    }
    // One run over all tells whose own file has errors; what stands in a file that several draw in is asked for one by one.
    let all = errors(&Scope::Paths(paths.clone()))?;
    let is_own = all.iter().all(|error| paths.iter().any(|path| path.as_str() == error.primary.source.path()));
    for document in &mut diff.documents {
        let Some(path) = could_be_approved(document) else { continue };
        let count = match is_own {
            true => all.iter().filter(|error| error.primary.source.path() == path.as_str()).count(),
            false => errors(&Scope::document(path.clone()))?.len(),
        };
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
