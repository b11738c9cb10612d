//! Keys from fixed seeds, a trust file, a registry in a temporary git repository.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use jiff::Timestamp;
use ssh_key::rand_core::{CryptoRng, RngCore};
use taskclass_approval::{
    decide::{Case, RecordFile, Rules, Trusted},
    keyfile::SigningKey,
    subject::Subject,
    write::{self, Draft},
};
use taskclass_spec::{
    Digest, Duration, Principal, RepoName,
    signers::AllowedSigners,
    written::{DocumentKind, Revoked, Risk},
};

pub(crate) const ALICE: &str = "alice@acme.com";
pub(crate) const BOB: &str = "bob@acme.com";
pub(crate) const CAROL: &str = "carol@acme.com";
pub(crate) const OPTIONS: &str = "namespaces=\"approval@taskclass,revocation@taskclass\"";
pub(crate) const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";

/// A person's key; the same person always has the same one.
pub(crate) fn key(person: &str) -> SigningKey {
    SigningKey::ed25519_from_seed(Digest::of(person.as_bytes()).hex().as_bytes()[..32].try_into().unwrap(), person)
}

/// A line of a trust file.
pub(crate) fn line(person: &str, options: &str) -> String {
    format!("{person} {options} {}\n", key(person).public_openssh())
}

pub(crate) fn signers(text: &str) -> AllowedSigners {
    AllowedSigners::parse(text.as_bytes()).unwrap_or_else(|error| panic!("{error}"))
}

pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub(crate) fn days(days: u64) -> Duration {
    Duration::from_seconds(days * 86_400)
}

/// A case that is approved as it stands; tests change one thing at a time.
#[derive(Clone)]
pub(crate) struct World {
    pub(crate) registry: RepoName,
    pub(crate) subject: Subject,
    pub(crate) rules: Rules,
    pub(crate) approvals: Vec<RecordFile>,
    pub(crate) revocations: Vec<RecordFile>,
    pub(crate) trust: String,
    pub(crate) authors: Vec<String>,
    pub(crate) now: Timestamp,
}

impl World {
    /// Alice has approved what Dave wrote; one approval is needed.
    pub(crate) fn approved() -> Self {
        let mut world = Self {
            registry: "acme/agent-tasks".parse().unwrap(),
            subject: Subject {
                kind: DocumentKind::TaskClass,
                name: "dependency-bump".to_owned(),
                version: Some(3),
                digest: Digest::of(b"content"),
                risk: Risk::Low,
            },
            rules: Rules { quorum: 1, max_age: days(180), warn_before: days(42) },
            approvals: Vec::new(),
            revocations: Vec::new(),
            trust: [ALICE, BOB, CAROL].map(|person| line(person, OPTIONS)).concat(),
            authors: vec!["dave@acme.com".to_owned()],
            now: at("2026-12-01T00:00:00Z"),
        };
        world.approve(ALICE);
        world
    }

    pub(crate) fn draft(&self, person: &str) -> Draft {
        self.draft_at(person, at("2026-11-21T10:00:00Z"), days(180))
    }

    pub(crate) fn draft_at(&self, person: &str, approved_at: Timestamp, lasts: Duration) -> Draft {
        let principal: Principal = person.parse().unwrap();
        write::approval(&write::Approval {
            registry: &self.registry,
            subject: &self.subject,
            principal: &principal,
            reviewed_commit: &COMMIT.parse().unwrap(),
            approved_at,
            lasts,
            note: "looked at it",
        })
        .unwrap()
    }

    pub(crate) fn approve(&mut self, person: &str) {
        let draft = self.draft(person);
        self.approvals.push(signed(&draft, &key(person)));
    }

    pub(crate) fn revocation(&self, person: &str, revokes: Revoked) -> Draft {
        let principal: Principal = person.parse().unwrap();
        write::revocation(&write::Revocation {
            registry: &self.registry,
            kind: self.subject.kind,
            name: &self.subject.name,
            revokes,
            principal: &principal,
            revoked_at: at("2026-11-25T00:00:00Z"),
            reason: "it opens too many pull requests",
        })
        .unwrap()
    }

    pub(crate) fn revoke(&mut self, person: &str, revokes: Revoked) {
        let draft = self.revocation(person, revokes);
        self.revocations.push(signed(&draft, &key(person)));
    }

    pub(crate) fn decide(&self) -> taskclass_approval::Decision {
        let trusted = Trusted::new(signers(&self.trust), self.revocations.clone());
        taskclass_approval::decide::decide(&Case {
            registry: &self.registry,
            subject: &self.subject,
            rules: self.rules,
            approvals: &self.approvals,
            trusted: &trusted,
            authors: &self.authors,
            now: self.now,
        })
    }
}

/// The record file of a draft with a signature by `key`.
pub(crate) fn signed(draft: &Draft, key: &SigningKey) -> RecordFile {
    let signature = draft.sign(key).unwrap().into_bytes();
    RecordFile { path: draft.path.clone(), record: Ok(Some(draft.bytes.clone())), signature: Ok(Some(signature)) }
}

/// Numbers that look random and are the same each time. For test keys only.
pub(crate) struct Counter(pub(crate) u64);

impl RngCore for Counter {
    fn next_u32(&mut self) -> u32 {
        u32::try_from(self.next_u64() >> 32).unwrap()
    }

    fn next_u64(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(1);
        u64::from_str_radix(&Digest::of(&self.0.to_be_bytes()).hex()[..16], 16).unwrap()
    }

    fn fill_bytes(&mut self, dest: &mut [u8]) {
        for chunk in dest.chunks_mut(8) {
            chunk.copy_from_slice(&self.next_u64().to_be_bytes()[..chunk.len()]);
        }
    }

    fn try_fill_bytes(&mut self, dest: &mut [u8]) -> Result<(), ssh_key::rand_core::Error> {
        self.fill_bytes(dest);
        Ok(())
    }
}

impl CryptoRng for Counter {}

/// A git repository in a temporary folder, untouched by the settings of whoever runs the tests.
pub(crate) struct Repo {
    pub(crate) dir: tempfile::TempDir,
    clock: std::cell::Cell<u32>,
}

impl Repo {
    pub(crate) fn new() -> Self {
        let repo = Self { dir: tempfile::tempdir().unwrap(), clock: std::cell::Cell::new(0) };
        repo.git(&["init", "-q", "-b", "main"]);
        repo
    }

    pub(crate) fn path(&self) -> &Path {
        self.dir.path()
    }

    pub(crate) fn file(&self, path: &str) -> PathBuf {
        self.path().join(path)
    }

    /// Runs git and gives its output; fails loudly.
    pub(crate) fn git(&self, arguments: &[&str]) -> String {
        self.git_as("Dave <dave@acme.com>", arguments)
    }

    fn git_as(&self, author: &str, arguments: &[&str]) -> String {
        let (name, email) = author.trim_end_matches('>').split_once(" <").unwrap();
        // One second a call, so that histories do not hang on the clock.
        self.clock.set(self.clock.get() + 1);
        let date = format!("{} +0000", 1_790_000_000 + self.clock.get());
        let mut command = Command::new("git");
        for (variable, _) in std::env::vars_os() {
            if variable.to_str().is_some_and(|variable| variable.starts_with("GIT_")) {
                command.env_remove(variable);
            }
        }
        let output = command
            .current_dir(self.path())
            .envs([("GIT_CONFIG_GLOBAL", "/dev/null"), ("GIT_CONFIG_NOSYSTEM", "1")])
            .envs([("GIT_AUTHOR_NAME", name), ("GIT_AUTHOR_EMAIL", email), ("GIT_AUTHOR_DATE", &date)])
            .envs([("GIT_COMMITTER_NAME", "C"), ("GIT_COMMITTER_EMAIL", "c@acme.com"), ("GIT_COMMITTER_DATE", &date)])
            .args(["-c", "protocol.file.allow=always"])
            .args(arguments)
            .output()
            .expect("these tests need git");
        assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim_end().to_owned()
    }

    pub(crate) fn write(&self, path: &str, content: impl AsRef<[u8]>) {
        let path = self.file(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }

    /// Commits everything as `email`; gives the commit's id.
    pub(crate) fn commit(&self, email: &str) -> String {
        self.git(&["add", "-A"]);
        self.git_as(&format!("Somebody <{email}>"), &["commit", "-q", "--allow-empty", "-m", "change"]);
        self.git(&["rev-parse", "HEAD"])
    }
}
