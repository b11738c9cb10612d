//! What the linter is measured against: P, and merely reading and hashing the same files.

use std::{
    fs,
    hint::black_box,
    path::{Path, PathBuf},
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

use saphyr_parser::Parser;
use sha2::{Digest, Sha256};

use super::threads;

/// P: the events of every file.
pub(super) fn events(files: &[PathBuf]) -> Result<(), String> {
    each(files, |path| {
        let text = fs::read_to_string(path).map_err(|error| error.to_string())?;
        for event in Parser::new_from_str(&text) {
            // The broken files of a corpus are read as far as they go.
            let Ok(event) = event else { break };
            black_box(event);
        }
        Ok(())
    })
}

/// The least that anything can do that looks at every byte.
pub(super) fn read_and_hash(files: &[PathBuf]) -> Result<(), String> {
    each(files, |path| {
        black_box(Sha256::digest(fs::read(path).map_err(|error| error.to_string())?));
        Ok(())
    })
}

fn each(files: &[PathBuf], work: impl Fn(&Path) -> Result<(), String> + Sync) -> Result<(), String> {
    let next = AtomicUsize::new(0);
    let share = || {
        while let Some(file) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
            work(file)?;
        }
        Ok(())
    };
    thread::scope(|scope| {
        let others: Vec<_> = (1..threads().get().min(files.len())).map(|_| scope.spawn(share)).collect();
        let own = share();
        others.into_iter().try_for_each(|other| other.join().unwrap_or_else(|_| Err("a thread died".to_owned())))?;
        own
    })
}
