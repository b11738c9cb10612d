//! Where a rendering goes: a bounded text, in which fences stand on lines of their own.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use minijinja::value::Object;

use super::MAX_OUTPUT_CHARS;

/// Stands before a fence. A noncharacter, which neither templates nor inputs can hold.
pub(super) const FENCE_OPEN: char = '\u{fdd0}';
/// Stands behind a fence.
pub(super) const FENCE_CLOSE: char = '\u{fdd1}';

/// The prompt, or a value on the way to it, is longer than [`MAX_OUTPUT_CHARS`].
#[derive(Debug, thiserror::Error)]
#[error("the prompt is longer than {MAX_OUTPUT_CHARS} characters")]
pub(super) struct TooLong;

/// Whether a rendering has reached its bound. The engine forgets the place of an error that comes from a writer, so the
/// writer swallows what is too much and says so here, and whoever writes next raises the error.
#[derive(Debug, Default)]
pub(super) struct Full(AtomicBool);

impl Object for Full {}

impl Full {
    pub(super) fn is_reached(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Collects a rendering. A fence begins a line, ends one, and is indented as the line that it begins on, so that it is a
/// fence wherever the template puts it.
pub(super) struct Writer {
    full: Arc<Full>,
    text: String,
    chars: usize,
    /// The white space that the current line has so far; `None` once it has more.
    line: Option<String>,
    /// The fence's indentation, within one.
    fence: Option<String>,
    /// A fence has just ended, and its line has not.
    after_fence: bool,
}

impl Writer {
    pub(super) fn new(full: Arc<Full>) -> Self {
        let line = Some(String::new());
        Self { full, text: String::new(), chars: 0, line, fence: None, after_fence: false }
    }

    pub(super) fn into_text(self) -> String {
        self.text
    }

    fn push(&mut self, c: char) {
        match c {
            FENCE_OPEN => {
                self.leave_fence_line();
                if self.line.is_none() {
                    self.put('\n');
                }
                self.fence = Some(self.line.clone().unwrap_or_default());
            }
            FENCE_CLOSE => {
                self.fence = None;
                self.after_fence = true;
            }
            '\n' => {
                self.after_fence = false;
                self.put('\n');
            }
            c => {
                self.leave_fence_line();
                if self.line.as_ref().is_some_and(String::is_empty) {
                    for space in self.fence.clone().unwrap_or_default().chars() {
                        self.put(space);
                    }
                }
                self.put(c);
            }
        }
    }

    fn leave_fence_line(&mut self) {
        if std::mem::take(&mut self.after_fence) {
            self.put('\n');
        }
    }

    fn put(&mut self, c: char) {
        if self.chars == MAX_OUTPUT_CHARS {
            self.full.0.store(true, Ordering::Relaxed);
            return;
        }
        self.chars += 1;
        self.text.push(c);
        match (c, &mut self.line) {
            ('\n', _) => self.line = Some(String::new()),
            (' ' | '\t', Some(line)) => line.push(c),
            _ => self.line = None,
        }
    }
}

impl io::Write for Writer {
    /// Takes whole characters only, as the engine gives them.
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let text = std::str::from_utf8(bytes).map_err(io::Error::other)?;
        let mut rest = text;
        while let Some(c) = rest.chars().next().filter(|_| !self.full.is_reached()) {
            // In the middle of a line nothing has to be looked at up to its end, or to what may begin or end a fence.
            let free = self.line.is_none() && !self.after_fence;
            let run = rest.bytes().position(|byte| byte == b'\n' || byte == 0xef).unwrap_or(rest.len());
            let (run, behind) = rest.split_at(if free { run } else { 0 });
            let chars = if run.is_ascii() { run.len() } else { run.chars().count() };
            if run.is_empty() || self.chars + chars > MAX_OUTPUT_CHARS {
                self.push(c);
                rest = rest.get(c.len_utf8()..).unwrap_or_default();
            } else {
                self.text.push_str(run);
                self.chars += chars;
                rest = behind;
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    fn written(text: &str) -> String {
        let text = text.replace('<', &FENCE_OPEN.to_string()).replace('>', &FENCE_CLOSE.to_string());
        let mut writer = Writer::new(Arc::default());
        writer.write_all(text.as_bytes()).unwrap();
        writer.into_text()
    }

    #[test]
    fn a_fence_stands_on_lines_of_its_own() {
        assert_eq!(written("a\n<```\nx\n```>\nb"), "a\n```\nx\n```\nb");
        assert_eq!(written("a: <```\nx\n```>."), "a: \n```\nx\n```\n.");
        assert_eq!(written("<```\nx\n```><```\ny\n```>"), "```\nx\n```\n```\ny\n```");
        assert_eq!(written("- a\n  <```\nx\n\n  y\n```>\n  b"), "- a\n  ```\n  x\n\n    y\n  ```\n  b");
    }

    #[test]
    fn it_ends_at_its_bound() {
        let full = Arc::new(Full::default());
        let mut writer = Writer::new(Arc::clone(&full));
        writer.write_all("é".repeat(MAX_OUTPUT_CHARS).as_bytes()).unwrap();
        assert!(!full.is_reached());
        writer.write_all(b"x").unwrap();
        assert!(full.is_reached());
        assert_eq!(writer.into_text().chars().count(), MAX_OUTPUT_CHARS);
    }
}
