//! Tasks that are over and looked after, by when that is next due: a month of them costs the loop nothing until then.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use crate::lifecycle::Task;
use crate::vocab::Key;

/// Tasks that are looked after.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Afterwards {
    order: BTreeSet<(Timestamp, Key)>,
    of: BTreeMap<Key, Timestamp>,
}

impl Afterwards {
    /// Takes in where a task stands.
    pub(super) fn set(&mut self, task: &Task) {
        let next = task.afterwards.as_ref().and_then(|afterwards| afterwards.next);
        let known = self.of.get(&task.key).copied();
        if known == next {
            return;
        }
        if let Some(at) = known {
            self.order.remove(&(at, task.key.clone()));
            self.of.remove(&task.key);
        }
        if let Some(at) = next {
            self.order.insert((at, task.key.clone()));
            self.of.insert(task.key.clone(), at);
        }
    }

    /// The one that is due first, and when.
    pub fn first(&self) -> Option<(Timestamp, &Key)> {
        self.order.first().map(|(at, key)| (*at, key))
    }

    /// In the order of their moments.
    pub fn iter(&self) -> impl Iterator<Item = (Timestamp, &Key)> {
        self.order.iter().map(|(at, key)| (*at, key))
    }

    /// All that are due at `now`, first come first.
    pub fn due(&self, now: Timestamp) -> impl Iterator<Item = &Key> {
        self.order.iter().take_while(move |(at, _)| *at <= now).map(|(_, key)| key)
    }

    /// How many are looked after.
    pub fn len(&self) -> usize {
        self.order.len()
    }

    /// Whether none is.
    pub fn is_empty(&self) -> bool {
        self.order.is_empty()
    }
}
