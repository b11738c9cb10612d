//! Words from the tightest to the widest, and the levels of lint rules.

use taskclass_source::{Node, Path};

use super::fields::Fields;
use super::{Judge, Pair, by_order};
use crate::Effect;

/// One of a few words.
pub(super) struct Words {
    /// From the tightest to the widest, each with what it means.
    pub(super) order: &'static [(&'static str, &'static str)],
    /// The word that counts where none is said.
    pub(super) absent: &'static str,
}

impl Words {
    fn place(&self, node: Option<&Node>) -> Option<usize> {
        let text = match node {
            None => self.absent.to_owned(),
            Some(node) => {
                node.as_bool().map_or_else(|| node.as_str().unwrap_or_default().to_owned(), |flag| flag.to_string())
            }
        };
        self.order.iter().position(|(word, _)| *word == text)
    }

    fn meaning(&self, place: Option<usize>) -> &'static str {
        place.and_then(|place| self.order.get(place)).map_or("another word counts", |(_, meaning)| *meaning)
    }
}

impl<'a> Judge<'a> {
    pub(super) fn ranked(&mut self, words: &Words, path: &Path, pair: Pair<'a>) {
        let (before, after) = (words.place(pair.0), words.place(pair.1));
        let effect = match (before, after) {
            (Some(before), Some(after)) => by_order(before.cmp(&after)),
            _ => Effect::MayWiden,
        };
        let (is, was) = (words.meaning(after), words.meaning(before));
        let what = if effect == Effect::Neutral { format!("{is}, as before") } else { format!("{is}; before, {was}") };
        self.put(path, effect, what, pair);
    }
}

/// A rule's own level is not known here: it lies between the two ends.
pub(super) fn levels<'a>(judge: &mut Judge<'a>, path: &Path, pair: Pair<'a>, _: Fields) {
    const LEVELS: Words = Words {
        order: &[
            ("error", "the rule's findings fail the run"),
            ("warning", "the rule's findings are reported and fail nothing"),
            ("allow", "the rule's findings are not reported"),
        ],
        absent: "",
    };
    for key in pair.keys() {
        let (path, pair) = (path.key(key), pair.get(key));
        let level = |node: Option<&Node>| node.and_then(Node::as_str).unwrap_or_default().to_owned();
        match pair {
            _ if pair.is_same() => {}
            Pair(Some(_), Some(_)) => judge.ranked(&LEVELS, &path, pair),
            Pair(was, is) => {
                let tightens = level(is) == "error" || level(was) == "allow";
                let effect = if tightens { Effect::Narrows } else { Effect::MayWiden };
                let own = "the rule's own level counts";
                let (is, was) = (LEVELS.place(is), LEVELS.place(was));
                let say = |place: Option<usize>| if place.is_some() { LEVELS.meaning(place) } else { own };
                judge.put(&path, effect, format!("{}; before, {}", say(is), say(was)), pair);
            }
        }
    }
}
