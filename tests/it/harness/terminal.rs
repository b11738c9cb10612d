//! The program at a terminal: a person reads what it asks, and types.

use std::io::{Read, Write};
use std::process::{Child, Command};
use std::sync::{Arc, Mutex, PoisonError};

use pty_process::blocking::Pty;

use super::patience::patiently;

/// A program that a person sits before. It is killed when it is dropped.
pub(crate) struct Terminal {
    shown: String,
    child: Child,
    pty: Arc<Pty>,
    seen: Arc<Mutex<Vec<u8>>>,
    /// How much of what is seen has been read.
    read: usize,
}

impl Terminal {
    pub(crate) fn start(command: Command) -> Self {
        Self::of_width(command, 120)
    }

    /// One with so many columns.
    pub(crate) fn of_width(mut command: Command, columns: u16) -> Self {
        // One that can move its cursor, unless the test says otherwise.
        if !command.get_envs().any(|(name, _)| name == "TERM") {
            command.env("TERM", "xterm-256color");
        }
        let shown = format!("{command:?}");
        let (pty, pts) = pty_process::blocking::open().expect("a terminal");
        pty.resize(pty_process::Size::new(50, columns)).expect("a terminal has a size");
        let child = pty_process::blocking::Command::from(command).spawn(pts);
        let child = child.unwrap_or_else(|error| panic!("{shown} cannot be started: {error}"));
        let (pty, seen) = (Arc::new(pty), Arc::new(Mutex::new(Vec::new())));
        let (from, to) = (Arc::clone(&pty), Arc::clone(&seen));
        // It ends once the program has: nobody holds the other side then.
        std::thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(count @ 1..) = (&*from).read(&mut buffer) {
                to.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(&buffer[..count]);
            }
        });
        Self { shown, child, pty, seen, read: 0 }
    }

    /// All that has been on the screen.
    pub(crate) fn seen(&self) -> String {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&seen).replace("\r\n", "\n")
    }

    /// Waits until the program shows this, after what was waited for before; gives what came until then.
    #[track_caller]
    pub(crate) fn reads(&mut self, text: &str) -> String {
        let found = patiently(|| {
            let seen = self.seen();
            let end = self.read + seen[self.read..].find(text)? + text.len();
            Some((seen[self.read..end].to_owned(), end))
        });
        let Some((part, end)) = found else { panic!("{} does not say `{text}`, but\n{}", self.shown, self.seen()) };
        self.read = end;
        part
    }

    /// Types a line.
    pub(crate) fn types(&self, line: &str) {
        (&*self.pty).write_all(format!("{line}\n").as_bytes()).expect("one can type");
    }

    /// Waits for its end; gives the exit code and all that was on the screen.
    #[track_caller]
    pub(crate) fn ends(&mut self, code: i32) -> String {
        let status = patiently(|| self.child.try_wait().expect("a child can be waited for"));
        let Some(status) = status else { panic!("{} does not end\n{}", self.shown, self.seen()) };
        // The last of it may still be on its way.
        patiently(|| (Arc::strong_count(&self.pty) == 1).then_some(()));
        assert_eq!(status.code(), Some(code), "{}\n{}", self.shown, self.seen());
        self.seen()
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // Either fails only where it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
