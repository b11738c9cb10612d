//! Deterministic identifiers: all that looks random comes from the seed and a counter.

use std::fmt::Write as _;

/// Where ids come from. Two of the same seed, asked the same things, give the same ids.
#[derive(Debug, Clone)]
pub(crate) struct Ids {
    seed: u64,
    count: u64,
}

impl Ids {
    pub(crate) fn new(seed: u64) -> Self {
        Self { seed, count: 0 }
    }

    /// A database id that no other object has. Far above any issue number, so that a mix-up shows.
    pub(crate) fn database_id(&mut self) -> u64 {
        self.count += 1;
        2_400_000_000 + self.count
    }

    /// Forty hexadecimal digits for a git object described by `parts`.
    pub(crate) fn sha(&self, parts: &[&str]) -> String {
        hex(self.seed, parts, 5)
    }

    /// A UUID for the thing that `kind` and its `index` name.
    pub(crate) fn uuid(&self, kind: &str, index: usize) -> String {
        let hex = hex(self.seed, &[kind, &index.to_string()], 4);
        format!("{}-{}-4{}-8{}-{}", &hex[..8], &hex[8..12], &hex[13..16], &hex[17..20], &hex[20..32])
    }

    /// A number in 0..1000 for `parts`: the seed's only influence on durations and spend.
    pub(crate) fn permille(&self, parts: &[&str]) -> u64 {
        mix(self.seed, parts) % 1000
    }
}

/// `words` × 8 hexadecimal digits over `parts`.
fn hex(seed: u64, parts: &[&str], words: u64) -> String {
    let start = mix(seed, parts);
    (0..words).fold(String::new(), |mut out, word| {
        let _ = write!(out, "{:08x}", finish(start.wrapping_add(word.wrapping_mul(0x9e37_79b9_7f4a_7c15))) as u32);
        out
    })
}

/// FNV-1a over the parts, each closed by a separator that no UTF-8 text holds, then well mixed.
pub(crate) fn mix(seed: u64, parts: &[&str]) -> u64 {
    let bytes = parts.iter().flat_map(|part| part.bytes().chain([0xff]));
    finish(
        bytes.fold(seed ^ 0xcbf2_9ce4_8422_2325, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
        }),
    )
}

/// A body's entity tag.
pub(crate) fn etag(body: &[u8]) -> String {
    let hash = body
        .iter()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3));
    format!("W/\"{:016x}{:08x}\"", finish(hash), body.len())
}

/// The finaliser of splitmix64.
fn finish(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_repeat_and_differ() {
        let ids = Ids::new(7);
        assert_eq!(ids.sha(&["a", "b"]), Ids::new(7).sha(&["a", "b"]));
        assert_ne!(ids.sha(&["a", "b"]), Ids::new(8).sha(&["a", "b"]));
        assert_ne!(ids.sha(&["ab"]), ids.sha(&["a", "b"]));
        assert_eq!(ids.sha(&["x"]).len(), 40);
        assert_eq!(ids.uuid("task", 1).len(), 36);
    }
}
