//! A real git registry, made of the files that ship, with keys for two people who approve and one who commits.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::program::{clean, taskclass};
use super::{Ended, Running};

/// The class that is run.
pub(crate) const CLASS: &str = "dependency-bump";
/// Its file.
pub(crate) const CLASS_FILE: &str = "task-classes/dependency-bump.yaml";

/// The registry's folder, and the keys beside it.
#[derive(Debug)]
pub(crate) struct Registry {
    root: PathBuf,
    keys: PathBuf,
    home: PathBuf,
}

impl Registry {
    /// Copies what ships, makes keys, commits.
    pub(crate) fn make(folder: &Path) -> Self {
        let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace");
        let (root, keys, home) = (folder.join("agent-tasks"), folder.join("keys"), folder.join("home"));
        for folder in [&root, &keys, &home] {
            fs::create_dir_all(folder).expect("folders can be made");
        }
        for file in ["policy.yaml", "inventory.txt"] {
            fs::copy(shipped.join(file), root.join(file)).expect("what ships can be copied");
        }
        copy_folder(&shipped.join("task-classes"), &root.join("task-classes"));
        let registry = Self { root, keys, home };
        let trust: String = ["alice", "bob"].map(|person| registry.new_signer(person)).concat();
        registry.write("trust/allowed_signers", &trust);
        registry.git(&["init", "--quiet", "--initial-branch=main"]);
        registry.commit("A policy and classes");
        registry
    }

    /// Makes a key, and gives its line for the trust file.
    pub(crate) fn new_signer(&self, person: &str) -> String {
        let key = self.keys.join(person);
        let mut command = Command::new("ssh-keygen");
        command.args(["-q", "-t", "ed25519", "-N", "", "-C", person, "-f"]).arg(&key);
        self.succeed(command);
        let public = fs::read_to_string(key.with_extension("pub")).expect("a public key");
        let mut words = public.split_whitespace();
        let (kind, value) = (words.next().expect("a kind"), words.next().expect("a key"));
        format!("{person}@acme.com namespaces=\"approval@taskclass,revocation@taskclass\" {kind} {value}\n")
    }

    pub(crate) fn home(&self) -> &Path {
        &self.home
    }

    /// A person's private key file.
    pub(crate) fn key(&self, person: &str) -> PathBuf {
        self.keys.join(person)
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.root.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.root.join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("folders can be made");
        fs::write(&path, text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    }

    /// Replaces a text that must be there exactly once.
    #[track_caller]
    pub(crate) fn replace(&self, path: &str, old: &str, new: &str) {
        let text = self.read(path);
        assert_eq!(text.matches(old).count(), 1, "`{old}` is not once in {path}");
        self.write(path, &text.replacen(old, new, 1));
    }

    /// Commits everything, as somebody who approves nothing.
    pub(crate) fn commit(&self, message: &str) {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "-m", message]);
    }

    /// Runs OpenSSH's own tool in the registry's folder, which must succeed.
    pub(crate) fn ssh_keygen(&self, arguments: &[&str]) -> String {
        let mut command = Command::new("ssh-keygen");
        command.args(arguments).current_dir(&self.root);
        self.succeed(command)
    }

    /// Runs git, which must succeed; gives what it printed.
    pub(crate) fn git(&self, arguments: &[&str]) -> String {
        let mut command = Command::new("git");
        command
            .args(["-c", "user.name=Dana", "-c", "user.email=dana@acme.com", "-c", "commit.gpgsign=false"])
            .args(["-c", "core.hooksPath=/dev/null", "-c", "core.autocrlf=false"])
            .args(arguments)
            .current_dir(&self.root);
        self.succeed(command)
    }

    fn succeed(&self, mut command: Command) -> String {
        clean(&mut command, &self.home);
        Running::start(command).wait().exits(0).stdout
    }

    /// A command of the program in the registry's folder.
    pub(crate) fn taskclass(&self, arguments: &[&str]) -> Ended {
        Running::start(taskclass(&self.root, &self.home, arguments)).wait()
    }

    /// Somebody approves a document as it stands at HEAD; not yet committed.
    pub(crate) fn approve(&self, name: &str, person: &str) -> Ended {
        let key = self.key(person);
        let principal = format!("{person}@acme.com");
        self.taskclass(&["approve", name, "--as", &principal, "--yes", "--key", key.to_str().expect("a path of text")])
    }

    /// Both approve the policy, one the class; committed.
    pub(crate) fn approve_all(&self) {
        for (name, person) in [("policy", "alice"), ("policy", "bob"), (CLASS, "alice")] {
            self.approve(name, person).exits(0);
        }
        self.commit("Approvals");
    }

    /// The trust file's digest, as the program tells it to whoever writes the executor's configuration.
    pub(crate) fn trust_digest(&self) -> String {
        let told = self.taskclass(&["verify", "-v"]).stderr;
        let at =
            told.find("sha256:").unwrap_or_else(|| panic!("`verify -v` does not tell the trust file's digest: {told}"));
        told[at..].chars().take_while(|c| c.is_ascii_alphanumeric() || *c == ':').collect()
    }
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("folders can be made");
    for entry in fs::read_dir(from).expect("a folder") {
        let path = entry.expect("an entry").path();
        let target = to.join(path.file_name().expect("a name"));
        if path.is_dir() {
            copy_folder(&path, &target);
        } else {
            fs::copy(&path, &target).expect("what ships can be copied");
        }
    }
}
