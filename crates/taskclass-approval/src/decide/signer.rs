//! What a line of the trust file lets its key do: asked when a record is read, and before one is signed.

use jiff::Timestamp;
use taskclass_spec::{
    signers::{AllowedSigners, Namespace, Signer},
    written::RevocationRecord,
};

use super::{Reason, RecordFile, Signed, check_signature, read_record};

/// Whether the key may sign for `namespace`.
///
/// # Errors
/// [`Reason::KeyNotFor`].
pub fn may_sign_for(signer: &Signer, namespace: Namespace) -> Result<(), Reason> {
    if signer.namespaces().contains(&namespace) {
        return Ok(());
    }
    Err(Reason::KeyNotFor { key: signer.fingerprint().clone(), namespace, line: signer.line() })
}

/// Whether the key counts at `at`.
///
/// # Errors
/// [`Reason::KeyNotYetValid`] and [`Reason::KeyExpired`].
pub fn valid_at(signer: &Signer, at: Timestamp) -> Result<(), Reason> {
    let key = || signer.fingerprint().clone();
    if let Some(from) = signer.valid_after().filter(|from| at < *from) {
        return Err(Reason::KeyNotYetValid { key: key(), from, at });
    }
    match signer.valid_before().filter(|until| at > *until) {
        Some(until) => Err(Reason::KeyExpired { key: key(), until, at }),
        None => Ok(()),
    }
}

/// Whether a revocation is signed by somebody whom the trust file names, at a time at which their key counted.
///
/// # Errors
/// Why it is not; it stands all the same, until it can be checked.
pub fn revocation_holds(signers: &AllowedSigners, file: &RecordFile) -> Result<(), Reason> {
    let record: RevocationRecord = read_record(file)?;
    let Signed { record, signer } = check_signature(signers, file, record, Namespace::Revocation)?;
    // Only the moment of signing counts: that the key has ended since does not bring an approval back.
    valid_at(signer, record.revoked_at)
}
