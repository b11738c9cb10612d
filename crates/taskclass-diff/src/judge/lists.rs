//! Lists in which only counts what is in them.

use taskclass_source::{Node, Path};

use super::{Judge, Pair, said};
use crate::Effect;

/// What more entries do.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum More {
    Widens,
    Narrows,
}

impl More {
    /// What an entry does that came.
    pub(super) fn came(self) -> Effect {
        if self == Self::Widens { Effect::Widens } else { Effect::Narrows }
    }

    /// What an entry does that went.
    pub(super) fn went(self) -> Effect {
        if self == Self::Widens { Effect::Narrows } else { Effect::Widens }
    }
}

/// A list of words. In the sentences `{}` stands for the entry.
pub(super) struct Set {
    /// What an entry means that came.
    pub(super) came: &'static str,
    /// What it means that one went.
    pub(super) went: &'static str,
    pub(super) more: More,
    /// What a list left out stands for.
    pub(super) absent: &'static [&'static str],
}

impl<'a> Judge<'a> {
    pub(super) fn set(&mut self, set: &Set, path: &Path, pair: Pair<'a>) {
        let [before, after] = pair.items();
        let is_listed = |node: Option<&Node>, word: &str| match node.and_then(Node::as_seq) {
            Some(items) => items.iter().any(|item| item.as_str() == Some(word)),
            None => set.absent.contains(&word),
        };
        let count = self.changes.len();
        for (index, item) in before.iter().enumerate() {
            if !item.as_str().is_some_and(|word| is_listed(pair.1, word)) {
                let what = set.went.replace("{}", &said(Some(item)));
                self.put(&path.index(index), set.more.went(), what, Pair(Some(item), None));
            }
        }
        for (index, item) in after.iter().enumerate() {
            if !item.as_str().is_some_and(|word| is_listed(pair.0, word)) {
                let what = set.came.replace("{}", &said(Some(item)));
                self.put(&path.index(index), set.more.came(), what, Pair(None, Some(item)));
            }
        }
        // What a list that was left out stood for, and the list does not say.
        for word in set.absent {
            let what = |sentence: &str| sentence.replace("{}", &format!("`{word}`"));
            match (is_listed(pair.0, word), is_listed(pair.1, word)) {
                (true, false) if pair.0.is_none() => self.put(path, set.more.went(), what(set.went), pair),
                (false, true) if pair.1.is_none() => self.put(path, set.more.came(), what(set.came), pair),
                _ => {}
            }
        }
        if self.changes.len() == count {
            self.put(path, Effect::Neutral, "the list says the same, written otherwise".to_owned(), pair);
        }
    }
}
