//! What has been withdrawn.
//!
//! Here doubt works the other way round: a revocation that cannot be checked (its signer has left the trust file, its
//! bytes are broken) still stands until a reviewed change takes it away, for otherwise breaking one would undo it.

use std::collections::BTreeMap;

use jiff::Timestamp;
use taskclass_spec::{
    signers::KeyFingerprint,
    written::{RevocationRecord, Revoked},
};

use super::{
    Case, Reason, RecordFile, Refusal, Withdrawn,
    signer::{read_record, revocation_holds},
};

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
    let RevocationRecord { principal, revokes, revoked_at, .. } = record;
    let checked = revocation_holds(case.signers, file);
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
