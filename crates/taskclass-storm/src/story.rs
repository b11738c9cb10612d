//! What happened in a storm, told in order: written only when somebody wants to read it.

use std::cell::RefCell;
use std::fmt::Write as _;

use jiff::Timestamp;

/// The tale of one storm.
#[derive(Debug)]
pub struct Story {
    told: bool,
    start: Timestamp,
    lines: RefCell<String>,
}

impl Story {
    /// An empty one. Nothing is kept of it unless it is to be `told`.
    pub fn new(told: bool, start: Timestamp) -> Self {
        Self { told, start, lines: RefCell::new(String::new()) }
    }

    /// Adds a line: who did what, at this moment.
    pub fn tell(&self, now: Timestamp, who: &str, what: impl FnOnce() -> String) {
        if !self.told {
            return;
        }
        let millis = now.duration_since(self.start).as_millis();
        let (seconds, rest) = (millis.div_euclid(1000), millis.rem_euclid(1000));
        let (days, hours, minutes) = (seconds / 86_400, seconds / 3600 % 24, seconds / 60 % 60);
        let day = if days == 0 { String::new() } else { format!("{days}d ") };
        let time = format!("{day}{hours:02}:{minutes:02}:{:02}.{rest:03}", seconds % 60);
        let _ = writeln!(self.lines.borrow_mut(), "{time:>16}  {who:<9} {}", what());
    }

    /// All of it.
    pub fn text(&self) -> String {
        self.lines.borrow().clone()
    }
}
