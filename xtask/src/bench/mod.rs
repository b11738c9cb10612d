//! `bench`: speed and memory as ratios within one run, never as a test. The machine is shared and noisy: the two sides of a
//! ratio take turns, and of each the least of several tries counts.
//!
//! The unit is P: saphyr-parser reading the events of the same files on as many threads, a fast parser that does nothing
//! with what it reads.

mod baseline;
mod corpus;
mod hostile;
mod journal;
mod others;
mod peer;
mod process;
mod review;
mod run;
mod speed;
mod table;
mod verify;
mod watched;

use std::{num::NonZeroUsize, path::Path, thread};

use table::Table;

/// What the command line asks for.
struct Asked {
    largest: usize,
    markdown: bool,
    /// Only the part of this name.
    only: Option<String>,
}

const USAGE: &str = "usage: cargo xtask bench [--largest N] [--only speed|broken|start|memory|hostile|others|verify|diff|recovery|event|peer|watched] [--markdown]";

fn asked(args: &[&str]) -> Result<Asked, String> {
    let mut asked = Asked { largest: 10_000, markdown: false, only: None };
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        match (*arg, args.as_slice().first()) {
            ("--markdown", _) => asked.markdown = true,
            ("--largest", Some(number)) => {
                asked.largest = number.parse().map_err(|_| format!("`{number}` is not a number"))?;
                args.next();
            }
            ("--only", Some(part)) => {
                asked.only = Some((*part).to_owned());
                args.next();
            }
            _ => return Err(USAGE.to_owned()),
        }
    }
    Ok(asked)
}

/// Measures everything and prints it.
pub(crate) fn run(root: &Path, args: &[&str]) -> Result<(), String> {
    let asked = asked(args)?;
    if cfg!(debug_assertions) {
        eprintln!("note: this is a debug build; `cargo run --release -p xtask -- bench` gives the figures that count");
    }
    type Part = fn(&Path, usize) -> Result<Table, String>;
    let parts: [(&str, Part); 12] = [
        ("speed", speed::clean),
        ("broken", speed::broken),
        ("start", process::start),
        ("memory", process::memory),
        ("hostile", hostile::run),
        ("others", others::run),
        ("verify", verify::run),
        ("diff", review::run),
        ("recovery", journal::recovery),
        ("event", journal::event),
        ("peer", peer::run),
        ("watched", watched::run),
    ];
    if let Some(only) = &asked.only
        && !parts.iter().any(|(name, _)| name == only)
    {
        return Err(USAGE.to_owned());
    }
    println!("{} threads, one run; each figure is the least of several tries\n", threads());
    for (name, part) in parts {
        if asked.only.as_deref().is_none_or(|only| only == name) {
            let table = part(root, asked.largest)?;
            println!("{}", if asked.markdown { table.markdown() } else { table.text() });
        }
    }
    Ok(())
}

/// What a process started by the bench does in the place of everything else.
pub(crate) fn child(args: &[&str]) -> Result<(), String> {
    match args {
        ["lint-memory", folder] => process::lint_and_tell_memory(Path::new(folder)),
        ["watch", state, api] => watched::watch(Path::new(state), api),
        // To look into a corpus, or to profile one run.
        ["keep", number] => {
            let size = number.parse().map_err(|_| format!("`{number}` is not a number"))?;
            println!("{}", corpus::Corpus::clean(size)?.folder.keep().display());
            Ok(())
        }
        ["keep-signed"] => {
            println!("{}", verify::keep()?.display());
            Ok(())
        }
        ["keep-journal", number, path] => {
            let tasks = number.parse().map_err(|_| format!("`{number}` is not a number"))?;
            journal::filled(Path::new(path), &journal::a_life()?, tasks)
        }
        ["recover", path] => journal::recover(Path::new(path)),
        ["lint", folder] => {
            let report = speed::lint(Path::new(folder))?;
            print!("{}", taskclass_lint::render::concise(&report));
            Ok(())
        }
        _ => Err("the bench starts this itself".to_owned()),
    }
}

/// On how many threads both sides of a ratio work.
fn threads() -> NonZeroUsize {
    thread::available_parallelism().unwrap_or(NonZeroUsize::MIN)
}
