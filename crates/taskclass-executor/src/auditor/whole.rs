//! A log held to all that can be known of it.

use std::collections::BTreeMap;

use taskclass_spec::Digest;

use crate::audit::{Breach, Broken, Checkpoint, Entry, Head, Summary, Verifier};
use crate::event::{Body, Event};
use crate::ledger;
use crate::lifecycle::{Moment, Task};
use crate::store::{Journal, StoreError};
use crate::vocab::Key;

/// What was noted of a log elsewhere, earlier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Noted {
    /// A hash that some event must have.
    Hash(String),
    /// A checkpoint.
    Checkpoint(Box<Checkpoint>),
}

/// The bytes that events refer to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Kept {
    /// How many are there, and are what they were.
    pub whole: u64,
    /// How many were cleared away. That breaks nothing: events hold only their SHA-256.
    pub cleared: u64,
}

/// Takes a log line by line. What it keeps grows with the number of tasks, not with the length of the log.
#[derive(Debug)]
pub struct Auditor {
    verifier: Verifier,
    /// Tasks as the log leaves them; absent for a part of a log, and behind an event that only a newer version knows.
    tasks: Option<BTreeMap<Key, Task>>,
    /// What events refer to, and the first event that does.
    referred: BTreeMap<Digest, (u64, u64, jiff::Timestamp)>,
    noted: Vec<(Noted, bool)>,
    /// When payloads were cleared away, and up to which moment.
    pruned: Vec<(u64, jiff::Timestamp)>,
    journal: Option<String>,
    foreign: Option<u64>,
}

impl Auditor {
    /// Of a whole log, held to what was noted of it.
    pub fn new(noted: Vec<Noted>) -> Self {
        Self::with(Verifier::default(), Some(BTreeMap::new()), noted)
    }

    /// Of a part of a log: see [`Verifier::of_a_part`].
    pub fn of_a_part(noted: Vec<Noted>) -> Self {
        Self::with(Verifier::of_a_part(), None, noted)
    }

    fn with(verifier: Verifier, tasks: Option<BTreeMap<Key, Task>>, noted: Vec<Noted>) -> Self {
        let noted = noted.into_iter().map(|noted| (noted, false)).collect();
        Self { verifier, tasks, referred: BTreeMap::new(), noted, pruned: Vec::new(), journal: None, foreign: None }
    }

    /// The journal's own id, if the log says it.
    pub fn journal(&self) -> Option<&str> {
        self.journal.as_deref()
    }

    /// How many lines were taken.
    pub fn lines(&self) -> u64 {
        self.verifier.lines()
    }

    /// The first event of a kind that only a newer version knows. Behind it the chain is checked, and nothing else.
    pub fn foreign(&self) -> Option<u64> {
        self.foreign
    }

    /// Takes the next line.
    ///
    /// # Errors
    /// [`Broken`] at this line.
    pub fn line(&mut self, line: &str) -> Result<Entry, Broken> {
        let entry = self.verifier.line(line)?;
        let at = self.verifier.lines();
        let broken = |breach| Broken { line: at, seq: Some(entry.seq), at: Some(entry.observed), breach };
        self.hold(&entry).map_err(broken)?;
        match &entry.event {
            Some(event) => {
                self.replay(event).map_err(|what| broken(Breach::Illegal { what }))?;
                for digest in referred(event) {
                    self.referred.entry(digest).or_insert((at, entry.seq, entry.observed));
                }
                match &event.body {
                    Body::Begun { journal } => {
                        self.journal = Some(journal.clone());
                        self.is_of(journal).map_err(broken)?;
                    }
                    Body::Pruned { before, .. } => self.pruned.push((entry.seq, *before)),
                    _ => {}
                }
            }
            None => {
                self.foreign = self.foreign.or(Some(entry.seq));
                self.tasks = None;
            }
        }
        Ok(entry)
    }

    /// Whether what was noted is of this journal.
    fn is_of(&self, journal: &str) -> Result<(), Breach> {
        for (noted, _) in &self.noted {
            if let Noted::Checkpoint(checkpoint) = noted
                && checkpoint.journal != journal
            {
                return Err(Breach::OtherJournal { expected: checkpoint.journal.clone(), found: journal.to_owned() });
            }
        }
        Ok(())
    }

    fn hold(&mut self, entry: &Entry) -> Result<(), Breach> {
        for (noted, met) in &mut self.noted {
            match noted {
                Noted::Hash(hash) => *met |= *hash == entry.hash,
                Noted::Checkpoint(checkpoint) if checkpoint.seq != entry.seq => {}
                Noted::Checkpoint(checkpoint) if checkpoint.hash == entry.hash => *met = true,
                Noted::Checkpoint(checkpoint) => {
                    let (expected, found) = (checkpoint.hash.clone(), entry.hash.clone());
                    return Err(Breach::Rewritten { seq: entry.seq, expected, found });
                }
            }
        }
        Ok(())
    }

    fn replay(&mut self, event: &Event) -> Result<(), String> {
        let (Some(tasks), Some(key)) = (&mut self.tasks, &event.key) else { return Ok(()) };
        let before = tasks.remove(key);
        let from = before.as_ref().map(|task| task.state.clone());
        let moment = Moment { occurred: event.occurred, observed: event.observed };
        let after = ledger::step(before, event.run.as_ref(), key, moment, &event.body)
            .map_err(|illegal| format!("task {}: {illegal}", key.short()))?;
        let to = Some(after.state.clone());
        let said = |state: &Option<_>| state.as_ref().map_or_else(|| "nothing".to_owned(), ToString::to_string);
        if event.from != from {
            return Err(format!("it says that the task was {}, and it was {}", said(&event.from), said(&from)));
        }
        if event.to != to {
            return Err(format!("it says that it left the task {}, and it leaves it {}", said(&event.to), said(&to)));
        }
        tasks.insert(key.clone(), after);
        Ok(())
    }

    /// Compares the bytes that events refer to with their SHA-256. Such as are not there must have been cleared away by an event that says
    /// so: of tasks of which nothing had been heard since before the moment that it names.
    ///
    /// # Errors
    /// [`StoreError`] if the journal cannot be read; within, [`Broken`] at the first event that refers to other bytes, or to none.
    pub fn payloads(&self, journal: &dyn Journal) -> Result<Result<Kept, Broken>, StoreError> {
        let mut kept = Kept::default();
        for (sha256, (line, seq, at)) in &self.referred {
            let was_cleared = || self.pruned.iter().any(|(by, before)| by > seq && before > at);
            let breach = match journal.payload(sha256) {
                Ok(Some(_)) => {
                    kept.whole += 1;
                    continue;
                }
                Ok(None) if was_cleared() || self.foreign.is_some() => {
                    kept.cleared += 1;
                    continue;
                }
                Ok(None) => Breach::PayloadGone { sha256: *sha256 },
                Err(StoreError::Corrupt { .. }) => Breach::Payload { sha256: *sha256 },
                Err(error) => return Err(error),
            };
            return Ok(Err(Broken { line: *line, seq: Some(*seq), at: Some(*at), breach }));
        }
        Ok(Ok(kept))
    }

    /// Ends the log. `expected` is the head that it should have, if one is known.
    ///
    /// # Errors
    /// [`Broken`] one past the last line.
    pub fn finish(self, expected: Option<&Head>) -> Result<Summary, Broken> {
        let line = self.verifier.lines() + 1;
        let summary = self.verifier.finish(expected)?;
        for (noted, met) in self.noted {
            let found = summary.head.count;
            let breach = match noted {
                _ if met => continue,
                Noted::Hash(hash) => Breach::NoSuchHead { hash },
                Noted::Checkpoint(checkpoint) => Breach::CutBeforeCheckpoint { seq: checkpoint.seq, found },
            };
            return Err(Broken { line, seq: None, at: None, breach });
        }
        Ok(summary)
    }
}

/// The SHA-256 of everything that is kept beside the journal for this event.
fn referred(event: &Event) -> Vec<Digest> {
    let body = match &event.body {
        Body::Sending { request_sha256, .. } => Some(*request_sha256),
        Body::EvidenceRead(read) => Some(read.sha256),
        _ => None,
    };
    event.subject.inputs_sha256.into_iter().chain(body).collect()
}
