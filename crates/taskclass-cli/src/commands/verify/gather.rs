//! What is said of each document: the decision as it was made, and what lies around it.

use taskclass_approval::{
    Refusal,
    decide::{ApprovedBy, Candidate as Signer, Decision, Reason},
    registry::{ApprovedRegistry, DocumentState, NotApproved, Pending, Uncommitted},
};
use taskclass_source::{Finding, ReadError};

use super::{
    moment::Moment,
    report::{Approval, Candidate, Document, Ignored, OnceCommitted, State, Withdrawal},
};
use crate::lasting;

/// Where is looked for what lies around a decision.
pub(super) struct Around<'a> {
    pub(super) registry: &'a ApprovedRegistry<'a>,
    /// The work tree, where it says something about the commit.
    pub(super) pending: Option<&'a Pending<'a>>,
    pub(super) moment: Moment,
}

impl Around<'_> {
    /// One document, and the linter's errors in it where they were looked for. `unread` is why the work tree is not known, if it
    /// is not.
    pub(super) fn document(
        &self,
        state: &DocumentState,
        errors: Option<&[Finding]>,
        unread: &mut Option<ReadError>,
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
            expired_at: None,
            revoked: None,
            lint_errors: errors.map(<[Finding]>::len),
            candidates: Vec::new(),
            uncommitted: Vec::new(),
            once_committed: None,
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
        self.decided(&mut document, decision);
        let lasts = document.state == State::Approved && document.renew_from.is_none_or(|from| from > self.moment.on);
        let about = |pending: &Pending<'_>| {
            pending.about(state, lasts).unwrap_or_else(|error| {
                *unread = Some(error);
                None
            })
        };
        let uncommitted = self.pending.and_then(about);
        if !lasts {
            let then = self.pending.zip(uncommitted.as_ref());
            let candidates = match then {
                Some((pending, uncommitted)) => pending.candidates(&uncommitted.then, &state.authors),
                None => self.registry.grounds().candidates(decision, &state.authors),
            };
            document.candidates = candidates.into_iter().map(|signer| candidate(signer, decision)).collect();
        }
        if let Some(uncommitted) = uncommitted {
            document.once_committed = Some(self.then(&uncommitted));
            document.uncommitted = uncommitted.revocations;
            document.uncommitted.extend(uncommitted.approvals);
        }
        document
    }

    fn decided(&self, document: &mut Document, decision: &Decision) {
        let subject = decision.subject();
        (document.version, document.digest) = (subject.version, Some(subject.digest.to_string()));
        (document.risk, document.quorum) = (Some(subject.risk), Some(decision.needed()));
        document.approvals = decision.by().iter().map(approval).collect();
        document.ignored = decision.refusals().iter().map(|refusal| self.ignored(refusal)).collect();
        document.state = state(decision);
        match decision {
            Decision::Approved(standing) => {
                document.break_glass = standing.is_break_glass();
                (document.until, document.renew_from) = (Some(standing.until), Some(standing.renew_from));
                document.days_left = Some(lasting::days(self.moment.on, standing.until));
            }
            Decision::NotApproved(shortfall) => {
                document.missing = missing(decision);
                document.revoked = revoked(decision);
                if document.state == State::NotApproved {
                    let ends = shortfall.refusals.iter().filter_map(|refusal| match refusal.reason {
                        Reason::Expired { expires_at } => Some(expires_at),
                        _ => None,
                    });
                    let mut ends: Vec<_> = ends.chain(shortfall.by.iter().map(|by| by.expires_at)).collect();
                    ends.sort_unstable();
                    // With the quorum's last one it ended.
                    let last = usize::try_from(shortfall.needed).ok().and_then(|needed| ends.len().checked_sub(needed));
                    document.expired_at = last.and_then(|last| ends.get(last)).copied();
                    document.moved_on = document.expired_at.is_none()
                        && shortfall.refusals.iter().any(|refusal| refusal.reason.is_of_earlier_content());
                }
            }
        }
    }

    fn then(&self, uncommitted: &Uncommitted) -> OnceCommitted {
        let then = &uncommitted.then;
        let lies_here = |refusal: &&Refusal| uncommitted.approvals.contains(&refusal.file);
        OnceCommitted {
            state: state(then),
            approvals: then.by().len(),
            missing: missing(then),
            revoked: revoked(then),
            ignored: then.refusals().iter().filter(lies_here).map(|refusal| self.ignored(refusal)).collect(),
        }
    }

    fn ignored(&self, refusal: &Refusal) -> Ignored {
        let message = match refusal.reason {
            Reason::FromTheFuture { approved_at, .. } if self.moment.is_only_later(approved_at) => {
                format!("was signed later than the moment asked about, at {approved_at}")
            }
            _ => refusal.reason.to_string(),
        };
        Ignored {
            file: refusal.file.clone(),
            principal: refusal.principal.as_ref().map(ToString::to_string),
            rule: refusal.reason.code().to_owned(),
            message,
        }
    }
}

fn state(decision: &Decision) -> State {
    match decision {
        Decision::Approved(_) => State::Approved,
        Decision::NotApproved(shortfall) if shortfall.refusals.iter().any(|refusal| refusal.reason.is_revocation()) => {
            State::Revoked
        }
        Decision::NotApproved(_) => State::NotApproved,
    }
}

fn missing(decision: &Decision) -> u32 {
    decision.needed().saturating_sub(u32::try_from(decision.by().len()).unwrap_or(u32::MAX))
}

fn revoked(decision: &Decision) -> Option<Withdrawal> {
    decision.refusals().iter().find_map(|refusal| match &refusal.reason {
        Reason::Revoked(by) => Some(Withdrawal {
            principal: by.by.to_string(),
            revoked_at: by.at,
            reason: by.reason.clone(),
            file: by.file.clone(),
        }),
        _ => None,
    })
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

/// Somebody who could sign. Whoever has signed can renew what they signed.
fn candidate(signer: Signer, decision: &Decision) -> Candidate {
    let renews = decision.is_approved();
    let hindrance = signer.hindrance.filter(|reason| !(renews && matches!(reason, Reason::CountedAlready)));
    Candidate {
        principal: signer.principal.to_string(),
        key_fingerprint: signer.key_fingerprint.to_string(),
        hindrance: hindrance.map(|reason| reason.to_string()),
    }
}
