//! `bench`: speed as ratios within one run, never as a test. The machine is shared and noisy: each figure is the least of
//! several tries, and the two sides of a ratio take turns.

use std::{
    fs,
    hint::black_box,
    path::Path,
    time::{Duration, Instant},
};

use sha2::{Digest, Sha256};
use taskclass_lint::Linter;
use taskclass_source::WorkTree;
use taskclass_spec::Registry;

/// The numbers of classes that are linted.
const SIZES: [usize; 4] = [1, 100, 1_000, 10_000];
/// The class that is copied under other names.
const CLASS: &str = "task-classes/dependency-bump.yaml";
const TRIES: usize = 3;

/// Lints generated registries of growing size, each beside reading and hashing the same files.
pub(crate) fn run(root: &Path, args: &[&str]) -> Result<(), String> {
    let largest = match args {
        [] => SIZES[SIZES.len() - 1],
        ["--largest", number] => number.parse().map_err(|_| format!("`{number}` is not a number"))?,
        _ => return Err("usage: cargo xtask bench [--largest N]".to_owned()),
    };
    if cfg!(debug_assertions) {
        eprintln!("note: this is a debug build; `cargo run --release -p xtask -- bench` gives the figures that count");
    }
    println!("{:>7}  {:>9}  {:>12}  {:>12}  {:>12}  {:>7}", "classes", "KB", "read+hash", "lint", "a class", "ratio");
    for size in SIZES.into_iter().filter(|size| *size <= largest) {
        let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
        let bytes = corpus(root, folder.path(), size).map_err(|error| format!("the corpus: {error}"))?;
        let (mut read, mut lint) = (Duration::MAX, Duration::MAX);
        for _ in 0..TRIES {
            read = read.min(timed(|| read_and_hash(folder.path()))?);
            lint = lint.min(timed(|| lint_all(folder.path(), size))?);
        }
        let each = lint / u32::try_from(size).unwrap_or(u32::MAX);
        let ratio = lint.as_secs_f64() / read.as_secs_f64();
        println!("{size:>7}  {:>9}  {read:>12.2?}  {lint:>12.2?}  {each:>12.2?}  {ratio:>6.1}×", bytes / 1024);
    }
    Ok(())
}

fn timed(work: impl FnOnce() -> Result<(), String>) -> Result<Duration, String> {
    let start = Instant::now();
    work()?;
    Ok(start.elapsed())
}

/// A registry of `size` classes, each a copy under a name of its own. Gives the bytes of the classes.
fn corpus(root: &Path, folder: &Path, size: usize) -> std::io::Result<usize> {
    let class = fs::read_to_string(root.join(CLASS))?;
    fs::create_dir_all(folder.join("task-classes/prompts/partials"))?;
    for file in ["policy.yaml", "inventory.txt"] {
        fs::copy(root.join(file), folder.join(file))?;
    }
    for entry in fs::read_dir(root.join("task-classes/prompts/partials"))? {
        let entry = entry?;
        fs::copy(entry.path(), folder.join("task-classes/prompts/partials").join(entry.file_name()))?;
    }
    let mut bytes = 0;
    for number in 0..size {
        let name = format!("dependency-bump-{number}");
        let text = class.replace("name: dependency-bump\n", &format!("name: {name}\n"));
        bytes += text.len();
        fs::write(folder.join(format!("task-classes/{name}.yaml")), text)?;
    }
    Ok(bytes)
}

fn read_and_hash(folder: &Path) -> Result<(), String> {
    let entries = fs::read_dir(folder.join("task-classes")).map_err(|error| error.to_string())?;
    for entry in entries.flatten().filter(|entry| entry.path().is_file()) {
        let bytes = fs::read(entry.path()).map_err(|error| error.to_string())?;
        black_box(Sha256::digest(bytes));
    }
    Ok(())
}

fn lint_all(folder: &Path, size: usize) -> Result<(), String> {
    let files = WorkTree::open(folder).map_err(|error| error.to_string())?;
    let registry = Registry::load(&files).map_err(|error| error.to_string())?;
    let today = "2026-11-21".parse().map_err(|_| "the date".to_owned())?;
    let report = Linter::new(today).lint(&registry, &files);
    if report.checked.classes != size || !report.findings.is_empty() {
        return Err(format!("the corpus is not clean: {}", report.summary()));
    }
    Ok(())
}
