//! A sound registry around what is fuzzed, made of the files that ship.

use std::num::NonZeroUsize;

use jiff::civil::Date;
use taskclass_lint::{Linter, Report, Scope};
use taskclass_source::{InMemory, RegistryPath};

/// The class that an input is.
pub(crate) const CLASS: &str = "task-classes/dependency-bump.yaml";
/// The day of every run.
pub(crate) const TODAY: Date = jiff::civil::date(2026, 11, 21);

const FILES: [(&str, &str); 6] = [
    ("policy.yaml", include_str!("../../../policy.yaml")),
    ("inventory.txt", include_str!("../../../inventory.txt")),
    ("task-classes/prompts/test-modernization.md", include_str!("../../../task-classes/prompts/test-modernization.md")),
    (
        "task-classes/prompts/partials/small-diff.md",
        include_str!("../../../task-classes/prompts/partials/small-diff.md"),
    ),
    (
        "task-classes/prompts/partials/untrusted-text.md",
        include_str!("../../../task-classes/prompts/partials/untrusted-text.md"),
    ),
    (
        "task-classes/prompts/partials/when-stuck.md",
        include_str!("../../../task-classes/prompts/partials/when-stuck.md"),
    ),
];

/// The registry without any class.
pub(crate) fn files() -> InMemory {
    FILES.iter().fold(InMemory::new(), |files, (path, text)| match RegistryPath::new(path) {
        Ok(path) => files.with(path, *text),
        Err(_) => files,
    })
}

/// What the linter says of a registry.
pub(crate) fn lint(files: &InMemory) -> Report {
    lint_on(files, NonZeroUsize::MIN)
}

/// The same, on several threads.
pub(crate) fn lint_on(files: &InMemory, threads: NonZeroUsize) -> Report {
    let report = Linter::new(TODAY).with_threads(threads).lint(files, &Scope::All);
    // Memory lists without fail.
    report.unwrap_or_else(|error| unreachable!("{error}"))
}
