//! Who could sign: everybody whom the trust file names, and why the approval of some would not count.

use taskclass_spec::{
    Principal,
    signers::{KeyFingerprint, Namespace, Signer},
};

use super::{ApprovedBy, Case, Reason, may_sign_for, revoked, valid_at};

/// Somebody whom the trust file names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Who.
    pub principal: Principal,
    /// With which key.
    pub key_fingerprint: KeyFingerprint,
    /// Why their approval would not count, or counts already; `None` if it would help.
    pub hindrance: Option<Reason>,
}

/// Everybody whom the trust file names, in its order, for a case in which `counted` count already.
pub fn candidates(case: &Case<'_>, counted: &[ApprovedBy]) -> Vec<Candidate> {
    let withdrawals = revoked::read(case);
    let hindrance = |signer: &Signer| {
        let key = signer.fingerprint();
        if let Err(reason) = may_sign_for(signer, Namespace::Approval).and_then(|()| valid_at(signer, case.now)) {
            return Some(reason);
        }
        if let Some(withdrawn) = withdrawals.keys.get(key) {
            return Some(Reason::KeyRevoked { key: key.clone(), withdrawn: withdrawn.clone() });
        }
        let is_theirs = |name: &str| name.eq_ignore_ascii_case(signer.principal().as_str());
        if let Some(author) = case.authors.iter().find(|author| is_theirs(author)) {
            return Some(Reason::OwnChange { author: author.clone() });
        }
        let counts = |by: &ApprovedBy| by.key_fingerprint == *key || is_theirs(by.principal.as_str());
        counted.iter().any(counts).then_some(Reason::CountedAlready)
    };
    let candidate = |signer: &Signer| Candidate {
        principal: signer.principal().clone(),
        key_fingerprint: signer.fingerprint().clone(),
        hindrance: hindrance(signer),
    };
    case.trusted.signers().signers().iter().map(candidate).collect()
}
