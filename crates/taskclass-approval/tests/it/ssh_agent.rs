//! A real `ssh-agent`, started for the test and ended with it. A machine without one fails these tests; it does not skip them.

use std::{
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use taskclass_approval::{
    agent::{Agent, AgentError},
    keyfile::KeyFile,
    sshsig::SshSignature,
};
use taskclass_spec::signers::{KeyRefused, Namespace};

use crate::{
    interop::{ssh_keygen, verify},
    support::{ALICE, OPTIONS, key},
};

/// An agent of this test alone.
struct Real {
    child: Child,
    socket: PathBuf,
}

impl Real {
    fn start(folder: &Path) -> Self {
        let socket = folder.join("agent");
        let mut child = Command::new("ssh-agent")
            .args(["-D", "-a"])
            .arg(&socket)
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap())
            .stdout(Stdio::piped())
            .spawn()
            .expect("these tests need ssh-agent (package openssh-client)");
        // It tells of its socket once it listens.
        let mut said = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut said).unwrap();
        assert!(said.contains("SSH_AUTH_SOCK"), "{said}");
        Self { child, socket }
    }

    fn add(&self, arguments: &[&str], file: &Path) {
        let output = Command::new("ssh-add").args(arguments).arg(file).env("SSH_AUTH_SOCK", &self.socket).output();
        let output = output.unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
}

impl Drop for Real {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn what_an_agent_signs_both_verify() {
    let dir = tempfile::tempdir().unwrap();
    let real = Real::start(dir.path());
    for (name, kind) in [("one", "ed25519"), ("two", "ecdsa")] {
        ssh_keygen(dir.path(), &["-q", "-t", kind, "-N", "", "-C", name, "-f", name], b"").unwrap();
        real.add(&["-q"], &dir.path().join(name));
    }
    ssh_keygen(dir.path(), &["-q", "-t", "rsa", "-b", "2048", "-N", "", "-C", "old", "-f", "old"], b"").unwrap();
    real.add(&["-q"], &dir.path().join("old"));

    let mut agent = Agent::connect(&real.socket).unwrap();
    let held = agent.keys().unwrap();
    let names: Vec<&str> = held.iter().map(|held| held.comment.as_str()).collect();
    assert_eq!(names, ["one", "two", "old"]);
    assert_eq!(held[2].key, Err(KeyRefused::Rsa));
    for (at, held) in held[..2].iter().enumerate() {
        let key = held.key.as_ref().unwrap();
        for namespace in Namespace::ALL {
            let signature = agent.sign(key, namespace, b"bytes to sign").unwrap();
            let ours = SshSignature::parse(signature.as_bytes()).unwrap();
            ours.verify(namespace, b"bytes to sign").unwrap();
            assert_eq!(ours.key(), key);
            if let ("one", KeyFile::Open(file)) = (names[at], KeyFile::read(&dir.path().join(names[at])).unwrap()) {
                let same = file.sign(namespace, b"bytes to sign").unwrap();
                assert_eq!(signature, same, "ed25519 signs the same way wherever the key is");
            }
            let public = ssh_key::PublicKey::from(key.clone()).to_openssh().unwrap();
            let trust = format!("{ALICE} {OPTIONS} {public}\n")
                .replace("approval@taskclass,", "audit@taskclass,approval@taskclass,");
            verify(dir.path(), &trust, ALICE, namespace, b"bytes to sign", signature.as_bytes()).unwrap();
        }
    }
}

#[test]
fn an_agent_that_is_empty_locked_or_gone_says_so() {
    let dir = tempfile::tempdir().unwrap();
    let socket = {
        let real = Real::start(dir.path());
        let mut agent = Agent::connect(&real.socket).unwrap();
        assert!(agent.keys().unwrap().is_empty());
        let refused = agent.sign(key(ALICE).public_key(), Namespace::Approval, b"bytes").unwrap_err();
        assert!(matches!(refused, AgentError::Refused), "{refused}");
        real.socket.clone()
    };
    let refused = Agent::connect(&socket).unwrap_err().to_string();
    assert!(refused.contains("no ssh-agent answers at"), "{refused}");
}
