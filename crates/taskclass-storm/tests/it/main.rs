//! The seeds that every change must weather, the bugs that they must find, and a few everyday days.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test says bluntly what it expects")]

use std::thread;

use taskclass_storm::hunt::{Caught, Hunt, hunt};
use taskclass_storm::invariants;
use taskclass_storm::plants::Plant;
use taskclass_storm::storm::{Outcome, soak, storm};

/// How many seeds every change must weather.
const SEEDS: u64 = 2000;

fn threads() -> usize {
    thread::available_parallelism().map_or(2, std::num::NonZeroUsize::get)
}

fn all(from: u64, seeds: u64, planted: Option<Plant>, until: Option<&'static str>) -> Caught {
    hunt(Hunt { from, seeds, planted, threads: threads(), until }, &|_| {})
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
    let caught = all(1, SEEDS, None, None);
    let words: Vec<String> = caught.broken.iter().take(5).map(words).collect();
    assert!(words.is_empty(), "{} of {SEEDS} storms broke something\n{}", caught.broken.len(), words.concat());
    // The net is wide: as much happened as is said to happen.
    let tally = caught.tally;
    assert!(tally.runs > 2 * SEEDS && tally.processes > 8 * SEEDS && tally.events > 80 * SEEDS, "{tally:?}");
}

#[test]
fn every_planted_bug_is_found_by_the_invariant_that_is_there_for_it() {
    for plant in Plant::ALL {
        let invariant = plant.invariant();
        assert!(invariants::ALL.iter().any(|(name, _)| *name == invariant), "{invariant} is no invariant");
        let caught = all(1, SEEDS, Some(plant), Some(invariant));
        let found = caught.broken.iter().any(|outcome| outcome.broken.iter().any(|v| v.invariant == invariant));
        assert!(found, "{} was not found by `{invariant}` in {SEEDS} seeds", plant.name());
        assert_eq!(Plant::named(plant.name()), Some(plant));
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
