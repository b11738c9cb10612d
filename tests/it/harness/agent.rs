//! A real `ssh-agent` of one test alone.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use super::program::clean;

/// It is killed when it is dropped.
pub(crate) struct Agent {
    child: Child,
    socket: PathBuf,
    home: PathBuf,
}

impl Agent {
    pub(crate) fn start(folder: &Path, home: &Path) -> Self {
        let socket = folder.join("agent");
        let mut command = Command::new("ssh-agent");
        clean(&mut command, home);
        command.args(["-D", "-a"]).arg(&socket).stdout(Stdio::piped());
        let mut child = command.spawn().expect("these tests need ssh-agent (package openssh-client)");
        // It tells of its socket once it listens.
        let mut said = String::new();
        let stdout = child.stdout.take().expect("stdout is piped");
        BufReader::new(stdout).read_line(&mut said).expect("an agent tells where it listens");
        assert!(said.contains("SSH_AUTH_SOCK"), "{said}");
        Self { child, socket, home: home.to_owned() }
    }

    pub(crate) fn socket(&self) -> &Path {
        &self.socket
    }

    /// Gives it a private key.
    pub(crate) fn holds(&self, key: &Path) {
        self.add(&["-q"], key);
    }

    /// Takes it away again.
    pub(crate) fn loses(&self, key: &Path) {
        self.add(&["-q", "-d"], key);
    }

    fn add(&self, arguments: &[&str], key: &Path) {
        let mut command = Command::new("ssh-add");
        clean(&mut command, &self.home);
        let added = command.args(arguments).arg(key).env("SSH_AUTH_SOCK", &self.socket).status();
        assert!(added.expect("there is ssh-add").success(), "ssh-add {arguments:?} {}", key.display());
    }
}

impl Drop for Agent {
    fn drop(&mut self) {
        // Either fails only where it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
