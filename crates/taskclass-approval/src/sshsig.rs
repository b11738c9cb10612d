//! SSHSIG signatures: what `ssh-keygen -Y sign` makes and `ssh-keygen -Y verify` checks, made and checked natively.
//!
//! Stricter than `ssh-keygen` in four things: the armour must be byte for byte what `ssh-keygen` writes (so that a
//! signature file has one form only), the reserved field must be empty, a FIDO token must have seen its owner's touch,
//! and RSA does not count.

use ssh_key::{Algorithm, HashAlg, LineEnding, PublicKey, SshSig, public::KeyData};
use taskclass_source::text::{quoted, visible};
use taskclass_spec::signers::{KeyFingerprint, KeyRefused, Namespace, check_key};

use crate::armour;

/// The most that is read of a signature file. One by any key that counts is under 1 KiB.
pub const MAX_BYTES: usize = 16 * 1024;

/// The hash of what is signed, as `ssh-keygen` chooses it.
const HASH: HashAlg = HashAlg::Sha512;
/// Bit 0 of a FIDO signature's flags: the token saw its owner's touch.
const USER_PRESENT: u8 = 0x01;
/// A FIDO signature ends with its flags (1 byte) and a counter (4 bytes).
const FIDO_TRAILER: usize = 5;

/// Why a signature does not count.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// Over [`MAX_BYTES`].
    #[error("it is larger than {MAX_BYTES} bytes")]
    TooLarge,
    /// No armour, or not in the one form that `ssh-keygen` writes.
    #[error("it is not an SSH signature as `ssh-keygen -Y sign` writes it (armour, 70 columns, LF): {0}")]
    Armour(#[from] armour::ArmourError),
    /// The content cannot be read.
    #[error("its content cannot be read: {}", visible(.0))]
    Content(String),
    /// A version other than 1.
    #[error("it has SSHSIG version {0}; version 1 is known")]
    Version(u32),
    /// The reserved field holds something.
    #[error("its reserved field is not empty")]
    Reserved,
    /// A kind of key that does not count.
    #[error(transparent)]
    Key(#[from] KeyRefused),
    /// Key and signature are of different algorithms.
    #[error("its key is {} but it was made with {}", visible(.key), visible(.signature))]
    Algorithm {
        /// The key's.
        key: String,
        /// The signature's.
        signature: String,
    },
    /// Made for another purpose.
    #[error("it was made for the namespace {}, not for `{expected}`; sign again with `-n {expected}`", quoted(.found))]
    Namespace {
        /// As needed.
        expected: Namespace,
        /// As found.
        found: String,
    },
    /// The FIDO token was not touched.
    #[error("the security key signed without its owner's touch; make a key without `no-touch-required`")]
    NoTouch,
    /// The mathematics say no.
    #[error("it is over other bytes than these")]
    OtherBytes,
}

/// A well-formed signature by a kind of key that counts. Nothing is verified yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SshSignature {
    sig: SshSig,
}

impl SshSignature {
    /// Reads the armoured form.
    pub fn parse(bytes: &[u8]) -> Result<Self, SignatureError> {
        if bytes.len() > MAX_BYTES {
            return Err(SignatureError::TooLarge);
        }
        let content = armour::decode(bytes)?;
        let sig = SshSig::from_pem(bytes).map_err(|error| match error {
            ssh_key::Error::Version { number } => SignatureError::Version(number),
            other => SignatureError::Content(other.to_string()),
        })?;
        if sig.version() != SshSig::VERSION {
            return Err(SignatureError::Version(sig.version()));
        }
        if !sig.reserved().is_empty() {
            return Err(SignatureError::Reserved);
        }
        check_key(sig.public_key())?;
        // The reader takes some lengths on trust; written again, the content shows whether they were right.
        if wire_form(&sig)? != content {
            return Err(SignatureError::Content("its lengths do not add up".to_owned()));
        }
        let (key, signature) = (sig.public_key().algorithm(), sig.algorithm());
        if key != signature {
            return Err(SignatureError::Algorithm { key: key.to_string(), signature: signature.to_string() });
        }
        Ok(Self { sig })
    }

    /// The key that claims to have made it.
    pub fn key(&self) -> &KeyData {
        self.sig.public_key()
    }

    /// That key's fingerprint.
    pub fn fingerprint(&self) -> KeyFingerprint {
        KeyFingerprint::of(self.sig.public_key())
    }

    /// Whether its key signed `message` for `namespace`. Whose key it is, is another question.
    pub fn verify(&self, namespace: Namespace, message: &[u8]) -> Result<(), SignatureError> {
        if self.sig.namespace() != namespace.as_str() {
            return Err(SignatureError::Namespace { expected: namespace, found: self.sig.namespace().to_owned() });
        }
        if matches!(self.sig.algorithm(), Algorithm::SkEd25519 | Algorithm::SkEcdsaSha2NistP256) {
            let bytes = self.sig.signature_bytes();
            let flags = bytes.len().checked_sub(FIDO_TRAILER).and_then(|at| bytes.get(at));
            if flags.is_none_or(|flags| flags & USER_PRESENT == 0) {
                return Err(SignatureError::NoTouch);
            }
        }
        PublicKey::from(self.key().clone())
            .verify(namespace.as_str(), message, &self.sig)
            .map_err(|_| SignatureError::OtherBytes)
    }
}

/// The bytes within the armour. ssh-key 0.6.7 writes them wrongly for ECDSA keys held by a token.
fn wire_form(sig: &SshSig) -> Result<Vec<u8>, SignatureError> {
    let algorithm = sig.algorithm();
    let is_fido = matches!(algorithm, Algorithm::SkEd25519 | Algorithm::SkEcdsaSha2NistP256);
    let bytes = sig.signature_bytes();
    let (own, trailer) = bytes.split_at(bytes.len().saturating_sub(if is_fido { FIDO_TRAILER } else { 0 }));
    let mut signature = Vec::new();
    put_string(&mut signature, algorithm.as_str().as_bytes());
    put_string(&mut signature, own);
    signature.extend_from_slice(trailer);
    wire(
        sig.version(),
        sig.public_key(),
        [sig.namespace().as_bytes(), sig.reserved(), sig.hash_alg().as_str().as_bytes()],
        &signature,
    )
}

/// SSHSIG's parts in their order; `texts` are the namespace, the reserved field and the hash's name.
fn wire(version: u32, key: &KeyData, texts: [&[u8]; 3], signature: &[u8]) -> Result<Vec<u8>, SignatureError> {
    let key = PublicKey::from(key.clone()).to_bytes().map_err(content)?;
    let mut wire = b"SSHSIG".to_vec();
    wire.extend_from_slice(&version.to_be_bytes());
    put_string(&mut wire, &key);
    for part in texts {
        put_string(&mut wire, part);
    }
    put_string(&mut wire, signature);
    Ok(wire)
}

fn content(error: ssh_key::Error) -> SignatureError {
    SignatureError::Content(error.to_string())
}

/// What a key elsewhere has to sign, so that it is a signature over `message` for `namespace`.
pub(crate) fn to_sign(namespace: Namespace, message: &[u8]) -> Result<Vec<u8>, SignatureError> {
    SshSig::signed_data(namespace.as_str(), HASH, message).map_err(content)
}

/// A signature file from what a key elsewhere made of [`to_sign`], once it is seen to hold.
pub(crate) fn assemble(
    key: &KeyData,
    namespace: Namespace,
    signature: &[u8],
    message: &[u8],
) -> Result<String, SignatureError> {
    let texts = [namespace.as_str().as_bytes(), b"", HASH.as_str().as_bytes()];
    let text = armour::encode(&wire(SshSig::VERSION, key, texts, signature)?);
    SshSignature::parse(text.as_bytes())?.verify(namespace, message)?;
    Ok(text)
}

/// SSH's string: its length in 4 bytes, then its bytes.
pub(crate) fn put_string(wire: &mut Vec<u8>, bytes: &[u8]) {
    wire.extend_from_slice(&u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_be_bytes());
    wire.extend_from_slice(bytes);
}

/// Signs `message` for `namespace`; the text is a signature file, as `ssh-keygen -Y sign` writes it.
pub(crate) fn sign(key: &ssh_key::PrivateKey, namespace: Namespace, message: &[u8]) -> Result<String, ssh_key::Error> {
    let mut text = key.sign(namespace.as_str(), HASH, message)?.to_pem(LineEnding::LF)?;
    if !text.ends_with('\n') {
        text.push('\n');
    }
    Ok(text)
}
