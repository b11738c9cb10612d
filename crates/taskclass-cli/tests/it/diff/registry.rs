//! A registry in a git repository whose documents people can sign.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use taskclass_approval::{
    git::Repository,
    keyfile::SigningKey,
    registry::Grounds,
    trust::Pin,
    write::{self, Draft},
};
use taskclass_spec::{Digest, Duration};
use tempfile::TempDir;

pub(super) const ALICE: &str = "alice@acme.com";
pub(super) const BOB: &str = "bob@acme.com";
pub(super) const MALLORY: &str = "mallory@evil.example";
pub(super) const NAME: &str = "docs-link-repair";
pub(super) const CLASS: &str = "task-classes/docs-link-repair.yaml";
pub(super) const PROMPT: &str = "task-classes/prompts/docs-link-repair.md";
pub(super) const TRUST: &str = "trust/allowed_signers";

/// What the program said.
#[derive(Debug)]
pub(super) struct Said {
    pub(super) code: i32,
    pub(super) out: String,
    pub(super) err: String,
}

impl Said {
    pub(super) fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// Names and effects of the documents.
    pub(super) fn effects(&self) -> Vec<(String, String)> {
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let documents = self.json()["documents"].as_array().unwrap().clone();
        documents.iter().map(|document| (text(&document["name"]), text(&document["effect"]))).collect()
    }

    #[track_caller]
    pub(super) fn fails(&self, words: &[&str]) {
        assert_eq!((self.code, self.out.as_str()), (2, ""), "{self:?}");
        for word in words {
            assert!(self.err.contains(word), "no `{word}` in {self:?}");
        }
    }
}

/// Runs the program in `folder`.
pub(super) fn taskclass(folder: &Path, arguments: &[&str]) -> Said {
    let output = Command::new(env!("CARGO_BIN_EXE_taskclass"))
        .args(arguments)
        .current_dir(folder)
        .env_remove("RUST_BACKTRACE")
        .env_remove("COLUMNS")
        .output()
        .unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Said { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
}

pub(super) fn git(folder: &Path, arguments: &[&str]) -> String {
    let mut command = Command::new("git");
    for (variable, _) in std::env::vars_os() {
        if variable.to_str().is_some_and(|variable| variable.starts_with("GIT_")) {
            command.env_remove(variable);
        }
    }
    let output = command
        .current_dir(folder)
        .envs([("GIT_CONFIG_GLOBAL", "/dev/null"), ("GIT_CONFIG_NOSYSTEM", "1")])
        .args(["-c", "user.name=Dave", "-c", "user.email=dave@acme.com", "-c", "protocol.file.allow=always"])
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim_end().to_owned()
}

fn key(person: &str) -> SigningKey {
    SigningKey::ed25519_from_seed(Digest::of(person.as_bytes()).hex().as_bytes()[..32].try_into().unwrap(), person)
}

/// A line of the trust file.
pub(super) fn line(person: &str) -> String {
    format!("{person} namespaces=\"approval@taskclass,revocation@taskclass\" {}\n", key(person).public_openssh())
}

/// A registry that Dave has committed and nobody has signed; Alice and Bob may.
pub(super) struct Registry {
    pub(super) folder: TempDir,
    pub(super) root: PathBuf,
}

impl Registry {
    pub(super) fn new() -> Self {
        Self::below("")
    }

    /// In a folder of its repository.
    pub(super) fn below(folder: &str) -> Self {
        let made = Self::without_history(folder);
        git(made.folder.path(), &["init", "--quiet", "--initial-branch=main"]);
        made.commit();
        made
    }

    pub(super) fn without_history(below: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join(below);
        let said = taskclass(folder.path(), &["init", if below.is_empty() { "." } else { below }]);
        assert_eq!(said.code, 0, "{said:?}");
        let made = Self { folder, root };
        made.write(TRUST, [ALICE, BOB].map(line).concat());
        made
    }

    pub(super) fn diff(&self, arguments: &[&str]) -> Said {
        taskclass(&self.root, &[&["diff"], arguments].concat())
    }

    pub(super) fn git(&self, arguments: &[&str]) -> String {
        git(&self.root, arguments)
    }

    /// Commits everything; gives the commit's id.
    pub(super) fn commit(&self) -> String {
        git(self.folder.path(), &["add", "--all"]);
        self.git(&["commit", "--quiet", "--allow-empty", "--message", "change"]);
        self.git(&["rev-parse", "HEAD"])
    }

    pub(super) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.root.join(path)).unwrap()
    }

    pub(super) fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let path = self.root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Replaces a text in a file.
    #[track_caller]
    pub(super) fn edit(&self, path: &str, from: &str, to: &str) {
        let text = self.read(path);
        assert!(text.contains(from), "no `{from}` in {path}");
        self.write(path, text.replacen(from, to, 1));
    }

    /// Files a person's approval of a document as it is at `HEAD`, and commits it.
    pub(super) fn approve(&self, name: &str, person: &str) -> String {
        let draft = self.draft(name, person);
        self.write(&draft.path, &draft.bytes);
        self.write(&draft.signature_path(), draft.sign(&key(person)).unwrap());
        self.commit()
    }

    fn draft(&self, name: &str, person: &str) -> Draft {
        let repository = Repository::open(&self.root).unwrap();
        let commit = repository.resolve_revision("HEAD").unwrap();
        let now = Timestamp::now();
        let grounds = Grounds::open(&repository, commit.clone(), Pin::Unpinned, now).unwrap();
        let subject = match name {
            "policy" => grounds.filed_policy().unwrap().subject,
            name => grounds.filed_class(&grounds.class(&name.parse().unwrap()).unwrap()).unwrap().subject,
        };
        write::approval(&write::Approval {
            registry: &"acme/agent-tasks".parse().unwrap(),
            subject: &subject,
            principal: &person.parse().unwrap(),
            reviewed_commit: &commit,
            approved_at: now - SignedDuration::from_mins(5),
            lasts: Duration::from_seconds(30 * 86_400),
            note: "",
        })
        .unwrap()
    }
}
