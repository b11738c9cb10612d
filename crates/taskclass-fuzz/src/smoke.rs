//! A run over the kept inputs, as they are and changed.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::corpus::Input;
use crate::mutate::{Random, mutate};
use crate::{Target, target};

/// An input that broke a target.
#[derive(Clone, Debug)]
pub struct Broken {
    /// The target's name.
    pub target: &'static str,
    /// Which input it is: a file's name, and of a changed one its number.
    pub origin: String,
    /// The input.
    pub bytes: Vec<u8>,
    /// What the target said.
    pub said: String,
}

/// Runs `target` over `inputs` as they are.
pub fn replay(target: &Target, inputs: &[Input]) -> Vec<Broken> {
    let broken = inputs.iter().filter_map(|input| {
        let said = run(target, &input.bytes)?;
        Some(Broken { target: target.name, origin: input.name.clone(), bytes: input.bytes.clone(), said })
    });
    broken.collect()
}

/// Runs `target` over `count` changed inputs; `before` is shown each one first, for who wants to know what hung. Ends at the
/// first that breaks it.
pub fn mutated(
    target: &Target,
    inputs: &[Input],
    seed: u64,
    count: usize,
    mut before: impl FnMut(usize, &[u8]),
) -> Option<Broken> {
    let mut random = Random::new(seed);
    for number in 0..count {
        let (input, other) = (random.pick(inputs)?, random.pick(inputs)?);
        let bytes = mutate(&mut random, &input.bytes, &other.bytes, target.words);
        before(number, &bytes);
        if let Some(said) = run(target, &bytes) {
            let origin = format!("{} changed, number {number} of seed {seed}", input.name);
            return Some(Broken { target: target.name, origin, bytes, said });
        }
    }
    None
}

/// What the target says when it breaks.
fn run(target: &Target, bytes: &[u8]) -> Option<String> {
    let broken = catch_unwind(AssertUnwindSafe(|| (target.check)(bytes))).err()?;
    let said =
        broken.downcast_ref::<String>().cloned().or_else(|| broken.downcast_ref::<&str>().map(|s| (*s).to_owned()));
    Some(said.unwrap_or_default())
}

/// Takes out of `bytes` what is not needed to break the target: halves, then smaller and smaller pieces.
pub fn shorten(target: &Target, mut bytes: Vec<u8>) -> Vec<u8> {
    let mut tries = 0;
    let mut size = bytes.len() / 2;
    while size > 0 && tries < 400 {
        let mut at = 0;
        while at < bytes.len() && tries < 400 {
            let mut less = bytes.clone();
            less.drain(at..(at + size).min(less.len()));
            tries += 1;
            if run(target, &less).is_some() {
                bytes = less;
            } else {
                at += size;
            }
        }
        size /= 2;
    }
    bytes
}

/// The targets of these names, or all if there are none.
///
/// # Errors
/// The first name that is no target's.
pub fn chosen<'a>(names: &[&'a str]) -> Result<Vec<&'static Target>, &'a str> {
    if names.is_empty() {
        return Ok(crate::TARGETS.iter().collect());
    }
    names.iter().map(|name| target(name).ok_or(*name)).collect()
}
