//! What stops being approved once a revocation counts.

use jiff::Timestamp;
use taskclass_approval::{
    decide::{ApprovedBy, Decision, Standing},
    registry::DocumentState,
};
use taskclass_spec::written::{DocumentKind, RevocationRecord, Revoked};

use crate::{
    exit::Failure,
    reviewed::Reviewed,
    ui::{Tone, Ui},
};

/// Tells it, document by document.
pub(super) fn tell(reviewed: &Reviewed, record: &RevocationRecord, now: Timestamp, ui: &mut Ui) -> Result<(), Failure> {
    let states = reviewed.states(now)?;
    let mut lines = Vec::new();
    let mut policy_falls = false;
    for state in &states {
        let Ok(Decision::Approved(standing)) = &state.state else { continue };
        let struck: Vec<&ApprovedBy> =
            standing.by.iter().filter(|approval| is_struck(record, state, standing, approval)).collect();
        if struck.is_empty() {
            continue;
        }
        let people: Vec<&str> = struck.iter().map(|approval| approval.principal.as_str()).collect();
        let left = standing.by.len() - struck.len();
        let needed = standing.needed;
        let stays = usize::try_from(needed).is_ok_and(|needed| left >= needed);
        policy_falls |= !stays && state.kind == DocumentKind::Policy;
        let (word, tone) =
            if stays { ("stays approved      ", Tone::Dim) } else { ("no longer approved  ", Tone::Bad) };
        lines.push(format!(
            "  {}{}: {left} of {needed}, without {}",
            ui.paint_err(word, tone),
            state.name,
            people.join(", ")
        ));
    }
    if policy_falls {
        lines.push("  nothing runs then: no class does under a policy that is not approved".to_owned());
    }
    ui.tell(ui.paint_err("Once it is committed", Tone::Strong));
    if lines.is_empty() {
        lines.push("  nothing that is approved at HEAD changes".to_owned());
    }
    if matches!(record.revokes, Revoked::Digest(_)) {
        lines.push("  no approval of this content can count again".to_owned());
    }
    for line in lines {
        ui.tell(line);
    }
    Ok(())
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
