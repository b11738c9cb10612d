//! What a pattern matches beyond others, decided on the patterns: so it holds for repositories and files that nobody has listed.

use std::collections::{BTreeSet, VecDeque};

use super::{
    ANY_WITHIN, Token,
    relate::{may_take_nothing, taking},
    tokens,
};
use crate::{PathPattern, RefPattern, RepoPattern};

/// The most pairs of places that are looked at. People's patterns have a few dozen.
const MAX_SEEN: usize = 50_000;
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

/// A pattern that can be held to others of its kind.
pub trait Covering: Sized {
    /// What it matches that none of `others` does.
    fn beyond(&self, others: &[Self]) -> Beyond;
}

impl Covering for RepoPattern {
    fn beyond(&self, others: &[Self]) -> Beyond {
        // Names have no regard to case.
        let lower = |pattern: &Self| pattern.text.to_ascii_lowercase();
        beyond(&lower(self), &others.iter().map(lower).collect::<Vec<_>>())
    }
}

impl Covering for RefPattern {
    fn beyond(&self, others: &[Self]) -> Beyond {
        beyond(&self.text, &others.iter().map(|other| other.text.clone()).collect::<Vec<_>>())
    }
}

impl Covering for PathPattern {
    fn beyond(&self, others: &[Self]) -> Beyond {
        beyond(&self.text, &others.iter().map(|other| other.text.clone()).collect::<Vec<_>>())
    }
}

/// A place in the one pattern, all the places in the others that the same text leads to, and whether a segment begins.
type Place = (usize, Vec<Vec<usize>>, bool);

fn beyond(pattern: &str, others: &[String]) -> Beyond {
    let one: Vec<Token> = tokens(pattern.as_bytes()).collect();
    let others: Vec<Vec<Token>> = others.iter().map(|other| tokens(other.as_bytes()).collect()).collect();
    let spelt = |tokens: &[Token]| {
        tokens
            .iter()
            .filter_map(|token| if let Token::Byte(byte) = token { Some(*byte) } else { None })
            .collect::<Vec<_>>()
    };
    let mut letters: Vec<u8> = others.iter().flat_map(|other| spelt(other)).chain(spelt(&one)).collect();
    // Of the characters that no pattern spells all are alike, but for the slash.
    let other = (b'a'..=b'z').rev().find(|letter| !letters.contains(letter)).unwrap_or(b'x');
    letters.extend([ANY_WITHIN, b'/']);
    letters.sort_unstable();
    letters.dedup();
    let start = others.iter().map(|tokens| closed(tokens, vec![0], true)).collect();
    let mut seen = BTreeSet::new();
    let mut order: Vec<(Place, Option<(usize, u8)>)> = Vec::new();
    let mut waiting = VecDeque::new();
    for place in closed(&one, vec![0], true) {
        waiting.push_back(((place, Vec::clone(&start), true), None));
    }
    while let Some((place, from)) = waiting.pop_front() {
        if !seen.insert(place.clone()) {
            continue;
        }
        if order.len() == MAX_SEEN {
            return Beyond::Unknown;
        }
        let number = order.len();
        order.push((place.clone(), from));
        let (at, there, begins) = place;
        let taken = there.iter().zip(&others).any(|(places, tokens)| places.contains(&tokens.len()));
        if at == one.len() && !begins && !taken {
            return Beyond::Text(spelled(&order, number, other));
        }
        let Some(token) = one.get(at) else { continue };
        for &letter in &letters {
            let slash = letter == b'/';
            let Some(on) = taking(*token, letter).filter(|_| !(slash && begins)) else { continue };
            let step = |(places, tokens): (&Vec<usize>, &Vec<Token>)| {
                let went =
                    places.iter().filter_map(|place| Some(place + taking(*tokens.get(*place)?, letter)?)).collect();
                closed(tokens, went, slash)
            };
            let next: Vec<Vec<usize>> = there.iter().zip(&others).map(step).collect();
            for place in closed(&one, vec![at + on], slash) {
                waiting.push_back(((place, next.clone(), slash), Some((number, letter))));
            }
        }
    }
    Beyond::Nothing
}

/// The places, and those that are reached from them without a character.
fn closed(tokens: &[Token], mut places: Vec<usize>, segment_begins: bool) -> Vec<usize> {
    let mut at = 0;
    while let Some(&place) = places.get(at) {
        if tokens.get(place).is_some_and(|token| may_take_nothing(*token, segment_begins))
            && !places.contains(&(place + 1))
        {
            places.push(place + 1);
        }
        at += 1;
    }
    places.sort_unstable();
    places.dedup();
    places
}

/// The text that leads to a place.
fn spelled(order: &[(Place, Option<(usize, u8)>)], mut number: usize, other: u8) -> String {
    let mut letters = Vec::new();
    while let Some((_, Some((from, letter)))) = order.get(number) {
        letters.push(char::from(if *letter == ANY_WITHIN { other } else { *letter }));
        number = *from;
    }
    letters.iter().rev().collect()
}
