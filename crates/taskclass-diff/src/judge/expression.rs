//! Regular expressions: whether one matches all that another does is decided on their automata.

use std::collections::BTreeSet;

use regex_automata::{
    Anchored, Input,
    dfa::{Automaton, StartKind, dense},
    util::primitives::StateID,
};
use taskclass_source::{Path, text::quoted};

use super::{Judge, Pair, said};
use crate::Effect;

/// The most memory for one automaton in bytes, and for making it.
const SIZE: usize = 1 << 20;
/// The most pairs of states that are looked at.
const MAX_SEEN: usize = 4_000;

/// An input's pattern.
pub(super) fn pattern<'a>(judge: &mut Judge<'a>, path: &Path, pair: Pair<'a>) {
    let text = |node: Option<&'a taskclass_source::Node>| node.and_then(|node| node.as_str());
    let (effect, what) = match (text(pair.0), text(pair.1)) {
        (None, _) => (Effect::Narrows, format!("a value must match {}, before nothing", said(pair.1))),
        (_, None) => (Effect::Widens, format!("a value need no longer match {}", said(pair.0))),
        (Some(before), Some(after)) => match (whole(before), whole(after)) {
            (Some(before), Some(after)) => match (beyond(&after, &before), beyond(&before, &after)) {
                (Some(Some(text)), _) => (Effect::Widens, format!("{} fits now, and did not", quoted(&text))),
                (Some(None), Some(None)) => (Effect::Neutral, "the same values fit, said otherwise".to_owned()),
                (Some(None), Some(Some(text))) => (Effect::Narrows, format!("{} no longer fits", quoted(&text))),
                (Some(None), None) => (Effect::Narrows, "nothing fits that did not fit before".to_owned()),
                (None, _) => undecided(),
            },
            _ => undecided(),
        },
    };
    judge.put(path, effect, what, pair);
}

fn undecided() -> (Effect, String) {
    (Effect::MayWiden, "another pattern, and it could not be decided what it lets in".to_owned())
}

fn whole(pattern: &str) -> Option<dense::DFA<Vec<u32>>> {
    let limits = dense::Config::new()
        .start_kind(StartKind::Anchored)
        .dfa_size_limit(Some(SIZE))
        .determinize_size_limit(Some(4 * SIZE));
    dense::Builder::new().configure(limits).build(&format!(r"\A(?:{pattern})\z")).ok()
}

/// A text that the one matches and the other does not; `None` inside if there is none, outside if it was too much.
fn beyond(one: &dense::DFA<Vec<u32>>, other: &dense::DFA<Vec<u32>>) -> Option<Option<String>> {
    let start = |dfa: &dense::DFA<Vec<u32>>| dfa.start_state_forward(&Input::new("").anchored(Anchored::Yes)).ok();
    let first = (start(one)?, start(other)?);
    let accepts = |dfa: &dense::DFA<Vec<u32>>, state| dfa.is_match_state(dfa.next_eoi_state(state));
    let letters: Vec<u8> =
        (b'a'..=b'z').chain(b' '..=b'`').chain(b'{'..=b'~').chain(0..b' ').chain(0x7f..=0xff).collect();
    let mut seen = BTreeSet::from([first]);
    let mut order: Vec<((StateID, StateID), Option<(usize, u8)>)> = vec![(first, None)];
    let mut at = 0;
    while let Some(&((a, b), _)) = order.get(at) {
        if accepts(one, a) && !accepts(other, b) {
            return Some(Some(spelled(&order, at)));
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
        if order.len() > MAX_SEEN {
            return None;
        }
        at += 1;
    }
    Some(None)
}

fn spelled(order: &[((StateID, StateID), Option<(usize, u8)>)], mut at: usize) -> String {
    let mut bytes = Vec::new();
    while let Some((_, Some((from, byte)))) = order.get(at) {
        bytes.push(*byte);
        at = *from;
    }
    bytes.reverse();
    String::from_utf8_lossy(&bytes).into_owned()
}
