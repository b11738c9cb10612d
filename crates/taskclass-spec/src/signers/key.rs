//! Public keys: which kinds count, and how a key is named in output.

use std::fmt;

use ssh_key::{Algorithm, EcdsaCurve, HashAlg, public::KeyData};
use taskclass_source::text::quoted;

/// `SHA256:…`, as `ssh-keygen -l` prints it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(transparent)]
pub struct KeyFingerprint(String);

impl KeyFingerprint {
    /// The fingerprint of a public key.
    pub fn of(key: &KeyData) -> Self {
        Self(key.fingerprint(HashAlg::Sha256).to_string())
    }

    /// A fingerprint as a revocation names it. Nothing is checked: a text that is none matches no key.
    pub fn from_text(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// The text, with its `SHA256:`.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for KeyFingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A kind of key that does not count, and why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyRefused {
    /// RSA.
    #[error(
        "RSA keys are refused: the RSA code available to this program has an open advisory (timing, RUSTSEC-2023-0071); \
         use `ssh-keygen -t ed25519`"
    )]
    Rsa,
    /// DSA.
    #[error("DSA keys are refused: they are broken and OpenSSH has dropped them; use `ssh-keygen -t ed25519`")]
    Dsa,
    /// A NIST curve other than P-256.
    #[error("keys on {0} are refused: of ECDSA only nistp256 is verified; use ed25519 or ecdsa-sha2-nistp256")]
    Curve(&'static str),
    /// A certificate in the place of a key.
    #[error("certificates are refused: list the key itself, so that the file alone says who may sign")]
    Certificate,
    /// An ed25519 point of small order.
    #[error("this is no key but a point of small order: anyone can make signatures that it accepts")]
    SmallOrder,
    /// Something else.
    #[error("keys of type {} are unknown; use ssh-ed25519, ecdsa-sha2-nistp256 or one held by a FIDO token", quoted(.0))]
    Unknown(String),
}

/// The algorithms that count, by their OpenSSH names.
pub const KINDS: [&str; 4] =
    ["ssh-ed25519", "ecdsa-sha2-nistp256", "sk-ssh-ed25519@openssh.com", "sk-ecdsa-sha2-nistp256@openssh.com"];

/// Whether keys of the kind `name` (an OpenSSH key type) count.
pub(super) fn check_kind(name: &str) -> Result<(), KeyRefused> {
    if KINDS.contains(&name) {
        return Ok(());
    }
    Err(match name {
        _ if name.contains("-cert-v0") => KeyRefused::Certificate,
        "ssh-rsa" | "rsa-sha2-256" | "rsa-sha2-512" => KeyRefused::Rsa,
        "ssh-dss" => KeyRefused::Dsa,
        "ecdsa-sha2-nistp384" => KeyRefused::Curve("nistp384"),
        "ecdsa-sha2-nistp521" => KeyRefused::Curve("nistp521"),
        other => KeyRefused::Unknown(other.to_owned()),
    })
}

/// Whether this key counts.
///
/// # Errors
/// Why not.
pub fn check_key(key: &KeyData) -> Result<(), KeyRefused> {
    match key.algorithm() {
        Algorithm::Rsa { .. } => return Err(KeyRefused::Rsa),
        Algorithm::Ecdsa { curve: EcdsaCurve::NistP384 } => return Err(KeyRefused::Curve("nistp384")),
        Algorithm::Ecdsa { curve: EcdsaCurve::NistP521 } => return Err(KeyRefused::Curve("nistp521")),
        other => check_kind(other.as_str())?,
    }
    let point = key.ed25519().or_else(|| key.sk_ed25519().map(|sk| sk.public_key()));
    match point {
        Some(point) if is_small_order(&point.0) => Err(KeyRefused::SmallOrder),
        _ => Ok(()),
    }
}

/// Whether the point's order divides 8. With such a "public key" a signature can be made without any private key.
fn is_small_order(point: &[u8; 32]) -> bool {
    /// y = 0, 1, the two of order 8, -1, and 0 and 1 written beyond the field's size; the sign bit is left out.
    const LAST_31: [(u8, [u8; 31]); 7] = {
        let mut zero = [0; 31];
        zero[30] = 0;
        let mut high = [0xff; 31];
        high[30] = 0x7f;
        [
            (0x00, zero),
            (0x01, zero),
            (0x26, tail(b"e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05")),
            (0xc7, tail(b"176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a")),
            (0xec, high),
            (0xed, high),
            (0xee, high),
        ]
    };
    let mut point = *point;
    point[31] &= 0x7f;
    LAST_31.iter().any(|(first, rest)| point[0] == *first && point[1..] == *rest)
}

const fn tail(hex: &[u8; 62]) -> [u8; 31] {
    const fn digit(c: u8) -> u8 {
        if c <= b'9' { c - b'0' } else { c - b'a' + 10 }
    }
    let mut bytes = [0; 31];
    let mut i = 0;
    while i < 31 {
        bytes[i] = digit(hex[2 * i]) * 16 + digit(hex[2 * i + 1]);
        i += 1;
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use ssh_key::{Signature, SshSig, public::Ed25519PublicKey};

    /// R = the neutral element, S = 0: accepted for a key A whenever k·A is neutral, whatever was signed.
    fn forged(key: &KeyData, message: &[u8]) -> bool {
        let mut bytes = vec![0u8; 64];
        bytes[0] = 1;
        let signature = Signature::new(Algorithm::Ed25519, bytes).unwrap();
        let sig = SshSig::new(key.clone(), "approval@taskclass", HashAlg::Sha512, signature).unwrap();
        ssh_key::PublicKey::from(key.clone()).verify("approval@taskclass", message, &sig).is_ok()
    }

    #[test]
    fn points_of_small_order_can_be_forged_and_are_refused() {
        let mut forgeable = 0;
        for (first, rest) in [
            (0x00, "00000000000000000000000000000000000000000000000000000000000000"),
            (0x01, "00000000000000000000000000000000000000000000000000000000000000"),
            (0x26, "e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),
            (0xc7, "176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"),
            (0xec, "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
        ] {
            let mut point = [first; 32];
            point[1..].copy_from_slice(&tail(rest.as_bytes().try_into().unwrap()));
            let key = KeyData::Ed25519(Ed25519PublicKey(point));
            assert_eq!(check_key(&key), Err(KeyRefused::SmallOrder));
            forgeable += usize::from((0..200u32).any(|n| forged(&key, &n.to_be_bytes())));
        }
        assert_eq!(forgeable, 5, "the list holds only keys that really can be forged");
    }

    #[test]
    fn each_refused_kind_says_why() {
        for (name, part) in [
            ("ssh-rsa", "RSA keys are refused"),
            ("ssh-dss", "DSA keys are refused"),
            ("ecdsa-sha2-nistp521", "nistp521"),
            ("ssh-ed25519-cert-v01@openssh.com", "certificates are refused"),
            ("x\u{202e}y", "\\u{202e}"),
        ] {
            let refused = check_kind(name).unwrap_err().to_string();
            assert!(refused.contains(part), "{refused}");
        }
    }
}
