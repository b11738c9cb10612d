//! Changes to inputs, made from a seed: the same seed makes the same changes everywhere.
//!
//! The changes know that most inputs are lines with an indentation: they copy, drop, move and indent lines, splice in words of
//! the language and parts of other inputs, repeat, and now and then flip bytes.

/// Random numbers (splitmix64); not for secrets.
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// The sequence of `seed`.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`; 0 if `end` is.
    pub fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % (end as u64).max(1)).unwrap_or(0)
    }

    /// One of `items`.
    pub fn pick<'a, T>(&mut self, items: &'a [T]) -> Option<&'a T> {
        items.get(self.below(items.len()))
    }
}

/// The longest input that a mutation makes in bytes.
pub const MAX_BYTES: usize = 64 * 1024;

/// Text that readers stumble over, for every language.
const STRANGE: &[&str] = &[
    "\0",
    "\u{85}",
    "\u{2028}",
    "\u{feff}",
    "\u{202e}",
    "\u{200b}",
    "\u{e0041}",
    "\u{fdd0}",
    "\u{ffff}",
    "e\u{301}",
    "語",
    "😀",
    "\u{1b}[31m",
    "\r",
    "\r\n",
    "\n\n",
    "\t",
    " ",
    "  ",
    "\u{a0}",
    "\\",
    "`",
    "\"",
    "'",
    "-1",
    "0",
    "18446744073709551616",
    "::error::",
    "%0A",
    "<!--",
];

/// Changes `input` in one to six ways. `words` are of its language, `other` is another input to take parts of.
pub fn mutate(random: &mut Random, input: &[u8], other: &[u8], words: &[&str]) -> Vec<u8> {
    let mut bytes = input.to_vec();
    for _ in 0..=random.below(6) {
        change(random, &mut bytes, other, words);
    }
    bytes.truncate(MAX_BYTES);
    bytes
}

fn change(random: &mut Random, bytes: &mut Vec<u8>, other: &[u8], words: &[&str]) {
    match random.below(14) {
        0 => with_lines(bytes, |lines| {
            let at = random.below(lines.len());
            lines.remove(at);
        }),
        1 => with_lines(bytes, |lines| {
            let line = random.pick(lines).cloned().unwrap_or_default();
            lines.insert(random.below(lines.len() + 1), line);
        }),
        2 => with_lines(bytes, |lines| {
            let (a, b) = (random.below(lines.len()), random.below(lines.len()));
            lines.swap(a, b);
        }),
        3 => with_lines(bytes, |lines| {
            let (at, by) = (random.below(lines.len()), 1 + random.below(4));
            let Some(line) = lines.get_mut(at) else { return };
            let blanks = line.iter().take_while(|byte| **byte == b' ').count();
            if random.below(2) == 0 {
                line.drain(..by.min(blanks));
            } else {
                line.splice(..0, vec![b' '; by]);
            }
        }),
        4 => {
            // Lines of another input.
            let theirs: Vec<&[u8]> = other.split_inclusive(|byte| *byte == b'\n').collect();
            let from = random.below(theirs.len());
            let count = 1 + random.below(6);
            let piece = theirs.iter().skip(from).take(count).copied().collect::<Vec<_>>().concat();
            with_lines(bytes, |lines| lines.insert(random.below(lines.len() + 1), piece));
        }
        5..=7 => {
            let word = random.pick(words).map_or(&b""[..], |word| word.as_bytes());
            insert(random, bytes, word);
        }
        8 => {
            let word = random.pick(STRANGE).map_or(&b""[..], |word| word.as_bytes());
            insert(random, bytes, word);
        }
        9 => {
            // A word takes the place of a few bytes.
            let at = random.below(bytes.len() + 1);
            let end = (at + random.below(12)).min(bytes.len());
            let word = random.pick(words).copied().unwrap_or_default();
            bytes.splice(at..end, word.bytes());
        }
        10 => {
            let at = random.below(bytes.len() + 1);
            let end = (at + 1 + random.below(40)).min(bytes.len());
            bytes.drain(at..end);
        }
        11 => {
            // A piece many times over.
            let at = random.below(bytes.len() + 1);
            let end = (at + 1 + random.below(16)).min(bytes.len());
            let most = [3, 40, 700].get(random.below(3)).copied().unwrap_or(3);
            let many = bytes.get(at..end).unwrap_or_default().repeat(random.below(most));
            insert(random, bytes, &many);
        }
        12 => {
            if let Some(byte) = {
                let at = random.below(bytes.len());
                bytes.get_mut(at)
            } {
                *byte ^= 1 << random.below(8);
            }
        }
        _ => {
            let sign = random.pick(b" :-\n\"'#,[]{}|>a?&*!%@`~/=0.()\\").copied().unwrap_or(b' ');
            insert(random, bytes, &[sign]);
        }
    }
}

fn insert(random: &mut Random, bytes: &mut Vec<u8>, piece: &[u8]) {
    let at = random.below(bytes.len() + 1);
    bytes.splice(at..at, piece.iter().copied());
}

fn with_lines(bytes: &mut Vec<u8>, change: impl FnOnce(&mut Vec<Vec<u8>>)) {
    let mut lines: Vec<Vec<u8>> = bytes.split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
    if !lines.is_empty() {
        change(&mut lines);
    }
    *bytes = lines.concat();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_makes_the_same_inputs_and_another_makes_others() {
        let run = |seed| {
            let mut random = Random::new(seed);
            (0..200).map(|_| mutate(&mut random, b"a:\n  b: c\n", b"x: [1]\n", &["w"])).collect::<Vec<_>>()
        };
        assert_eq!(run(1), run(1));
        assert_ne!(run(1), run(2));
        assert!(run(1).iter().all(|bytes| bytes.len() <= MAX_BYTES));
    }
}
