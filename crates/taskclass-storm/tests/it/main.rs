//! The seeds that every change must weather, the bugs that they must find, and a few everyday days.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test says bluntly what it expects")]

use std::thread;

use taskclass_storm::hunt::{Caught, Hunt, first_to_find, hunt};
use taskclass_storm::invariants;
use taskclass_storm::plants::Plant;
use taskclass_storm::storm::{Outcome, soak, storm};

/// How many seeds every change must weather.
const SEEDS: u64 = 2000;

fn threads() -> usize {
    thread::available_parallelism().map_or(2, std::num::NonZeroUsize::get)
}

fn all(seeds: u64) -> Caught {
    hunt(Hunt { from: 1, seeds, planted: None, threads: threads(), until: None }, &|_| {})
}

/// What is wrong, in the words of whoever has to mend it.
fn words(outcome: &Outcome) -> String {
    let broken: Vec<_> =
        outcome.broken.iter().map(|violation| format!("  {}: {}", violation.invariant, violation.what)).collect();
    let seed = outcome.seed;
    format!("seed {seed}:\n{}\n  its story: cargo xtask simulate --from {seed} --seeds 1\n", broken.join("\n"))
}

#[test]
fn the_fixed_seeds_break_nothing() {
    let caught = all(SEEDS);
    let words: Vec<String> = caught.broken.iter().take(5).map(words).collect();
    assert!(words.is_empty(), "{} of {SEEDS} storms broke something\n{}", caught.broken.len(), words.concat());
    // The net is wide: as much happened as is said to happen.
    let tally = caught.tally;
    assert!(tally.runs > 2 * SEEDS && tally.processes > 8 * SEEDS && tally.events > 80 * SEEDS, "{tally:?}");
}

/// The page whose table names each planted bug, and what finds it.
const PAGE: &str = include_str!("../../../../docs/src/simulation.md");

/// The invariant that the page says finds a planted bug.
fn written(plant: Plant) -> Option<&'static str> {
    let row = PAGE.lines().find(|line| line.starts_with(&format!("| `{}` |", plant.name())))?;
    row.trim_matches('|').split('|').nth(2).map(|cell| cell.trim().trim_matches('`'))
}

#[test]
fn every_planted_bug_is_found_by_the_invariant_that_is_there_for_it() {
    for plant in Plant::ALL {
        let (name, invariant) = (plant.name(), plant.invariant());
        assert!(invariants::ALL.iter().any(|(name, _)| *name == invariant), "{invariant} is no invariant");
        assert_eq!(Plant::named(name), Some(plant));
        assert_eq!(written(plant), Some(invariant), "docs/src/simulation.md of {name}");
        let found = first_to_find(plant, SEEDS, threads()).is_some();
        assert!(found, "{name} is not found by `{invariant}` in {SEEDS} seeds");
    }
}

#[test]
fn a_seed_tells_the_same_story_twice() {
    for seed in [3, 30, 300] {
        let (first, second) = (storm(seed, None, true), storm(seed, None, true));
        assert!(first.story.lines().count() > 50, "seed {seed}: {}", first.story);
        assert!(first.story == second.story, "seed {seed} tells two stories");
        assert_eq!(first.broken, second.broken);
        let untold = storm(seed, None, false);
        assert_eq!((untold.story.as_str(), &untold.broken, untold.tally), ("", &first.broken, first.tally));
    }
}

#[test]
fn a_few_everyday_days() {
    let outcome = soak(1, 2, 60);
    assert!(outcome.broken.is_empty(), "{:#?}", outcome.broken);
    assert_eq!(outcome.tally.runs, 120);
}
