//! What has been withdrawn.
//!
//! Here doubt works the other way round: a revocation that cannot be checked (its signer has left the trust file, its
//! bytes are broken) still stands until a reviewed change takes it away, for otherwise breaking one would undo it.

use std::collections::BTreeMap;

use jiff::Timestamp;
use taskclass_spec::{
    signers::{KeyFingerprint, Namespace},
    written::{RevocationRecord, Revoked},
};

use super::{Case, Reason, RecordFile, Refusal, Withdrawn, check_signature, read_record};

/// All that stands against the case.
#[derive(Debug, Default)]
pub(super) struct Withdrawals {
    /// Against the content itself.
    pub(super) against_subject: Vec<Refusal>,
    /// Against whatever was approved until then.
    pub(super) everything_until: Vec<(Timestamp, Withdrawn)>,
    /// Against keys, in the whole registry.
    pub(super) keys: BTreeMap<KeyFingerprint, Withdrawn>,
}

/// Reads all revocations.
pub(super) fn read(case: &Case<'_>) -> Withdrawals {
    let mut withdrawals = Withdrawals::default();
    for file in case.revocations {
        match read_record::<RevocationRecord>(file) {
            Ok(record) => add(case, file, record, &mut withdrawals),
            // It may be about anything.
            Err(reason) => withdrawals.against_subject.push(unchecked(file, reason)),
        }
    }
    withdrawals
}

fn unchecked(file: &RecordFile, reason: Reason) -> Refusal {
    Refusal { file: file.path.clone(), principal: None, reason: Reason::RevocationUnchecked(Box::new(reason)) }
}

fn add(case: &Case<'_>, file: &RecordFile, record: RevocationRecord, withdrawals: &mut Withdrawals) {
    let subject = case.subject;
    let same_document = record.kind == subject.kind && record.name == subject.name;
    let concerns = record.registry == *case.registry
        && match &record.revokes {
            Revoked::Digest(digest) => same_document && *digest == subject.digest,
            Revoked::All => same_document,
            Revoked::Key(_) => true,
        };
    if !concerns {
        return;
    }
    let withdrawn = Withdrawn {
        file: file.path.clone(),
        by: record.principal.clone(),
        at: record.revoked_at,
        reason: record.reason.clone(),
    };
    let (principal, revokes, revoked_at) = (record.principal.clone(), record.revokes.clone(), record.revoked_at);
    let checked = check_signature(case, file, record, Namespace::Revocation).and_then(|signed| {
        // Only the moment of signing counts: that the key has ended since does not bring the approval back.
        let signer = signed.signer;
        match (signer.valid_after(), signer.valid_before()) {
            (Some(from), _) if revoked_at < from => {
                Err(Reason::KeyNotYetValid { key: signer.fingerprint().clone(), from, at: revoked_at })
            }
            (_, Some(until)) if until < revoked_at => {
                Err(Reason::KeyExpired { key: signer.fingerprint().clone(), until, at: revoked_at })
            }
            _ => Ok(()),
        }
    });
    if let Err(reason) = checked {
        withdrawals.against_subject.push(Refusal { principal: Some(principal), ..unchecked(file, reason) });
        return;
    }
    match revokes {
        Revoked::Digest(_) => withdrawals.against_subject.push(Refusal {
            file: file.path.clone(),
            principal: None,
            reason: Reason::Revoked(withdrawn),
        }),
        Revoked::All => withdrawals.everything_until.push((revoked_at, withdrawn)),
        Revoked::Key(key) => {
            withdrawals.keys.insert(KeyFingerprint::from_text(&key), withdrawn);
        }
    }
}
