//! Finding any change, cut, reordering or insertion in the log, line by line: nothing of a line is kept once it was looked at.

use jiff::Timestamp;
use serde_json::Value;
use taskclass_source::text::visible_json;

use super::breach::{Breach, Broken};
use super::chain::{Head, hash_of, is_whole};
use crate::event::{Event, Replayed, SCHEMA, Unread};

/// A line that holds.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The event's place.
    pub seq: u64,
    /// When it was written down.
    pub observed: Timestamp,
    /// Its hash.
    pub hash: String,
    /// The event; absent for one of a kind that only a newer version knows.
    pub event: Option<Event>,
}

/// A log that holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// How many events were looked at.
    pub events: u64,
    /// The first event's place.
    pub first_seq: Option<u64>,
    /// Where it stands.
    pub head: Head,
    /// The first event's moment.
    pub first: Option<Timestamp>,
    /// The last event's moment.
    pub last: Option<Timestamp>,
    /// How many events are missing between the first and the last. Only a part of a log may have any.
    pub missing: u64,
    /// Whether the end was compared with what was expected. If not, a cut end would not show.
    pub end_checked: bool,
}

/// Verifies line after line.
#[derive(Debug, Clone, Default)]
pub struct Verifier {
    head: Head,
    lines: u64,
    partial: bool,
    first_seq: Option<u64>,
    first: Option<Timestamp>,
    last: Option<Timestamp>,
    missing: u64,
}

/// What is known of a line before all of it is.
#[derive(Default)]
struct About {
    seq: Option<u64>,
    at: Option<Timestamp>,
}

impl About {
    fn of(value: &Value) -> Self {
        let at = value.get("observed").and_then(Value::as_str).and_then(|text| text.parse().ok());
        Self { seq: value.get("seq").and_then(Value::as_u64), at }
    }
}

impl Verifier {
    /// Of a part of a log, such as one run's events: it may begin anywhere, and events may be missing in between. Each event is held to
    /// its own hash, all to their order, and neighbours to each other.
    pub fn of_a_part() -> Self {
        Self { partial: true, ..Self::default() }
    }

    /// How many lines were taken.
    pub fn lines(&self) -> u64 {
        self.lines
    }

    /// Takes the next line: as it was written, or as the program prints it, with what hides in it escaped.
    ///
    /// # Errors
    /// [`Broken`] at this line.
    pub fn line(&mut self, line: &str) -> Result<Entry, Broken> {
        self.lines += 1;
        let mut about = About::default();
        let entry = self.check(line, &mut about).map_err(|breach| Broken {
            line: self.lines,
            seq: about.seq,
            at: about.at,
            breach,
        })?;
        if self.first_seq.is_some() || !self.partial {
            self.missing += entry.seq - self.head.count - 1;
        }
        self.head = Head { count: entry.seq, hash: entry.hash.clone() };
        self.first_seq = self.first_seq.or(Some(entry.seq));
        self.first = self.first.or(Some(entry.observed));
        self.last = Some(entry.observed);
        Ok(entry)
    }

    fn check(&self, line: &str, about: &mut About) -> Result<Entry, Breach> {
        let no_event = |error: serde_json::Error| Breach::NotAnEvent {
            reason: if error.is_eof() { "it ends in the middle".to_owned() } else { error.to_string() },
        };
        let mut value: Value = serde_json::from_str(line).map_err(no_event)?;
        *about = About::of(&value);
        let canonical = serde_json_canonicalizer::to_string(&value).map_err(no_event)?;
        let read: Replayed<'_> = serde_json::from_str(&canonical).map_err(no_event)?;
        if value.get("schema").and_then(Value::as_str) != Some(SCHEMA) {
            return Err(Breach::NotAnEvent { reason: format!("its schema is not `{SCHEMA}`") });
        }
        if canonical != line && visible_json(&canonical) != line {
            return Err(Breach::NotCanonical);
        }
        if !is_whole(&canonical, &read.hash) {
            if let Value::Object(fields) = &mut value {
                fields.shift_remove("hash");
            }
            let expected = hash_of(&value).map_err(|error| Breach::NotAnEvent { reason: error.to_string() })?;
            return Err(Breach::Changed { expected, found: read.hash.into_owned() });
        }
        self.place(read.seq)?;
        let follows = self.head.count + 1 == read.seq && (!self.partial || self.first_seq.is_some() || read.seq == 1);
        if follows && read.previous != self.head.hash {
            return Err(Breach::Link { expected: self.head.hash.clone(), found: read.previous.into_owned() });
        }
        let event = match serde_json::from_str(&canonical) {
            Ok(event) => Some(event),
            Err(_) if matches!(read.body(), Err(Unread::Foreign)) => None,
            Err(error) => return Err(no_event(error)),
        };
        Ok(Entry { seq: read.seq, observed: read.observed, hash: read.hash.into_owned(), event })
    }

    fn place(&self, found: u64) -> Result<(), Breach> {
        let expected = self.head.count + 1;
        if found < expected {
            return Err(Breach::Repeated { expected, found });
        }
        if found > expected && !self.partial {
            return Err(Breach::Gap { expected, found, later: None });
        }
        Ok(())
    }

    /// Ends the log, and compares its end with the head that it should have, if one is known.
    ///
    /// # Errors
    /// [`Broken`] one past the last line.
    pub fn finish(self, expected: Option<&Head>) -> Result<Summary, Broken> {
        if let Some(expected) = expected.filter(|expected| **expected != self.head) {
            let breach = Breach::Tail { expected: expected.count, found: self.head.count };
            return Err(Broken { line: self.lines + 1, seq: None, at: None, breach });
        }
        Ok(Summary {
            events: self.lines,
            first_seq: self.first_seq,
            head: self.head,
            first: self.first,
            last: self.last,
            missing: self.missing,
            end_checked: expected.is_some(),
        })
    }
}

/// Verifies the chain of a whole log, one event a line. Empty lines are not lines of a log.
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
