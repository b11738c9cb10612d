//! SSHSIG made and checked without any other program.

use std::{os::unix::fs::PermissionsExt, path::Path};

use ssh_key::{
    Algorithm, EcdsaCurve, HashAlg, LineEnding, PrivateKey, Signature, SshSig,
    public::{KeyData, SkEcdsaSha2NistP256, SkEd25519},
};
use taskclass_approval::{
    keyfile::{KeyFile, KeyFileError},
    sshsig::SshSignature,
};
use taskclass_spec::signers::Namespace;

use crate::support::{ALICE, Counter, key};

const MESSAGE: &[u8] = include_bytes!("fixtures/message.txt");

fn refusal(signature: &[u8], namespace: Namespace, message: &[u8]) -> String {
    match SshSignature::parse(signature).and_then(|signature| signature.verify(namespace, message)) {
        Ok(()) => panic!("accepted"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn what_ssh_keygen_made_is_verified() {
    for signature in [&include_bytes!("fixtures/ed25519.sig")[..], include_bytes!("fixtures/ecdsa.sig")] {
        let signature = SshSignature::parse(signature).unwrap();
        signature.verify(Namespace::Approval, MESSAGE).unwrap();
        assert!(signature.verify(Namespace::Approval, b"other").is_err());
    }
}

#[test]
fn each_refusal_says_why() {
    let good = include_str!("fixtures/ed25519.sig");
    let cases: &[(&[u8], &str)] = &[
        (include_bytes!("fixtures/rsa.sig"), "RSA keys are refused"),
        (include_bytes!("fixtures/p384.sig"), "nistp384"),
        (include_bytes!("fixtures/other-namespace.sig"), "made for the namespace `file`, not for `approval@taskclass`"),
        (b"", "does not begin with the line"),
        (good.trim_end().as_bytes(), "does not end with the line"),
        (&good.replace('\n', "\r\n").into_bytes(), "does not begin"),
        (&format!("x{good}").into_bytes(), "does not begin"),
        (&format!("{good}\n").into_bytes(), "does not end"),
        (&good.replacen("U1NI", "U1NI\n", 1).into_bytes(), "not base64 in lines of 70"),
        (&good.replacen("U1NI", "U1N ", 1).into_bytes(), "not base64"),
        (&vec![b'x'; 20_000], "larger than"),
    ];
    for (signature, message) in cases {
        let refused = refusal(signature, Namespace::Approval, MESSAGE);
        assert!(refused.contains(message), "{refused}");
    }
    assert!(refusal(good.as_bytes(), Namespace::Revocation, MESSAGE).contains("not for `revocation@taskclass`"));
    assert!(refusal(good.as_bytes(), Namespace::Approval, b"other").contains("over other bytes"));
}

#[test]
fn our_own_signatures_hold_for_their_bytes_and_purpose_only() {
    let text = key(ALICE).sign(Namespace::Approval, MESSAGE).unwrap();
    let signature = SshSignature::parse(text.as_bytes()).unwrap();
    assert_eq!(signature.fingerprint(), key(ALICE).fingerprint());
    signature.verify(Namespace::Approval, MESSAGE).unwrap();
    for namespace in [Namespace::Revocation, Namespace::Audit] {
        assert!(signature.verify(namespace, MESSAGE).is_err());
    }
}

#[test]
fn a_signature_relabelled_for_another_namespace_does_not_hold() {
    let text = key(ALICE).sign(Namespace::Revocation, MESSAGE).unwrap();
    let sig = SshSig::from_pem(&text).unwrap();
    let relabelled =
        SshSig::new(sig.public_key().clone(), "approval@taskclass", sig.hash_alg(), sig.signature().clone()).unwrap();
    let text = relabelled.to_pem(LineEnding::LF).unwrap();
    let text = if text.ends_with('\n') { text } else { text + "\n" };
    assert!(refusal(text.as_bytes(), Namespace::Approval, MESSAGE).contains("over other bytes"));
}

fn sign_raw(key: &impl ssh_key::SigningKey, bytes: &[u8]) -> Signature {
    key.try_sign(bytes).unwrap()
}

/// A signature as a FIDO token would make it, with these flags.
fn by_token(private: &PrivateKey, public: KeyData, algorithm: Algorithm, flags: u8) -> Vec<u8> {
    use ssh_key::sha2::{Digest, Sha256};
    let data = SshSig::signed_data("approval@taskclass", HashAlg::Sha512, MESSAGE).unwrap();
    let mut asked = Sha256::digest(b"ssh:").to_vec();
    asked.push(flags);
    asked.extend(7u32.to_be_bytes());
    asked.extend(Sha256::digest(&data));
    let inner = sign_raw(private, &asked);
    // The wire form by hand: ssh-key 0.6.7 does not write the ECDSA form as OpenSSH does.
    let string = |bytes: &[u8]| [&u32::try_from(bytes.len()).unwrap().to_be_bytes(), bytes].concat();
    let mut wire = string(algorithm.as_str().as_bytes());
    wire.extend(string(inner.as_bytes()));
    wire.push(flags);
    wire.extend(7u32.to_be_bytes());
    let key_bytes = ssh_key::PublicKey::from(public).to_bytes().unwrap();
    let mut blob = b"SSHSIG".to_vec();
    blob.extend(1u32.to_be_bytes());
    for part in [&key_bytes[..], b"approval@taskclass", b"", b"sha512", &wire] {
        blob.extend(string(part));
    }
    let base64 = data_encoding::BASE64.encode(&blob);
    let lines: Vec<&str> = (0..base64.len()).step_by(70).map(|i| &base64[i..base64.len().min(i + 70)]).collect();
    format!("-----BEGIN SSH SIGNATURE-----\n{}\n-----END SSH SIGNATURE-----\n", lines.join("\n")).into_bytes()
}

pub(crate) fn token_signatures(flags: u8) -> [(KeyData, Vec<u8>); 2] {
    let ed25519 = PrivateKey::random(&mut Counter(1), Algorithm::Ed25519).unwrap();
    let public = KeyData::SkEd25519(SkEd25519::new(*ed25519.public_key().key_data().ed25519().unwrap(), "ssh:"));
    let curve = EcdsaCurve::NistP256;
    let ecdsa = PrivateKey::random(&mut Counter(2), Algorithm::Ecdsa { curve }).unwrap();
    let ssh_key::public::EcdsaPublicKey::NistP256(point) = *ecdsa.public_key().key_data().ecdsa().unwrap() else {
        panic!("asked for P-256")
    };
    let ecdsa_public = KeyData::SkEcdsaSha2NistP256(SkEcdsaSha2NistP256::new(point, "ssh:"));
    [
        (public.clone(), by_token(&ed25519, public, Algorithm::SkEd25519, flags)),
        (ecdsa_public.clone(), by_token(&ecdsa, ecdsa_public, Algorithm::SkEcdsaSha2NistP256, flags)),
    ]
}

#[test]
fn a_security_key_counts_if_it_was_touched() {
    for (public, signature) in token_signatures(0x01) {
        let parsed = SshSignature::parse(&signature).unwrap();
        assert_eq!(*parsed.key(), public);
        parsed.verify(Namespace::Approval, MESSAGE).unwrap();
        assert!(refusal(&signature, Namespace::Approval, b"other").contains("over other bytes"));
    }
    for (_, signature) in token_signatures(0x04) {
        assert!(refusal(&signature, Namespace::Approval, MESSAGE).contains("without its owner's touch"));
    }
}

#[test]
fn key_files_are_read_as_ssh_reads_them() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("key");
    key(ALICE).write_new(&path).unwrap();
    assert_eq!(KeyFile::read(&path).unwrap().public_key(), key(ALICE).public_key());
    assert!(matches!(key(ALICE).write_new(&path), Err(KeyFileError::Io { .. })), "an existing file stays");

    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
    let refused = KeyFile::read(&path).unwrap_err().to_string();
    assert!(refused.contains("can be read by others (mode 640)") && refused.contains("chmod 600"), "{refused}");

    let says = |content: &str, message: &str| {
        let path = dir.path().join("other");
        std::fs::write(&path, content).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        let refused = KeyFile::read(&path).unwrap_err().to_string();
        assert!(refused.contains(message), "{refused}");
    };
    says(&key(ALICE).public_openssh(), "is a public key");
    says("hello", "is not a private key in OpenSSH's format");
    assert!(matches!(KeyFile::read(Path::new("/nowhere/key")), Err(KeyFileError::Io { .. })));
}

#[test]
fn a_key_shows_nothing_of_itself() {
    let shown = format!("{:?}", key(ALICE));
    assert_eq!(shown, format!("SigningKey(KeyFingerprint({:?}))", key(ALICE).fingerprint().as_str()));
}

#[test]
fn a_signature_file_with_any_bit_changed_is_refused() {
    let [(_, fido), (_, fido_ecdsa)] = token_signatures(0x01);
    let fixtures = [include_bytes!("fixtures/ed25519.sig").to_vec(), include_bytes!("fixtures/ecdsa.sig").to_vec()];
    for good in fixtures.into_iter().chain([fido, fido_ecdsa]) {
        let key = SshSignature::parse(&good).unwrap().key().clone();
        for bit in 0..good.len() * 8 {
            let mut changed = good.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            // A change may give another well-formed key, which the trust file does not know; it is not this one.
            if let Ok(signature) = SshSignature::parse(&changed) {
                let holds = signature.verify(Namespace::Approval, MESSAGE).is_ok();
                assert!(!holds || *signature.key() != key, "bit {bit}");
            }
        }
    }
}
