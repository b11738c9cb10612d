//! Many storms on several threads, in the order of their seeds.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;

use crate::plants::Plant;
use crate::storm::{Outcome, Tally, storm};

/// What a hunt came to.
#[derive(Debug, Default)]
pub struct Caught {
    /// The storms in which something did not hold, by seed.
    pub broken: Vec<Outcome>,
    /// What all of them took.
    pub tally: Tally,
}

/// How a hunt goes.
#[derive(Debug, Clone, Copy)]
pub struct Hunt {
    /// The first seed.
    pub from: u64,
    /// How many.
    pub seeds: u64,
    /// The bug that is planted.
    pub planted: Option<Plant>,
    /// Threads.
    pub threads: usize,
    /// Ends with the first storm that breaks this invariant.
    pub until: Option<&'static str>,
}

/// Runs storms; `progress` hears now and then how many are done.
pub fn hunt(hunt: Hunt, progress: &(dyn Fn(u64) + Sync)) -> Caught {
    let next = AtomicU64::new(0);
    let done = AtomicU64::new(0);
    let enough = AtomicBool::new(false);
    let caught = Mutex::new(Caught::default());
    thread::scope(|scope| {
        for _ in 0..hunt.threads.max(1) {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= hunt.seeds || enough.load(Ordering::Relaxed) {
                        break;
                    }
                    let outcome = storm(hunt.from + number, hunt.planted, false);
                    let mut caught = caught.lock().unwrap();
                    caught.tally += outcome.tally;
                    if !outcome.broken.is_empty() {
                        if hunt.until.is_some_and(|wanted| outcome.breaks(wanted)) {
                            enough.store(true, Ordering::Relaxed);
                        }
                        caught.broken.push(outcome);
                    }
                    drop(caught);
                    progress(done.fetch_add(1, Ordering::Relaxed) + 1);
                }
            });
        }
    });
    let mut caught = caught.into_inner().unwrap();
    caught.broken.sort_by_key(|outcome| outcome.seed);
    caught
}

/// The first of `seeds` storms in which a planted bug is found by the invariant that is there for it.
pub fn first_to_find(planted: Plant, seeds: u64, threads: usize) -> Option<u64> {
    let until = Some(planted.invariant());
    // Storms begin in the order of their seeds, and those that have begun come to their end: the least of what is found is the first.
    let caught = hunt(Hunt { from: 1, seeds, planted: Some(planted), threads, until }, &|_| {});
    caught.broken.iter().find(|outcome| outcome.breaks(planted.invariant())).map(|outcome| outcome.seed)
}
