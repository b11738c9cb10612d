//! The guides of the manual, done as they say: every command in order, in one folder, with the output that the page shows.
//!
//! In a `console` block a line after `$ ` is a command; it must end with 0, or with what `# exit N` behind it says. The lines
//! below it stand in its output, each somewhere. A `yaml` block whose first line is `# PATH` is written to that file.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::harness::{binary, clean};

const GUIDES: [&str; 5] = ["writing", "reviewing", "approving", "running", "adopting"];

struct Reader {
    /// Where the reader's shell stands.
    folder: PathBuf,
    /// Where the shell says to stand next.
    left: PathBuf,
    path: String,
    home: PathBuf,
}

impl Reader {
    fn runs(&mut self, line: &str, expected: &[&str]) {
        let (command, code) =
            line.split_once("# exit ").map_or((line, 0), |(c, code)| (c, code.trim().parse().unwrap()));
        let script = format!("{command}\ncode=$?; pwd > \"$LEFT\"; exit $code");
        let mut shell = Command::new("sh");
        shell.args(["-c", &script]).current_dir(&self.folder);
        clean(&mut shell, &self.home);
        shell.env("PATH", &self.path).env("LEFT", &self.left);
        for (name, value) in [("NAME", "Dana"), ("EMAIL", "dana@acme.com")] {
            shell.env(format!("GIT_AUTHOR_{name}"), value).env(format!("GIT_COMMITTER_{name}"), value);
        }
        let ended = shell.env("NO_COLOR", "1").env("COLUMNS", "200").output().unwrap();
        let said = format!("{}{}", String::from_utf8_lossy(&ended.stdout), String::from_utf8_lossy(&ended.stderr));
        assert_eq!(ended.status.code(), Some(code), "$ {command}\n{said}");
        for line in expected {
            let found = said.to_lowercase().contains(&line.trim().to_lowercase());
            assert!(found, "$ {command}\ndoes not say `{line}`, but\n{said}");
        }
        self.folder = PathBuf::from(fs::read_to_string(&self.left).unwrap().trim());
    }

    fn follows(&mut self, page: &str) {
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

#[test]
fn the_guides_can_be_followed_from_the_first_command_to_the_last() {
    let folder = tempfile::tempdir().unwrap();
    let program = binary();
    let path = format!("{}:{}", program.parent().unwrap().display(), std::env::var("PATH").unwrap());
    let start = folder.path().join("work");
    fs::create_dir(&start).unwrap();
    let mut reader = Reader { folder: start, left: folder.path().join("left"), path, home: folder.path().join("home") };
    for guide in GUIDES {
        let page = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../docs/src/guides/{guide}.md"));
        reader.follows(&fs::read_to_string(page).unwrap());
    }
}
