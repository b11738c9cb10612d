//! The fold over the journal, which goes on where it ended.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::span::Span;
use super::tally::Tally;
use super::tracer::Tracer;
use crate::audit::Head;
use crate::event::{Event, SCHEMA};
use crate::ledger::Ledger;
use crate::store::{Journal, StoreError};

/// When the program last did what nobody writes down.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pulse {
    /// The last tick.
    pub ticked: Option<Timestamp>,
    /// The last time that GitHub answered.
    pub read: Option<Timestamp>,
}

/// What was counted, timed, and is still open, up to some event. It can be kept between two processes; without it everything is
/// counted anew, and comes to the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chronicle {
    /// The format; another version's is folded anew.
    format: String,
    journal: String,
    head: Head,
    first: Option<Timestamp>,
    pub(super) tracer: Tracer,
    pub(super) tally: Tally,
    /// What nobody writes down.
    pub pulse: Pulse,
}

/// The journal's format and this fold's.
fn format() -> String {
    format!("{SCHEMA}+telemetry/v1")
}

impl Chronicle {
    /// The fold over everything that is in a journal so far. What ended before is history: its spans are not handed out.
    ///
    /// # Errors
    /// [`StoreError`] if the journal cannot be read.
    pub fn begin(journal: &dyn Journal) -> Result<Self, StoreError> {
        let mut chronicle = Self {
            format: format(),
            journal: journal.id().to_owned(),
            head: Head::empty(),
            first: None,
            tracer: Tracer::default(),
            tally: Tally::default(),
            pulse: Pulse::default(),
        };
        chronicle.follow(journal)?;
        Ok(chronicle)
    }

    /// One that was kept, if it is of this journal and of nothing that the journal does not say.
    ///
    /// # Errors
    /// [`StoreError`] if the journal cannot be read.
    pub fn go_on(kept: &[u8], journal: &dyn Journal) -> Result<Option<Self>, StoreError> {
        let Some(kept) = serde_json::from_slice::<Self>(kept).ok() else { return Ok(None) };
        if kept.format != format() || kept.journal != journal.id() {
            return Ok(None);
        }
        let Some(before) = kept.head.count.checked_sub(1) else { return Ok(Some(kept)) };
        let mut follows = false;
        journal.lines(before, &mut |line| {
            follows = serde_json::from_str::<Event>(line).is_ok_and(|event| event.hash == kept.head.hash);
            false
        })?;
        Ok(follows.then_some(kept))
    }

    /// To be kept.
    pub fn to_bytes(&self) -> Vec<u8> {
        // It holds nothing that has no JSON form.
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// Takes in what has happened since, and hands out the spans that ended.
    ///
    /// # Errors
    /// [`StoreError`] if the journal cannot be read; what was taken in before stays.
    pub fn follow(&mut self, journal: &dyn Journal) -> Result<Vec<Span>, StoreError> {
        let mut spans = Vec::new();
        journal.lines(self.head.count, &mut |line| {
            spans.extend(self.take(line));
            true
        })?;
        Ok(spans)
    }

    fn take(&mut self, line: &str) -> Vec<Span> {
        self.head.count += 1;
        // An event of a kind that only a newer version knows counts for nothing.
        let Ok(event) = serde_json::from_str::<Event>(line) else { return Vec::new() };
        self.first = self.first.or(Some(event.observed));
        let spans = self.tracer.take(&event);
        self.tally.take(&event, &spans);
        self.head.hash = event.hash;
        spans
    }

    /// Forgets tasks for which nothing more can happen.
    pub fn forget(&mut self, ledger: &Ledger) {
        self.tracer.retain(&|key| ledger.active.contains(key));
    }

    /// The journal's id.
    pub fn journal(&self) -> &str {
        &self.journal
    }

    /// How many events were taken in.
    pub fn events(&self) -> u64 {
        self.head.count
    }

    /// When the journal began; counters count from there.
    pub fn since(&self) -> Option<Timestamp> {
        self.first
    }
}
