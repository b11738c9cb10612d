//! Who signed a record, and what their line of the trust file lets their key do: asked when a record is read, and before one is
//! signed.

use jiff::Timestamp;
use taskclass_spec::{
    record::{self, Record},
    signers::{AllowedSigners, Namespace, Signer},
    written::RevocationRecord,
};

use super::{Content, Reason, RecordFile};
use crate::sshsig::SshSignature;

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

/// Bytes of a record file whose signature holds, by a signer whom the trust file names.
pub(super) struct Signed<'a, R> {
    pub(super) record: R,
    pub(super) signer: &'a Signer,
}

fn bytes(content: &Content, missing: Reason) -> Result<&[u8], Reason> {
    match content {
        Ok(bytes) => bytes.as_deref().ok_or(missing),
        Err(why) => Err(Reason::Unreadable(why.clone())),
    }
}

/// Reads a record's bytes alone.
pub(super) fn read_record<R: Record>(file: &RecordFile) -> Result<R, Reason> {
    record::parse(bytes(&file.record, Reason::RecordMissing)?).map_err(Reason::Record)
}

/// Holds a record's signature against its bytes and the trust file.
pub(super) fn check_signature<'a, R: Record>(
    signers: &'a AllowedSigners,
    file: &RecordFile,
    record: R,
    namespace: Namespace,
) -> Result<Signed<'a, R>, Reason> {
    let signature = bytes(&file.signature, Reason::SignatureMissing(namespace))?;
    let signature = SshSignature::parse(signature).map_err(Reason::Signature)?;
    signature.verify(namespace, bytes(&file.record, Reason::RecordMissing)?).map_err(Reason::Signature)?;
    let key = signature.fingerprint();
    let signer = signers.by_key(signature.key()).ok_or_else(|| Reason::KeyUnknown { key: key.clone() })?;
    if signer.principal() != record.principal() {
        return Err(Reason::KeyOfAnother { key, owner: signer.principal().clone() });
    }
    may_sign_for(signer, namespace)?;
    Ok(Signed { record, signer })
}
