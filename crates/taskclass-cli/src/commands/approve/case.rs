//! One document as somebody finds it who is about to approve it.

use jiff::Timestamp;
use taskclass_approval::{
    decide::{self, ApprovedBy, Decision, Reason, RecordFile, candidates},
    write::Draft,
};
use taskclass_spec::{Principal, signers::KeyFingerprint, written::Policy};

use crate::{
    exit::Failure,
    filed::{Filed, file_of, why_not},
    reviewed::{Document, Reviewed},
};

/// A document, and how it stands before the signature.
pub(super) struct Case {
    pub(super) document: Document,
    authors: Vec<String>,
    approvals: Vec<RecordFile>,
    pub(super) before: Decision,
}

impl Case {
    /// Reads it; what has errors, or is revoked, is refused.
    pub(super) fn open(reviewed: &Reviewed, filed: &Filed, name: &str, now: Timestamp) -> Result<Self, Failure> {
        let document = reviewed.document(name)?;
        let authors = reviewed.authors(&document)?;
        let approvals = filed.approvals(name)?;
        let before = decide::decide(&filed.case(reviewed, &document, &approvals, &authors, now));
        if let Decision::NotApproved(shortfall) = &before {
            let mut revoked = shortfall.refusals.iter().filter(|refusal| refusal.reason.is_revocation()).peekable();
            if revoked.peek().is_some() {
                let failure = Failure::refused(format!("{} has been revoked", document.subject));
                return Err(revoked.fold(failure, Failure::reason).help(
                    "no approval outweighs a revocation: change the content and raise its version, then approve that",
                ));
            }
        }
        Ok(Self { document, authors, approvals, before })
    }

    /// The approvals that count before the signature.
    pub(super) fn by(&self) -> &[ApprovedBy] {
        self.before.by()
    }

    /// The signer's own approval that counts already.
    pub(super) fn own(&self, principal: &Principal) -> Option<&ApprovedBy> {
        self.by().iter().find(|approval| approval.principal == *principal)
    }

    /// Whether the signer made the last change.
    pub(super) fn is_by(&self, principal: &Principal) -> bool {
        self.authors.iter().any(|author| author.eq_ignore_ascii_case(principal.as_str()))
    }

    /// Whether the document waits for this signer: it lacks approvals or has to be renewed, and theirs is missing or ends soon.
    pub(super) fn waits_for(&self, principal: &Principal, policy: &Policy, now: Timestamp) -> bool {
        let soon = policy.approvals.warn_before.unwrap_or_default().after(now);
        let is_settled = matches!(&self.before, Decision::Approved(standing) if standing.until > soon);
        !is_settled && self.own(principal).is_none_or(|own| own.expires_at <= soon)
    }

    /// How the document stands with the new approval, if that counts.
    pub(super) fn with(
        &self,
        reviewed: &Reviewed,
        filed: &Filed,
        draft: &Draft,
        signature: &str,
        now: Timestamp,
    ) -> Result<Decision, Failure> {
        let file = file_of(draft, signature);
        let decide = |approvals: &[RecordFile]| {
            decide::decide(&filed.case(reviewed, &self.document, approvals, &self.authors, now))
        };
        if let Some(reason) = why_not(&decide(std::slice::from_ref(&file))) {
            return Err(Failure::refused(format!("this approval of {} would not count", self.document.subject))
                .reason(reason)
                .help("nothing was written"));
        }
        let others = self.approvals.iter().filter(|other| other.path != file.path).cloned();
        Ok(decide(&others.chain([file.clone()]).collect::<Vec<_>>()))
    }

    /// Why an approval by this key would not count, if it would not.
    pub(super) fn hindrance(
        &self,
        reviewed: &Reviewed,
        filed: &Filed,
        key: &KeyFingerprint,
        now: Timestamp,
    ) -> Option<Reason> {
        let case = filed.case(reviewed, &self.document, &[], &self.authors, now);
        candidates(&case, &[]).into_iter().find(|candidate| candidate.key_fingerprint == *key)?.hindrance
    }

    /// Who else could approve it, as the decision stands.
    pub(super) fn others(&self, reviewed: &Reviewed, filed: &Filed, after: &Decision, now: Timestamp) -> Vec<String> {
        let case = filed.case(reviewed, &self.document, &[], &self.authors, now);
        let mut people: Vec<String> = Vec::new();
        for candidate in candidates(&case, after.by()) {
            let name = candidate.principal.to_string();
            if candidate.hindrance.is_none() && !people.contains(&name) {
                people.push(name);
            }
        }
        people
    }
}
