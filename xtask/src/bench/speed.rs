//! Linting registries of growing size, and one in which files are broken, beside P.

use std::path::Path;

use taskclass_lint::{Linter, Report, Scope};
use taskclass_source::WorkTree;

use super::{
    baseline,
    corpus::Corpus,
    run::{grouped, ratio, shown, turns},
    table::Table,
    threads,
};

/// The numbers of classes that are linted.
const SIZES: [usize; 4] = [1, 100, 1_000, 10_000];

/// Lints the registry in `folder`, all rules on.
pub(super) fn lint(folder: &Path) -> Result<Report, String> {
    let files = WorkTree::open(folder).map_err(|error| error.to_string())?;
    let today = "2026-11-21".parse().map_err(|_| "the date".to_owned())?;
    Linter::new(today).with_threads(threads()).lint(&files, &Scope::All).map_err(|error| error.to_string())
}

/// The sizes up to `largest`, clean.
pub(super) fn clean(_: &Path, largest: usize) -> Result<Table, String> {
    let mut table = Table::new(
        "Clean classes, all rules on, in units of P",
        &["classes", "KB", "P", "read + hash", "lint", "a class", "lint / P", "goal"],
    );
    for size in SIZES.into_iter().filter(|size| *size <= largest) {
        let corpus = Corpus::clean(size)?;
        let report = lint(corpus.root())?;
        if report.checked.classes != size || !report.findings.is_empty() {
            let first = report.findings.first().map(|f| format!("{}: {}", f.primary.source.path(), f.message));
            return Err(format!("the corpus is not clean: {}; {}", report.summary(), first.unwrap_or_default()));
        }
        let [p, hash, ours] = turns([
            &mut || baseline::events(&corpus.classes),
            &mut || baseline::read_and_hash(&corpus.classes),
            &mut || lint(corpus.root()).map(drop),
        ])?;
        let each = ours / u32::try_from(size).unwrap_or(u32::MAX);
        let goal = if size == 10_000 { "≤ 2.0" } else { "" };
        table.row([
            grouped(size),
            grouped(corpus.bytes / 1024),
            shown(p),
            shown(hash),
            shown(ours),
            shown(each),
            ratio(ours, p),
            goal.to_owned(),
        ]);
    }
    Ok(table)
}

/// The largest size with one file in twenty broken, beside the same all clean.
pub(super) fn broken(_: &Path, largest: usize) -> Result<Table, String> {
    let (clean, broken) = (Corpus::clean(largest)?, Corpus::broken(largest)?);
    let told = lint(broken.root())?;
    let [all_clean, some_broken] =
        turns([&mut || lint(clean.root()).map(drop), &mut || lint(broken.root()).map(drop)])?;
    let mut table =
        Table::new("One file in twenty broken", &["classes", "all clean", "5 % broken", "findings", "ratio", "goal"]);
    table.row([
        grouped(largest),
        shown(all_clean),
        shown(some_broken),
        grouped(told.findings.len()),
        ratio(some_broken, all_clean),
        "≤ 1.1".to_owned(),
    ]);
    Ok(table)
}
