//! Somebody who does what a page of the manual says: every command in order, in one folder, held to the output that the page shows.
//!
//! In a `console` block a line after `$ ` is a command; it must end with 0, or with what `# exit N` behind it says. The lines
//! below it stand in its output, each somewhere. One that ends with ` &` goes on in the background, and shows its lines first.
//! A `yaml` block whose first line is `# PATH` is written to that file.

use std::{
    fs,
    net::TcpListener,
    path::{Path, PathBuf},
    process::Command,
};

use super::{Running, binary, clean, until};

/// The port that the pages name, which another program may have here.
const PORT: &str = ":8700";

pub(crate) struct Reader {
    /// Where the reader's shell stands.
    folder: PathBuf,
    /// Where the shell says to stand next.
    left: PathBuf,
    path: String,
    home: PathBuf,
    /// What the reader has here in the place of [`PORT`].
    port: String,
    background: Vec<Running>,
}

impl Reader {
    /// A reader in an empty folder below `folder`.
    pub(crate) fn new(folder: &Path) -> Self {
        let program = binary();
        let path = format!("{}:{}", program.parent().unwrap().display(), std::env::var("PATH").unwrap());
        let start = folder.join("work");
        fs::create_dir(&start).unwrap();
        let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        Self {
            folder: start,
            left: folder.join("left"),
            path,
            home: folder.join("home"),
            port: format!(":{}", free.port()),
            background: Vec::new(),
        }
    }

    fn shell(&self, script: &str) -> Command {
        let mut shell = Command::new("sh");
        shell.args(["-c", script]).current_dir(&self.folder);
        clean(&mut shell, &self.home);
        shell.env("PATH", &self.path).env("LEFT", &self.left);
        for (name, value) in [("NAME", "Dana"), ("EMAIL", "dana@acme.com")] {
            shell.env(format!("GIT_AUTHOR_{name}"), value).env(format!("GIT_COMMITTER_{name}"), value);
        }
        shell.env("NO_COLOR", "1").env("COLUMNS", "100");
        shell
    }

    fn starts(&mut self, command: &str, expected: &[&str]) {
        let running = Running::start(self.shell(&format!("exec {command}")));
        until(command, || expected.iter().all(|line| running.stdout().contains(line.trim())).then_some(()));
        self.background.push(running);
    }

    fn runs(&mut self, line: &str, expected: &[&str]) {
        if let Some(command) = line.strip_suffix(" &") {
            return self.starts(command, expected);
        }
        let (command, code) =
            line.split_once("# exit ").map_or((line, 0), |(c, code)| (c, code.trim().parse().unwrap()));
        let script = format!("{command}\ncode=$?; pwd > \"$LEFT\"; exit $code");
        let ended = self.shell(&script).output().unwrap();
        let said = format!("{}{}", String::from_utf8_lossy(&ended.stdout), String::from_utf8_lossy(&ended.stderr));
        assert_eq!(ended.status.code(), Some(code), "$ {command}\n{said}");
        for line in expected {
            let found = said.to_lowercase().contains(&line.trim().to_lowercase());
            assert!(found, "$ {command}\ndoes not say `{line}`, but\n{said}");
        }
        self.folder = PathBuf::from(fs::read_to_string(&self.left).unwrap().trim());
    }

    /// Follows a page of the manual from its first command to its last.
    pub(crate) fn follows(&mut self, page: &str) {
        let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/src").join(page);
        let page = fs::read_to_string(page).unwrap().replace(PORT, &self.port);
        for block in page.split("\n```").skip(1).step_by(2) {
            let (language, text) = block.split_once('\n').unwrap();
            match (language, text.lines().next().and_then(|first| first.strip_prefix("# "))) {
                ("console", _) => self.console(text),
                ("yaml", Some(path)) => fs::write(self.folder.join(path), format!("{text}\n")).unwrap(),
                // A piece of a file, to look at.
                ("yaml", None) => {}
                (other, _) => panic!("nobody knows what to do with a block of `{other}`"),
            }
        }
    }

    fn console(&mut self, text: &str) {
        let mut lines = text.lines().peekable();
        while let Some(line) = lines.next() {
            let command = line.strip_prefix("$ ").expect("a block begins with a command");
            let mut expected = Vec::new();
            while let Some(output) = lines.next_if(|line| !line.starts_with("$ ")) {
                expected.push(output);
            }
            self.runs(command, &expected);
        }
    }
}
