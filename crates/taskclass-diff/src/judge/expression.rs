//! Regular expressions: whether one matches all that another does is decided on their automata.

use std::collections::BTreeSet;

use regex_automata::{
    Anchored, Input,
    dfa::{Automaton as _, StartKind, dense},
    util::primitives::StateID,
};
use taskclass_source::{
    Path,
    text::{is_hidden, quoted},
};

use super::fields::Fields;
use super::{Judge, Pair, said};
use crate::Effect;

/// The most memory for one automaton in bytes, and for making it.
const SIZE: usize = 1 << 21;
/// The most pairs of states that are looked at.
const MAX_SEEN: usize = 4_000;

type Automaton = dense::DFA<Vec<u32>>;
/// A pair of states, and from which of the pairs before it and by which letter it was reached.
type Step = ((StateID, StateID), Option<(usize, u8)>);

/// An input's pattern.
pub(super) fn pattern<'a>(judge: &mut Judge<'a>, path: &Path, pair: Pair<'a>, _: Fields) {
    let text = |node: Option<&'a taskclass_source::Node>| node.and_then(|node| node.as_str());
    let (effect, what) = match (text(pair.0), text(pair.1)) {
        (None, _) => (Effect::Narrows, format!("a value must match {}", said(pair.1))),
        (_, None) => (Effect::Widens, format!("a value need no longer match {}", said(pair.0))),
        (Some(before), Some(after)) => match (judge.whole(before), judge.whole(after)) {
            (Some(before), Some(after)) => match (judge.beyond(&after, &before), judge.beyond(&before, &after)) {
                (Some(Some(text)), _) => {
                    (Effect::Widens, format!("a value may be {}, which did not match before", example(&text)))
                }
                (Some(None), Some(None)) => (Effect::Neutral, "the same values match, written otherwise".to_owned()),
                (Some(None), Some(Some(text))) => {
                    (Effect::Narrows, format!("a value may no longer be {}", example(&text)))
                }
                (Some(None), None) => (Effect::Narrows, "whatever matches now matched before".to_owned()),
                (None, _) => undecided(),
            },
            _ => undecided(),
        },
    };
    judge.put(path, effect, what, pair);
}

/// A value between backticks; the empty one would leave nothing to see.
fn example(text: &str) -> String {
    if text.is_empty() { "empty".to_owned() } else { quoted(text) }
}

fn undecided() -> (Effect, String) {
    (Effect::MayWiden, "a value must match another pattern; whether it lets in more could not be decided".to_owned())
}

impl Judge<'_> {
    /// The automaton of whole values; `None` if it was too much.
    fn whole(&mut self, pattern: &str) -> Option<Automaton> {
        let limits = dense::Config::new()
            .start_kind(StartKind::Anchored)
            .dfa_size_limit(Some(SIZE))
            .determinize_size_limit(Some(4 * SIZE));
        // One that fails may have taken all that it was given.
        if !self.effort.spend(20_000) {
            return None;
        }
        let Ok(automaton) = dense::Builder::new().configure(limits).build(&format!(r"\A(?:{pattern})\z")) else {
            self.effort.spend(200_000);
            return None;
        };
        self.effort.spend(automaton.memory_usage() / 16).then_some(automaton)
    }

    /// A text that the one matches and the other does not; `None` inside if there is none, outside if it was too much.
    fn beyond(&mut self, one: &Automaton, other: &Automaton) -> Option<Option<String>> {
        let start = |dfa: &Automaton| dfa.start_state_forward(&Input::new("").anchored(Anchored::Yes)).ok();
        let first = (start(one)?, start(other)?);
        let accepts = |dfa: &Automaton, state| dfa.is_match_state(dfa.next_eoi_state(state));
        let letters = letters(one, other);
        let mut seen = BTreeSet::from([first]);
        let mut order: Vec<Step> = vec![(first, None)];
        let (mut at, mut impossible) = (0, false);
        while let Some(&((a, b), _)) = order.get(at) {
            if accepts(one, a) && !accepts(other, b) {
                match spelled(&order, at) {
                    Some(text) => return Some(Some(text)),
                    None => impossible = true,
                }
            }
            if order.len() > MAX_SEEN || !self.effort.spend(letters.len()) {
                return None;
            }
            for &letter in &letters {
                let next = (one.next_state(a, letter), other.next_state(b, letter));
                if one.is_quit_state(next.0) || other.is_quit_state(next.1) {
                    return None;
                }
                if !one.is_dead_state(next.0) && seen.insert(next) {
                    order.push((next, Some((at, letter))));
                }
            }
            at += 1;
        }
        (!impossible).then_some(None)
    }
}

/// One letter of each kind that both tell from others, the most readable first.
fn letters(one: &Automaton, other: &Automaton) -> Vec<u8> {
    let readable = (b'a'..=b'z').chain(b'0'..=b'9').chain(b'A'..=b'Z').chain(b'!'..=b'~').chain(b' '..=b' ');
    let mut kinds = BTreeSet::new();
    let mut is_new = |letter: &u8| kinds.insert((one.byte_classes().get(*letter), other.byte_classes().get(*letter)));
    readable.chain(0..=u8::MAX).filter(|letter| is_new(letter)).collect()
}

/// The text that leads to a pair of states, if it is one that an input may have.
fn spelled(order: &[Step], mut at: usize) -> Option<String> {
    let mut bytes = Vec::new();
    while let Some((_, Some((from, byte)))) = order.get(at) {
        bytes.push(*byte);
        at = *from;
    }
    bytes.reverse();
    let text = String::from_utf8(bytes).ok()?;
    (!text.contains(|c| is_hidden(c) && !matches!(c, '\n' | '\t'))).then_some(text)
}
