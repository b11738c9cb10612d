//! The entries of a mapping while it is read.

use std::collections::HashMap;

use super::{Reader, Trail};
use crate::Str;
use crate::yaml::node::{Entry, Key, Map, Node, Style};
use crate::yaml::report;

/// From so many entries on a mapping looks its keys up instead of comparing each with each.
const INDEXED_FROM: usize = 24;

#[derive(Default)]
pub(super) struct Entries {
    entries: Vec<Entry>,
    /// Position of every key, once there are many.
    index: Option<HashMap<Str, usize>>,
}

impl Entries {
    pub(super) fn first_key(&self) -> Option<&Key> {
        self.entries.first().map(|entry| &entry.key)
    }

    /// Where the last value ends.
    pub(super) fn end(&self) -> Option<usize> {
        self.entries.last().map(|entry| entry.value.span.end.max(entry.key.span.end) as usize)
    }

    pub(super) fn into_map(self) -> Map {
        Map::new(self.entries)
    }

    fn position(&mut self, key: &Str) -> Option<usize> {
        if self.entries.len() < INDEXED_FROM {
            return self.entries.iter().position(|entry| entry.key.text == *key);
        }
        let entries = &self.entries;
        let index = self.index.get_or_insert_with(|| {
            entries.iter().enumerate().map(|(position, entry)| (entry.key.text.clone(), position)).collect()
        });
        index.get(key).copied()
    }

    fn push(&mut self, entry: Entry) {
        if let Some(index) = &mut self.index {
            index.insert(entry.key.text.clone(), self.entries.len());
        }
        self.entries.push(entry);
    }
}

impl Reader<'_> {
    /// Whether the key may stand in a mapping; reports if not.
    pub(super) fn accept_key(&mut self, key: &Key) -> bool {
        match report::key(self.source, &key.text, key.style, key.span) {
            None => true,
            Some(problem) => {
                self.report(problem);
                false
            }
        }
    }

    /// Adds an entry, or reports that its key is there already.
    pub(super) fn add(&mut self, entries: &mut Entries, key: Key, value: Node, style: Style, trail: &Trail<'_>) {
        let entry = Entry { key, value };
        match entries.position(&entry.key.text).and_then(|position| entries.entries.get(position)) {
            None => entries.push(entry),
            Some(first) => {
                let problem = report::duplicate(self.source, first, &entry, style == Style::Block, trail.path());
                self.report(problem);
            }
        }
    }
}
