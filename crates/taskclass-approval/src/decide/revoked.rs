//! What has been withdrawn.
//!
//! Here doubt works the other way round: a revocation that cannot be checked (its signer has left the trust file, its
//! bytes are broken) still stands until a reviewed change takes it away, for otherwise breaking one would undo it.

use std::collections::BTreeMap;

use jiff::Timestamp;
use taskclass_spec::{
    signers::{AllowedSigners, KeyFingerprint},
    written::{RevocationRecord, Revoked},
};

use super::{
    Case, Reason, RecordFile, Refusal, Withdrawn,
    signer::{read_record, revocation_holds},
};

/// Who may sign, with all that was revoked in the registry: read once, however many documents are decided.
#[derive(Debug)]
pub struct Trusted {
    signers: AllowedSigners,
    revocations: Vec<Revocation>,
}

#[derive(Debug)]
struct Revocation {
    file: RecordFile,
    record: Result<RevocationRecord, Reason>,
    /// Whether one against a key holds, which concerns every document. Others are checked where they concern one.
    key_holds: Option<Result<(), Reason>>,
}

impl Trusted {
    /// Reads what was revoked, and checks what was revoked of keys.
    pub fn new(signers: AllowedSigners, revocations: Vec<RecordFile>) -> Self {
        let read = |file: RecordFile| {
            let record = read_record::<RevocationRecord>(&file);
            let is_of_key = matches!(&record, Ok(RevocationRecord { revokes: Revoked::Key(_), .. }));
            let key_holds = is_of_key.then(|| revocation_holds(&signers, &file));
            Revocation { file, record, key_holds }
        };
        let revocations = revocations.into_iter().map(read).collect();
        Self { signers, revocations }
    }

    /// Who may sign.
    pub fn signers(&self) -> &AllowedSigners {
        &self.signers
    }

    /// The revocations as they are filed.
    pub fn revocations(&self) -> impl Iterator<Item = &RecordFile> {
        self.revocations.iter().map(|revocation| &revocation.file)
    }
}

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

/// What of all revocations stands against the case.
pub(super) fn read(case: &Case<'_>) -> Withdrawals {
    let mut withdrawals = Withdrawals::default();
    for revocation in &case.trusted.revocations {
        match &revocation.record {
            Ok(record) => add(case, revocation, record, &mut withdrawals),
            // It may be about anything.
            Err(reason) => withdrawals.against_subject.push(unchecked(&revocation.file, reason.clone())),
        }
    }
    withdrawals
}

fn unchecked(file: &RecordFile, reason: Reason) -> Refusal {
    Refusal { file: file.path.clone(), principal: None, reason: Reason::RevocationUnchecked(Box::new(reason)) }
}

fn add(case: &Case<'_>, revocation: &Revocation, record: &RevocationRecord, withdrawals: &mut Withdrawals) {
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
    let file = &revocation.file;
    let checked = match &revocation.key_holds {
        Some(checked) => checked.clone(),
        None => revocation_holds(&case.trusted.signers, file),
    };
    if let Err(reason) = checked {
        let principal = Some(record.principal.clone());
        withdrawals.against_subject.push(Refusal { principal, ..unchecked(file, reason) });
        return;
    }
    let withdrawn = Withdrawn {
        file: file.path.clone(),
        by: record.principal.clone(),
        at: record.revoked_at,
        reason: record.reason.clone(),
    };
    match &record.revokes {
        Revoked::Digest(_) => withdrawals.against_subject.push(Refusal {
            file: file.path.clone(),
            principal: None,
            reason: Reason::Revoked(withdrawn),
        }),
        Revoked::All => withdrawals.everything_until.push((record.revoked_at, withdrawn)),
        Revoked::Key(key) => {
            withdrawals.keys.insert(KeyFingerprint::from_text(key), withdrawn);
        }
    }
}
