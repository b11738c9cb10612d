//! What the linter has against documents that wait for approvals: nobody can sign those, and nobody can run them.

use std::collections::BTreeSet;

use jiff::Timestamp;
use taskclass_approval::{
    Decision,
    registry::{ApprovedRegistry, DocumentState},
};
use taskclass_lint::Scope;
use taskclass_source::{Finding, ReadError, RegistryPath};

use crate::registry::lint_errors;

/// The linter's errors in each document, `None` where they were not looked for: all that wait are linted in one go, and what
/// is approved or revoked is not.
pub(super) fn errors(
    registry: &ApprovedRegistry<'_>,
    states: &[DocumentState],
    on: Timestamp,
) -> Result<Vec<Option<Vec<Finding>>>, ReadError> {
    let waits = |state: &&DocumentState| match &state.state {
        Ok(Decision::NotApproved(shortfall)) => {
            !shortfall.refusals.iter().any(|refusal| refusal.reason.is_revocation())
        }
        _ => false,
    };
    let paths: BTreeSet<RegistryPath> = states.iter().filter(waits).map(|state| state.path.clone()).collect();
    if paths.is_empty() {
        return Ok(states.iter().map(|_| None).collect());
    }
    let found = lint_errors(registry.files(), on, &Scope::Paths(paths))?;
    let of = |state: &DocumentState| {
        let is_its = |finding: &&Finding| state.files.iter().any(|file| file.as_str() == finding.primary.source.path());
        found.iter().filter(is_its).cloned().collect()
    };
    Ok(states.iter().map(|state| waits(&state).then(|| of(state))).collect())
}
