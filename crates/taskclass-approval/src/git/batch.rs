//! One `git cat-file --batch` that answers for the whole life of a repository's value.

use std::{
    io::{BufRead, BufReader, Read, Write},
    ops::ControlFlow,
    path::Path,
    process::{Child, ChildStdin, ChildStdout, Stdio},
};

use super::{GitError, Object, ObjectId, command, object};

/// The most that is read of one object. A registry's files are far smaller; a tree of 10,000 names is 400 KB.
const MAX_BYTES: u64 = 8 * 1024 * 1024;
/// How many objects are asked for ahead. Their lines (65 bytes at most) fit into the smallest pipe that a system gives
/// (4,096 bytes), so that we never wait to write while git waits for us to read.
const AHEAD: usize = 60;
/// What is read of git's answers at once.
const BUFFER: usize = 64 * 1024;
/// An answer's first line: an id, a type, a size.
const MAX_HEADER: u64 = 200;

/// The running process.
#[derive(Debug)]
pub(super) struct Batch {
    child: Child,
    /// `None` only while it is dropped.
    stdin: Option<ChildStdin>,
    stdout: BufReader<ChildStdout>,
    /// The last answer's first line.
    header: String,
}

/// An object's bytes and type as git gives them.
pub(super) struct Raw {
    kind: String,
    bytes: Vec<u8>,
}

impl Raw {
    /// The object in them.
    pub(super) fn decode(self, id: &ObjectId) -> Result<Object, GitError> {
        let broken = |reason| GitError::Broken { id: id.clone(), reason };
        match self.kind.as_str() {
            "commit" => object::commit(&self.bytes).map(Object::Commit).map_err(broken),
            "tree" => object::tree(&self.bytes, id.as_str().len() / 2).map(Object::Tree).map_err(broken),
            "blob" => Ok(Object::Blob(self.bytes)),
            _ => Ok(Object::Other),
        }
    }
}

fn broke_off(why: impl std::fmt::Display) -> GitError {
    GitError::BrokeOff(why.to_string())
}

impl Batch {
    /// Starts it.
    pub(super) fn start(git_dir: &Path) -> Result<Self, GitError> {
        let mut child = command::reading(git_dir)
            .args(["cat-file", "--batch"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(GitError::NotStarted)?;
        let (Some(stdin), Some(stdout)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(broke_off("no pipe to it"));
        };
        Ok(Self { child, stdin: Some(stdin), stdout: BufReader::with_capacity(BUFFER, stdout), header: String::new() })
    }

    /// Asks for objects and shows each to `see` as it comes, until it has seen enough. They are asked for ahead of being
    /// read, so that neither side waits for the other. The process comes back only if it is still in step.
    pub(super) fn ask(
        mut self,
        ids: &[ObjectId],
        see: &mut dyn FnMut(&ObjectId, Option<Raw>) -> ControlFlow<()>,
    ) -> Result<Self, GitError> {
        let (mut asked, mut enough) = (0, false);
        for (answered, id) in ids.iter().enumerate() {
            // What was asked for is answered, wanted or not.
            if enough && answered == asked {
                break;
            }
            if !enough && (asked - answered) * 2 <= AHEAD && asked < ids.len() {
                let until = ids.len().min(answered + AHEAD);
                self.write(&ids[asked..until])?;
                asked = until;
            }
            let answer = self.answer(id)?;
            enough = enough || see(id, answer).is_break();
        }
        Ok(self)
    }

    fn write(&mut self, ids: &[ObjectId]) -> Result<(), GitError> {
        let mut lines = String::with_capacity(ids.len() * (ObjectId::LONGEST + 1));
        for id in ids {
            lines.push_str(id.as_str());
            lines.push('\n');
        }
        let stdin = self.stdin.as_mut().ok_or_else(|| broke_off("it is closed"))?;
        stdin.write_all(lines.as_bytes()).and_then(|()| stdin.flush()).map_err(broke_off)
    }

    fn answer(&mut self, id: &ObjectId) -> Result<Option<Raw>, GitError> {
        self.header.clear();
        self.stdout.by_ref().take(MAX_HEADER).read_line(&mut self.header).map_err(broke_off)?;
        let mut words = self.header.trim_end().split(' ');
        if words.next() != Some(id.as_str()) {
            return Err(broke_off("it answered something else"));
        }
        let (kind, size) = match (words.next(), words.next()) {
            (Some("missing"), None) => return Ok(None),
            (Some(kind), Some(size)) => (kind.to_owned(), size.parse::<u64>().map_err(broke_off)?),
            _ => return Err(broke_off("it answered something else")),
        };
        if size > MAX_BYTES {
            return Err(GitError::TooLarge { id: id.clone(), size, limit: MAX_BYTES });
        }
        let mut bytes = Vec::with_capacity(usize::try_from(size + 1).unwrap_or_default());
        self.stdout.by_ref().take(size + 1).read_to_end(&mut bytes).map_err(broke_off)?;
        if bytes.pop() != Some(b'\n') || bytes.len() as u64 != size {
            return Err(broke_off("an object was cut short"));
        }
        Ok(Some(Raw { kind, bytes }))
    }
}

impl Drop for Batch {
    fn drop(&mut self) {
        // Its input's end is its end; a process that still has something to say must not be waited for.
        drop(self.stdin.take());
        let _ended = self.child.kill();
        let _reaped = self.child.wait();
    }
}
