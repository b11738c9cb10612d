//! Changes that no task could notice, a line each: they are not to be read as closely as the others.

use serde_json::Value;
use taskclass_source::path::Segment;

use super::{
    values::{Shown, shown},
    words,
};
use crate::{Change, Document, Effect, prompts::Differences};

/// Fields that speak for themselves. Of others it has to be said why they change nothing.
const PLAIN: [&str; 5] = ["version", "title", "description", "examples", "warn_before"];

/// The neutral changes of a document: where each stands, and in short what it is.
pub(super) fn lines(document: &Document, differences: &Differences) -> Vec<(String, Told)> {
    let neutral = document.changes.iter().filter(|change| change.effect == Effect::Neutral);
    neutral.map(|change| (words::path(document.kind, change), told(change, differences))).collect()
}

/// What it is.
pub(super) enum Told {
    /// From what to what.
    Values(String),
    /// In words.
    Words(String),
}

impl Told {
    /// As text, whichever it is.
    pub(super) fn text(&self) -> &str {
        match self {
            Self::Values(text) | Self::Words(text) => text,
        }
    }
}

fn told(change: &Change, differences: &Differences) -> Told {
    match (&change.before, &change.after) {
        (Some(before), Some(after)) if is_plain(change) => {
            Told::Values(moved(&before.value, &after.value, differences))
        }
        _ => Told::Words(change.what.clone()),
    }
}

/// Whether its values say all that is to be said.
fn is_plain(change: &Change) -> bool {
    matches!(change.path.segments().last(), Some(Segment::Key(key)) if PLAIN.contains(&&**key))
}

/// From what to what.
fn moved(before: &Value, after: &Value, differences: &Differences) -> String {
    match shown(Some(before), Some(after), differences) {
        Shown::Lines(before, after) => words::moved(before, after).unwrap_or_default(),
        Shown::Entries { before, after, gone, new } if before == after => {
            let others = gone.len().max(new.len());
            format!("{}, {others} of them changed", words::number(after, "entry", "entries"))
        }
        Shown::Entries { before, after, .. } => format!("{before} → {}", words::number(after, "entry", "entries")),
        Shown::Text { before, after, .. } => {
            format!("another text, {} lines", words::moved(before, after).unwrap_or_default())
        }
        Shown::Elsewhere => String::new(),
    }
}
