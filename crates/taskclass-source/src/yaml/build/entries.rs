//! The entries of a mapping while it is built.

use std::collections::HashMap;

use crate::Str;
use crate::yaml::node::{Entry, Key, Map, Node};

/// From so many entries on a mapping looks its keys up instead of comparing each with each.
const INDEXED_FROM: usize = 24;

/// A list or mapping that is not closed yet, as far as it is read.
pub(super) enum Content {
    Seq(Vec<Node>),
    Map(Entries),
}

/// What a mapping expects next.
#[derive(Default)]
pub(super) enum Pending {
    #[default]
    Key,
    Value(Key),
    /// The key is there already, at this position.
    Again(Key, usize),
    /// The key was refused; its value is read and dropped.
    Dropped,
}

#[derive(Default)]
pub(super) struct Entries {
    entries: Vec<Entry>,
    /// Position of every key, once there are many.
    index: Option<HashMap<Str, usize>>,
    pub(super) pending: Pending,
}

impl Entries {
    pub(super) fn get(&self, position: usize) -> Option<&Entry> {
        self.entries.get(position)
    }

    pub(super) fn first(&self) -> Option<&Entry> {
        self.entries.first()
    }

    pub(super) fn last(&self) -> Option<&Entry> {
        self.entries.last()
    }

    pub(super) fn into_map(self) -> Map {
        Map::new(self.entries)
    }

    pub(super) fn position(&mut self, key: &Str) -> Option<usize> {
        if self.entries.len() < INDEXED_FROM {
            return self.entries.iter().position(|entry| entry.key.text == *key);
        }
        let entries = &self.entries;
        let index = self.index.get_or_insert_with(|| {
            entries.iter().enumerate().map(|(position, entry)| (entry.key.text.clone(), position)).collect()
        });
        index.get(key).copied()
    }

    pub(super) fn push(&mut self, entry: Entry) {
        if let Some(index) = &mut self.index {
            index.insert(entry.key.text.clone(), self.entries.len());
        }
        self.entries.push(entry);
    }
}
