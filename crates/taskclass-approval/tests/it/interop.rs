//! Both directions against `ssh-keygen`. A machine without it fails these tests; it does not skip them.

use std::{
    io::Write,
    path::Path,
    process::{Command, Stdio},
};

use taskclass_approval::{
    keyfile::{KeyFile, KeyFileError, read_public},
    sshsig::SshSignature,
};
use taskclass_spec::signers::Namespace;

use crate::{
    signatures::token_signatures,
    support::{ALICE, BOB, OPTIONS, World, key, line, signers},
};

pub(crate) fn ssh_keygen(dir: &Path, arguments: &[&str], input: &[u8]) -> Result<String, String> {
    let mut child = Command::new("ssh-keygen")
        .current_dir(dir)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("these tests need ssh-keygen (package openssh-client)");
    child.stdin.take().unwrap().write_all(input).unwrap();
    let output = child.wait_with_output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    if output.status.success() { Ok(text(&output.stdout)) } else { Err(text(&output.stderr)) }
}

/// What `ssh-keygen -Y verify` says of a signature under a trust file.
pub(crate) fn verify(
    dir: &Path,
    trust: &str,
    person: &str,
    namespace: Namespace,
    message: &[u8],
    signature: &[u8],
) -> Result<String, String> {
    std::fs::write(dir.join("allowed_signers"), trust).unwrap();
    std::fs::write(dir.join("message.sig"), signature).unwrap();
    let namespace = namespace.as_str();
    ssh_keygen(
        dir,
        &["-Y", "verify", "-f", "allowed_signers", "-I", person, "-n", namespace, "-s", "message.sig"],
        message,
    )
}

#[test]
fn what_we_sign_ssh_keygen_verifies() {
    let dir = tempfile::tempdir().unwrap();
    let world = World::approved();
    let draft = world.draft(ALICE);
    let signature = draft.sign(&key(ALICE)).unwrap();
    let trust = line(ALICE, &format!("{OPTIONS},valid-after=\"20200101Z\"")) + &line(BOB, OPTIONS);
    signers(&trust);
    let said = verify(dir.path(), &trust, ALICE, Namespace::Approval, &draft.bytes, signature.as_bytes()).unwrap();
    assert!(said.contains("Good \"approval@taskclass\" signature for alice@acme.com"), "{said}");
    for (person, namespace, message) in [
        (BOB, Namespace::Approval, draft.bytes.as_slice()),
        (ALICE, Namespace::Revocation, &draft.bytes),
        (ALICE, Namespace::Approval, b"other"),
    ] {
        verify(dir.path(), &trust, person, namespace, message, signature.as_bytes()).unwrap_err();
    }
}

#[test]
fn what_ssh_keygen_signs_we_verify() {
    let dir = tempfile::tempdir().unwrap();
    let message = b"bytes to sign";
    for kind in ["ed25519", "ecdsa"] {
        ssh_keygen(dir.path(), &["-q", "-t", kind, "-N", "", "-C", ALICE, "-f", kind], b"").unwrap();
        for (namespace, hash) in
            [(Namespace::Approval, "sha512"), (Namespace::Revocation, "sha256"), (Namespace::Audit, "sha512")]
        {
            let hash = format!("hashalg={hash}");
            let arguments = ["-Y", "sign", "-q", "-n", namespace.as_str(), "-O", &hash, "-f", kind];
            let signature = ssh_keygen(dir.path(), &arguments, message).unwrap();
            let signature = SshSignature::parse(signature.as_bytes()).unwrap();
            signature.verify(namespace, message).unwrap();
            let public = std::fs::read_to_string(dir.path().join(format!("{kind}.pub"))).unwrap();
            let trust = format!("{ALICE} {OPTIONS} {public}");
            assert_eq!(signers(&trust).by_key(signature.key()).unwrap().principal().as_str(), ALICE);
        }
    }
}

#[test]
fn keys_that_ssh_keygen_made_sign_here() {
    let dir = tempfile::tempdir().unwrap();
    for kind in ["ed25519", "ecdsa"] {
        ssh_keygen(dir.path(), &["-q", "-t", kind, "-N", "", "-C", ALICE, "-f", kind], b"").unwrap();
        let KeyFile::Open(key) = KeyFile::read(&dir.path().join(kind)).unwrap() else { panic!("it has no passphrase") };
        let signature = key.sign(Namespace::Approval, b"bytes").unwrap();
        let trust = format!("{ALICE} {OPTIONS} {}\n", key.public_openssh());
        verify(dir.path(), &trust, ALICE, Namespace::Approval, b"bytes", signature.as_bytes()).unwrap();
        let shown = ssh_keygen(dir.path(), &["-l", "-f", kind], b"").unwrap();
        assert!(shown.contains(key.fingerprint().as_str()), "{shown}");
    }
}

#[test]
fn the_printed_command_signs_the_file() {
    let dir = tempfile::tempdir().unwrap();
    let world = World::approved();
    let draft = world.draft(ALICE);
    key(ALICE).write_new(&dir.path().join("KEY")).unwrap();
    let path = dir.path().join(&draft.path);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(&path, &draft.bytes).unwrap();
    let command = draft.command(&draft.path);
    let arguments: Vec<&str> = command.split(' ').collect();
    assert_eq!(arguments[0], "ssh-keygen");
    ssh_keygen(dir.path(), &arguments[1..], b"").unwrap();
    let signature = std::fs::read(dir.path().join(draft.signature_path())).unwrap();
    assert_eq!(String::from_utf8(signature).unwrap(), draft.sign(&key(ALICE)).unwrap(), "ed25519 signs the same way");
}

#[test]
fn signatures_of_security_keys_read_the_same_there() {
    let dir = tempfile::tempdir().unwrap();
    for (public, signature) in token_signatures(0x01) {
        let trust = format!("{ALICE} {OPTIONS} {}\n", ssh_key::PublicKey::from(public).to_openssh().unwrap());
        signers(&trust);
        let message = include_bytes!("fixtures/message.txt");
        verify(dir.path(), &trust, ALICE, Namespace::Approval, message, &signature).unwrap();
    }
}

#[test]
fn keys_with_a_passphrase_sign_once_it_is_given() {
    let dir = tempfile::tempdir().unwrap();
    for (kind, cipher) in
        [("ed25519", "aes256-ctr"), ("ecdsa", "chacha20-poly1305@openssh.com"), ("ed25519", "aes256-gcm@openssh.com")]
    {
        let name = format!("{kind}-{cipher}");
        ssh_keygen(dir.path(), &["-q", "-t", kind, "-N", "open sesame", "-Z", cipher, "-f", &name], b"").unwrap();
        let file = KeyFile::read(&dir.path().join(&name)).unwrap();
        let public = read_public(&dir.path().join(format!("{name}.pub"))).unwrap();
        assert_eq!(*file.public_key(), public, "the public key is known without the passphrase");
        let KeyFile::Locked(locked) = file else { panic!("it has a passphrase") };
        for wrong in ["", "open sesame ", "Open sesame"] {
            assert!(matches!(locked.unlock(wrong), Err(KeyFileError::WrongPassphrase { .. })), "{cipher}");
        }
        let key = locked.unlock("open sesame").unwrap();
        let signature = key.sign(Namespace::Approval, b"bytes").unwrap();
        let trust = format!("{ALICE} {OPTIONS} {}\n", key.public_openssh());
        verify(dir.path(), &trust, ALICE, Namespace::Approval, b"bytes", signature.as_bytes()).unwrap();
        assert!(!format!("{locked:?} {key:?}").contains("sesame"));
    }
}

#[test]
fn keys_that_do_not_count_are_refused_before_a_passphrase_is_asked_for() {
    let dir = tempfile::tempdir().unwrap();
    for (arguments, says) in [
        (["-t", "rsa", "-b", "2048"], "RSA keys are refused"),
        (["-t", "ecdsa", "-b", "384"], "keys on nistp384 are refused"),
    ] {
        for passphrase in ["", "secret"] {
            let name = format!("{}{passphrase}", arguments[1]);
            let more = ["-q", "-N", passphrase, "-f", &name];
            ssh_keygen(dir.path(), &[&arguments[..], &more[..]].concat(), b"").unwrap();
            let refused = KeyFile::read(&dir.path().join(&name)).unwrap_err().to_string();
            assert!(refused.contains(says) && refused.contains("ed25519"), "{refused}");
            let refused = read_public(&dir.path().join(format!("{name}.pub"))).unwrap_err().to_string();
            assert!(refused.contains(says), "{refused}");
        }
    }
}

#[test]
fn the_time_windows_mean_the_same_there() {
    let dir = tempfile::tempdir().unwrap();
    let signature = key(ALICE).sign(Namespace::Approval, b"x").unwrap();
    let trust = line(ALICE, &format!("{OPTIONS},valid-after=\"20260101Z\",valid-before=\"202602010203Z\""));
    let ours = signers(&trust);
    std::fs::write(dir.path().join("allowed_signers"), &trust).unwrap();
    std::fs::write(dir.path().join("message.sig"), &signature).unwrap();
    for (compact, at) in [
        ("20251231235959Z", "2025-12-31T23:59:59Z"),
        ("20260101000000Z", "2026-01-01T00:00:00Z"),
        ("20260201020300Z", "2026-02-01T02:03:00Z"),
        ("20260201020301Z", "2026-02-01T02:03:01Z"),
    ] {
        let time = format!("verify-time={compact}");
        let arguments = [
            "-Y",
            "verify",
            "-f",
            "allowed_signers",
            "-I",
            ALICE,
            "-n",
            "approval@taskclass",
            "-s",
            "message.sig",
            "-O",
            &time,
        ];
        let theirs = ssh_keygen(dir.path(), &arguments, b"x").is_ok();
        assert_eq!(ours.signers()[0].is_valid_at(at.parse().unwrap()), theirs, "{at}");
    }
}
