//! Lists of patterns, alone or beside a list that takes out of them or that they take out of.
//!
//! Each entry that came or went is held to all the others at once, so that a list is judged by what it lets in and not by how
//! it is written.

use std::str::FromStr;

use taskclass_source::{Node, Path, text::quoted};
use taskclass_spec::{
    PathPattern, RefPattern, RepoPattern,
    pattern::{Beyond, Covering},
};

use super::lists::More;
use super::{Judge, Pair, said};
use crate::Effect;

/// A list of patterns.
pub(super) struct Patterns {
    pub(super) kind: Kind,
    pub(super) more: More,
    /// The list beside it: what is denied beside what is allowed, and the other way round.
    pub(super) beside: Option<&'static str>,
    /// The sentences, in which `{}` stands for the pattern.
    pub(super) told: Told,
}

/// What an entry means. Behind each of the two comes an example.
pub(super) struct Told {
    pub(super) came: &'static str,
    pub(super) went: &'static str,
}

/// Patterns of what.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    Repository,
    Ref,
    Path,
}

impl<'a> Judge<'a> {
    pub(super) fn patterns(&mut self, patterns: &Patterns, path: &Path, pair: Pair<'a>) {
        match patterns.kind {
            Kind::Repository => self.of_kind::<RepoPattern>(patterns, path, pair),
            Kind::Ref => self.of_kind::<RefPattern>(patterns, path, pair),
            Kind::Path => self.of_kind::<PathPattern>(patterns, path, pair),
        }
    }

    fn of_kind<P: Covering + FromStr>(&mut self, patterns: &Patterns, path: &Path, pair: Pair<'a>) {
        let lists = [pair.0, pair.1].map(read::<P>);
        let beside = patterns.beside.and_then(|key| Some(self.at(&path.parent()?.key(key))));
        let beside = beside.map(|pair| [pair.0, pair.1].map(read::<P>));
        let count = self.changes.len();
        for (side, came) in [(0, false), (1, true)] {
            let (own, other) = (&lists[side], &lists[1 - side]);
            for (index, (item, pattern)) in own.iter().enumerate() {
                if other.iter().any(|(_, one)| one == pattern) {
                    continue;
                }
                let proved = if came { patterns.more.came() } else { patterns.more.went() };
                let (effect, what) = match self.left_over(patterns.more, pattern, side, &lists, beside.as_ref()) {
                    Left::Nothing(why) => (Effect::Neutral, idle(came, item, why)),
                    // An entry more in what is denied, or less in what is allowed, lets nothing in, however much it is.
                    left if proved == Effect::Narrows => (proved, told(patterns, came, item, &left)),
                    left @ Left::Text(_) => (proved, told(patterns, came, item, &left)),
                    Left::Unknown => {
                        let what = "whether this lets in more could not be decided";
                        (Effect::MayWiden, format!("{}; {what}", told(patterns, came, item, &Left::Unknown)))
                    }
                };
                let pair = if came { Pair(None, Some(*item)) } else { Pair(Some(*item), None) };
                self.put(&path.index(index), effect, what, pair);
            }
        }
        if self.changes.len() == count {
            self.put(path, Effect::Neutral, "the list says the same, written otherwise".to_owned(), pair);
        }
    }

    /// What the entry of one side decides that nothing on the other side decides in the same way.
    fn left_over<P: Covering>(
        &mut self,
        more: More,
        pattern: &P,
        side: usize,
        lists: &[Vec<(&Node, P)>; 2],
        beside: Option<&[Vec<(&Node, P)>; 2]>,
    ) -> Left {
        let other: Vec<&P> = lists[1 - side].iter().map(|(_, one)| one).collect();
        match pattern.beyond(&other, None, &mut self.effort) {
            Beyond::Nothing => return Left::Nothing(Why::Others),
            Beyond::Unknown => return Left::Unknown,
            Beyond::Text(text) if beside.is_none() => return Left::Text(text),
            Beyond::Text(_) => {}
        }
        let Some(beside) = beside else { return Left::Unknown };
        let found = match more {
            // What is allowed counts only as far as it is not denied on its own side.
            More::Widens => {
                let denied = beside[side].iter().map(|(_, one)| one);
                let others: Vec<&P> = other.into_iter().chain(denied).collect();
                pattern.beyond(&others, None, &mut self.effort)
            }
            // What is denied counts only where the other side allows something.
            More::Narrows => {
                let allowed: Vec<&P> = beside[1 - side].iter().map(|(_, one)| one).collect();
                pattern.beyond(&other, Some(&allowed), &mut self.effort)
            }
        };
        match found {
            Beyond::Nothing => Left::Nothing(if more == More::Widens { Why::Denied } else { Why::NotAllowed }),
            Beyond::Text(text) => Left::Text(text),
            Beyond::Unknown => Left::Unknown,
        }
    }
}

/// What an entry leaves over.
enum Left {
    Nothing(Why),
    Text(String),
    Unknown,
}

/// Why an entry changes nothing.
#[derive(Clone, Copy)]
enum Why {
    Others,
    Denied,
    NotAllowed,
}

fn read<P: FromStr>(list: Option<&Node>) -> Vec<(&Node, P)> {
    let items = list.and_then(Node::as_seq).unwrap_or_default();
    items.iter().filter_map(|item| Some((item, item.as_str()?.parse().ok()?))).collect()
}

fn idle(came: bool, item: &Node, why: Why) -> String {
    let pattern = said(Some(item));
    match (why, came) {
        (Why::Others, true) => format!("{pattern} adds nothing: the list matched all of it before"),
        (Why::Others, false) => format!("{pattern} is not missed: the list still matches all of it"),
        (Why::Denied, true) => format!("{pattern} adds nothing: what is new in it is denied"),
        (Why::Denied, false) => format!("{pattern} is not missed: what only it matched was denied"),
        (Why::NotAllowed, true) => format!("{pattern} adds nothing: what is new in it was not allowed"),
        (Why::NotAllowed, false) => format!("{pattern} is not missed: what only it matched is not allowed"),
    }
}

fn told(patterns: &Patterns, came: bool, item: &Node, left: &Left) -> String {
    let sentence = if came { patterns.told.came } else { patterns.told.went };
    let sentence = sentence.replace("{}", &said(Some(item)));
    match left {
        // A name is its own example.
        Left::Text(text) if item.as_str() != Some(text.as_str()) => format!("{sentence}, such as {}", quoted(text)),
        _ => sentence,
    }
}
