//! What a pattern matches beyond others, decided on the patterns: so it holds for repositories, branches and files that nobody
//! has listed.
//!
//! Texts are spelt letter by letter, shortest first, and all patterns walked at once; two texts that lead to the same places
//! have the same future, so the search ends. What could take too long is given up, and nothing is said then.

use std::{borrow::Cow, collections::HashMap};

use super::{
    ANY_WITHIN, Token,
    relate::{may_take_nothing, taking},
    tokens,
};
use crate::{PathPattern, RefName, RefPattern, RepoName, RepoPattern};

/// The most places that one question may look at. People's patterns have a few hundred.
const MAX_STEPS: usize = 400_000;

/// What a pattern matches that none of others does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Beyond {
    /// Nothing: they match all that it does.
    Nothing,
    /// This, for one.
    Text(String),
    /// It was too much to find out.
    Unknown,
}

/// How much may still be looked at, for all questions together.
#[derive(Debug)]
pub struct Effort(usize);

impl Effort {
    /// Enough for the lists of any document that people write.
    pub const fn for_a_document() -> Self {
        Self(4_000_000)
    }

    /// Takes so much of it; whether there is some left.
    pub fn spend(&mut self, steps: usize) -> bool {
        self.0 = self.0.saturating_sub(steps);
        self.0 > 0
    }
}

/// A pattern that can be held to others of its kind.
pub trait Covering: Sized + PartialEq {
    /// The letters that a text may have where no pattern spells one, the most readable first.
    #[doc(hidden)]
    const LETTERS: &'static [u8];
    /// Whether a text can have no other letters than these.
    #[doc(hidden)]
    const ONLY: bool;

    /// The pattern as it is compared.
    #[doc(hidden)]
    fn folded(&self) -> Cow<'_, str>;

    /// Whether the text is one that there can be.
    #[doc(hidden)]
    fn is_possible(text: &str) -> bool;

    /// What it matches that none of `others` does and, where `within` is given, one of those does.
    fn beyond(&self, others: &[&Self], within: Option<&[&Self]>, effort: &mut Effort) -> Beyond {
        if !effort.spend(1 + others.len() + within.map_or(0, <[_]>::len)) {
            return Beyond::Unknown;
        }
        let kept = |patterns: &[&Self]| patterns.iter().map(|one| one.folded().into_owned()).collect::<Vec<String>>();
        Search::<Self>::new(&self.folded(), within.map(kept), kept(others)).run(effort)
    }
}

const LETTERS: &[u8] = b"xyzabcdefghijklmnopqrstuvw0123456789XYZABCDEFGHIJKLMNOPQRSTUVW_-+=%,";

impl Covering for RepoPattern {
    const LETTERS: &'static [u8] = b"xyzabcdefghijklmnopqrstuvw0123456789-_.";
    const ONLY: bool = true;

    fn folded(&self) -> Cow<'_, str> {
        // Names have no regard to case.
        Cow::Owned(self.text.to_ascii_lowercase())
    }

    fn is_possible(text: &str) -> bool {
        text.parse::<RepoName>().is_ok()
    }
}

impl Covering for RefPattern {
    const LETTERS: &'static [u8] = LETTERS;
    const ONLY: bool = false;

    fn folded(&self) -> Cow<'_, str> {
        Cow::Borrowed(&self.text)
    }

    fn is_possible(text: &str) -> bool {
        text.parse::<RefName>().is_ok()
    }
}

impl Covering for PathPattern {
    const LETTERS: &'static [u8] = LETTERS;
    const ONLY: bool = false;

    fn folded(&self) -> Cow<'_, str> {
        Cow::Borrowed(&self.text)
    }

    fn is_possible(text: &str) -> bool {
        !text.split('/').any(|segment| matches!(segment, "." | ".."))
    }
}

/// A place in a pattern: the pattern's number and the token's.
type Place = (u16, u16);

/// All the places that a text leads to, in order, and whether a segment begins behind it.
type Places = (Vec<Place>, bool);

struct Search<P> {
    /// The pattern itself, those that one of must match, those that none of may match.
    patterns: Vec<Vec<Token>>,
    texts: Vec<String>,
    /// How many of the patterns are of those that one of must match.
    within: Option<usize>,
    kind: std::marker::PhantomData<P>,
}

impl<P: Covering> Search<P> {
    fn new(one: &str, within: Option<Vec<String>>, mut others: Vec<String>) -> Self {
        others.sort_unstable();
        others.dedup();
        let count = within.as_ref().map(Vec::len);
        let texts: Vec<String> =
            std::iter::once(one.to_owned()).chain(within.into_iter().flatten()).chain(others).collect();
        let patterns = texts.iter().map(|text| tokens(text.as_bytes()).collect()).collect();
        Self { patterns, texts, within: count, kind: std::marker::PhantomData }
    }

    fn run(&self, effort: &mut Effort) -> Beyond {
        let others = self.texts.iter().skip(1 + self.within.unwrap_or(0));
        if self.patterns.len() > usize::from(u16::MAX) {
            return Beyond::Unknown;
        }
        if self.texts.first().is_some_and(|one| others.clone().any(|other| other == one)) {
            return Beyond::Nothing;
        }
        match self.samples().find(|text| self.accepts(text)) {
            Some(text) => Beyond::Text(text),
            None => self.spell(effort),
        }
    }

    /// Texts that people would think of first.
    fn samples(&self) -> impl Iterator<Item = String> {
        let one = self.patterns.first().map(Vec::as_slice).unwrap_or_default();
        [("example", ""), ("x", ""), ("example", "some/")].into_iter().map(|(run, folders)| {
            let piece = |token: &Token| match token {
                Token::Byte(byte) => char::from(*byte).to_string(),
                Token::Star | Token::DoubleStar => run.to_owned(),
                Token::Folders => folders.to_owned(),
            };
            one.iter().map(piece).collect()
        })
    }

    fn accepts(&self, text: &str) -> bool {
        let is_match = |pattern: &String| super::matches(pattern.as_bytes(), text.as_bytes());
        let (own, rest) = self.texts.split_at(1 + self.within.unwrap_or(0));
        P::is_possible(text)
            && text.split('/').all(|segment| !segment.is_empty())
            && own.first().is_some_and(is_match)
            && (self.within.is_none() || own.iter().skip(1).any(is_match))
            && !rest.iter().any(is_match)
    }

    /// Spells texts, shortest first.
    fn spell(&self, effort: &mut Effort) -> Beyond {
        let spelt = |letter: u8| self.texts.iter().any(|text| text.as_bytes().contains(&letter));
        let other = P::LETTERS.iter().copied().find(|letter| !spelt(*letter));
        if other.is_none() && !P::ONLY {
            return Beyond::Unknown;
        }
        let start = (0..self.patterns.len()).filter_map(|number| Some((u16::try_from(number).ok()?, 0))).collect();
        let start = (self.closed(start, true), true);
        let mut known: HashMap<Places, usize> = HashMap::from([(start.clone(), 0)]);
        let mut order: Vec<(Places, Option<(usize, u8)>)> = vec![(start, None)];
        let (mut at, mut steps, mut impossible) = (0, 0, false);
        while let Some((places, _)) = order.get(at).cloned() {
            if self.is_found(&places) {
                let text = spelled(&order, at, other);
                if P::is_possible(&text) {
                    return Beyond::Text(text);
                }
                impossible = true;
            }
            for letter in self.letters(&places, other) {
                steps += 1 + places.0.len();
                if steps > MAX_STEPS || !effort.spend(1 + places.0.len()) {
                    return Beyond::Unknown;
                }
                let next = self.step(&places, letter);
                if self.is_alive(&next.0) && !known.contains_key(&next) {
                    known.insert(next.clone(), order.len());
                    order.push((next, Some((at, letter))));
                }
            }
            at += 1;
        }
        if impossible { Beyond::Unknown } else { Beyond::Nothing }
    }

    fn token(&self, place: Place) -> Option<Token> {
        self.patterns.get(usize::from(place.0))?.get(usize::from(place.1)).copied()
    }

    /// The letters that lead to different places: those that the patterns spell here, one for all others, and the slash.
    fn letters(&self, places: &Places, other: Option<u8>) -> Vec<u8> {
        let spelt = |own: bool| {
            let here = places.0.iter().filter(move |place| !own || place.0 == 0);
            here.filter_map(|place| match self.token(*place) {
                Some(Token::Byte(byte)) => Some(byte),
                _ => None,
            })
        };
        let own = || places.0.iter().take_while(|place| place.0 == 0);
        let any = own().any(|place| self.token(*place).is_some_and(|token| !matches!(token, Token::Byte(_))));
        let mut letters: Vec<u8> = spelt(!any).collect();
        if any {
            letters.extend(other.map(|_| ANY_WITHIN));
            letters.push(b'/');
        }
        letters.sort_unstable_by_key(|letter| (*letter != ANY_WITHIN, !letter.is_ascii_alphanumeric(), *letter));
        letters.dedup();
        letters.retain(|letter| !(places.1 && *letter == b'/'));
        letters
    }

    fn step(&self, places: &Places, letter: u8) -> Places {
        let went = |place: &Place| {
            let on = taking(self.token(*place)?, letter)?;
            Some((place.0, place.1 + u16::try_from(on).ok()?))
        };
        let slash = letter == b'/';
        (self.closed(places.0.iter().filter_map(went).collect(), slash), slash)
    }

    /// The places, and those that are reached from them without a letter.
    fn closed(&self, mut places: Vec<Place>, segment_begins: bool) -> Vec<Place> {
        let mut at = 0;
        while let Some(&place) = places.get(at) {
            if self.token(place).is_some_and(|token| may_take_nothing(token, segment_begins)) {
                places.push((place.0, place.1 + 1));
            }
            at += 1;
        }
        places.sort_unstable();
        places.dedup();
        places
    }

    /// Whether texts that go on from here can still be found.
    fn is_alive(&self, places: &[Place]) -> bool {
        let among = |place: &Place| self.within.is_some_and(|count| (1..=count).contains(&usize::from(place.0)));
        places.first().is_some_and(|place| place.0 == 0) && (self.within.is_none() || places.iter().any(among))
    }

    fn is_found(&self, (places, segment_begins): &Places) -> bool {
        let at_end =
            |place: &&Place| self.patterns.get(usize::from(place.0)).is_some_and(|p| p.len() == usize::from(place.1));
        let (mut own, mut among) = (false, self.within.is_none());
        for place in places.iter().filter(at_end) {
            match usize::from(place.0) {
                0 => own = true,
                number if number <= self.within.unwrap_or(0) => among = true,
                _ => return false,
            }
        }
        own && among && !segment_begins
    }
}

/// The text that leads to a place.
fn spelled(order: &[(Places, Option<(usize, u8)>)], mut number: usize, other: Option<u8>) -> String {
    let mut letters = Vec::new();
    while let Some((_, Some((from, letter)))) = order.get(number) {
        letters.push(char::from(if *letter == ANY_WITHIN { other.unwrap_or(b'x') } else { *letter }));
        number = *from;
    }
    letters.iter().rev().collect()
}

#[cfg(test)]
mod tests;
