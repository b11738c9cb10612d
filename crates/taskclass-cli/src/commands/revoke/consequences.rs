//! What stops being approved once a revocation counts.

use jiff::Timestamp;
use serde::Serialize;
use taskclass_approval::{
    decide::{ApprovedBy, Decision, Standing},
    registry::DocumentState,
};
use taskclass_spec::{
    Principal,
    written::{DocumentKind, RevocationRecord, Revoked},
};

use crate::{
    exit::Failure,
    reviewed::Reviewed,
    ui::{Tone, Ui},
};

/// One document of which an approval no longer counts.
#[derive(Debug, Serialize)]
pub(super) struct Consequence {
    name: String,
    kind: DocumentKind,
    /// Whose.
    without: Vec<Principal>,
    /// How many approvals are left.
    left: usize,
    quorum: u32,
    /// Whether it stays approved.
    approved: bool,
}

/// All of them, the policy first.
pub(super) fn of(reviewed: &Reviewed, record: &RevocationRecord, now: Timestamp) -> Result<Vec<Consequence>, Failure> {
    let mut consequences = Vec::new();
    for state in reviewed.states(now)? {
        let Ok(Decision::Approved(standing)) = &state.state else { continue };
        let struck = standing.by.iter().filter(|approval| is_struck(record, &state, standing, approval));
        let without: Vec<Principal> = struck.map(|approval| approval.principal.clone()).collect();
        if without.is_empty() {
            continue;
        }
        let left = standing.by.len() - without.len();
        consequences.push(Consequence {
            name: state.name,
            kind: state.kind,
            without,
            left,
            quorum: standing.needed,
            approved: usize::try_from(standing.needed).is_ok_and(|needed| left >= needed),
        });
    }
    Ok(consequences)
}

/// The same in lines for a person.
pub(super) fn tell(consequences: &[Consequence], record: &RevocationRecord, ui: &mut Ui) {
    ui.tell(ui.paint_err("Once it is committed", Tone::Strong));
    if consequences.is_empty() {
        ui.tell_led("  ", "nothing that is approved at HEAD changes");
    }
    for Consequence { name, without, left, quorum, approved, .. } in consequences {
        let word = match approved {
            true => ui.paint_err("stays approved      ", Tone::Dim),
            false => ui.paint_err("no longer approved  ", Tone::Bad),
        };
        let without: Vec<&str> = without.iter().map(Principal::as_str).collect();
        ui.tell_led(&format!("  {word}"), &format!("{name}: {left} of {quorum}, without {}", without.join(", ")));
    }
    if consequences.iter().any(|consequence| !consequence.approved && consequence.kind == DocumentKind::Policy) {
        ui.tell_led("  ", "nothing runs then: no class does under a policy that is not approved");
    }
    if matches!(record.revokes, Revoked::Digest(_)) {
        ui.tell_led("  ", "no approval of this content can count again");
    }
}

/// Whether an approval that counts is withdrawn by the record.
fn is_struck(record: &RevocationRecord, state: &DocumentState, standing: &Standing, approval: &ApprovedBy) -> bool {
    let same_document = state.kind == record.kind && state.name == record.name;
    match &record.revokes {
        Revoked::Digest(digest) => same_document && standing.subject.digest == *digest,
        Revoked::All => same_document && approval.approved_at <= record.revoked_at,
        Revoked::Key(key) => approval.key_fingerprint.as_str() == key,
    }
}
