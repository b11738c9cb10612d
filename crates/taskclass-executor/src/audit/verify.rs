//! Finding any change, cut, reordering or insertion in the log.

use serde_json::Value;

use super::chain::{Head, hash_of};
use crate::event::{Event, SCHEMA};

/// What is wrong with a log.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Breach {
    /// The line is no event.
    #[error("this line is not an audit event: {0}")]
    NotAnEvent(String),
    /// The line says the same in other bytes.
    #[error("this line is not in canonical form, so it is not what was written")]
    NotCanonical,
    /// The event's place is not the next one.
    #[error(
        "event {expected} was expected here, and this is event {found}: events were removed, inserted or reordered"
    )]
    Place {
        /// The place that the line has.
        expected: u64,
        /// The place that it says.
        found: u64,
    },
    /// The content does not fit the hash.
    #[error("its content does not fit its hash: it was edited")]
    Content,
    /// The event does not follow the one before.
    #[error("it does not follow the event before: one of the two was replaced")]
    Link,
    /// The log ends too early, or in another event than it should.
    #[error(
        "the log ends with event {found}, and event {expected} is the last that was written: the rest was cut off or replaced"
    )]
    Tail {
        /// The last event that was written.
        expected: u64,
        /// The last event that is there.
        found: u64,
    },
}

/// A broken log, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the audit log is broken at line {line}: {breach}")]
pub struct Broken {
    /// The line, from 1; one past the last for a cut.
    pub line: u64,
    /// What is wrong there.
    pub breach: Breach,
}

/// A log that holds.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Summary {
    /// Where it stands.
    pub head: Head,
    /// The first event's moment.
    pub first: Option<jiff::Timestamp>,
    /// The last event's moment.
    pub last: Option<jiff::Timestamp>,
    /// Whether the end was compared with what was expected. If not, a cut end would not show.
    pub end_checked: bool,
}

/// Verifies line after line.
#[derive(Debug, Clone)]
pub struct Verifier {
    head: Head,
    first: Option<jiff::Timestamp>,
    last: Option<jiff::Timestamp>,
}

impl Default for Verifier {
    fn default() -> Self {
        Self { head: Head::empty(), first: None, last: None }
    }
}

impl Verifier {
    /// Takes the next line.
    ///
    /// # Errors
    /// [`Broken`] at this line.
    pub fn line(&mut self, line: &str) -> Result<Event, Broken> {
        let at = self.head.count + 1;
        let broken = |breach| Broken { line: at, breach };
        let not_an_event = |error: serde_json::Error| broken(Breach::NotAnEvent(error.to_string()));
        let mut value: Value = serde_json::from_str(line).map_err(not_an_event)?;
        let canonical = serde_json_canonicalizer::to_string(&value).map_err(not_an_event)?;
        let event: Event = serde_json::from_value(value.clone()).map_err(not_an_event)?;
        if event.schema != SCHEMA {
            return Err(broken(Breach::NotAnEvent(format!("its schema is not `{SCHEMA}`"))));
        }
        if event.seq != at {
            return Err(broken(Breach::Place { expected: at, found: event.seq }));
        }
        if canonical != line {
            return Err(broken(Breach::NotCanonical));
        }
        if let Value::Object(fields) = &mut value {
            fields.shift_remove("hash");
        }
        let hash = hash_of(&value).map_err(|error| broken(Breach::NotAnEvent(error.to_string())))?;
        if hash != event.hash {
            return Err(broken(Breach::Content));
        }
        if event.previous != self.head.hash {
            return Err(broken(Breach::Link));
        }
        self.head = Head { count: at, hash };
        self.first = self.first.or(Some(event.observed));
        self.last = Some(event.observed);
        Ok(event)
    }

    /// Ends the log, and compares its end with the head that it should have, if one is known.
    ///
    /// # Errors
    /// [`Broken`] one past the last line.
    pub fn finish(self, expected: Option<&Head>) -> Result<Summary, Broken> {
        if let Some(expected) = expected.filter(|expected| **expected != self.head) {
            let breach = Breach::Tail { expected: expected.count, found: self.head.count };
            return Err(Broken { line: self.head.count + 1, breach });
        }
        Ok(Summary { head: self.head, first: self.first, last: self.last, end_checked: expected.is_some() })
    }
}

/// Verifies a whole log, one event a line. Empty lines are not lines of a log.
///
/// # Errors
/// [`Broken`] says where and what.
pub fn verify<'a>(lines: impl IntoIterator<Item = &'a str>, expected: Option<&Head>) -> Result<Summary, Broken> {
    let mut verifier = Verifier::default();
    for line in lines {
        verifier.line(line)?;
    }
    verifier.finish(expected)
}
