//! What the gate said of each thing that it looked at, for the log: not only why a run was refused, but what was looked at when one was
//! let through.

use taskclass_spec::Credits;
use taskclass_spec::model::TaskClass;

use super::{Admitted, Refusal};
use crate::event::GateResult;

/// Of a run that was let through: everything that was looked at, under the names that refusals have, and what is reserved for it.
pub(crate) fn passed(class: &TaskClass, admitted: &Admitted, reserved: Credits) -> Vec<GateResult> {
    let written = class.written();
    let found = |check, found: String| Some(GateResult::passed(check, found));
    let caller = admitted.caller.admitted_as.clone().unwrap_or_default();
    let base = format!("{} at {}", admitted.base_ref, admitted.base_sha);
    let agent = written.custom_agent.as_ref().map(|agent| GateResult::passed("custom_agent", agent));
    let require = written.repositories.require.as_ref().map(|_| GateResult::passed("require", ""));
    let reviewers: Vec<String> = written.pull_request.reviewers.iter().map(ToString::to_string).collect();
    [
        found("stopped", String::new()),
        found("token", String::new()),
        found("caller", caller),
        found("repository", admitted.repository.to_string()),
        found("live_repository", format!("database id {}", admitted.repository_id)),
        found("base_ref", base),
        found("model", admitted.model.to_string()),
        found("input", String::new()),
        found("free_reach", String::new()),
        agent,
        require,
        (!reviewers.is_empty()).then(|| GateResult::passed("reviewers", reviewers.join(", "))),
        found("budget", format!("{reserved} reserved")),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Of a run that was refused: the reasons. What else was looked at is left open, since a stage that refuses ends the looking.
pub(crate) fn refused(reasons: &[Refusal]) -> Vec<GateResult> {
    reasons.iter().map(|reason| GateResult::refused(reason.name(), reason)).collect()
}
