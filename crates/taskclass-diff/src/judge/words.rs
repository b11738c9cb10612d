//! Words from the tightest to the widest, and the levels of lint rules.

use taskclass_source::{Node, Path};

use super::{Judge, Pair, by_order, said};
use crate::Effect;

/// One of a few words.
pub(super) struct Words {
    /// What they say.
    pub(super) what: &'static str,
    /// From the tightest to the widest.
    pub(super) order: &'static [&'static str],
    /// The place of the word that counts where none is said.
    pub(super) absent: usize,
}

impl Words {
    fn place(&self, node: Option<&Node>) -> Option<usize> {
        let Some(node) = node else { return Some(self.absent) };
        let text = node.as_bool().map_or_else(|| node.as_str().unwrap_or_default().to_owned(), |flag| flag.to_string());
        self.order.iter().position(|word| **word == text)
    }

    fn told(&self, node: Option<&Node>) -> String {
        match node {
            Some(_) => said(node),
            None => format!("`{}`", self.order.get(self.absent).copied().unwrap_or_default()),
        }
    }
}

impl<'a> Judge<'a> {
    pub(super) fn ranked(&mut self, words: &Words, path: &Path, pair: Pair<'a>) {
        let effect = match (words.place(pair.0), words.place(pair.1)) {
            (Some(before), Some(after)) => by_order(before.cmp(&after)),
            _ => Effect::MayWiden,
        };
        let what = format!("{}: {}, before {}", words.what, words.told(pair.1), words.told(pair.0));
        self.put(path, effect, what, pair);
    }
}

/// A rule's own level is not known here, so a level that came or went is neither more nor less.
pub(super) fn levels<'a>(judge: &mut Judge<'a>, path: &Path, pair: Pair<'a>) {
    const LEVELS: Words = Words { what: "the rule's level", order: &["error", "warning", "allow"], absent: usize::MAX };
    for key in pair.keys() {
        let (path, pair) = (path.key(key), pair.get(key));
        match pair {
            _ if pair.is_same() => {}
            Pair(Some(_), Some(_)) => judge.ranked(&LEVELS, &path, pair),
            _ => {
                judge.put(&path, Effect::MayWiden, "the rule has a level of its own on one side only".to_owned(), pair)
            }
        }
    }
}
