//! What decides in a storm: numbers from a seed, the same for the same seed on every machine.

use std::cell::Cell;

use jiff::SignedDuration;

/// SplitMix64: small, and good enough to decide what goes wrong.
#[derive(Debug)]
pub struct Dice(Cell<u64>);

impl Dice {
    /// Dice for a purpose: two purposes of one seed do not disturb each other.
    pub fn new(seed: u64, purpose: &str) -> Self {
        let mixed =
            purpose.bytes().fold(seed ^ 0x9e37_79b9_7f4a_7c15, |mixed, byte| mix(mixed.wrapping_add(u64::from(byte))));
        Self(Cell::new(mixed))
    }

    fn next(&self) -> u64 {
        let state = self.0.get().wrapping_add(0x9e37_79b9_7f4a_7c15);
        self.0.set(state);
        mix(state)
    }

    /// A number below `n`; 0 where `n` is 0.
    pub fn below(&self, n: u64) -> u64 {
        self.next().checked_rem(n).unwrap_or(0)
    }

    /// True once in `n` times; never where `n` is 0.
    pub fn one_in(&self, n: u64) -> bool {
        let drawn = self.next();
        n != 0 && drawn.is_multiple_of(n)
    }

    /// One of several, of which there must be at least one.
    pub fn pick<'t, T>(&self, of: &'t [T]) -> &'t T {
        &of[usize::try_from(self.below(of.len() as u64)).unwrap_or(0)]
    }

    /// A length of time between two numbers of seconds.
    pub fn seconds(&self, least: u64, most: u64) -> SignedDuration {
        let drawn = least + self.below(most.saturating_sub(least) + 1);
        SignedDuration::from_secs(i64::try_from(drawn).unwrap_or(0))
    }
}

fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
