//! A log held to all that can be known of it.

use std::collections::BTreeMap;

use taskclass_spec::Digest;

use crate::audit::{Breach, Broken, Checkpoint, Entry, Head, Summary, Verifier};
use crate::event::{Body, Event};
use crate::ledger;
use crate::lifecycle::{Moment, Task};
use crate::retention::{Holdings, payload};
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

/// An event that refers to bytes: the last that had them stored.
#[derive(Debug)]
struct Reference {
    line: u64,
    seq: u64,
    at: jiff::Timestamp,
    /// An event behind it says that they were cleared away.
    cleared: bool,
}

/// Takes a log line by line. What it keeps grows with the number of tasks, not with the length of the log.
#[derive(Debug)]
pub struct Auditor {
    verifier: Verifier,
    /// Tasks as the log leaves them; absent for a part of a log, and behind an event that only a newer version knows.
    tasks: Option<BTreeMap<Key, Task>>,
    /// What events refer to.
    referred: BTreeMap<Digest, Reference>,
    /// For whom it is kept: what may be cleared away is told by the same rule by which it is.
    holdings: Holdings,
    noted: Vec<(Noted, bool)>,
    /// Only a part of a log is looked at.
    partial: bool,
    /// The last event's place.
    last: u64,
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
        let (referred, holdings, partial) = (BTreeMap::new(), Holdings::default(), tasks.is_none());
        Self { verifier, tasks, referred, holdings, noted, partial, last: 0, journal: None, foreign: None }
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
        self.last = entry.seq;
        self.hold(&entry).map_err(broken)?;
        match &entry.event {
            Some(event) => {
                self.refer(event, at);
                self.replay(event).map_err(|what| broken(Breach::Illegal { what }))?;
                match &event.body {
                    Body::Begun { journal } => {
                        self.journal = Some(journal.clone());
                        self.is_of(journal).map_err(broken)?;
                    }
                    Body::Pruned { before, count, .. } => self.clear(*before, *count).map_err(broken)?,
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

    /// Takes in what an event has stored. Evidence that is read again and is the same is not stored again.
    fn refer(&mut self, event: &Event, line: u64) {
        self.holdings.take(event);
        let Some(sha256) = payload(&event.body) else { return };
        let before = event.key.as_ref().and_then(|key| self.tasks.as_ref()?.get(key)?.evidence.as_ref());
        let same = matches!(event.body, Body::EvidenceRead(_)) && before.is_some_and(|read| read.sha256 == sha256);
        if !same {
            let (seq, at) = (event.seq, event.observed);
            self.referred.insert(sha256, Reference { line, seq, at, cleared: false });
        }
    }

    /// Takes in that what belongs to tasks that were over, and of which nothing had been heard since `before`, was cleared away. What was
    /// not there any more by then was taken away by somebody else: it is missing in the count.
    fn clear(&mut self, before: jiff::Timestamp, count: u64) -> Result<(), Breach> {
        // Of a part, and behind an event that only a newer version knows, nobody can tell which tasks were over.
        let over = |key: &Key| self.tasks.as_ref().is_none_or(|tasks| tasks.get(key).is_some_and(Task::is_done));
        let mut due = 0;
        for sha256 in self.holdings.old(before, &over) {
            if let Some(reference) = self.referred.get_mut(&sha256).filter(|reference| !reference.cleared) {
                reference.cleared = true;
                due += 1;
            }
        }
        if self.tasks.is_some() && due != count {
            return Err(Breach::OtherwiseCleared { expected: due, found: count });
        }
        Ok(())
    }

    /// Compares the bytes that events refer to with their SHA-256. Such as are not there must have been cleared away by an event that says
    /// so, and not have been stored again since.
    ///
    /// # Errors
    /// [`StoreError`] if the journal cannot be read; within, [`Broken`] at the first event that refers to other bytes, or to none.
    pub fn payloads(&self, journal: &dyn Journal) -> Result<Result<Kept, Broken>, StoreError> {
        let mut kept = Kept::default();
        for (sha256, reference) in &self.referred {
            let breach = match journal.payload(sha256) {
                Ok(Some(_)) => {
                    kept.whole += 1;
                    continue;
                }
                Ok(None) if reference.cleared || self.foreign.is_some() => {
                    kept.cleared += 1;
                    continue;
                }
                Ok(None) => Breach::PayloadGone { sha256: *sha256 },
                Err(StoreError::Corrupt { .. }) => Breach::Payload { sha256: *sha256 },
                Err(error) => return Err(error),
            };
            let Reference { line, seq, at, .. } = *reference;
            return Ok(Err(Broken { line, seq: Some(seq), at: Some(at), breach }));
        }
        Ok(Ok(kept))
    }

    /// What was noted and cannot be compared, since a part of a log need not hold it: a checkpoint of an event before the part or between
    /// its events, and a hash that none of them has. Empty of a whole log, which must hold all that was noted.
    pub fn absent(&self) -> Vec<&Noted> {
        let lies_within = |noted: &Noted| match noted {
            Noted::Hash(_) => true,
            Noted::Checkpoint(checkpoint) => checkpoint.seq <= self.last,
        };
        let unmet = self.noted.iter().filter(|(noted, met)| self.partial && !met && lies_within(noted));
        unmet.map(|(noted, _)| noted).collect()
    }

    /// Ends the log. `expected` is the head that it should have, if one is known.
    ///
    /// # Errors
    /// [`Broken`] one past the last line.
    pub fn finish(self, expected: Option<&Head>) -> Result<Summary, Broken> {
        let line = self.verifier.lines() + 1;
        let absent: Vec<Noted> = self.absent().into_iter().cloned().collect();
        let summary = self.verifier.finish(expected)?;
        for (noted, met) in self.noted {
            let found = summary.head.count;
            let breach = match noted {
                noted if met || absent.contains(&noted) => continue,
                Noted::Hash(hash) => Breach::NoSuchHead { hash },
                Noted::Checkpoint(checkpoint) if self.partial => {
                    Breach::PartEndsBeforeCheckpoint { seq: checkpoint.seq, found }
                }
                Noted::Checkpoint(checkpoint) => Breach::CutBeforeCheckpoint { seq: checkpoint.seq, found },
            };
            return Err(Broken { line, seq: None, at: None, breach });
        }
        Ok(summary)
    }
}
