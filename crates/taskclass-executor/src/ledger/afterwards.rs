//! Tasks that are over and looked after, by when that is next due: a month of them costs the loop nothing until then.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use crate::lifecycle::Task;
use crate::vocab::Key;

/// Tasks that are looked after.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LookedAfter {
    order: BTreeSet<(Timestamp, Key)>,
    of: BTreeMap<Key, Timestamp>,
}

impl LookedAfter {
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

    /// In the order of their moments.
    pub fn iter(&self) -> impl Iterator<Item = (Timestamp, &Key)> {
        self.order.iter().map(|(at, key)| (*at, key))
    }

    /// All that are due at `now`, first come first.
    pub fn due(&self, now: Timestamp) -> impl Iterator<Item = &Key> {
        self.order.iter().take_while(move |(at, _)| *at <= now).map(|(_, key)| key)
    }

    /// Whether the task is looked after.
    pub fn contains(&self, key: &Key) -> bool {
        self.of.contains_key(key)
    }
}
