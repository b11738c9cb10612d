//! Lists in which only counts what is in them: of words, and of patterns.

use std::str::FromStr;

use taskclass_source::{Node, Path};
use taskclass_spec::{PathPattern, RefPattern, RepoPattern, pattern::Covering};

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
    fn came(self) -> Effect {
        if self == Self::Widens { Effect::Widens } else { Effect::Narrows }
    }

    /// What an entry does that went.
    fn went(self) -> Effect {
        if self == Self::Widens { Effect::Narrows } else { Effect::Widens }
    }
}

/// A list of words.
pub(super) struct Set {
    /// What is listed.
    pub(super) what: &'static str,
    pub(super) more: More,
    /// What a list left out stands for.
    pub(super) absent: Option<&'static [&'static str]>,
}

/// A list of patterns.
pub(super) struct Patterns {
    pub(super) kind: Kind,
    pub(super) more: More,
}

/// Patterns of what.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    Repository,
    Ref,
    Path,
}

impl<'a> Judge<'a> {
    pub(super) fn set(&mut self, set: &Set, path: &Path, pair: Pair<'a>) {
        if let (Some(all), Pair(None, _) | Pair(_, None)) = (set.absent, pair) {
            let missing = |node: Option<&Node>| {
                let listed = node.and_then(Node::as_seq);
                listed.is_some_and(|items| !all.iter().all(|word| items.iter().any(|item| item.as_str() == Some(word))))
            };
            let (effect, what) = match (missing(pair.0), missing(pair.1)) {
                (true, _) => (set.more.came(), format!("{}: no longer only these", set.what)),
                (_, true) => (set.more.went(), format!("{}: only these", set.what)),
                _ => (Effect::Neutral, format!("{}: all, as before", set.what)),
            };
            return self.put(path, effect, what, pair);
        }
        let [before, after] = pair.items();
        let listed = |item: &Node, list: &[Node]| list.iter().any(|other| other.same_value(item));
        let count = self.changes.len();
        for (index, item) in before.iter().enumerate().filter(|(_, item)| !listed(item, after)) {
            let what = format!("{}: no longer {}", set.what, said(Some(item)));
            self.put(&path.index(index), set.more.went(), what, Pair(Some(item), None));
        }
        for (index, item) in after.iter().enumerate().filter(|(_, item)| !listed(item, before)) {
            let what = format!("{}: {} as well", set.what, said(Some(item)));
            self.put(&path.index(index), set.more.came(), what, Pair(None, Some(item)));
        }
        if self.changes.len() == count {
            self.put(path, Effect::Neutral, format!("{}: the same, listed otherwise", set.what), pair);
        }
    }

    pub(super) fn patterns(&mut self, patterns: &Patterns, path: &Path, pair: Pair<'a>) {
        match patterns.kind {
            Kind::Repository => self.of_kind::<RepoPattern>(patterns.more, path, pair),
            Kind::Ref => self.of_kind::<RefPattern>(patterns.more, path, pair),
            Kind::Path => self.of_kind::<PathPattern>(patterns.more, path, pair),
        }
    }

    /// Each entry that came is held to all that were there before, each that went to all that are there now.
    fn of_kind<P: Covering + FromStr>(&mut self, more: More, path: &Path, pair: Pair<'a>) {
        let lists = pair.items();
        let read = |list: &[Node]| list.iter().filter_map(|item| item.as_str()?.parse::<P>().ok()).collect::<Vec<_>>();
        let count = self.changes.len();
        for (side, came) in [(0, false), (1, true)] {
            let (own, other) = (lists[side], lists[1 - side]);
            let others = read(other);
            for (index, item) in own.iter().enumerate() {
                let mut alike = other.iter().filter(|one| one.same_value(item));
                if alike.next().is_some() {
                    continue;
                }
                let Some(pattern) = item.as_str().and_then(|text| text.parse::<P>().ok()) else { continue };
                let proved = if came { more.came() } else { more.went() };
                let (effect, what) = match pattern.beyond(&others) {
                    taskclass_spec::pattern::Beyond::Nothing if came => (
                        Effect::Neutral,
                        format!("{} matches nothing that the list did not match before", said(Some(item))),
                    ),
                    taskclass_spec::pattern::Beyond::Nothing => {
                        (Effect::Neutral, format!("what {} matched, others in the list match", said(Some(item))))
                    }
                    taskclass_spec::pattern::Beyond::Text(text) => (proved, told(proved, more, &text, item)),
                    // What narrows needs no proof of how much; what widens is not proved without a witness.
                    taskclass_spec::pattern::Beyond::Unknown if proved == Effect::Narrows => (
                        proved,
                        format!("{} is {}", said(Some(item)), if came { "listed" } else { "no longer listed" }),
                    ),
                    taskclass_spec::pattern::Beyond::Unknown => {
                        (Effect::MayWiden, format!("{} may let in more", said(Some(item))))
                    }
                };
                let pair = if came { Pair(None, Some(item)) } else { Pair(Some(item), None) };
                self.put(&path.index(index), effect, what, pair);
            }
        }
        if self.changes.len() == count {
            self.put(path, Effect::Neutral, "the same patterns, listed otherwise".to_owned(), pair);
        }
    }
}

fn told(effect: Effect, more: More, text: &str, item: &Node) -> String {
    let text = taskclass_source::text::quoted(text);
    match (effect, more) {
        (Effect::Widens, More::Widens) => {
            format!("{} lets in what nothing let in before, such as {text}", said(Some(item)))
        }
        (Effect::Widens, More::Narrows) => format!("{} no longer keeps out, such as {text}", said(Some(item))),
        (_, More::Widens) => format!("{} no longer lets in, such as {text}", said(Some(item))),
        (_, More::Narrows) => format!("{} keeps out what nothing kept out before, such as {text}", said(Some(item))),
    }
}
