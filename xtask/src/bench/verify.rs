//! Verifying a registry of 1,000 classes with two approvals each, beside as many bare signature checks.

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
};

use jiff::Timestamp;
use taskclass_approval::{
    Opening,
    decide::Decision,
    git::Repository,
    keyfile::SigningKey,
    sshsig::SshSignature,
    trust::Pin,
    write::{Approval, approval},
};
use taskclass_source::crowd;
use taskclass_spec::{Digest, Duration, Principal, signers::Namespace};

use super::{
    corpus::Corpus,
    run::{grouped, ratio, shown, turns},
    table::Table,
    threads,
};

const CLASSES: usize = 1_000;
const SIGNERS: [&str; 2] = ["alice@acme.com", "bob@acme.com"];
/// The registry came to be in so many commits of classes, and as many of approvals.
const COMMITS: usize = 50;

/// A signed registry.
struct Signed {
    corpus: Corpus,
    now: Timestamp,
    pin: Pin,
    checks: Vec<(SshSignature, Vec<u8>)>,
}

fn text(error: impl std::fmt::Display) -> String {
    error.to_string()
}

fn git(folder: &Path, arguments: &[&str]) -> Result<(), String> {
    let mut command = Command::new("git");
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("GIT_")) {
        command.env_remove(name);
    }
    let person = ["-c", "user.name=Dave", "-c", "user.email=dave@acme.com", "-c", "gc.auto=0"];
    command.args(person).arg("-C").arg(folder).args(arguments).stdin(Stdio::null()).stdout(Stdio::null());
    let status = command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1").status();
    match status.map_err(text)? {
        status if status.success() => Ok(()),
        status => Err(format!("git {arguments:?} ended with {status}")),
    }
}

fn key(person: &str) -> SigningKey {
    SigningKey::ed25519_from_seed(Digest::of(person.as_bytes()).bytes(), person)
}

fn put(folder: &Path, path: &str, content: impl AsRef<[u8]>) -> Result<(), String> {
    let path = folder.join(path);
    fs::create_dir_all(path.parent().unwrap_or(folder)).map_err(text)?;
    fs::write(path, content).map_err(text)
}

impl Signed {
    fn make() -> Result<Self, String> {
        let corpus = Corpus::clean(CLASSES)?;
        let folder = corpus.root();
        let options = "namespaces=\"approval@taskclass,revocation@taskclass\"";
        let trust: String =
            SIGNERS.iter().map(|person| format!("{person} {options} {}\n", key(person).public_openssh())).collect();
        put(folder, "trust/allowed_signers", &trust)?;
        let commit = || git(folder, &["commit", "-q", "-m", "change"]);
        git(folder, &["init", "-q", "-b", "main"])?;
        git(folder, &["add", "policy.yaml", "trust", "task-classes/prompts"])?;
        commit()?;
        for classes in corpus.classes.chunks(CLASSES / COMMITS) {
            let paths: Vec<_> = classes.iter().map(|path| path.to_string_lossy()).collect();
            git(folder, &[&["add"], &*paths.iter().map(AsRef::as_ref).collect::<Vec<&str>>()].concat())?;
            commit()?;
        }
        let now: Timestamp = "2026-11-21T10:00:00Z".parse().map_err(text)?;
        let pin = Pin::Sha256(Digest::of(trust.as_bytes()));
        let mut signed = Self { corpus, now, pin, checks: Vec::new() };
        signed.sign()?;
        // As a clone has it: in one pack.
        git(signed.corpus.root(), &["gc", "-q"])?;
        Ok(signed)
    }

    fn sign(&mut self) -> Result<(), String> {
        let folder = self.corpus.root().to_owned();
        let repository = Repository::open(&folder).map_err(text)?;
        let registry = self.open(&repository)?;
        let mut subjects = Vec::new();
        for state in registry.overview(threads()).map_err(text)? {
            subjects.push(state.state.map_err(text)?.subject().clone());
        }
        for some in subjects.chunks(subjects.len().div_ceil(COMMITS)) {
            for (subject, person) in some.iter().flat_map(|subject| SIGNERS.map(|person| (subject, person))) {
                let principal: Principal = person.parse().map_err(text)?;
                let draft = approval(&Approval {
                    registry: &registry.policy().registry,
                    subject,
                    principal: &principal,
                    reviewed_commit: registry.commit(),
                    approved_at: self.now,
                    lasts: Duration::from_seconds(90 * 86_400),
                    note: "",
                })
                .map_err(text)?;
                let signature = draft.sign(&key(person)).map_err(text)?;
                put(&folder, &draft.path, &draft.bytes)?;
                put(&folder, &draft.signature_path(), &signature)?;
                self.checks.push((SshSignature::parse(signature.as_bytes()).map_err(text)?, draft.bytes));
            }
            git(&folder, &["add", "approvals"])?;
            git(&folder, &["commit", "-q", "-m", "approvals"])?;
        }
        self.checks.truncate(CLASSES * SIGNERS.len());
        Ok(())
    }

    fn open<'a>(&self, repository: &'a Repository) -> Result<taskclass_approval::ApprovedRegistry<'a>, String> {
        let commit = repository.resolve(&"refs/heads/main".parse().map_err(text)?).map_err(text)?;
        Opening { repository, commit, pin: self.pin, last_accepted: None, now: self.now }.open().map_err(text)
    }

    /// What `verify` does, from the opening of the repository on.
    fn verify(&self) -> Result<(), String> {
        let repository = Repository::open(self.corpus.root()).map_err(text)?;
        let states = self.open(&repository)?.overview(threads()).map_err(text)?;
        let approved = |state: &&taskclass_approval::registry::DocumentState| {
            state.state.as_ref().is_ok_and(|decision| matches!(decision, Decision::Approved(s) if s.by.len() == 2))
        };
        match states.iter().filter(approved).count() {
            count if count == CLASSES + 1 => Ok(()),
            count => Err(format!("{count} documents are approved of {}", CLASSES + 1)),
        }
    }

    /// The mathematics alone, of signatures that were read already.
    fn bare(&self) -> Result<(), String> {
        let shares = crowd::share(threads(), self.checks.len(), |at, failed: &mut usize| {
            let (signature, bytes) = &self.checks[at];
            *failed += usize::from(signature.verify(Namespace::Approval, bytes).is_err());
        });
        if shares.iter().sum::<usize>() == 0 { Ok(()) } else { Err("a signature does not hold".to_owned()) }
    }
}

/// The one row.
pub(super) fn run(_: &Path, _: usize) -> Result<Table, String> {
    let signed = Signed::make()?;
    signed.verify()?;
    let [bare, ours] = turns([&mut || signed.bare(), &mut || signed.verify()])?;
    let mut table = Table::new(
        "Verifying 1,000 classes with two approvals each",
        &["classes", "signatures", "bare checks", "verify", "ratio", "goal"],
    );
    let goal = "near 1".to_owned();
    let signatures = grouped(signed.checks.len());
    table.row([grouped(CLASSES), signatures, shown(bare), shown(ours), ratio(ours, bare), goal]);
    table.note(
        "A bare check is the mathematics of one Ed25519 signature that has been read already, on as many threads. `verify` also \
         reads every object from git, every class with its prompts, its digest, and who changed it last.",
    );
    Ok(table)
}

/// Keeps the registry, to profile one run.
pub(super) fn keep() -> Result<std::path::PathBuf, String> {
    Ok(Signed::make()?.corpus.folder.keep())
}
