//! What is said of each document: the decision as it was made, and what lies around it.

use jiff::Timestamp;
use taskclass_approval::{
    decide::{ApprovedBy, Decision, Reason},
    records,
    registry::{ApprovedRegistry, DocumentState, NotApproved},
};
use taskclass_source::WorkTree;
use taskclass_spec::registry::paths;

use super::report::{Approval, Candidate, Document, Ignored, State};

/// Whole days, the one that has begun counted.
fn days_left(until: Timestamp, now: Timestamp) -> i64 {
    const DAY: i64 = 86_400;
    (until.duration_since(now).as_secs() + DAY - 1).div_euclid(DAY)
}

/// One document. `tree` is the work tree where it is to be looked into.
pub(super) fn document(
    registry: &ApprovedRegistry<'_>,
    state: &DocumentState,
    tree: Option<&WorkTree>,
    on: Timestamp,
) -> Document {
    let mut document = Document {
        kind: state.kind,
        name: state.name.clone(),
        path: state.path.to_string(),
        state: State::NotApproved,
        break_glass: false,
        version: None,
        digest: None,
        risk: None,
        quorum: None,
        missing: 0,
        approvals: Vec::new(),
        until: None,
        renew_from: None,
        days_left: None,
        ignored: Vec::new(),
        moved_on: false,
        candidates: Vec::new(),
        uncommitted: Vec::new(),
        error: None,
    };
    let decision = match &state.state {
        Ok(decision) => decision,
        Err(error) => {
            document.state = match error {
                NotApproved::Invalid { .. } => State::Invalid,
                NotApproved::Unreadable(_) | NotApproved::Path(_) => State::Unreadable,
                _ => State::Undecided,
            };
            document.error = Some(error.to_string());
            return document;
        }
    };
    fill(&mut document, decision, on);
    if document.state != State::Approved || document.renew_from.is_some_and(|from| from <= on) {
        document.candidates = candidates(registry, decision, &state.authors);
        document.uncommitted = tree.map(|tree| uncommitted(registry, tree, &state.name)).unwrap_or_default();
    }
    document
}

fn fill(document: &mut Document, decision: &Decision, on: Timestamp) {
    let subject = decision.subject();
    (document.version, document.digest) = (subject.version, Some(subject.digest.to_string()));
    (document.risk, document.quorum) = (Some(subject.risk), Some(decision.needed()));
    document.approvals = decision.by().iter().map(approval).collect();
    document.missing = decision.needed().saturating_sub(u32::try_from(decision.by().len()).unwrap_or(u32::MAX));
    let ignored = |refusal: &taskclass_approval::Refusal| Ignored {
        file: refusal.file.clone(),
        principal: refusal.principal.as_ref().map(ToString::to_string),
        rule: refusal.reason.code().to_owned(),
        message: refusal.reason.to_string(),
    };
    document.ignored = decision.refusals().iter().map(ignored).collect();
    match decision {
        Decision::Approved(standing) => {
            document.state = State::Approved;
            document.break_glass = standing.is_break_glass();
            (document.until, document.renew_from) = (Some(standing.until), Some(standing.renew_from));
            document.days_left = Some(days_left(standing.until, on));
        }
        Decision::NotApproved(shortfall) => {
            let revoked = shortfall.refusals.iter().any(|refusal| refusal.reason.is_revocation());
            document.state = if revoked { State::Revoked } else { State::NotApproved };
            document.moved_on =
                shortfall.refusals.iter().any(|refusal| matches!(refusal.reason, Reason::OtherContent { .. }));
        }
    }
}

fn approval(by: &ApprovedBy) -> Approval {
    Approval {
        principal: by.principal.to_string(),
        key_fingerprint: by.key_fingerprint.to_string(),
        approved_at: by.approved_at,
        expires_at: by.expires_at,
        file: by.file.clone(),
        note: by.note.clone(),
        break_glass: by.break_glass,
    }
}

/// Who could sign. Whoever has signed can renew what they signed.
fn candidates(registry: &ApprovedRegistry<'_>, decision: &Decision, authors: &[String]) -> Vec<Candidate> {
    let renews = decision.is_approved();
    let candidates = registry.grounds().candidates(decision, authors).into_iter();
    let candidate = |candidate: taskclass_approval::decide::Candidate| Candidate {
        principal: candidate.principal.to_string(),
        key_fingerprint: candidate.key_fingerprint.to_string(),
        hindrance: candidate
            .hindrance
            .filter(|reason| !(renews && matches!(reason, Reason::CountedAlready)))
            .map(|reason| reason.to_string()),
    };
    candidates.map(candidate).collect()
}

/// The records about a document that lie in the work tree, and not like this in the commit.
fn uncommitted(registry: &ApprovedRegistry<'_>, tree: &WorkTree, name: &str) -> Vec<String> {
    let Ok(folder) = paths::at(paths::APPROVALS).join(name) else { return Vec::new() };
    let here = records::below(tree, &folder).unwrap_or_default();
    let there = records::below(registry.files(), &folder).unwrap_or_default();
    here.into_iter().filter(|record| !there.contains(record)).map(|record| record.path).collect()
}
